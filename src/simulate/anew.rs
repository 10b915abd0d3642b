//! An experiment's assignment, drawn anew over its own data: [`Anew`].

use crate::model::experiment::Status;
use crate::model::value::{Date, Percent};
use crate::model::{Experiment, Id, Model};
use crate::payload::{self, Payload, Stage};
use crate::plan::Plan;

/// A project in which one experiment stands many times, each with a seed of its own and none of its logged variants.
///
/// The same units count as in the experiment: whoever was exposed while it ran. Which arm each is in is drawn by the payload,
/// so that whatever the arms differ in is chance, and a test at 5 % rings 5 times in 100.
#[derive(Clone, Debug)]
pub struct Anew {
    /// The project.
    pub model: Model,
    /// What the engine is to read and count.
    pub plan: Plan,
    /// Who gets what.
    pub payload: Payload,
}

impl Anew {
    /// Returns the draws numbered `draws` of a seed; `today` ends an experiment that is still running.
    pub fn new(model: &Model, experiment: Id<Experiment>, seed: u64, draws: std::ops::Range<u32>, today: Date) -> Self {
        let original = &model.experiments[experiment];
        let mut drawn = Model { experiments: Default::default(), holdouts: Default::default(), ..model.clone() };
        for draw in draws {
            drawn.experiments.push(one(original, format!("aa-{seed}-{draw}"), today));
        }
        let mut plan = Plan::new(&drawn);
        plan.maps.clear();
        plan.funnels.retain(|_| plan_needs_funnels(original, model));
        for x in &mut plan.experiments {
            x.logged_as.clone_from(&original.meta.id);
            // the draws are no experiments that could change each other
            x.beside.clear();
            x.walks.clear();
            x.measures.iter_mut().for_each(|m| m.ages = 0);
        }
        plan.sources.retain(|s| s.experiment.as_ref().is_none_or(|id| *id == original.meta.id));
        plan.sources.iter_mut().for_each(|s| s.variant = None);
        plan.forget_unasked();
        let payload = payload::build(&drawn, Stage::Running);
        Self { model: drawn, plan, payload }
    }
}

/// Whether a metric of the experiment counts the steps of a funnel.
fn plan_needs_funnels(experiment: &Experiment, model: &Model) -> bool {
    let steps = |id| matches!(model.metrics[id].kind, crate::model::metric::MetricKind::Steps(_));
    experiment.metrics().into_iter().any(steps)
}

/// The experiment over everybody whom it exposed, at its end.
fn one(original: &Experiment, id: String, today: Date) -> Experiment {
    let mut one = original.clone();
    let last = match &original.status {
        Status::Stopped(on, _) | Status::Shipped(_, on, _) => (*on).min(original.runs.1),
        Status::Draft | Status::Running | Status::Paused => today.min(original.runs.1),
    };
    one.meta.id = id;
    one.runs = (original.counts_from(), last);
    one.status = Status::Stopped(last, String::new());
    one.restarts.clear();
    one.audience = None;
    one.layers.clear();
    one.traffic = Percent::WHOLE;
    one.segments.clear();
    one.variants.iter_mut().for_each(|v| v.changes.clear());
    one
}
