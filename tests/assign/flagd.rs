//! Our flags in flagd's own evaluator.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use waypost::model::Model;
use waypost::model::condition::{Comparison, Condition};
use waypost::model::experiment::Status;
use waypost::model::space::arms;
use waypost::payload::{Stage, flagd};

use super::parity::{install, runner, sdk_folder};
use super::spec::*;

fn shop() -> Model {
    let mut model = project();
    holdout(&mut model, "global", "10");
    let checkout = layer(&mut model, "checkout", "user");
    let old = Condition::And(vec![
        compare("age", Comparison::GreaterEqual, number("40")),
        Condition::Not(Box::new(among("country", &[text("PL")]))),
    ]);
    let old = audience(&mut model, "old", old);
    for (name, share) in [("first", "30"), ("second", "70")] {
        let mut e = experiment(name, vec![variant("control", "60", &[]), variant("new", "40", &[])]);
        e.traffic = percent("80");
        e.layers = vec![takes(checkout, share)];
        model.experiments.push(e);
    }
    let mut aimed = halves("aimed");
    aimed.audience = Some(old);
    model.experiments.push(aimed.clone());
    aimed.meta = meta("shipped");
    aimed.status = Status::Shipped(1, day("2026-10-20"), String::new());
    model.experiments.push(aimed);
    let mut draft = halves("draft");
    draft.status = Status::Draft;
    model.experiments.push(draft);
    model
}

fn units() -> Vec<Value> {
    let unit = |n: usize| json!({ "user_id": format!("user-{n}"), "age": n % 80, "country": if n.is_multiple_of(2) { "PL" } else { "PT" } });
    (0..20_000).map(unit).chain([json!({ "age": 50 })]).collect()
}

/// Returns what flagd gives each unit, or nothing where it cannot be installed.
fn answers(model: &Model, units: &[Value]) -> Option<BTreeMap<String, Vec<String>>> {
    if let Err(why) = install("flagd") {
        println!("skipped: flagd's evaluator cannot be installed: {why}");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let (flags, list) = (folder.path().join("flags.json"), folder.path().join("units.ndjson"));
    fs::write(&flags, flagd(model, Stage::Published).unwrap().to_string()).unwrap();
    fs::write(&list, units.iter().map(|unit| format!("{unit}\n")).collect::<String>()).unwrap();
    let done = Command::new("node").arg(runner("flagd.mjs")).arg(sdk_folder("flagd")).args([&flags, &list]).output();
    let done = done.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(serde_json::from_slice(&done.stdout).unwrap())
}

#[test]
fn flagd_keeps_shares_layers_holdouts_and_audiences() {
    let (model, units) = (shop(), units());
    let Some(answers) = answers(&model, &units) else { return };
    let given = |flag: &str, at: usize| answers[flag][at].as_str();
    let belongs = |unit: &Value| unit["age"].as_u64() >= Some(40) && unit["country"] == "PT";
    for (at, unit) in units.iter().enumerate() {
        assert_eq!(given("draft", at), "not-enrolled");
        assert_eq!(given("shipped", at) == "new", belongs(unit) || unit.get("country").is_none(), "{unit}");
        let both = given("first", at) != "not-enrolled" && given("second", at) != "not-enrolled";
        assert!(!both, "{unit} is in two experiments of a layer");
        assert!(given("aimed", at) == "not-enrolled" || belongs(unit), "{unit}");
    }
    assert_eq!(given("first", units.len() - 1), "not-enrolled", "a unit without an id is in no experiment");
    let mut expected = Vec::new();
    for (name, slice, share) in [("first", 0.3, 1.0), ("second", 0.7, 1.0), ("aimed", 1.0, 0.25)] {
        let experiment = &model.experiments[model.experiment(name).unwrap()];
        for (arm, variant) in arms(experiment).iter().zip(&experiment.variants) {
            let share = slice * share * 0.9 * f64::from(arm.count()) / 10_000.0;
            expected.push((name, variant.meta.id.as_str(), share));
        }
    }
    for (flag, variant, share) in expected {
        let seen = answers[flag].iter().filter(|v| *v == variant).count() as f64;
        let (mean, sd) = (20_000.0 * share, (20_000.0 * share * (1.0 - share)).sqrt());
        assert!((seen - mean).abs() < 4.5 * sd, "{flag} {variant}: {seen}, planned {mean}");
    }
}

#[test]
fn what_flagd_cannot_say_is_refused() {
    let mut model = project();
    let pattern = Condition::Matches { field: "zip".to_owned(), regex: "^4".to_owned() };
    let mut e = halves("e");
    e.audience = Some(audience(&mut model, "a", pattern));
    model.experiments.push(e);
    let why = flagd(&model, Stage::Published).unwrap_err();
    assert_eq!(why, ["`e` asks whether `zip` matches `^4`, and flagd has no regular expressions"]);
}
