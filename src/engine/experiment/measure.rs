//! What a measure makes of one unit's events: [`Bound`].
use crate::engine::acc::Sample;
use crate::engine::shapes::{Shapes, Slot};
use crate::engine::timeline::{Entry, Timelines};
use crate::model::metric::Cap;
use crate::plan::{Make, MeasurePlan, Plan, ReadPlan, TermPlan};
use crate::tally::Shape;

/// A measure with its terms bound to shapes.
pub(in crate::engine) struct Bound<'p> {
    pub(super) plan: &'p MeasurePlan,
    pub(super) terms: Vec<Term>,
}

/// A term bound to shapes.
pub(super) struct Term {
    pub(super) make: Make,
    /// By shape: whether it is of the event.
    pub(super) is: Vec<bool>,
    /// By shape: whether the event happened with a value of zero only.
    quiet: Vec<bool>,
    /// By shape: where the property stands.
    place: Vec<Option<usize>>,
    /// How many minor units make one.
    unit: f64,
}

/// What is made of one unit's events.
#[derive(Clone, Debug, Default)]
struct Made {
    count: u64,
    sum: f64,
    max: Option<f64>,
    last: Option<f64>,
    first: Option<i64>,
    values: Vec<f64>,
}

impl Term {
    fn new(plan: &Plan, shapes: &Shapes, term: TermPlan) -> Self {
        use crate::model::manifest::PropertyType::Money;
        let slot = term.make.property().map(Slot::Property);
        let money = term.make.property().and_then(|p| plan.properties.get(p)).is_some_and(|p| p.kind == Money);
        Self {
            make: term.make,
            is: shapes.with_event(term.event),
            quiet: shapes.list.iter().map(|(s, _)| s.quiet).collect(),
            place: (0..shapes.list.len()).map(|s| slot.and_then(|slot| shapes.place(s, slot))).collect(),
            unit: if money { 10_f64.powi(i32::from(plan.decimals)) } else { 1.0 },
        }
    }

    /// Returns what is made of the entries of `line`.
    fn make(&self, lines: &Timelines, line: &[Entry]) -> Made {
        let mut made = Made::default();
        for entry in line {
            let shape = entry.shape();
            if !self.is.get(shape).copied().unwrap_or(false) {
                continue;
            }
            if !self.quiet.get(shape).copied().unwrap_or(false) {
                made.count += 1;
                made.first.get_or_insert(entry.time);
            }
            let place = self.place.get(shape).copied().flatten();
            let value = place.map(|p| f64::from_bits(lines.value(*entry, p))).filter(|v| !v.is_nan());
            if let Some(value) = value {
                made.sum += value;
                made.max = Some(made.max.map_or(value, |m| m.max(value)));
                made.last = Some(value);
                if matches!(self.make, Make::Values(_)) {
                    made.values.push(value / self.unit);
                }
            }
        }
        made
    }

    /// Returns the one number the term stands for.
    fn number(&self, made: &Made) -> f64 {
        match self.make {
            Make::Happened => f64::from(u8::from(made.count > 0)),
            Make::Absent => f64::from(u8::from(made.count == 0)),
            Make::Count => made.count as f64,
            Make::Sum(_) | Make::Values(_) => made.sum / self.unit,
            Make::Max(_) => made.max.unwrap_or(0.0) / self.unit,
            Make::Last(_) => made.last.unwrap_or(0.0) / self.unit,
            Make::FirstTime => made.first.map_or(0.0, |t| t as f64),
        }
    }
}

/// The part of a timeline with times in `[from, to]`.
fn between(line: &[Entry], from: i64, to: i64) -> &[Entry] {
    let start = line.partition_point(|e| e.time < from);
    let end = line.partition_point(|e| e.time <= to);
    line.get(start..end).unwrap_or(&[])
}

impl<'p> Bound<'p> {
    pub(in crate::engine) fn new(plan: &Plan, shapes: &Shapes, measure: &'p MeasurePlan) -> Self {
        let term = |t: &TermPlan| Term::new(plan, shapes, *t);
        let terms = match &measure.reads {
            ReadPlan::One(t) | ReadPlan::All(t, _) => vec![term(t)],
            ReadPlan::Two(a, b) => vec![term(a), term(b)],
            ReadPlan::Step(..) => Vec::new(),
        };
        Self { plan: measure, terms }
    }

    /// Returns whether it is one total over another.
    pub(in crate::engine) fn is_ratio(&self) -> bool {
        self.terms.len() > 1
    }

    /// Returns what a unit exposed at `t0` gives; nothing for a funnel's step, which the funnel counts.
    pub(in crate::engine) fn sample(
        &self,
        lines: &Timelines,
        line: &[Entry],
        t0: i64,
        end: Option<i64>,
    ) -> Option<Sample> {
        let after = between(line, t0, t0.saturating_add(self.plan.window));
        let first = self.terms.first()?;
        let made = first.make(lines, after);
        let y = first.number(&made);
        if let Some(before) = self.plan.before {
            let x = first.number(&first.make(lines, between(line, t0 - before, t0 - 1)));
            return Some(Sample::Two(y, x));
        }
        Some(match (self.plan.shape, self.terms.get(1)) {
            (Shape::Pair, Some(second)) => Sample::Two(y, second.number(&second.make(lines, after))),
            (Shape::Share, _) => Sample::Did(y != 0.0),
            (Shape::Values, _) => Sample::All(made.values),
            (Shape::Nps, _) => Sample::Score(made.last.map(|v| v / first.unit)),
            (Shape::Times, _) => self.time(&made, t0, end),
            _ => Sample::One(y),
        })
    }

    fn time(&self, made: &Made, t0: i64, end: Option<i64>) -> Sample {
        let millis = |micros: i64| u64::try_from(micros.max(0) / 1_000).unwrap_or(0);
        match made.first {
            Some(at) => Sample::Time(millis(at - t0), true),
            None => Sample::Time(millis(end.map_or(self.plan.window, |e| (e - t0).min(self.plan.window))), false),
        }
    }

    /// Returns what a unit gives by these events alone, without what was before; nothing where nothing happened.
    pub(super) fn part(&self, lines: &Timelines, line: &[Entry]) -> Option<Sample> {
        let first = self.terms.first()?;
        let y = first.number(&first.make(lines, line));
        let x = self.terms.get(1).map(|second| second.number(&second.make(lines, line)));
        let sample = match (x, first.make) {
            (Some(x), _) => Sample::Two(y, x),
            (None, Make::Happened) => Sample::Did(y != 0.0),
            (None, _) => Sample::One(y),
        };
        (y != 0.0 || x.is_some_and(|x| x != 0.0)).then_some(sample)
    }

    /// Returns what the unit did as long before the exposure as the measure looks after it, and the tally's shape.
    pub(super) fn before(&self, lines: &Timelines, line: &[Entry], t0: i64) -> Option<(Sample, Shape)> {
        let first = self.terms.first()?;
        let shape = self.plan.bare_shape();
        if !matches!(shape, Shape::Share | Shape::Mean | Shape::Pair) {
            return None;
        }
        let line = between(line, t0.checked_sub(self.plan.window)?, t0 - 1);
        let y = first.number(&first.make(lines, line));
        Some((
            match (shape, self.terms.get(1)) {
                (Shape::Pair, Some(second)) => Sample::Two(y, second.number(&second.make(lines, line))),
                (Shape::Share, _) => Sample::Did(y != 0.0),
                _ => Sample::One(y),
            },
            shape,
        ))
    }

    pub(in crate::engine) fn percentile(&self) -> Option<f64> {
        match self.plan.cap {
            Some(Cap::Percentile(p)) => Some(p.share()),
            _ => None,
        }
    }

    pub(in crate::engine) fn fixed_cap(&self) -> Option<f64> {
        match self.plan.cap {
            Some(Cap::Value(v)) => Some(v.to_f64()),
            _ => None,
        }
    }
}

/// Cuts what lies above the cap: the outcome and its covariate, or the numerator of a ratio.
pub(in crate::engine) fn cut(sample: &mut Sample, cap: f64, ratio: bool) {
    match sample {
        Sample::One(y) => *y = y.min(cap),
        Sample::Two(y, x) => {
            *y = y.min(cap);
            if !ratio {
                *x = x.min(cap);
            }
        }
        Sample::All(values) => values.iter_mut().for_each(|v| *v = v.min(cap)),
        Sample::Did(_) | Sample::Score(_) | Sample::Time(..) => {}
    }
}

pub(in crate::engine) fn outcomes(sample: &Sample) -> Vec<f64> {
    match sample {
        Sample::One(y) | Sample::Two(y, _) => vec![*y],
        Sample::All(values) => values.clone(),
        Sample::Did(_) | Sample::Score(_) | Sample::Time(..) => Vec::new(),
    }
}

pub(super) fn shape_of(sample: &Sample) -> Shape {
    match sample {
        Sample::Did(_) => Shape::Share,
        Sample::One(_) => Shape::Mean,
        Sample::Two(..) => Shape::Pair,
        Sample::All(_) => Shape::Values,
        Sample::Score(_) => Shape::Nps,
        Sample::Time(..) => Shape::Times,
    }
}
