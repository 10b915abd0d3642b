//! Experiments: the first exposure, and what each unit does from then on.
use super::acc::{Cells, CutKey, PERSONAS, Sample, push};
use super::shapes::{NO_TEXT, NO_VARIANT, NOT_COMPARED, Shapes, Shared, Slot, UNKNOWN};
use super::timeline::{Entry, Timelines};
use crate::model::metric::Cap;
use crate::plan::{ExperimentPlan, Make, MeasurePlan, Plan, ReadPlan, SegmentPlan, TermPlan};
use crate::tally::{Ledger, Shape, Steps, Tallies, quantile7};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Counts one experiment.
pub(super) struct Experiment<'p> {
    plan: &'p ExperimentPlan,
    at: usize,
    personas: Vec<String>,
    exposes: Vec<bool>,
    /// By shape: whether consent is lacking.
    refused: Vec<bool>,
    variant: Vec<Option<usize>>,
    recomputed: Vec<Option<usize>>,
    /// For each segment: where its text stands, by shape.
    segments: Vec<Vec<Option<usize>>>,
    measures: Vec<Bound<'p>>,
    /// By shape: whether a measure looks at it.
    watched: Vec<bool>,
    days: Days,
    /// The end of the data.
    end: Option<i64>,
    /// Clocks that tell of later are wrong.
    ahead: i64,
    cells: Cells,
    steps: Steps,
    ledger: Ledger,
    unknown: BTreeMap<u64, u64>,
    /// How many exposed units have so many events.
    sizes: BTreeMap<u64, u64>,
    /// Units of measures that are cut at a percentile, by measure.
    held: Vec<Vec<Held>>,
    withheld: Vec<bool>,
}

/// A measure with its terms bound to shapes.
pub(super) struct Bound<'p> {
    plan: &'p MeasurePlan,
    terms: Vec<Term>,
}

/// One unit of a measure that is cut at a percentile once all units are known.
#[derive(Clone, Debug)]
struct Held {
    variant: u32,
    cuts: Vec<CutKey>,
    sample: Sample,
}

/// A term bound to shapes.
struct Term {
    make: Make,
    /// By shape: whether it is of the event.
    is: Vec<bool>,
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
    pub(super) fn new(plan: &Plan, shapes: &Shapes, measure: &'p MeasurePlan) -> Self {
        let term = |t: &TermPlan| Term::new(plan, shapes, *t);
        let terms = match &measure.reads {
            ReadPlan::One(t) | ReadPlan::All(t, _) => vec![term(t)],
            ReadPlan::Two(a, b) => vec![term(a), term(b)],
            ReadPlan::Step(..) => Vec::new(),
        };
        Self { plan: measure, terms }
    }

    /// Returns whether it is one total over another.
    pub(super) fn is_ratio(&self) -> bool {
        self.terms.len() > 1
    }

    /// Returns what a unit exposed at `t0` gives; nothing for a funnel's step, which the funnel counts.
    pub(super) fn sample(&self, lines: &Timelines, line: &[Entry], t0: i64, end: Option<i64>) -> Option<Sample> {
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

    /// Returns what the unit did as long before the exposure as the measure looks after it, and the tally's shape.
    fn before(&self, lines: &Timelines, line: &[Entry], t0: i64) -> Option<(Sample, Shape)> {
        let first = self.terms.first()?;
        let shape = match (self.plan.shape, self.terms.len(), first.make) {
            (Shape::Pair, 1, Make::Happened | Make::Absent) => Shape::Share,
            (Shape::Pair, 1, _) => Shape::Mean,
            (shape @ (Shape::Share | Shape::Mean | Shape::Pair), _, _) => shape,
            _ => return None,
        };
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

    pub(super) fn percentile(&self) -> Option<f64> {
        match self.plan.cap {
            Some(Cap::Percentile(p)) => Some(p.share()),
            _ => None,
        }
    }

    pub(super) fn fixed_cap(&self) -> Option<f64> {
        match self.plan.cap {
            Some(Cap::Value(v)) => Some(v.to_f64()),
            _ => None,
        }
    }
}

/// Cuts what lies above the cap: the outcome and its covariate, or the numerator of a ratio.
pub(super) fn cut(sample: &mut Sample, cap: f64, ratio: bool) {
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

/// What is known of a unit's exposure.
enum Exposure {
    None,
    Crossed(u32, u32),
    Unknown(u64),
    /// Only without consent, in this variant.
    Refused(u32),
    In {
        variant: u32,
        entry: Entry,
    },
}

impl<'p> Experiment<'p> {
    pub(super) fn new(plan: &'p Plan, at: usize, shapes: &Shapes, (end, ahead): (Option<i64>, i64)) -> Option<Self> {
        let x = plan.experiments.get(at)?;
        let places = |slot: Slot| (0..shapes.list.len()).map(|s| shapes.place(s, slot)).collect::<Vec<_>>();
        let measures = x.measures.iter().map(|m| Bound::new(plan, shapes, m));
        let segments = x.segments.iter().map(|s| match s {
            SegmentPlan::Field(field) => places(Slot::Field(*field)),
            SegmentPlan::Persona => Vec::new(),
        });
        let measures: Vec<Bound<'p>> = measures.collect();
        let looks = |s: usize| measures.iter().flat_map(|m| &m.terms).any(|t| t.is.get(s) == Some(&true));
        let watched = (0..shapes.list.len()).map(looks).collect();
        Some(Self {
            plan: x,
            at,
            personas: plan.personas.iter().map(|p| p.id.clone()).collect(),
            exposes: shapes.list.iter().map(|(s, _)| s.exposes.iter().any(|e| usize::from(*e) == at)).collect(),
            refused: shapes.list.iter().map(|(s, _)| s.refused).collect(),
            variant: places(Slot::Variant(at)),
            recomputed: places(Slot::Recomputed(at)),
            segments: segments.collect(),
            measures,
            watched,
            days: Days::new(&plan.zone),
            end,
            ahead,
            cells: Cells::default(),
            steps: Steps::default(),
            ledger: Ledger::default(),
            unknown: BTreeMap::new(),
            sizes: BTreeMap::new(),
            held: vec![Vec::new(); x.measures.len()],
            withheld: vec![false; x.measures.len()],
        })
    }

    /// Counts one unit, of these personas; `steps` tells how deep it comes in a funnel of the plan after an instant.
    pub(super) fn unit(
        &mut self,
        lines: &Timelines,
        line: &[Entry],
        personas: &[Option<bool>],
        steps: &mut dyn FnMut(usize, i64, i64) -> usize,
    ) {
        let (variant, entry) = match self.exposure(lines, line) {
            Exposure::None => return,
            Exposure::Crossed(a, b) => return *self.ledger.crossed.entry((a, b)).or_default() += 1,
            Exposure::Unknown(text) => return *self.unknown.entry(text).or_default() += 1,
            Exposure::Refused(variant) => return *self.ledger.without_consent.entry(variant).or_default() += 1,
            Exposure::In { variant, entry } => (variant, entry),
        };
        let t0 = entry.time;
        let cuts = self.cuts(lines, entry, personas);
        let places: Vec<usize> = cuts.iter().map(|cut| self.cells.place(variant, *cut)).collect();
        for place in &places {
            if let Some(cell) = self.cells.at(*place) {
                cell.exposed += 1;
            }
        }
        let earlier = self.cells.place(variant, CutKey::Before);
        self.events(line, t0);
        for (at, walk) in (0_u32..).zip(&self.plan.walks).filter(|_| t0 != 0) {
            self.steps.push(at, variant, steps(walk.funnel, t0, walk.window));
        }
        for m in 0..self.measures.len() {
            let Some(bound) = self.measures.get(m) else { continue };
            let sample = match bound.plan.reads {
                ReadPlan::Step(funnel, step) => Some(Sample::Did(steps(funnel, t0, bound.plan.window) > step)),
                _ => bound.sample(lines, line, t0, self.end),
            };
            let before = bound.before(lines, line, t0).filter(|_| t0 != 0);
            if let Some(sample) = sample {
                self.add(m, variant, (&cuts, &places), sample, None);
            }
            if let Some((sample, shape)) = before {
                self.add(m, variant, (&[CutKey::Before], &[earlier]), sample, Some(shape));
            }
        }
    }

    /// Gives a unit's sample to the cells of its cuts, at these places; or holds it until the cap is known.
    fn add(
        &mut self,
        m: usize,
        variant: u32,
        (cuts, places): (&[CutKey], &[usize]),
        mut sample: Sample,
        shape: Option<Shape>,
    ) {
        let Some(bound) = self.measures.get(m) else { return };
        if bound.percentile().is_some() {
            if let Some(held) = self.held.get_mut(m) {
                held.push(Held { variant, cuts: cuts.to_vec(), sample });
            }
            return;
        }
        if let Some(cap) = bound.fixed_cap() {
            cut(&mut sample, cap, bound.terms.len() > 1);
        }
        let shape = shape.unwrap_or(bound.plan.shape);
        self.push(m, places, &sample, shape);
    }

    fn push(&mut self, m: usize, places: &[usize], sample: &Sample, shape: Shape) {
        for place in places {
            let tally = self.cells.at(*place).and_then(|cell| cell.tally(m, shape));
            let good = tally.is_some_and(|t| push(t, sample)) || matches!(sample, Sample::Score(_));
            if let Some(withheld) = self.withheld.get_mut(m).filter(|_| !good) {
                *withheld = true;
            }
        }
    }

    fn exposure(&mut self, lines: &Timelines, line: &[Entry]) -> Exposure {
        let mut first: Option<(u64, Entry)> = None;
        let mut refused = None;
        let timed = self.end.is_some();
        for entry in line {
            if !self.exposes.get(entry.shape()).copied().unwrap_or(false) {
                continue;
            }
            if timed && !(self.plan.from..self.plan.until).contains(&entry.time) {
                self.ledger.clock_skew += u64::from(entry.time < self.plan.starts);
                continue;
            }
            let value = |places: &[Option<usize>]| {
                places.get(entry.shape()).copied().flatten().map_or(NO_VARIANT, |p| lines.value(*entry, p))
            };
            let (logged, recomputed) = (value(&self.variant), value(&self.recomputed));
            let compares = recomputed != NOT_COMPARED;
            let known = if logged == NO_VARIANT && compares { recomputed } else { logged };
            if self.refused.get(entry.shape()) == Some(&true) {
                refused = refused.or((known < UNKNOWN).then_some(known as u32));
                continue;
            }
            match first {
                _ if known == NO_VARIANT => {}
                None => {
                    if compares
                        && logged != NO_VARIANT
                        && self.recomputed.get(entry.shape()).copied().flatten().is_some()
                    {
                        self.ledger.compared += 1;
                        self.ledger.disagreed += u64::from(logged != recomputed);
                    }
                    first = Some((known, *entry));
                }
                Some((variant, _)) if variant == known => {}
                Some((variant, _)) => {
                    let place = |v: u64| if v >= UNKNOWN { u32::MAX } else { v as u32 };
                    let (a, b) = (place(variant.min(known)), place(variant.max(known)));
                    return Exposure::Crossed(a, b);
                }
            }
        }
        match first {
            None => refused.map_or(Exposure::None, Exposure::Refused),
            Some((text, _)) if text >= UNKNOWN => Exposure::Unknown(text - UNKNOWN),
            Some((variant, entry)) => Exposure::In { variant: variant as u32, entry },
        }
    }

    fn cuts(&mut self, lines: &Timelines, entry: Entry, personas: &[Option<bool>]) -> Vec<CutKey> {
        let timed = self.end.is_some() && entry.time != 0;
        let mut cuts = vec![if timed { CutKey::Day(self.days.day(entry.time)) } else { CutKey::Total }];
        for (by, (segment, places)) in (0_u32..).zip(self.plan.segments.iter().zip(&self.segments)) {
            let text = match segment {
                SegmentPlan::Field(_) => {
                    places.get(entry.shape()).copied().flatten().map_or(NO_TEXT, |p| lines.value(entry, p))
                }
                SegmentPlan::Persona => {
                    personas.iter().position(|p| *p == Some(true)).map_or(NO_TEXT, |at| PERSONAS + at as u64)
                }
            };
            cuts.push(CutKey::Segment(by, text));
        }
        cuts
    }

    /// Counts the events that measures look at, before and after the exposure.
    fn events(&mut self, line: &[Entry], t0: i64) {
        let watched = |e: &Entry| self.watched.get(e.shape()) == Some(&true);
        let (mut all, mut before) = (0, 0);
        for entry in line.iter().filter(|e| watched(e)) {
            all += 1;
            before += u64::from(entry.time < t0);
            self.ledger.clock_skew += u64::from(entry.time > self.ahead);
        }
        self.ledger.events += all;
        self.ledger.before_exposure += before;
        *self.sizes.entry(line.len() as u64).or_default() += 1;
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.cells.merge(&other.cells);
        self.steps.merge(&other.steps);
        self.ledger.merge(&other.ledger);
        other.unknown.into_iter().for_each(|(text, n)| *self.unknown.entry(text).or_default() += n);
        other.sizes.into_iter().for_each(|(size, n)| *self.sizes.entry(size).or_default() += n);
        self.held.iter_mut().zip(other.held).for_each(|(mine, theirs)| mine.extend(theirs));
        self.withheld.iter_mut().zip(other.withheld).for_each(|(mine, theirs)| *mine |= theirs);
    }

    /// Puts everything counted into the tallies.
    pub(super) fn finish(mut self, shared: &Shared, all: &mut [Tallies]) {
        self.cap_at_percentiles();
        self.cells.total();
        let Some(into) = all.get_mut(self.at) else { return };
        self.cells.finish(shared, &self.personas, &self.withheld, into);
        self.ledger.bots = Ledger::bots_of(&self.sizes);
        for (text, units) in &self.unknown {
            *self.ledger.unknown_variants.entry(shared.text_of(*text)).or_default() += units;
        }
        into.steps.merge(&self.steps);
        into.ledger.merge(&self.ledger);
    }

    /// Cuts measures at their percentile of the values of all arms, zeros included.
    fn cap_at_percentiles(&mut self) {
        for m in 0..self.measures.len() {
            let Some(bound) = self.measures.get(m) else { continue };
            let (Some(level), ratio, shape) = (bound.percentile(), bound.terms.len() > 1, bound.plan.shape) else {
                continue;
            };
            let held = self.held.get_mut(m).map(std::mem::take).unwrap_or_default();
            let mut values: Vec<f64> =
                held.iter().filter(|h| !h.cuts.contains(&CutKey::Before)).flat_map(|h| outcomes(&h.sample)).collect();
            values.sort_by(f64::total_cmp);
            let cap = quantile7(&values, level).unwrap_or(f64::INFINITY);
            for mut h in held {
                cut(&mut h.sample, cap, ratio);
                let before = h.cuts.contains(&CutKey::Before);
                let shape = if before { shape_of(&h.sample) } else { shape };
                let places: Vec<usize> = h.cuts.iter().map(|cut| self.cells.place(h.variant, *cut)).collect();
                self.push(m, &places, &h.sample, shape);
            }
        }
    }
}

pub(super) fn outcomes(sample: &Sample) -> Vec<f64> {
    match sample {
        Sample::One(y) | Sample::Two(y, _) => vec![*y],
        Sample::All(values) => values.clone(),
        Sample::Did(_) | Sample::Score(_) | Sample::Time(..) => Vec::new(),
    }
}

fn shape_of(sample: &Sample) -> Shape {
    match sample {
        Sample::Did(_) => Shape::Share,
        Sample::One(_) => Shape::Mean,
        Sample::Two(..) => Shape::Pair,
        Sample::All(_) => Shape::Values,
        Sample::Score(_) => Shape::Nps,
        Sample::Time(..) => Shape::Times,
    }
}

/// Cuts times into days of a zone.
#[derive(Debug)]
struct Days {
    zone: TimeZone,
    /// The last day looked up: its first instant, the next day's, its number.
    known: (i64, i64, i32),
}

impl Days {
    fn new(zone: &str) -> Self {
        Self { zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC), known: (0, 0, 0) }
    }

    /// Returns the day of an instant, in days since 1970-01-01.
    fn day(&mut self, micros: i64) -> i32 {
        let (from, to, day) = self.known;
        if (from..to).contains(&micros) {
            return day;
        }
        self.known = self.look_up(micros).unwrap_or((micros, micros + 1, 0));
        self.known.2
    }

    fn look_up(&self, micros: i64) -> Option<(i64, i64, i32)> {
        let date = jiff::Timestamp::from_microsecond(micros).ok()?.to_zoned(self.zone.clone()).date();
        let midnight =
            |d: jiff::civil::Date| d.to_zoned(self.zone.clone()).map(|z| z.timestamp().as_microsecond()).ok();
        let day = date.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1))).ok()?.get_days();
        Some((midnight(date)?, midnight(date.tomorrow().ok()?)?, day))
    }
}
