//! Paths of touches, up to each outcome.
use super::Step;
use crate::plan::travel::AttributionPlan;
use crate::tally::{AttributionTally, OFF, Place};

/// Counts the paths of one unit.
///
/// A touch belongs to the first outcome at or after it, and counts where it is no older than the look-back, which is
/// included. Touches begin anew after an outcome. Those too old for the outcome that followed, and those that no outcome
/// followed, are paths without one. `money` is the amount at a step.
pub(super) fn credit(
    steps: &[Step],
    plan: &AttributionPlan,
    end: Option<i64>,
    money: &dyn Fn(usize) -> f64,
    tally: &mut AttributionTally,
) {
    let is_outcome = |s: &Step| usize::from(s.place) == plan.outcome;
    let mut touches: Vec<Step> = Vec::new();
    let mut at = 0;
    for instant in steps.chunk_by(|a, b| a.time == b.time) {
        touches.extend(instant.iter().filter(|s| s.place != OFF && !is_outcome(s)));
        for (offset, step) in instant.iter().enumerate().filter(|(_, s)| is_outcome(s)) {
            let old = touches.partition_point(|t| step.time - t.time > plan.look_back);
            let fresh = touches.split_off(old);
            if !touches.is_empty() {
                tally.without(path(&touches), false);
            }
            touches.clear();
            outcome(&fresh, step.time, plan, money(at + offset), tally);
        }
        at += instant.len();
    }
    if let Some(last) = touches.last() {
        let open = end.is_none_or(|e| last.time.saturating_add(plan.look_back) > e);
        tally.without(path(&touches), open);
    }
}

fn path(touches: &[Step]) -> Vec<Place> {
    touches.iter().map(|t| t.place).collect()
}

fn outcome(touches: &[Step], time: i64, plan: &AttributionPlan, money: f64, tally: &mut AttributionTally) {
    tally.outcome(path(touches), money);
    let youngest = touches.last().map_or(0, |t| time - t.time);
    let weight = |t: &Step| libm::exp2(-((time - t.time - youngest) as f64) / plan.half_life as f64);
    let all: f64 = touches.iter().map(weight).sum();
    for touch in touches {
        tally.decay(touch.place, weight(touch) / all, money);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(list: &[(i64, Place)]) -> Vec<Step> {
        list.iter().map(|&(time, place)| Step { time, place }).collect()
    }

    fn counted(list: &[(i64, Place)], end: i64) -> AttributionTally {
        let plan = AttributionPlan { outcome: 9, money: None, look_back: 30, half_life: 7 };
        let mut tally = AttributionTally::default();
        credit(&steps(list), &plan, Some(end), &|_| 100.0, &mut tally);
        tally
    }

    #[test]
    fn touches_reset_and_the_look_back_is_inclusive() {
        let tally = counted(&[(0, 1), (1, 2), (30, 9), (30, 3), (31, 9), (40, 1)], 100);
        let of = |path: &[Place]| tally.paths.get(path).map_or((0, 0), |p| (p.outcomes, p.without));
        // the touch at the instant of the outcome belongs to it
        assert_eq!(of(&[1, 2, 3]), (1, 0));
        assert_eq!(of(&[]), (1, 0), "the second outcome has no touch of its own");
        assert_eq!(of(&[1]), (0, 1));
        assert_eq!((tally.outcomes(), tally.open), (2, 0));
        let old = counted(&[(0, 1), (5, 2), (31, 9), (35, OFF), (99, 3)], 100);
        assert_eq!(old.paths.get(&vec![1]).map(|p| p.without), Some(1));
        assert_eq!(old.paths.get(&vec![2]).map(|p| p.outcomes), Some(1));
        assert_eq!(old.open, 1);
    }

    #[test]
    fn credit_by_age_adds_to_the_outcome_and_halves_in_a_half_life() {
        let tally = counted(&[(0, 1), (7, 2), (14, 9)], 100);
        let share = |place: Place| tally.decay.get(&place).map_or(0.0, |(share, _)| share.to_f64());
        assert!((share(1) - 1.0 / 3.0).abs() < 1e-12 && (share(2) - 2.0 / 3.0).abs() < 1e-12);
        assert!((tally.decay[&1].1.to_f64() - 100.0 / 3.0).abs() < 1e-9);
    }
}
