//! A plan as JSON.

use crate::model::manifest::Baseline;
use crate::model::{Experiment, Model};
use crate::sizing::{Missing, PrimarySize, Sizing};
use serde_json::{Value, json};

/// Returns the plan of one experiment; what cannot be told is null.
pub(super) fn json(model: &Model, experiment: &Experiment, size: &Sizing) -> Value {
    let control = experiment.variants.iter().filter(|v| v.is_control());
    let others = experiment.variants.iter().filter(|v| !v.is_control());
    let arms: Vec<&str> = control.chain(others).map(|v| v.meta.id.as_str()).collect();
    let primaries: Vec<Value> = size.primaries.iter().map(|p| primary(model, p)).collect();
    json!({
        "experiment": experiment.meta.id,
        "from": experiment.counts_from().to_string(),
        "to": experiment.runs.1.to_string(),
        "days": size.days,
        "method": experiment.method.kind.name(),
        "level": experiment.method.level.share(),
        "power": size.power,
        "comparisons": size.comparisons,
        "level_of_each": size.level,
        "traffic": {
            "event": size.traffic.exposure.map(|e| &model.events[e].meta.id),
            "seen_a_day": size.traffic.seen,
            "entering_a_day": size.traffic.entering(),
        },
        "arms": arms,
        "primaries": primaries,
    })
}

fn primary(model: &Model, p: &PrimarySize) -> Value {
    let baseline = p.baseline.map(|b| match b {
        Baseline::Share(share) => json!(share),
        Baseline::Mean { mean, deviation } => json!({ "mean": mean, "deviation": deviation }),
    });
    let base = p.baseline.map(|b| match b {
        Baseline::Share(share) => share,
        Baseline::Mean { mean, .. } => mean.abs(),
    });
    let smallest = p.sees.as_ref().and_then(|s| s.smallest);
    let needs = p.needs.as_ref().ok();
    json!({
        "metric": model.metrics[p.metric].meta.id,
        "baseline": baseline,
        "expects": p.expects.map(|e| e.to_string()),
        "units": needs.map(|n| n.arms.iter().sum::<f64>()),
        "units_by_arm": needs.map(|n| &n.arms),
        "units_of_one_look": needs.map(|n| n.one_look.ceil()),
        "duration_days": needs.and_then(|n| n.days),
        "missing": p.needs.as_ref().err().map(|m| missing(*m)),
        "planned_units": p.sees.as_ref().map(|s| s.units),
        "smallest_effect": smallest,
        "smallest_lift": smallest.zip(base).filter(|(_, b)| *b > 0.0).map(|(s, b)| s / b),
        "power_in_planned_days": p.sees.as_ref().and_then(|s| s.power),
    })
}

fn missing(why: Missing) -> &'static str {
    match why {
        Missing::Baseline => "baseline",
        Missing::Expectation => "expectation",
        Missing::Mismatch => "mismatch",
        Missing::Impossible => "impossible",
    }
}
