//! How far the exposed of each arm come in the funnels of the map: every step over all of them, for the arms to stay as
//! they were drawn. A step over the one before compares those who got there, and the change itself decides who does.
use super::contrast::{shares, too_few};
use super::judge::Judge;
use super::report::{Inconclusive, StepDifference, Walk, WalkStep};
use super::request::Request;
use crate::plan::WalkPlan;
use crate::tally::{Cut, Share, Tally};

const DAY: f64 = 86_400e6;

/// Returns the funnels; none where results are withheld, where nobody was exposed, or where nothing was counted.
pub(super) fn walks(request: &Request, judge: Option<&Judge>, gate: Option<Inconclusive>) -> Vec<Walk> {
    let (Some(judge), None) = (judge, gate) else { return Vec::new() };
    let exposed: Vec<u64> = (0..request.arms()).map(|arm| request.tallies.exposed(arm, &Cut::Total)).collect();
    if request.tallies.steps.is_empty() || exposed.contains(&0) {
        return Vec::new();
    }
    // A warehouse cannot say every funnel.
    let walks = (0_u32..).zip(&request.plan.walks).filter(|(at, _)| request.tallies.steps.counts(*at));
    walks.map(|(at, plan)| walk(request, judge, (at, plan), &exposed)).collect()
}

fn walk(request: &Request, judge: &Judge, (at, plan): (u32, &WalkPlan), exposed: &[u64]) -> Walk {
    let funnel = &request.model.funnels[plan.of];
    let count = plan.steps.len() * exposed.len().saturating_sub(1);
    let level = judge.level / count.max(1) as f64;
    let step = |(step, touchpoint): (usize, &crate::model::Id<crate::model::Touchpoint>)| {
        let reached: Vec<u64> = (0..request.arms()).map(|arm| request.tallies.steps.reached(at, arm, step)).collect();
        let place = &request.model.touchpoints[*touchpoint];
        WalkStep {
            touchpoint: place.meta.id.clone(),
            title: place.meta.title.clone(),
            differences: differences(request, judge, level, (&reached, exposed)),
            reached: reached.into_iter().map(|n| (!few(request, n)).then_some(n)).collect(),
        }
    };
    Walk {
        funnel: funnel.meta.id.clone(),
        title: funnel.meta.title.clone(),
        days: funnel.within.map(|_| plan.window as f64 / DAY),
        exposed: exposed.to_vec(),
        steps: plan.steps.iter().enumerate().map(step).collect(),
    }
}

/// Nobody is no secret; a few are.
fn few(request: &Request, units: u64) -> bool {
    units > 0 && units < request.model.manifest.privacy.smallest_cell
}

/// Each treatment against the control; none where an arm's count is not shown, for a difference would give it away.
fn differences(
    request: &Request,
    judge: &Judge,
    level: f64,
    (reached, exposed): (&[u64], &[u64]),
) -> Vec<StepDifference> {
    if request.reweighted() {
        // Steps are not counted by day, so they cannot be compared within times of equal weights.
        return Vec::new();
    }
    let arms: Vec<Share> = reached.iter().zip(exposed).map(|(x, n)| Share::new(*x, *n)).collect();
    let Some((control, treatments)) = arms.split_first() else { return Vec::new() };
    let of = |(arm, treatment): (u32, &Share)| {
        let hidden = few(request, control.x) || few(request, treatment.x);
        if hidden || too_few(&Tally::Share(*control), &Tally::Share(*treatment)) {
            return None;
        }
        let contrast = shares(control, treatment, request.weight_of(arm));
        let interval = judge.interval_at(&contrast, level);
        Some(StepDifference { arm: arm as usize, effect: contrast.effect(), interval })
    };
    (1_u32..).zip(treatments).filter_map(of).collect()
}
