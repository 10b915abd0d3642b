//! Experiments: the first exposure, and what each unit does from then on.
mod ages;
mod days;
mod measure;

pub(super) use measure::{Bound, cut, outcomes};

use super::acc::{Cells, CutKey, PERSONAS, Sample, push};
use super::quick::Quick;
use super::shapes::{NO_TEXT, NO_VARIANT, NOT_COMPARED, Shapes, Shared, Slot, UNKNOWN};
use super::timeline::{Entry, Timelines};
use crate::plan::{ExperimentPlan, Plan, ReadPlan, SegmentPlan};
use crate::tally::{Ledger, Shape, Steps, Tallies, quantile7};
use ages::Ages;
use days::Days;
use measure::shape_of;
use std::collections::{BTreeMap, HashMap};

/// A unit's first exposure that counts: its variant and when.
pub(super) type Entered = Option<(u32, Entry)>;

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
    /// What measures look at of the unit at hand.
    seen: Vec<Entry>,
    /// The cuts of the unit at hand, and where their cells are.
    cuts: (Vec<CutKey>, Vec<usize>),
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
    sizes: HashMap<u64, u64, Quick>,
    /// Units of measures that are cut at a percentile, by measure.
    held: Vec<Vec<Held>>,
    withheld: Vec<bool>,
    /// The measures that decide, by age since exposure; none for the others.
    ages: Vec<Option<Ages>>,
    /// The places of the other experiments that run beside it; nothing for one that is not counted here.
    others: Vec<Option<usize>>,
}

/// One unit of a measure that is cut at a percentile once all units are known.
#[derive(Clone, Debug)]
struct Held {
    variant: u32,
    cuts: Vec<CutKey>,
    sample: Sample,
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
        let place = |id: &_| plan.experiments.iter().position(|x| x.experiment == *id);
        let looks = |s: usize| measures.iter().flat_map(|m| &m.terms).any(|t| t.is.get(s) == Some(&true));
        let watched = (0..shapes.list.len()).map(looks).collect();
        Some(Self {
            plan: x,
            at,
            personas: plan.personas.iter().filter(|p| p.persona.is_some()).map(|p| p.id.clone()).collect(),
            exposes: shapes.list.iter().map(|(s, _)| s.exposes.iter().any(|e| usize::from(*e) == at)).collect(),
            refused: shapes.list.iter().map(|(s, _)| s.refused).collect(),
            variant: places(Slot::Variant(at)),
            recomputed: places(Slot::Recomputed(at)),
            segments: segments.collect(),
            watched,
            days: Days::new(&plan.zone),
            end,
            ahead,
            cells: Cells::default(),
            steps: Steps::default(),
            ledger: Ledger::default(),
            unknown: BTreeMap::new(),
            sizes: HashMap::default(),
            seen: Vec::new(),
            cuts: Default::default(),
            held: vec![Vec::new(); x.measures.len()],
            withheld: vec![false; x.measures.len()],
            ages: measures.iter().map(|m| Ages::new(m).filter(|_| end.is_some())).collect(),
            others: x.beside.iter().map(place).collect(),
            measures,
        })
    }

    /// Returns whether a row of this shape may expose in it.
    pub(super) fn exposed_by(&self, shape: usize) -> bool {
        self.exposes.get(shape) == Some(&true)
    }

    /// Returns the unit's first exposure, where it counts; where it does not, why is noted.
    pub(super) fn enter(&mut self, lines: &Timelines, line: &[Entry]) -> Entered {
        match self.exposure(lines, line) {
            Exposure::None => {}
            Exposure::Crossed(a, b) => *self.ledger.crossed.entry((a, b)).or_default() += 1,
            Exposure::Unknown(text) => *self.unknown.entry(text).or_default() += 1,
            Exposure::Refused(variant) => *self.ledger.without_consent.entry(variant).or_default() += 1,
            Exposure::In { variant, entry } => return Some((variant, entry)),
        }
        None
    }

    /// Counts one unit, of these personas, that entered the experiments of the plan like this; `steps` tells how deep it
    /// comes in a funnel of the plan after an instant.
    pub(super) fn unit(
        &mut self,
        (lines, line): (&Timelines, &[Entry]),
        personas: &[Option<bool>],
        entered: &[Entered],
        steps: &mut dyn FnMut(usize, i64, i64) -> usize,
    ) {
        let Some((variant, entry)) = entered.get(self.at).copied().flatten() else { return };
        let t0 = entry.time;
        let (mut cuts, mut places) = std::mem::take(&mut self.cuts);
        cuts.clear();
        places.clear();
        self.cut(lines, entry, personas, &mut cuts);
        let usual = cuts.len();
        self.beside(entered, &mut cuts);
        for cut in &cuts {
            let place = self.cells.place(variant, *cut);
            if let Some(cell) = self.cells.at(place) {
                cell.exposed += 1;
            }
            places.push(place);
        }
        let earlier = self.cells.place(variant, CutKey::Before);
        let mut seen = std::mem::take(&mut self.seen);
        seen.clear();
        seen.extend(line.iter().filter(|e| self.watched.get(e.shape()) == Some(&true)));
        self.events(&seen, line.len(), t0);
        for (at, walk) in (0_u32..).zip(&self.plan.walks).filter(|_| t0 != 0) {
            self.steps.push(at, variant, steps(walk.funnel, t0, walk.window));
        }
        for m in 0..self.measures.len() {
            let Some(bound) = self.measures.get(m) else { continue };
            let sample = match bound.plan.reads {
                ReadPlan::Step(funnel, step) => Some(Sample::Did(steps(funnel, t0, bound.plan.window) > step)),
                _ => bound.sample(lines, &seen, t0, self.end),
            };
            let before = bound.before(lines, &seen, t0).filter(|_| t0 != 0);
            if let (Some(Some(ages)), Some(end)) = (self.ages.get_mut(m), self.end) {
                ages.unit(bound, (lines, &seen), (variant, t0), end);
            }
            // only what decides is looked at beside other experiments
            let count = if bound.plan.decides { cuts.len() } else { usual };
            let cells = (cuts.get(..count).unwrap_or(&cuts), places.get(..count).unwrap_or(&places));
            if let Some(sample) = sample {
                self.add(m, variant, cells, sample, None);
            }
            if let Some((sample, shape)) = before {
                self.add(m, variant, (&[CutKey::Before], &[earlier]), sample, Some(shape));
            }
        }
        self.seen = seen;
        self.cuts = (cuts, places);
    }

    /// Appends the arms of other experiments that the unit is in as well.
    fn beside(&self, entered: &[Entered], cuts: &mut Vec<CutKey>) {
        let arm = |place: &Option<usize>| entered.get((*place)?).copied().flatten().map(|(variant, _)| variant);
        let arms = (0_u32..).zip(&self.others).filter_map(|(with, place)| Some(CutKey::Beside(with, arm(place)?)));
        cuts.extend(arms);
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

    /// Appends the day and the segments of a unit.
    fn cut(&mut self, lines: &Timelines, entry: Entry, personas: &[Option<bool>], cuts: &mut Vec<CutKey>) {
        let timed = self.end.is_some() && entry.time != 0;
        cuts.push(if timed { CutKey::Day(self.days.day(entry.time)) } else { CutKey::Total });
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
    }

    /// Counts the events that measures look at, before and after the exposure, of a unit with so many in all.
    fn events(&mut self, seen: &[Entry], all: usize, t0: i64) {
        self.ledger.events += seen.len() as u64;
        for entry in seen {
            self.ledger.before_exposure += u64::from(entry.time < t0);
            self.ledger.clock_skew += u64::from(entry.time > self.ahead);
        }
        *self.sizes.entry(all as u64).or_default() += 1;
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.cells.merge(&other.cells);
        self.steps.merge(&other.steps);
        self.ledger.merge(&other.ledger);
        other.unknown.into_iter().for_each(|(text, n)| *self.unknown.entry(text).or_default() += n);
        other.sizes.into_iter().for_each(|(size, n)| *self.sizes.entry(size).or_default() += n);
        self.held.iter_mut().zip(other.held).for_each(|(mine, theirs)| mine.extend(theirs));
        self.withheld.iter_mut().zip(other.withheld).for_each(|(mine, theirs)| *mine |= theirs);
        for (mine, theirs) in self.ages.iter_mut().zip(other.ages) {
            if let (Some(mine), Some(theirs)) = (mine, theirs) {
                mine.merge(theirs);
            }
        }
    }

    /// Puts everything counted into the tallies.
    pub(super) fn finish(mut self, shared: &Shared, all: &mut [Tallies]) {
        self.cap_at_percentiles();
        self.cells.total();
        let Some(into) = all.get_mut(self.at) else { return };
        self.cells.finish(shared, &self.personas, &self.withheld, into);
        for (measure, ages) in (0..).zip(std::mem::take(&mut self.ages)) {
            if let Some(ages) = ages {
                ages.finish(measure, into);
            }
        }
        self.ledger.bots = Ledger::bots_of(&self.sizes.iter().map(|(size, units)| (*size, *units)).collect());
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
