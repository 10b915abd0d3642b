//! Assignments a second, ours beside the Rust SDK's, in one run on one core.
//!
//!     cargo bench --bench assign
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench reads the clock, prints, and stops where it is wrong"
)]

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Instant;

use growthbook_rust::growthbook::GrowthBook;
use growthbook_rust::model_public::GrowthBookAttribute;
use serde_json::{Value, json};
use waypost::assign::{Assigner, UnitId};
use waypost::payload::Payload;

const UNITS: usize = 100_000;
const OURS: usize = 50;

fn experiment(more: &Value) -> Value {
    let mut rule = json!({
        "id": "cta@1", "key": "cta", "seed": "cta@1", "hashAttribute": "user_id", "hashVersion": 2,
        "variations": ["control", "short", "bold"],
        "ranges": [[0, 0.39995], [0.49995, 0.69995], [0.74995, 0.94995]],
        "weights": [0.5, 0.25, 0.25], "coverage": 0.8,
        "meta": [{ "key": "control" }, { "key": "short" }, { "key": "bold" }],
    });
    if let (Some(rule), Some(more)) = (rule.as_object_mut(), more.as_object()) {
        rule.extend(more.clone());
    }
    json!({ "features": {
        "$holdout:global": { "defaultValue": "open", "rules": [{
            "id": "holdout-global", "force": "held", "hashAttribute": "user_id",
            "seed": "holdout:global", "hashVersion": 2, "range": [0, 0.04995],
        }] },
        "cta": { "defaultValue": "control", "rules": [rule] },
    } })
}

fn main() {
    let audience = json!({ "condition": { "country": { "$in": ["PT", "ES"] } } });
    let everything = json!({
        "condition": { "country": { "$in": ["PT", "ES"] } },
        "parentConditions": [{ "id": "$holdout:global", "condition": { "value": "open" } }],
        "filters": [{
            "seed": "layer:checkout", "attribute": "user_id", "hashVersion": 2, "ranges": [[0, 0.39995]],
        }],
    });
    println!("{:<34} {:>14} {:>14} {:>8}", "assignments a second, one core", "waypost", "growthbook-rust", "times");
    compare("an experiment of everybody", &experiment(&json!({})));
    compare("with an audience", &experiment(&audience));
    compare("with audience, layer, holdout", &experiment(&everything));
}

fn compare(name: &str, json: &Value) {
    let units: Vec<Value> = (0..UNITS)
        .map(|n| json!({ "user_id": format!("user-{n}"), "country": if n % 2 == 0 { "PT" } else { "PL" } }))
        .collect();
    let (ours, in_ours) = ours(json, &units);
    let (theirs, in_theirs) = theirs(json, &units);
    assert_eq!(in_ours, in_theirs, "both give the same number of units a variant");
    println!("{name:<34} {ours:>14.0} {theirs:>14.0} {:>8.1}", ours / theirs);
}

fn ours(json: &Value, units: &[Value]) -> (f64, usize) {
    let assigner = Assigner::new(&Payload::from_value(json.clone()).expect("a payload"), "cta");
    let ids: Vec<&str> = units.iter().filter_map(|unit| unit["user_id"].as_str()).collect();
    let mut given = 0;
    let start = Instant::now();
    for _ in 0..OURS {
        for (id, unit) in ids.iter().zip(units) {
            let id = UnitId::new(black_box(id)).expect("an id");
            given += usize::from(assigner.assign(id, unit).variant.is_some());
        }
    }
    ((UNITS * OURS) as f64 / start.elapsed().as_secs_f64(), given / OURS)
}

fn theirs(json: &Value, units: &[Value]) -> (f64, usize) {
    let book = GrowthBook {
        forced_variations: None,
        features: serde_json::from_value(json["features"].clone()).expect("features"),
        attributes: None,
        sticky_bucket_service: None,
        saved_groups: HashMap::new(),
    };
    let attributes = units.iter().map(|unit| Some(GrowthBookAttribute::from(unit.clone()).expect("attributes")));
    let attributes: Vec<_> = attributes.collect();
    let mut given = 0;
    let start = Instant::now();
    for unit in &attributes {
        given += usize::from(book.check("cta", black_box(unit)).experiment_result.is_some());
    }
    (UNITS as f64 / start.elapsed().as_secs_f64(), given)
}
