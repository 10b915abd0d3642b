//! Maps: who reaches which stage and touchpoint, who moves on and when, which promises are kept.
use super::shapes::Shapes;
use super::timeline::Entry;
use crate::plan::{MapPlan, Plan};
use crate::tally::{MapGroup, MapTally, PlaceTally, StageTally, Who};

/// Counts one map.
pub(super) struct Map<'p> {
    plan: &'p MapPlan,
    /// By shape: the places of the touchpoints it shows, then of the promises it starts.
    shows: Vec<Vec<usize>>,
    starts: Vec<Vec<usize>>,
    end: Option<i64>,
    tally: MapTally,
    seen: Seen,
    /// The places of the instant at hand.
    here: Vec<usize>,
}

/// What was seen of the unit at hand.
#[derive(Debug, Default)]
struct Seen {
    places: Vec<Place>,
    stages: Vec<Stage>,
}

#[derive(Clone, Debug, Default)]
struct Place {
    first: Option<i64>,
    events: u64,
    went_on: bool,
    /// When the promise made here began.
    promised: Option<i64>,
    /// The first event here from then on.
    kept: Option<i64>,
}

#[derive(Clone, Debug, Default)]
struct Stage {
    first: Option<i64>,
    /// The first event of the next stage from then on.
    next: Option<i64>,
}

impl<'p> Map<'p> {
    pub(super) fn new(plan: &Plan, map: &'p MapPlan, shapes: &Shapes, end: Option<i64>) -> Self {
        let _ = plan;
        let by_event = |of: &dyn Fn(usize) -> Option<usize>| -> Vec<Vec<usize>> {
            let is = |shape: usize, place: usize| {
                let events = shapes.list.get(shape).map_or(&[] as &[u16], |(s, _)| s.events.as_slice());
                of(place).is_some_and(|e| events.iter().any(|x| usize::from(*x) == e))
            };
            let quiet = |shape: usize| shapes.list.get(shape).is_some_and(|(s, _)| s.quiet);
            let places = |s: usize| (0..map.touchpoints.len()).filter(|p| !quiet(s) && is(s, *p)).collect();
            (0..shapes.list.len()).map(places).collect()
        };
        let shows = by_event(&|p| map.touchpoints.get(p).and_then(|t| t.event));
        let starts = by_event(&|p| map.touchpoints.get(p).and_then(|t| t.promise).map(|(of, _)| of));
        let mut groups = vec![(Who::Everybody, group(map))];
        groups.extend(map.personas.iter().map(|p| (Who::Persona(*p), group(map))));
        if !map.personas.is_empty() {
            groups.push((Who::Unknown, group(map)));
        }
        groups.extend(map.audiences.iter().map(|a| (Who::Audience(*a), group(map))));
        Self { plan: map, shows, starts, end, tally: MapTally { groups }, seen: Seen::default(), here: Vec::new() }
    }

    /// Counts one unit.
    pub(super) fn unit(&mut self, line: &[Entry], personas: &[Option<bool>]) {
        self.look(line);
        if self.seen.stages.iter().all(|s| s.first.is_none()) {
            return;
        }
        let mut known = false;
        for (who, group) in &mut self.tally.groups {
            let member = match who {
                Who::Everybody => true,
                Who::Persona(at) | Who::Audience(at) => personas.get(*at) == Some(&Some(true)),
                Who::Unknown => !known,
                Who::Value(_) => false,
            };
            known |= member && matches!(who, Who::Persona(_));
            if member {
                add(self.plan, &self.seen, self.end, group);
            }
        }
    }

    /// Walks the timeline once.
    fn look(&mut self, line: &[Entry]) {
        let (plan, seen) = (self.plan, &mut self.seen);
        seen.places.clear();
        seen.places.resize(plan.touchpoints.len(), Place::default());
        seen.stages.clear();
        seen.stages.resize(plan.stages.len(), Stage::default());
        // Within one instant any order may have been the true one: the one that serves the unit best is taken.
        for instant in line.chunk_by(|a, b| a.time == b.time) {
            let shapes = || instant.iter().map(|e| e.shape());
            for at in shapes().filter_map(|s| self.starts.get(s)).flatten() {
                if let (Some(place), Some(first)) = (seen.places.get_mut(*at), instant.first()) {
                    place.promised.get_or_insert(first.time);
                }
            }
            self.here.clear();
            self.here.extend(shapes().filter_map(|s| self.shows.get(s)).flatten());
            // Places are numbered in the order of the map.
            self.here.sort_unstable();
            for at in &self.here {
                note(plan, seen, *at, instant.first().map_or(0, |e| e.time));
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for ((_, mine), (_, theirs)) in self.tally.groups.iter_mut().zip(&other.tally.groups) {
            mine.merge(theirs);
        }
    }

    pub(super) fn finish(self) -> MapTally {
        self.tally
    }
}

fn group(map: &MapPlan) -> MapGroup {
    MapGroup {
        units: 0,
        stages: vec![StageTally::default(); map.stages.len()],
        touchpoints: vec![PlaceTally::default(); map.touchpoints.len()],
    }
}

/// Notes that the unit was at a touchpoint.
fn note(plan: &MapPlan, seen: &mut Seen, at: usize, time: i64) {
    let Some(stage) = plan.touchpoints.get(at).map(|t| t.stage) else { return };
    for (place, of) in seen.places.iter_mut().zip(&plan.touchpoints) {
        place.went_on |= of.stage < stage && place.first.is_some();
    }
    for (before, of) in seen.stages.iter_mut().zip(&plan.stages) {
        if of.next == Some(stage) && before.first.is_some() {
            before.next.get_or_insert(time);
        }
    }
    if let Some(stage) = seen.stages.get_mut(stage) {
        stage.first.get_or_insert(time);
    }
    if let Some(place) = seen.places.get_mut(at) {
        place.first.get_or_insert(time);
        place.events += 1;
        if place.promised.is_some() {
            place.kept.get_or_insert(time);
        }
    }
}

fn millis(micros: i64) -> u64 {
    u64::try_from(micros / 1_000).unwrap_or(0)
}

/// Adds the unit at hand to a group.
fn add(plan: &MapPlan, seen: &Seen, end: Option<i64>, group: &mut MapGroup) {
    group.units += 1;
    for ((seen, of), tally) in seen.stages.iter().zip(&plan.stages).zip(&mut group.stages) {
        let Some(first) = seen.first else { continue };
        tally.reached += 1;
        if of.next.is_none() {
            tally.left += 1;
            continue;
        }
        let watched = end.map_or(0, |e| (e - first).max(0));
        let watched = of.within.map_or(watched, |w| w.min(watched));
        let in_time = seen.next.filter(|next| of.within.is_none_or(|w| next - first <= w));
        match in_time {
            Some(next) => {
                tally.moved_on += 1;
                tally.times.push(millis(next - first), true);
            }
            None => {
                let open = of.within.zip(end).is_some_and(|(w, e)| first.saturating_add(w) > e);
                tally.open += u64::from(open);
                tally.left += u64::from(!open);
                tally.times.push(millis(watched), false);
            }
        }
    }
    for ((seen, of), tally) in seen.places.iter().zip(&plan.touchpoints).zip(&mut group.touchpoints) {
        tally.reached += u64::from(seen.first.is_some());
        tally.events += seen.events;
        tally.went_on += u64::from(seen.went_on);
        if let (Some((_, within)), Some(start)) = (of.promise, seen.promised) {
            promise(tally, within, start, seen.kept, end);
        }
    }
}

fn promise(tally: &mut PlaceTally, within: i64, start: i64, kept: Option<i64>, end: Option<i64>) {
    let in_time = kept.is_some_and(|at| at - start <= within);
    let over = end.is_some_and(|e| start.saturating_add(within) <= e);
    if !in_time && !over {
        tally.open += 1;
        return;
    }
    tally.due += 1;
    tally.kept += u64::from(in_time);
    match kept {
        Some(at) => tally.times.push(millis(at - start), true),
        None => tally.times.push(millis(end.map_or(within, |e| e - start)), false),
    }
}
