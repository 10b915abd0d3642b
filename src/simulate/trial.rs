//! Experiments that simulated people meet: [`Trial`], and the true effects of its variants.

use super::truth::{self, Truth};
use crate::assign::{Assigner, Reason, UnitId};
use crate::model::experiment::Status;
use crate::model::measure::{PerUnit, Reads, Term};
use crate::model::value::Change;
use crate::model::{Event, Experiment, Id, Metric, Model};
use crate::payload::Payload;
use crate::plan::Plan;

/// An experiment with an exposure event that has started.
pub(super) struct Trial {
    /// Its id.
    pub id: String,
    /// What exposes.
    pub exposure: Id<Event>,
    /// The first second that counts, and the first that no longer does.
    pub window: (i64, i64),
    /// Who gets what.
    pub assigner: Assigner,
    /// The variants by id, each with what it changes.
    pub variants: Vec<(String, Vec<Lift>)>,
}

/// What a variant truly changes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lift {
    /// The chance of reaching an event.
    Reach(Id<Event>, f64),
    /// The values of a property of an event.
    Size(Id<Event>, String, f64),
    /// The time until an event.
    Time(Id<Event>, f64),
}

impl Trial {
    /// Returns the experiments of a model that have started, in its order.
    ///
    /// # Errors
    /// The truth has an effect for something that is not there.
    pub fn all(model: &Model, truth: &Truth, payload: &Payload) -> Result<Vec<Self>, String> {
        known(model, truth)?;
        let plan = Plan::new(model);
        let mut all = Vec::new();
        for planned in &plan.experiments {
            let experiment = &model.experiments[planned.experiment];
            let Some(exposure) = plan.events.get(planned.exposure).map(|e| e.event) else { continue };
            if experiment.status == Status::Draft {
                continue;
            }
            let mut variants = Vec::new();
            for variant in &experiment.variants {
                variants.push((variant.meta.id.clone(), lifts(model, truth, experiment, &variant.meta.id)?));
            }
            let window = (planned.from / 1_000_000, planned.until / 1_000_000);
            let assigner = Assigner::new(payload, &planned.id);
            all.push(Trial { id: planned.id.clone(), exposure, window, assigner, variants });
        }
        Ok(all)
    }

    /// Returns the place of the variant that a unit gets.
    pub fn variant(&self, unit: &str, attributes: &dyn crate::assign::Attributes) -> Option<usize> {
        let given = self.assigner.assign(UnitId::new(unit).ok()?, attributes);
        let name = given.variant.filter(|_| given.reason == Reason::Assigned)?;
        self.variants.iter().position(|(id, _)| id == name)
    }
}

fn known(model: &Model, truth: &Truth) -> Result<(), String> {
    for (id, variants) in truth.effects.iter() {
        let experiment =
            model.experiment(id).ok_or_else(|| format!("the truth has effects of `{id}`, which is no experiment"))?;
        for (variant, metrics) in variants.iter() {
            if !model.experiments[experiment].variants.iter().any(|v| v.meta.id == variant) {
                return Err(format!("the truth has effects of `{variant}`, which is no variant of `{id}`"));
            }
            if let Some((metric, _)) = metrics.iter().find(|(m, _)| !model.metrics.values().any(|x| x.meta.id == *m)) {
                return Err(format!("the truth has an effect on `{metric}`, which is no metric"));
            }
        }
    }
    Ok(())
}

fn lifts(model: &Model, truth: &Truth, experiment: &Experiment, variant: &str) -> Result<Vec<Lift>, String> {
    let told = truth.effects.get(&experiment.meta.id).and_then(|v| v.get(variant));
    let mut all = Vec::new();
    for id in experiment.metrics() {
        let metric = &model.metrics[id];
        let effect = match told {
            Some(told) => match told.get(&metric.meta.id) {
                Some(text) => truth::change(text)
                    .ok_or_else(|| format!("`{text}` is no effect; write a relative change such as `+8%`"))?,
                None => 0.0,
            },
            None => expected(experiment, id, variant),
        };
        all.extend(lift(model, metric, effect));
    }
    Ok(all)
}

/// Returns the relative effect that a primary is planned for; the control has none.
fn expected(experiment: &Experiment, metric: Id<Metric>, variant: &str) -> f64 {
    let planned = experiment.primaries.iter().find(|p| p.metric == metric && variant != "control");
    match planned.and_then(|p| p.expects) {
        Some(Change::Relative(percent)) => percent.share(),
        _ => 0.0,
    }
}

fn lift(model: &Model, metric: &Metric, effect: f64) -> Option<Lift> {
    let of = |term: &Term| match &term.per_unit {
        PerUnit::Happened | PerUnit::Count => Lift::Reach(term.event, effect),
        PerUnit::Absent => Lift::Reach(term.event, -effect),
        PerUnit::Sum(p) | PerUnit::Max(p) | PerUnit::Last(p) | PerUnit::Values(p) => {
            Lift::Size(term.event, p.clone(), effect)
        }
        PerUnit::FirstTime => Lift::Time(term.event, effect),
    };
    let found = match &metric.measure(model).reads {
        Reads::One(term) | Reads::Two(term, _) | Reads::All(term, _) => of(term),
        Reads::Steps(funnel, _) => {
            let last = model.funnels[*funnel].steps.last()?;
            Lift::Reach(model.touchpoints[last.touchpoint].seen_by?, effect)
        }
    };
    (effect != 0.0).then_some(found)
}
