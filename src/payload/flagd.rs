//! The project as flagd's flag definitions.
//!
//! flagd draws with a hash of its own (MurmurHash3), so the shares, audiences,
//! layers and holdouts are ours, but not the arm of each unit: analysis must
//! read the variant from the exposure events.

use serde_json::{Map, Value, json};

use super::audience::literal;
use super::build::{Stage, experiment_seed, holdout_seed, layer_seed, value};
use crate::model::condition::{Comparison, Condition};
use crate::model::experiment::Status;
use crate::model::space::{BUCKETS, Buckets, arms, part_of_buckets, slices};
use crate::model::{Experiment, Id, Model};

/// The variant of units that are in no arm. It has the control's value, and a
/// name of its own, so that nobody counts it as the control.
const OUT: &str = "not-enrolled";

/// Returns flagd's flag definitions, one flag an experiment.
///
/// Errors name the experiments that flagd cannot express: its rules have no
/// regular expressions.
pub fn flagd(model: &Model, stage: Stage) -> Result<Value, Vec<String>> {
    let (mut flags, mut errors) = (Map::new(), Vec::new());
    for (id, experiment) in model.experiments.iter() {
        match flag(model, stage, id, experiment) {
            Ok(flag) => drop(flags.insert(experiment.meta.id.clone(), flag)),
            Err(why) => errors.push(format!("`{}` {why}", experiment.meta.id)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(json!({ "$schema": "https://flagd.dev/schema/v0/flags.json", "flags": flags }))
}

fn flag(model: &Model, stage: Stage, id: Id<Experiment>, experiment: &Experiment) -> Result<Value, String> {
    let out = json!({ OUT: experiment.control().map_or(Value::Null, value) });
    let mut variants: Map<String, Value> = experiment.variants.iter().map(|v| (v.meta.id.clone(), value(v))).collect();
    variants.extend(out.as_object().cloned().unwrap_or_default());
    let mut flag = json!({ "state": "ENABLED", "variants": variants, "defaultVariant": OUT });
    let targeting = match (stage, &experiment.status) {
        (Stage::Running, _) | (_, Status::Running) => Some(run(model, id, experiment)?),
        (_, Status::Shipped(at, ..)) => {
            let shipped = experiment.variants.get(*at).map_or(OUT, |v| v.meta.id.as_str());
            Some(json!({ "if": [all(audience(model, experiment)?), shipped, OUT] }))
        }
        (_, Status::Draft | Status::Paused | Status::Stopped(..)) => None,
    };
    if let (Some(targeting), Some(fields)) = (targeting, flag.as_object_mut()) {
        fields.insert("targeting".to_owned(), targeting);
    }
    Ok(flag)
}

fn run(model: &Model, id: Id<Experiment>, experiment: &Experiment) -> Result<Value, String> {
    let unit = attribute(model, &experiment.unit);
    let mut gates = vec![json!({ "!!": [{ "var": unit }] })];
    gates.extend(audience(model, experiment)?);
    gates.extend(model.holdouts.iter().map(|(_, h)| {
        let held = Buckets { start: 0, end: part_of_buckets(h.takes) };
        let unit = attribute(model, &h.unit);
        let inside = drawn(&holdout_seed(h), unit, &[("held", held)], "open");
        json!({ "or": [{ "!": [{ "var": unit }] }, { "===": [inside, "open"] }] })
    }));
    for slice in &experiment.layers {
        let layer = &model.layers[slice.layer];
        let mine = slices(model, slice.layer).into_iter().find(|s| s.experiment == id);
        let mine: Vec<(&str, Buckets)> = mine.iter().flat_map(|s| &s.buckets).map(|b| ("in", *b)).collect();
        let inside = drawn(&layer_seed(layer), attribute(model, &layer.unit), &mine, "out");
        gates.push(json!({ "===": [inside, "in"] }));
    }
    let arms = arms(experiment);
    let named: Vec<(&str, Buckets)> = experiment.variants.iter().map(|v| v.meta.id.as_str()).zip(arms).collect();
    Ok(json!({ "if": [all(gates), drawn(&experiment_seed(experiment), unit, &named, OUT), OUT] }))
}

/// Returns the attribute that holds the ids of a unit.
fn attribute<'a>(model: &'a Model, unit: &'a str) -> &'a str {
    model.manifest.units.get(unit).map_or(unit, String::as_str)
}

/// Returns a draw among named buckets, in order; `rest` for those between them.
fn drawn(seed: &str, unit: &str, named: &[(&str, Buckets)], rest: &str) -> Value {
    let mut parts = vec![json!({ "cat": [seed, { "var": unit }] })];
    let mut at = 0;
    for (name, buckets) in named.iter().filter(|(_, b)| b.count() > 0) {
        if buckets.start > at {
            parts.push(json!([rest, buckets.start - at]));
        }
        parts.push(json!([name, buckets.count()]));
        at = buckets.end;
    }
    if at < BUCKETS {
        parts.push(json!([rest, BUCKETS - at]));
    }
    json!({ "fractional": parts })
}

fn all(gates: Vec<Value>) -> Value {
    if gates.is_empty() { json!(true) } else { json!({ "and": gates }) }
}

fn audience(model: &Model, experiment: &Experiment) -> Result<Vec<Value>, String> {
    let condition = experiment.audience.map(|audience| logic(&model.audiences[audience].condition));
    condition.into_iter().collect()
}

/// Returns a condition as JsonLogic.
fn logic(condition: &Condition) -> Result<Value, String> {
    let list = |parts: &[Condition]| parts.iter().map(logic).collect::<Result<Vec<_>, _>>();
    Ok(match condition {
        Condition::And(parts) if parts.is_empty() => json!(true),
        Condition::And(parts) => json!({ "and": list(parts)? }),
        Condition::Or(parts) if parts.is_empty() => json!(false),
        Condition::Or(parts) => json!({ "or": list(parts)? }),
        Condition::Not(inner) => json!({ "!": [logic(inner)?] }),
        Condition::Exists { field } => exists(field),
        Condition::In { field, values } => {
            let same = values.iter().map(|v| json!({ "===": [{ "var": field }, literal(v)] }));
            json!({ "or": same.collect::<Vec<_>>() })
        }
        Condition::Compare { field, how, value } => compare(field, *how, literal(value)),
        Condition::Matches { field, regex } => {
            return Err(format!("asks whether `{field}` matches `{regex}`, and flagd has no regular expressions"));
        }
    })
}

fn exists(field: &str) -> Value {
    json!({ "!==": [{ "var": field }, null] })
}

fn compare(field: &str, how: Comparison, value: Value) -> Value {
    match how {
        Comparison::Equal => json!({ "===": [{ "var": field }, value] }),
        Comparison::NotEqual => json!({ "!==": [{ "var": field }, value] }),
        // Nothing counts as 0 in JsonLogic, so a missing value is asked for first.
        order => json!({ "and": [exists(field), { (order.sign()): [{ "var": field }, value] }] }),
    }
}
