//! The funnels that the exposed of an experiment walk on.
use super::{Builder, FOREVER};
use crate::model::funnel::{BreakdownAt, CountUnit, ExclusionVerb};
use crate::model::{Id, Touchpoint};
use crate::plan::{ExclusionPlan, ExperimentPlan, FunnelPlan, OrderPlan, StepPlan, WalkPlan};

impl Builder<'_> {
    /// Adds to each experiment the ends of its journey's funnels from where it runs.
    pub(super) fn walks(&mut self) {
        for at in 0..self.plan.experiments.len() {
            let Some(x) = self.plan.experiments.get(at) else { continue };
            let journey = self.model.experiments[x.experiment].journey;
            let of_journey = |f: &&FunnelPlan| f.funnel.is_some_and(|f| self.model.funnels[f].journey == journey);
            let ends = self.plan.funnels.iter().filter(of_journey).filter_map(|f| self.end_of(f, x));
            for (of, end) in ends.collect::<Vec<_>>() {
                let walk = WalkPlan {
                    of,
                    steps: end.steps.iter().map(|s| s.touchpoint).collect(),
                    funnel: self.plan.funnels.len(),
                    window: end.within.unwrap_or(FOREVER),
                };
                self.plan.funnels.push(FunnelPlan { within: None, ..end });
                if let Some(x) = self.plan.experiments.get_mut(at) {
                    x.walks.push(walk);
                }
            }
        }
    }

    /// Returns the required steps of a funnel that come after the exposure, as a funnel of nobody's but the experiment's; its
    /// time runs from the exposure. Nothing where no step comes after it.
    fn end_of(&self, f: &FunnelPlan, x: &ExperimentPlan) -> Option<(Id<crate::model::Funnel>, FunnelPlan)> {
        let place = self.model.place(&self.model.experiments[x.experiment]);
        let from = self.on_map(place)?;
        let listed = !matches!(f.order, OrderPlan::Any);
        let kept = |s: &StepPlan| {
            let later = !listed || self.on_map(s.touchpoint).is_some_and(|at| at >= from);
            later && !s.optional && s.event != x.exposure
        };
        // in order, what follows the first step that comes after the exposure comes after it too
        let first = f.steps.iter().position(kept)?;
        let places: Vec<usize> = f
            .steps
            .iter()
            .enumerate()
            .filter(|(at, s)| if listed { *at >= first && !s.optional && s.event != x.exposure } else { kept(s) })
            .map(|(at, _)| at)
            .collect();
        let end = FunnelPlan {
            funnel: None,
            id: format!("{}@{}", f.id, x.id),
            steps: places.iter().filter_map(|at| f.steps.get(*at)).cloned().collect(),
            exclusions: f.exclusions.iter().filter_map(|e| moved(e, &places)).collect(),
            count: CountUnit::People,
            personas: Vec::new(),
            everybody: false,
            count_field: None,
            by: Vec::new(),
            by_at: BreakdownAt::Entry,
            may_start_anywhere: false,
            ..f.clone()
        };
        Some((f.funnel?, end))
    }

    /// Returns the place of a touchpoint on its map: its stage, and its place there.
    fn on_map(&self, touchpoint: Id<Touchpoint>) -> Option<(usize, usize)> {
        self.plan.maps.iter().find_map(|m| {
            let at = m.touchpoints.iter().position(|t| t.touchpoint == touchpoint)?;
            Some((m.touchpoints.get(at)?.stage, at))
        })
    }
}

/// Returns an exclusion between the steps that are left; whoever it would take out of the base is lost instead.
fn moved(x: &ExclusionPlan, places: &[usize]) -> Option<ExclusionPlan> {
    let at = |step: usize| places.iter().position(|p| *p == step);
    Some(ExclusionPlan { verb: ExclusionVerb::Fail, from: at(x.from)?, to: at(x.to)?, event: x.event })
}
