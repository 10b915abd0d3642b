//! Metrics at stages and touchpoints: they count from the unit's first event there.
use super::Step;
use crate::engine::acc::{Sample, push};
use crate::engine::experiment::{Bound, cut, outcomes};
use crate::engine::shapes::Shapes;
use crate::engine::timeline::{Entry, Timelines};
use crate::plan::travel::SpotPlan;
use crate::plan::{MapPlan, Plan, TravelPlan};
use crate::tally::{OFF, Tally, Who, quantile7};

/// All measured places of a map.
pub(super) struct Spots<'p> {
    spots: Vec<Spot<'p>>,
    map: Option<&'p MapPlan>,
    end: Option<i64>,
}

struct Spot<'p> {
    plan: &'p SpotPlan,
    bound: Bound<'p>,
    groups: Vec<(Who, Tally)>,
    /// Units of a measure that is cut at a percentile: the groups they are of, and what they give.
    held: Vec<(Vec<usize>, Sample)>,
}

impl<'p> Spots<'p> {
    pub(super) fn new(plan: &'p Plan, travel: &'p TravelPlan, shapes: &Shapes, end: Option<i64>) -> Self {
        let map = plan.maps.get(travel.map);
        let personas = map.map_or(&[] as &[usize], |m| m.personas.as_slice());
        let spot = |s: &'p SpotPlan| {
            let empty = || Tally::empty(s.measure.shape);
            let everybody = std::iter::once((Who::Everybody, empty()));
            let groups = everybody.chain(personas.iter().map(|p| (Who::Persona(*p), empty()))).collect();
            Spot { plan: s, bound: Bound::new(plan, shapes, &s.measure), groups, held: Vec::new() }
        };
        Self { spots: travel.measured.iter().map(spot).collect(), map, end }
    }

    /// Counts one unit.
    pub(super) fn unit(&mut self, lines: &Timelines, line: &[Entry], personas: &[Option<bool>], steps: &[Step]) {
        let map = self.map;
        for spot in &mut self.spots {
            let here = |s: &&Step| {
                let place = usize::from(s.place);
                let stage = || map.and_then(|m| m.touchpoints.get(place)).map(|t| t.stage);
                s.place != OFF
                    && match (spot.plan.touchpoint, spot.plan.stage) {
                        (Some((at, _)), _) => place == at,
                        (None, Some((at, _))) => stage() == Some(at),
                        (None, None) => false,
                    }
            };
            let Some(t0) = steps.iter().find(here).map(|s| s.time) else { continue };
            let Some(mut sample) = spot.bound.sample(lines, line, t0, self.end) else { continue };
            if let Some(cap) = spot.bound.fixed_cap() {
                cut(&mut sample, cap, spot.bound.is_ratio());
            }
            let is_in = |who: &Who| match who {
                Who::Everybody => true,
                Who::Persona(at) => personas.get(*at) == Some(&Some(true)),
                Who::Unknown | Who::Value(_) | Who::Audience(_) => false,
            };
            let groups = spot.groups.iter().enumerate().filter(|(_, (who, _))| is_in(who)).map(|(at, _)| at).collect();
            spot.held.push((groups, sample));
            if spot.bound.percentile().is_none() {
                spot.release(f64::INFINITY);
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.spots.iter_mut().zip(other.spots) {
            mine.held.extend(theirs.held);
            for ((_, a), (_, b)) in mine.groups.iter_mut().zip(&theirs.groups) {
                // both are of the measure's shape
                let _ = a.merge(b);
            }
        }
    }

    pub(super) fn finish(mut self) -> Vec<Vec<(Who, Tally)>> {
        for spot in &mut self.spots {
            if let Some(level) = spot.bound.percentile() {
                let mut values: Vec<f64> = spot.held.iter().flat_map(|(_, s)| outcomes(s)).collect();
                values.sort_by(f64::total_cmp);
                spot.release(quantile7(&values, level).unwrap_or(f64::INFINITY));
            }
        }
        self.spots.into_iter().map(|s| s.groups).collect()
    }
}

impl Spot<'_> {
    /// Puts the units held back into their groups, cut at the cap.
    fn release(&mut self, cap: f64) {
        for (groups, mut sample) in std::mem::take(&mut self.held) {
            cut(&mut sample, cap, self.bound.is_ratio());
            for at in groups {
                if let Some((_, tally)) = self.groups.get_mut(at) {
                    // a value that is not finite counts nowhere; the reader lets none through
                    let _ = push(tally, &sample);
                }
            }
        }
    }
}
