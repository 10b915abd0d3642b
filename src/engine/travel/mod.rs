//! How people travel a map: each unit's events become [`Step`]s once, and every analysis walks those.
//!
//! ```text
//! timeline ─► steps (time, place on the map or off it) ─► credit, paths, handovers, deviations, visits, purchases
//! ```
//!
//! The analyses are plain functions over slices, in files of their own.
mod align;
mod credit;
mod flow;
mod handover;
mod sale;
mod spot;
mod visit;

use super::experiment::Entered;
use super::shapes::{NO_TEXT, Shapes, Shared, Slot};
use super::timeline::{Entry, Timelines};
use crate::model::{Experiment, Id};
use crate::plan::travel::{PathsPlan, Versus};
use crate::plan::{MapPlan, Plan, TravelPlan};
use crate::tally::{AttributionTally, HandoverTally, OFF, PathsTally, Place, TravelTally, Ways};
use spot::Spots;

/// One event of a unit: when, and where on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    time: i64,
    place: Place,
}

/// Where the values of a slot stand, by shape.
type Places = Vec<Option<usize>>;

/// Counts the travels of one map.
pub(super) struct Travel<'p> {
    plan: &'p TravelPlan,
    /// A gap longer than this ends a visit, in microseconds.
    session_gap: i64,
    /// By shape: the places on the map that it shows, ascending; or [`OFF`]; nothing for what is no event here.
    shows: Vec<Vec<Place>>,
    /// For each attribution, and for the sale: where its money stands.
    money: Vec<Option<Places>>,
    sale_money: Option<Places>,
    handovers: Vec<handover::Values>,
    handover_fields: Vec<Option<Places>>,
    /// The touchpoints that can be seen, in order: what is planned.
    planned: Vec<Place>,
    end: Option<i64>,
    spots: Spots<'p>,
    conformance: align::Conformance,
    /// The experiments whose arms are compared, by their places in the plan that is counted.
    arms: Vec<(Id<Experiment>, usize)>,
    tally: TravelTally,
    steps: Vec<Step>,
    entries: Vec<Entry>,
}

impl<'p> Travel<'p> {
    pub(super) fn new(
        plan: &'p Plan,
        travel: &'p TravelPlan,
        shapes: &Shapes,
        shared: &Shared,
        end: Option<i64>,
    ) -> Self {
        let map = plan.maps.get(travel.map);
        let places = |slot: Slot| -> Places { (0..shapes.list.len()).map(|s| shapes.place(s, slot)).collect() };
        let money = |property: Option<usize>| property.map(|p| places(Slot::Property(p)));
        let tally = TravelTally {
            attributions: vec![AttributionTally::default(); travel.attributions.len()],
            paths: travel.paths.iter().map(nobody).collect(),
            handovers: vec![HandoverTally::default(); travel.handovers.len()],
            ..TravelTally::default()
        };
        Self {
            plan: travel,
            session_gap: plan.session_gap,
            shows: (0..shapes.list.len()).map(|s| shown(travel, map, shapes, s)).collect(),
            money: travel.attributions.iter().map(|a| money(a.money)).collect(),
            sale_money: money(travel.sale.and_then(|s| s.money)),
            handovers: travel.handovers.iter().map(|h| handover::Values::new(travel, h, shared)).collect(),
            handover_fields: travel.handovers.iter().map(|h| h.by.map(|f| places(Slot::Field(f)))).collect(),
            planned: map.map(planned).unwrap_or_default(),
            end,
            spots: Spots::new(plan, travel, shapes, end),
            conformance: align::Conformance::default(),
            arms: (0..).zip(&plan.experiments).map(|(at, x)| (x.experiment, at)).collect(),
            tally,
            steps: Vec::new(),
            entries: Vec::new(),
        }
    }

    /// Counts one unit, of these personas, that entered the experiments of the plan like this.
    pub(super) fn unit(&mut self, lines: &Timelines, line: &[Entry], personas: &[Option<bool>], entered: &[Entered]) {
        self.look(line);
        self.arms(entered);
        if self.steps.iter().all(|s| s.place == OFF) {
            return;
        }
        let (steps, entries) = (&self.steps, &self.entries);
        let value = |places: &Option<Places>, at: usize| {
            let entry = *entries.get(at)?;
            let place = places.as_ref()?.get(entry.shape()).copied().flatten()?;
            Some(lines.value(entry, place))
        };
        let amount = |places: &Option<Places>, at: usize| {
            value(places, at).map(f64::from_bits).filter(|v| v.is_finite()).unwrap_or(0.0)
        };
        for ((plan, tally), places) in self.plan.attributions.iter().zip(&mut self.tally.attributions).zip(&self.money)
        {
            credit::credit(steps, plan, self.end, &|at| amount(places, at), tally);
        }
        for (plan, tally) in self.plan.paths.iter().zip(&mut self.tally.paths) {
            flow::flow(steps, plan, personas, tally);
        }
        for (((plan, values), places), tally) in
            self.plan.handovers.iter().zip(&self.handovers).zip(&self.handover_fields).zip(&mut self.tally.handovers)
        {
            let text = |at: usize| value(places, at).filter(|t| *t != NO_TEXT);
            handover::handover(steps, plan, values, &text, tally);
        }
        let mine = |place: &Place| self.plan.is_for(usize::from(*place), personas);
        self.conformance.unit(steps, self.planned.iter().copied().filter(mine), &self.plan.may_repeat);
        visit::visits(steps, self.session_gap, &mut self.tally.sessions);
        if let Some(plan) = self.plan.sale {
            sale::sales(steps, plan.at, self.end, &|at| amount(&self.sale_money, at), &mut self.tally.sales);
        }
        self.spots.unit(lines, line, personas, steps);
    }

    /// Counts the unit in its arms.
    fn arms(&mut self, entered: &[Entered]) {
        for (plan, tally) in self.plan.paths.iter().zip(&mut self.tally.paths) {
            for (versus, groups) in plan.versus.iter().zip(&mut tally.versus) {
                let Versus::Arms { experiment, .. } = versus else { continue };
                let place = self.arms.iter().find(|(id, _)| id == experiment).map(|(_, at)| *at);
                let Some((variant, entry)) = place.and_then(|at| entered.get(at).copied().flatten()) else { continue };
                if entry.time != 0 {
                    flow::arm(&self.steps, plan, entry.time, groups.get_mut(variant as usize));
                }
            }
        }
    }

    /// Makes the steps of a unit: by time, and within one instant in the order of the map, what is off it first.
    fn look(&mut self, line: &[Entry]) {
        self.steps.clear();
        self.entries.clear();
        for entry in line {
            for place in self.shows.get(entry.shape()).into_iter().flatten() {
                self.steps.push(Step { time: entry.time, place: *place });
                self.entries.push(*entry);
            }
        }
        let rank = |s: &Step| (s.time, if s.place == OFF { 0 } else { u32::from(s.place) + 1 });
        if !self.steps.is_sorted_by_key(rank) {
            let mut both: Vec<(Step, Entry)> = self.steps.iter().copied().zip(self.entries.iter().copied()).collect();
            both.sort_by_key(|(s, _)| rank(s));
            (self.steps, self.entries) = both.into_iter().unzip();
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.tally.merge(&other.tally);
        self.conformance.merge(other.conformance, &self.plan.may_repeat);
        self.spots.merge(other.spots);
    }

    pub(super) fn finish(mut self) -> TravelTally {
        self.tally.measured = self.spots.finish();
        self.tally.conformance = self.conformance.finish(&self.plan.may_repeat);
        self.tally
    }
}

/// Returns the tally of paths that nobody went yet.
fn nobody(plan: &PathsPlan) -> PathsTally {
    let groups = |versus: &Versus| vec![Ways::default(); versus.groups()];
    PathsTally { versus: plan.versus.iter().map(groups).collect(), ..PathsTally::default() }
}

/// Returns the places of a map that a shape shows.
fn shown(travel: &TravelPlan, map: Option<&MapPlan>, shapes: &Shapes, shape: usize) -> Vec<Place> {
    let (Some(map), Some((shape, _))) = (map, shapes.list.get(shape)) else { return Vec::new() };
    if shape.quiet || shape.events.is_empty() {
        return Vec::new();
    }
    let mut places = Vec::new();
    for event in shape.events.iter().map(|e| usize::from(*e)) {
        // an event seen at several touchpoints shows the first of them
        let place = map.touchpoints.iter().position(|t| t.event == Some(event));
        places.extend(place.and_then(|p| Place::try_from(p).ok()));
    }
    places.sort_unstable();
    places.dedup();
    if places.is_empty() && shape.events.iter().any(|e| !travel.passed_over.contains(&usize::from(*e))) {
        places.push(OFF);
    }
    places
}

/// Returns the touchpoints that can be told apart, in the order of the map.
fn planned(map: &MapPlan) -> Vec<Place> {
    let first = |(at, t): (usize, &crate::plan::PlacePlan)| {
        let event = t.event?;
        let earlier = map.touchpoints.iter().take(at).any(|o| o.event == Some(event));
        if earlier { None } else { Place::try_from(at).ok() }
    };
    map.touchpoints.iter().enumerate().filter_map(first).collect()
}
