//! Payloads taken over as specs.

use serde_json::{Value, json};
use waypost::assign::{Assigner, UnitId};
use waypost::model::Model;
use waypost::model::condition::{Comparison, Condition};
use waypost::model::value::Literal;
use waypost::payload::{Imported, Payload, Stage, build, import};
use waypost::source::Sources;

use super::spec::*;

/// Returns the model of what was imported; fails with every finding that is an error.
fn resolved(imported: &Imported) -> Model {
    let mut sources = Sources::default();
    let text = format!("name: imported\n{}", imported.manifest);
    let (manifest, findings) = waypost::resolve::manifest(sources.add("waypost.yaml", text.as_str()), &text);
    assert!(findings.is_empty(), "{findings:?}\n{text}");
    let source = sources.add("imported.journey", imported.text.as_str());
    let parsed = waypost::syntax::parse(source, &imported.text);
    let resolution = waypost::resolve::resolve(&manifest.unwrap(), std::slice::from_ref(&parsed.tree));
    let said: Vec<String> = parsed
        .diagnostics
        .iter()
        .chain(&resolution.diagnostics)
        .map(|d| format!("{}: {} in `{}`", d.code, d.message, sources.slice(d.primary.span)))
        .collect();
    resolution.model.unwrap_or_else(|| panic!("{}\n{}", said.join("\n"), imported.text))
}

fn ours() -> Payload {
    let mut model = project();
    holdout(&mut model, "global", "5");
    let checkout = layer(&mut model, "checkout", "user");
    let people = Condition::And(vec![
        among("country", &[text("PT"), text("a \"b\" \\ c")]),
        compare("age", Comparison::GreaterEqual, number("30.5")),
        Condition::Not(Box::new(Condition::Or(vec![
            compare("device", Comparison::Equal, text("bot")),
            Condition::Exists { field: "blocked".to_owned() },
        ]))),
        Condition::Matches { field: "zip".to_owned(), regex: "^4\\d".to_owned() },
        compare("premium", Comparison::NotEqual, Literal::Bool(true)),
    ]);
    let people = audience(&mut model, "people", people);
    let sets = [("cta", text("Buy \"now\"")), ("size", number("1.5")), ("guest", Literal::Bool(true))];
    let mut one = experiment("one", vec![variant("control", "33.34", &sets), variant("b", "66.66", &sets)]);
    one.audience = Some(people);
    one.traffic = percent("77.7");
    one.layers = vec![takes(checkout, "40")];
    model.experiments.push(one);
    let mut two = experiment("two-2", vec![variant("control", "50", &[]), variant("new", "50", &[])]);
    two.layers = vec![takes(checkout, "60")];
    model.experiments.push(two);
    build(&model, Stage::Published)
}

#[test]
fn our_own_payload_comes_back_the_same() {
    let payload = ours();
    let imported = import(&payload, day("2026-11-22"));
    assert_eq!(imported.notes, Vec::<String>::new());
    let again = build(&resolved(&imported), Stage::Published);
    assert_eq!(again.features.len(), payload.features.len());
    for (key, feature) in payload.features.iter() {
        let (was, is) = (Assigner::new(&payload, key), Assigner::new(&again, key));
        assert_eq!(feature.default_value, again.features.get(key).unwrap().default_value, "{key}");
        for n in 0..3_000 {
            let unit = format!("u{n}");
            let known = json!({
                "user_id": unit, "device_id": unit, "country": "PT", "age": n % 60, "zip": "4000", "premium": n % 7 == 0,
            });
            let id = UnitId::new(&unit).unwrap();
            assert_eq!(was.assign(id, &known), is.assign(id, &known), "{key} of {unit}");
        }
    }
}

#[test]
fn a_foreign_payload_becomes_specs_with_notes() {
    let payload: Value = json!({ "features": {
        "newCheckout": { "defaultValue": false, "rules": [{
            "key": "checkout_test", "name": "The \"new\" checkout", "coverage": 0.5, "weights": [0.3, 0.7],
            "hashAttribute": "id", "variations": [false, true],
            "condition": { "country": "US", "plan": { "$in": ["pro", "team"] }, "id": { "$notInGroup": "staff" } },
            "namespace": ["pricing", 0, 0.25],
        }] },
        "three": { "defaultValue": "a", "rules": [{
            "variations": ["a", "b", "c"], "hashVersion": 2, "seed": "s", "meta": [{ "key": "0" }, { "key": "1" }, { "key": "2" }],
        }] },
        "flag": { "defaultValue": true },
        "crossed": { "rules": [{ "variations": [1, 2], "filters": [{ "seed": "x", "attribute": "org", "ranges": [[0, 1]] }] }] },
        "odd": { "rules": [{ "variations": [1, 2], "condition": { "tags": { "$elemMatch": { "$eq": "x" } } } }] },
    }, "savedGroups": { "staff": ["s1", "s2"] } });
    let imported = import(&Payload::from_value(payload).unwrap(), day("2026-11-22"));
    let model = resolved(&imported);
    assert_eq!(model.experiments.len(), 2);
    insta::assert_snapshot!(format!("{}---\n{}---\n{}", imported.text, imported.manifest, imported.notes.join("\n")));
}
