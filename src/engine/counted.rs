//! All programs of the plan over the timelines of a thread: [`Counted`].
use super::experiment::{Entered, Experiment};
use super::funnel::Funnel;
use super::map::Map;
use super::shapes::{Shapes, Shared};
use super::timeline::{Entry, Timelines};
use super::travel::Travel;
use crate::plan::{Compared, Plan, Wanted};
use crate::tally::{Counts, DifferenceTally};

/// What one thread counted.
pub(super) struct Counted<'p> {
    experiments: Vec<Experiment<'p>>,
    /// Which of them are wanted; the others are met all the same, for those that run beside them.
    wanted: Vec<bool>,
    /// Maps, travels and funnels are wanted.
    journeys: bool,
    /// By shape: the experiments that a row of it may expose in.
    exposing: Vec<Vec<usize>>,
    /// Whether a row of the unit at hand may expose in each experiment, and how it entered.
    met: Vec<bool>,
    entered: Vec<Entered>,
    maps: Vec<Map<'p>>,
    funnels: Vec<Funnel<'p>>,
    travels: Vec<Travel<'p>>,
    compared: &'p [Compared],
    differences: Vec<DifferenceTally>,
    /// By shape: what it tells of each persona.
    personas: Vec<Vec<Option<bool>>>,
    /// Some shape tells of a persona.
    tells: bool,
    /// By shape: whether consent is lacking.
    refused: Vec<bool>,
    units: u64,
    duplicates: u64,
    conflicts: u64,
}

impl<'p> Counted<'p> {
    /// Counts nothing yet; the data ends at `end`, and clocks that tell of later than `ahead` are wrong.
    pub(super) fn new(
        plan: &'p Plan,
        shapes: &Shapes,
        shared: &Shared,
        (end, ahead): (Option<i64>, i64),
        wanted: Wanted<'_>,
    ) -> Self {
        let journeys = wanted.journeys();
        let experiment = |at| Experiment::new(plan, at, shapes, (end, ahead));
        let experiments: Vec<Experiment<'p>> = (0..plan.experiments.len()).filter_map(experiment).collect();
        let exposing =
            |shape| (0_usize..).zip(&experiments).filter(move |(_, x)| x.exposed_by(shape)).map(|(at, _)| at);
        Self {
            exposing: (0..shapes.list.len()).map(|shape| exposing(shape).collect()).collect(),
            wanted: plan.experiments.iter().map(|x| wanted.experiment(&x.id)).collect(),
            journeys,
            met: vec![false; experiments.len()],
            experiments,
            entered: Vec::new(),
            maps: plan.maps.iter().filter(|_| journeys).map(|m| Map::new(plan, m, shapes, end)).collect(),
            funnels: plan.funnels.iter().map(|f| Funnel::new(plan, f, shapes, end)).collect(),
            travels: plan
                .travels
                .iter()
                .filter(|_| journeys)
                .map(|t| Travel::new(plan, t, shapes, shared, end))
                .collect(),
            compared: &plan.compared,
            differences: plan.compared.iter().map(|c| DifferenceTally::new(c.alone.len())).collect(),
            tells: shapes.list.iter().any(|(s, _)| !s.personas.is_empty()),
            personas: shapes.list.iter().map(|(s, _)| s.personas.clone()).collect(),
            refused: shapes.list.iter().map(|(s, _)| s.refused).collect(),
            units: 0,
            duplicates: 0,
            conflicts: 0,
        }
    }

    /// Walks the timelines of a partition.
    pub(super) fn walk(&mut self, lines: &Timelines) {
        self.duplicates += lines.duplicates;
        self.conflicts += lines.conflicts;
        let none_refused = !self.refused.contains(&true);
        for (line, key) in lines.iter().zip(lines.keys()) {
            let agreed = none_refused || line.iter().any(|e| self.refused.get(e.shape()) == Some(&false));
            self.units += u64::from(agreed);
            let personas = self.who(line);
            self.maps.iter_mut().for_each(|m| m.unit(line, &personas));
            if self.journeys {
                self.funnels.iter_mut().for_each(|f| f.unit(lines, line, &personas));
            }
            self.compare(line, *key);
            self.meet(line);
            let funnels = &mut self.funnels;
            let mut steps = |funnel: usize, from: i64, window: i64| {
                funnels.get_mut(funnel).map_or(0, |f| f.steps_from(line, from, window))
            };
            self.entered.clear();
            let met = self.experiments.iter_mut().zip(&self.met);
            self.entered.extend(met.map(|(x, met)| if *met { x.enter(lines, line) } else { None }));
            let entered = &self.entered;
            self.travels.iter_mut().for_each(|t| t.unit(lines, line, &personas, entered));
            for (x, _) in self.experiments.iter_mut().zip(&self.wanted).filter(|(_, wanted)| **wanted) {
                x.unit((lines, line), &personas, entered, &mut steps);
            }
        }
    }

    /// Notes the experiments that the unit may have entered; most units enter few of many.
    fn meet(&mut self, line: &[Entry]) {
        self.met.fill(false);
        for entry in line {
            for at in self.exposing.get(entry.shape()).map_or(&[] as &[usize], Vec::as_slice) {
                if let Some(met) = self.met.get_mut(*at) {
                    *met = true;
                }
            }
        }
    }

    /// Notes a unit that a tool would tell differently, under the first rule that explains it alone.
    fn compare(&mut self, line: &[Entry], key: u128) {
        for (compared, tally) in self.compared.iter().zip(&mut self.differences) {
            let funnels = &mut self.funnels;
            let mut told = |at: usize| funnels.get_mut(at).and_then(|f| f.told(line));
            let (ours, theirs) = (told(compared.ours), told(compared.theirs));
            if ours != theirs {
                let rule = compared.alone.iter().position(|(_, at)| told(*at) == theirs);
                tally.push(rule.unwrap_or(compared.alone.len()), key, ours, theirs);
            }
        }
    }

    /// Returns whether the unit is each persona: what the first row that tells says.
    fn who(&self, line: &[Entry]) -> Vec<Option<bool>> {
        let mut who: Vec<Option<bool>> = Vec::new();
        for entry in line.iter().filter(|_| self.tells) {
            let told = self.personas.get(entry.shape()).map_or(&[] as &[Option<bool>], Vec::as_slice);
            if who.len() < told.len() {
                who.resize(told.len(), None);
            }
            who.iter_mut().zip(told).for_each(|(known, new)| *known = known.or(*new));
            // rows without consent tell of nobody, so nothing is known by them
            if !who.is_empty() && who.iter().all(Option::is_some) {
                break;
            }
        }
        who
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.units += other.units;
        self.duplicates += other.duplicates;
        self.conflicts += other.conflicts;
        self.experiments.iter_mut().zip(other.experiments).for_each(|(mine, theirs)| mine.merge(theirs));
        self.maps.iter_mut().zip(&other.maps).for_each(|(mine, theirs)| mine.merge(theirs));
        self.funnels.iter_mut().zip(other.funnels).for_each(|(mine, theirs)| mine.merge(theirs));
        self.differences.iter_mut().zip(&other.differences).for_each(|(mine, theirs)| mine.merge(theirs));
        self.travels.iter_mut().zip(other.travels).for_each(|(mine, theirs)| mine.merge(theirs));
    }

    /// Puts everything counted into the counts.
    pub(super) fn finish(self, shared: &Shared, counts: &mut Counts) {
        for experiment in self.experiments {
            experiment.finish(shared, &mut counts.experiments);
        }
        counts.maps = self.maps.into_iter().map(Map::finish).collect();
        counts.funnels = self.funnels.into_iter().filter(|_| self.journeys).map(|f| f.finish(shared)).collect();
        counts.differences = self.differences;
        counts.travels = self.travels.into_iter().map(Travel::finish).collect();
        let data = &mut counts.data;
        data.units += self.units;
        data.duplicates += self.duplicates;
        data.conflicts += self.conflicts;
        data.used -= self.duplicates.min(data.used);
        for tallies in &mut counts.experiments {
            let ledger = &mut tallies.ledger;
            ledger.rows += data.rows;
            ledger.duplicates += data.duplicates;
            ledger.rejects.extend(data.rejects.iter().map(|(kind, (count, _))| (kind.clone(), *count)));
            ledger.used += data.rows - data.duplicates - data.rejected();
        }
    }
}
