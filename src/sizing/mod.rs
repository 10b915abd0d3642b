//! How many units a test takes, before it starts: from the traffic and the present values that the manifest declares.
//!
//! The one place that answers it: the rule `underpowered` warns by these numbers, and `waypost plan` prints them.

mod arms;
mod effect;

use crate::model::experiment::{MethodKind, Primary};
use crate::model::manifest::Baseline;
use crate::model::value::Change;
use crate::model::{Event, Experiment, Id, Metric, Model};
use arms::Arms;
use effect::Effect;

/// What an experiment takes and what it can see, as far as the manifest declares its traffic and its metrics' values.
#[derive(Clone, Debug, PartialEq)]
pub struct Sizing {
    /// Who comes, a day.
    pub traffic: Traffic,
    /// The planned days, from the last restart on, both ends included.
    pub days: i64,
    /// How many comparisons with the control share the level: primaries times treatments.
    pub comparisons: usize,
    /// The two-sided level of each comparison.
    pub level: f64,
    /// The chance to see the planned effect that is asked for.
    pub power: f64,
    /// One for each primary, in their order.
    pub primaries: Vec<PrimarySize>,
}

/// Units a day: those of the exposure event, and how many of them enter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Traffic {
    /// The exposure event, where there is one.
    pub exposure: Option<Id<Event>>,
    /// Units that meet it a day, where the manifest says.
    pub seen: Option<f64>,
    /// The share of them that the experiment's traffic lets in.
    pub traffic: f64,
    /// The share of the hash space that its layers leave it.
    pub layers: f64,
    /// The share that holdouts keep out.
    pub held: f64,
}

/// What one primary takes.
#[derive(Clone, Debug, PartialEq)]
pub struct PrimarySize {
    /// The metric.
    pub metric: Id<Metric>,
    /// What it is now, where the manifest says.
    pub baseline: Option<Baseline>,
    /// What is expected.
    pub expects: Option<Change>,
    /// The units it takes, or what is missing to say.
    pub needs: Result<Needs, Missing>,
    /// What the planned days can see; nothing without traffic or a baseline.
    pub sees: Option<Sees>,
}

/// The units that a planned effect takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Needs {
    /// Over all arms, were it a fixed test of one look; a real number.
    pub one_look: f64,
    /// Over all arms, for the method of the plan: always-valid and group-sequential tests pay for their looks.
    pub units: f64,
    /// By arm, control first, rounded up.
    pub arms: Vec<f64>,
    /// The days until they have come; nothing without traffic.
    pub days: Option<f64>,
}

/// What the planned days can see.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sees {
    /// Units that enter in those days, over all arms.
    pub units: f64,
    /// The smallest effect towards the better that is seen with the asked power, in the metric's own unit; nothing where
    /// no share is large enough.
    pub smallest: Option<f64>,
    /// The chance to see the planned effect; nothing where none is planned.
    pub power: Option<f64>,
}

/// Why the units cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The manifest does not say what the metric is now.
    Baseline,
    /// The primary does not say what it expects.
    Expectation,
    /// A change of that unit says nothing of a baseline of that kind.
    Mismatch,
    /// The planned value would be no share, or no change at all.
    Impossible,
}

impl Traffic {
    /// Returns the units that enter a day; the audience is not known here and can only make them fewer.
    pub fn entering(&self) -> Option<f64> {
        let enter = self.traffic * self.layers * (1.0 - self.held).max(0.0);
        self.seen.map(|seen| seen * enter).filter(|n| *n > 0.0)
    }
}

/// Returns what an experiment takes and can see.
pub fn sizing(model: &Model, experiment: &Experiment) -> Sizing {
    let (traffic, days) = (traffic(model, experiment), days(experiment));
    let arms = Arms::of(experiment, level(experiment)).map(|arms| arms.with_looks(experiment));
    let size = |arms: Arms| {
        let each = experiment.primaries.iter().map(|p| primary(model, p, &arms, traffic.entering(), days));
        each.collect()
    };
    Sizing {
        traffic,
        days,
        comparisons: comparisons(experiment),
        level: level(experiment),
        power: experiment.method.power.share(),
        primaries: arms.map(size).unwrap_or_default(),
    }
}

/// Returns the units over all arms that a primary takes in a fixed test of one look; nothing where something is missing.
pub fn one_look(model: &Model, experiment: &Experiment, primary: &Primary) -> Option<f64> {
    let baseline = model.manifest.baseline.get(&model.metrics[primary.metric].meta.id)?;
    let effect = Effect::of(*baseline, primary.expects).ok()?;
    Arms::of(experiment, level(experiment))?.needs(&effect, None).map(|needs| needs.one_look)
}

/// How many comparisons share the level.
fn comparisons(experiment: &Experiment) -> usize {
    (experiment.variants.len().saturating_sub(1) * experiment.primaries.len()).max(1)
}

/// The level of each comparison.
fn level(experiment: &Experiment) -> f64 {
    experiment.method.level.share() / comparisons(experiment) as f64
}

/// Returns who comes to an experiment, a day.
pub fn traffic(model: &Model, experiment: &Experiment) -> Traffic {
    let exposure = model.exposure_event(experiment);
    let rate = exposure.and_then(|e| model.manifest.traffic.get(&model.events[e].meta.id));
    Traffic {
        exposure,
        seen: rate.map(|r| r.per_day),
        traffic: experiment.traffic.share(),
        layers: experiment.layers.iter().map(|s| s.takes.share()).product(),
        held: model.holdouts.values().map(|h| h.takes.share()).sum(),
    }
}

/// Returns the days of the plan, both ends included; a restart begins them anew.
pub fn days(experiment: &Experiment) -> i64 {
    let span = experiment.counts_from().until(experiment.runs.1).map_or(-1, |s| i64::from(s.get_days()));
    (span + 1).max(0)
}

fn primary(model: &Model, primary: &Primary, arms: &Arms, entering: Option<f64>, days: i64) -> PrimarySize {
    let metric = &model.metrics[primary.metric];
    let baseline = model.manifest.baseline.get(&metric.meta.id).copied();
    let effect = baseline.ok_or(Missing::Baseline).and_then(|b| Effect::of(b, primary.expects));
    let come = entering.map(|a_day| a_day * days as f64).filter(|n| *n > 0.0);
    let better = metric.better == crate::model::metric::Better::Higher;
    let sees = come.zip(baseline).map(|(units, baseline)| Sees {
        units,
        smallest: arms.smallest(baseline, units, better),
        power: effect.as_ref().ok().map(|e| arms.power(e, units)),
    });
    PrimarySize {
        metric: primary.metric,
        baseline,
        expects: primary.expects,
        needs: effect.and_then(|e| arms.needs(&e, entering).ok_or(Missing::Impossible)),
        sees,
    }
}

/// The looks and the spending of a group-sequential plan.
fn looks(kind: &MethodKind) -> Option<(u32, crate::model::experiment::Spending)> {
    if let MethodKind::GroupSequential { looks, spending } = kind { Some((*looks, *spending)) } else { None }
}
