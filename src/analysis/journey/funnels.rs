//! Funnels: steps over three bases, the ledger, times.
use super::{Ctx, Funnel, FunnelStep, Ledger, People, rules, seconds};
use crate::plan::FunnelPlan;
use crate::stats::method::logrank::{describe, rows};
use crate::tally::{FunnelGroup, Times, Who};

/// The share that has finished is told at so many points of the time a funnel takes.
const POINTS: u32 = 8;

impl Ctx<'_> {
    pub(super) fn funnels(&self) -> Vec<Funnel> {
        let mut all = Vec::new();
        for (plan, tally) in self.plan.funnels.iter().zip(&self.counts.funnels) {
            let Some(id) = plan.funnel.filter(|f| self.model.funnels[*f].journey == self.map.journey) else { continue };
            let funnel = &self.model.funnels[id];
            for (who, group) in tally.groups.iter().filter(|(w, g)| *w != Who::Unknown || g.seen > 0) {
                all.push(Funnel {
                    funnel: plan.id.clone(),
                    title: funnel.meta.title.clone(),
                    who: self.who(who),
                    rules: rules::rules(self.model, funnel),
                    steps: self.steps(plan, group),
                    ledger: self.ledger(group),
                    whole: group.times.last().and_then(seconds),
                    over_time: group.times.last().map(over_time).unwrap_or_default(),
                });
            }
        }
        all
    }

    fn steps(&self, plan: &FunnelPlan, group: &FunnelGroup) -> Vec<FunnelStep> {
        let reached = |at: usize| group.mature.get(at).copied().unwrap_or(0);
        let entered: u64 = group.converted + group.failed + group.dropped.iter().sum::<u64>();
        let step = |(at, step): (usize, &crate::plan::StepPlan)| {
            let here = reached(at);
            let before = at.checked_sub(1).map(reached);
            let came_in = group.inflow.get(at).copied().unwrap_or(0);
            FunnelStep {
                touchpoint: step.id.clone(),
                title: self.model.touchpoints[step.touchpoint].meta.title.clone(),
                reached: self.mask.count(here),
                came_in: self.mask.count(came_in),
                of_entered: (entered > 0).then(|| self.mask.rate(here, entered)),
                // people may come in here, and then the step before is no base
                of_before: before.filter(|b| *b >= here && *b > 0).map(|b| self.mask.rate(here, b)),
                of_everyone: (group.seen > 0).then(|| self.mask.rate(here.min(group.seen), group.seen)),
                time: at.checked_sub(1).and_then(|b| group.times.get(b)).and_then(seconds),
            }
        };
        plan.steps.iter().enumerate().map(step).collect()
    }

    fn ledger(&self, group: &FunnelGroup) -> Ledger {
        let mut parts = vec![group.converted, group.failed, group.open];
        parts.extend(&group.dropped);
        let shown = self.mask.parts(&parts);
        let at = |i: usize| shown.get(i).copied().unwrap_or(People(None));
        Ledger {
            entrants: self.mask.count(group.entrants),
            converted: at(0),
            failed: at(1),
            immature: at(2),
            dropped: shown.get(3..).unwrap_or(&[]).to_vec(),
            excluded: self.mask.count(group.excluded),
            tied: self.mask.count(group.tied),
            balances: group.balances(),
        }
    }
}

/// Returns the share that has finished after each eighth of the longest time, with the censored counted as such (Kaplan
/// and Meier 1958).
fn over_time(times: &Times) -> Vec<(f64, f64)> {
    let rows = rows(times);
    let Some(longest) = rows.iter().rfind(|r| r.events > 0.0).map(|r| r.t) else { return Vec::new() };
    let at = |i: u32| {
        let t = longest * f64::from(i) / f64::from(POINTS);
        (t * 86_400.0, 1.0 - describe(&rows, t).survival_at_tau)
    };
    (1..=POINTS).map(at).collect()
}
