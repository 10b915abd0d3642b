//! The published conformance cases of specification 0.12.0.
//!
//! They come with the crate `growthbook-rust` (MIT), in `tests/cases`:
//! `cases.json` from the JavaScript SDK, and `rust.json` with more.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Map, Value};
use waypost::assign::{self, Context, Evaluator, FeatureResult, StickyDoc, StickyDocs};
use waypost::payload::{self, Payload, Rule};

/// Groups that no part of Waypost is about.
const OUT_OF_SCOPE: [(&str, &str); 4] = [
    ("pruneCondition", "not yet"),
    ("reducePayload", "not yet"),
    ("urlRedirect", "sends browsers elsewhere"),
    ("contextualBandit", "learns while it runs"),
];

/// How many cases of each group there are, and hold.
const EXPECTED: [(&str, usize); 16] = [
    ("chooseVariation", 13),
    ("decrypt", 10),
    ("evalCondition", 594),
    ("feature", 74),
    ("getBucketRange", 13),
    ("getEqualWeights", 6),
    ("getQueryStringOverride", 16),
    ("hash", 27),
    ("inNamespace", 16),
    ("run", 88),
    ("savedGroupReferencesRemote/evalCondition", 15),
    ("savedGroupReferencesRemote/feature", 3),
    ("savedGroupReferencesV2/evalCondition", 56),
    ("savedGroupReferencesV2/feature", 4),
    ("savedGroupReferencesV2/run", 4),
    ("stickyBucket", 16),
];

/// Returns what a tool of the toolchain prints.
fn printed(tool: &str, args: &[&str]) -> Vec<u8> {
    let program = std::env::var(tool.to_uppercase()).unwrap_or_else(|_| tool.to_owned());
    let output = Command::new(program).args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    output.expect("the toolchain is there").stdout
}

fn folder() -> PathBuf {
    let version = String::from_utf8(printed("rustc", &["-vV"])).expect("text");
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    // only this platform's crates need to be there: the others' are never downloaded
    let output = printed("cargo", &["metadata", "--format-version", "1", "--offline", "--filter-platform", host]);
    let metadata: Value = serde_json::from_slice(&output).expect("cargo metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let manifest = packages
        .iter()
        .find(|p| p["name"] == "growthbook-rust" && p["version"].as_str().is_some_and(|v| v.starts_with("0.4.")))
        .and_then(|p| p["manifest_path"].as_str())
        .expect("growthbook-rust 0.4 is a dev-dependency");
    PathBuf::from(manifest).with_file_name("tests").join("cases")
}

/// One case: where it stands, and what it holds.
struct Case {
    group: String,
    values: Vec<Value>,
}

impl Case {
    fn name(&self) -> String {
        let number = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        format!("{}: {}", self.group, self.values.first().map(number).unwrap_or_default())
    }

    fn get(&self, at: usize) -> &Value {
        self.values.get(at).unwrap_or(&Value::Null)
    }

    fn text(&self, at: usize) -> &str {
        self.get(at).as_str().unwrap_or_default()
    }
}

fn load() -> Vec<Case> {
    let folder = folder();
    let mut cases = Vec::new();
    for file in ["cases.json", "rust.json"] {
        let text = std::fs::read_to_string(folder.join(file)).expect("the cases are there");
        let all: Map<String, Value> = serde_json::from_str(&text).expect("the cases are JSON");
        for (group, value) in &all {
            collect(group, value, &mut cases);
        }
    }
    cases
}

fn collect(group: &str, value: &Value, cases: &mut Vec<Case>) {
    match value {
        Value::Array(items) => cases.extend(
            items
                .iter()
                .map(|item| Case { group: group.to_owned(), values: item.as_array().cloned().unwrap_or_default() }),
        ),
        Value::Object(groups) => {
            for (inner, value) in groups {
                collect(&format!("{group}/{inner}"), value, cases);
            }
        }
        _ => {}
    }
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn payload_of(context: &Value) -> Payload {
    let features = context.get("features").cloned().unwrap_or_else(|| Value::Object(Map::new()));
    let groups = context.get("savedGroups").cloned().unwrap_or_else(|| Value::Object(Map::new()));
    let json = serde_json::json!({ "features": features, "savedGroups": groups });
    Payload::from_value(json).expect("a payload")
}

fn context_of(context: &Value) -> Context<'_> {
    let forced = context["forcedVariations"].as_object().into_iter().flatten();
    Context {
        enabled: context["enabled"] != Value::Bool(false),
        qa_mode: context["qaMode"] == Value::Bool(true),
        url: context["url"].as_str().unwrap_or_default(),
        forced_variations: forced.filter_map(|(k, v)| Some((k.clone(), v.as_i64()?))).collect(),
        sticky: None,
    }
}

fn attributes_of(context: &Value) -> Value {
    let mut attributes = object(&context["attributes"]);
    if let Some(groups) = context.get("remoteGroupIds") {
        attributes.insert("__gb_remoteGroupIds".to_owned(), groups.clone());
    }
    Value::Object(attributes)
}

fn same_number(a: &Value, b: &Value) -> bool {
    matches!((a.as_f64(), b.as_f64()), (Some(a), Some(b)) if a == b)
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|o| same(v, o)))
        }
        _ => a == b || same_number(a, b),
    }
}

fn round(value: f64) -> f64 {
    (value * 1e8).floor() / 1e8
}

fn same_rounded(ours: &[f64], expected: &Value) -> bool {
    let expected: Vec<f64> = expected.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    expected.len() == ours.len() && ours.iter().zip(expected).all(|(a, b)| round(*a) == round(b))
}

fn passes(case: &Case) -> Option<bool> {
    let last = case.group.rsplit('/').next().unwrap_or_default();
    Some(match last {
        "evalCondition" => {
            let groups = object(case.get(4));
            assign::meets(case.get(1), case.get(2), &groups) == (case.get(3) == &Value::Bool(true))
        }
        "hash" => {
            let ours = assign::hash(case.text(0), case.text(1), case.get(2).as_i64()?);
            ours == case.get(3).as_f64()
        }
        "getBucketRange" => bucket_range(case)?,
        "chooseVariation" => {
            let ours = assign::choose_variation(case.get(1).as_f64()?, &ranges(case.get(2)));
            ours.map_or(-1, |at| at as i64) == case.get(3).as_i64()?
        }
        "getQueryStringOverride" => {
            let count = usize::try_from(case.get(3).as_i64()?).ok()?;
            let ours = assign::query_override(case.text(1), case.text(2), count);
            ours.map(|at| at as i64) == case.get(4).as_i64()
        }
        "inNamespace" => in_namespace(case),
        "getEqualWeights" => same_rounded(&assign::equal_weights(case.get(0).as_i64()?), case.get(1)),
        "decrypt" => payload::decrypt(case.text(1), case.text(2)).ok().as_deref() == case.get(3).as_str(),
        "feature" => feature(case),
        "run" => run(case),
        "stickyBucket" => sticky(case),
        _ => return None,
    })
}

fn ranges(value: &Value) -> Vec<[f64; 2]> {
    serde_json::from_value(value.clone()).expect("ranges")
}

fn bucket_range(case: &Case) -> Option<bool> {
    let arguments = case.get(1);
    let count = usize::try_from(arguments[0].as_i64()?).ok()?;
    let weights: Option<Vec<f64>> = serde_json::from_value(arguments[2].clone()).ok()?;
    let ours = assign::bucket_ranges(count, arguments[1].as_f64().unwrap_or(1.0), weights.as_deref());
    let expected = case.get(2).as_array()?;
    Some(ours.len() == expected.len() && ours.iter().zip(expected).all(|(a, b)| same_rounded(a, b)))
}

fn in_namespace(case: &Case) -> bool {
    let experiment = serde_json::json!({
        "key": "k", "variations": [0, 1], "namespace": case.get(2),
    });
    let rule: Rule = serde_json::from_value(experiment).expect("an experiment");
    let payload = Payload::default();
    let attributes = serde_json::json!({ "id": case.get(1) });
    let ours = Evaluator::new(&payload).run(&payload, &rule, &attributes, &Context::default());
    Value::Bool(ours.in_experiment) == *case.get(3)
}

fn feature(case: &Case) -> bool {
    let (payload, attributes, context) = (payload_of(case.get(1)), attributes_of(case.get(1)), context_of(case.get(1)));
    let evaluator = Evaluator::new(&payload);
    let ours = evaluator.feature(case.text(2), &attributes, &context);
    let expected = case.get(3);
    let experiment = expected.get("experimentResult").is_none_or(|e| same_result(&ours, e));
    same(ours.value, &expected["value"])
        && ours.is_on() == (expected["on"] == Value::Bool(true))
        && ours.source.name() == expected["source"]
        && ours.rule.unwrap_or_default() == expected["ruleId"]
        && experiment
}

fn same_result(ours: &FeatureResult<'_, '_>, expected: &Value) -> bool {
    let Some(result) = &ours.experiment else {
        return false;
    };
    let mut json = serde_json::json!({
        "key": result.key,
        "featureId": result.feature,
        "inExperiment": true,
        "hashUsed": result.hash_used,
        "variationId": result.variation,
        "value": result.value,
        "hashAttribute": result.hash_attribute,
        "stickyBucketUsed": result.sticky_used,
    });
    let fields = json.as_object_mut().expect("an object");
    if let Some(unit) = &result.unit {
        let number = unit.text.parse::<f64>().ok().filter(|_| expected["hashValue"].is_number());
        fields.insert("hashValue".to_owned(), number.map_or_else(|| unit.text.as_ref().into(), Value::from));
    }
    if let Some(bucket) = result.bucket_fraction().filter(|_| result.hash_used) {
        fields.insert("bucket".to_owned(), bucket.into());
    }
    if let Some(name) = result.name {
        fields.insert("name".to_owned(), name.into());
    }
    same(&json, expected)
}

fn run(case: &Case) -> bool {
    let (payload, attributes, context) = (payload_of(case.get(1)), attributes_of(case.get(1)), context_of(case.get(1)));
    let rule: Rule = serde_json::from_value(case.get(2).clone()).expect("an experiment");
    let ours = Evaluator::new(&payload).run(&payload, &rule, &attributes, &context);
    same(&ours.value, case.get(3))
        && Value::Bool(ours.in_experiment) == *case.get(4)
        && Value::Bool(ours.hash_used) == *case.get(5)
}

fn sticky(case: &Case) -> bool {
    let (payload, attributes) = (payload_of(case.get(1)), attributes_of(case.get(1)));
    let evaluator = Evaluator::new(&payload);
    let names: BTreeSet<String> = evaluator.sticky_names(&attributes).into_iter().collect();
    let docs = case.get(2).as_array().into_iter().flatten().filter_map(StickyDoc::from_json);
    let docs: StickyDocs = docs.map(|doc| (doc.name(), doc)).filter(|(name, _)| names.contains(name)).collect();
    let context = Context { sticky: Some(docs.into()), ..context_of(case.get(1)) };
    let ours = evaluator.feature(case.text(3), &attributes, &context);
    let as_expected = match case.get(4) {
        Value::Null => ours.experiment.is_none(),
        expected => same_result(&ours, expected),
    };
    let expected: StickyDocs = object(case.get(5))
        .into_iter()
        .map(|(name, doc)| (name, StickyDoc::from_json(&doc).expect("a document")))
        .collect();
    as_expected && context.sticky.as_ref().is_some_and(|docs| *docs.borrow() == expected)
}

/// What stays out, with the reason.
fn out_of_scope(case: &Case) -> bool {
    OUT_OF_SCOPE.iter().any(|(group, _)| case.group == *group)
        || (case.group == "feature" && case.text(0).starts_with("CB rule with"))
}

#[test]
fn the_published_cases_hold() {
    let mut tally: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut failed = Vec::new();
    for case in load().iter().filter(|case| !out_of_scope(case)) {
        let passed = passes(case);
        let counts = tally.entry(case.group.clone()).or_default();
        counts.1 += 1;
        match passed {
            Some(true) => counts.0 += 1,
            Some(false) => failed.push(case.name()),
            None => failed.push(format!("{} (no such test)", case.name())),
        }
    }
    for (group, (passed, all)) in &tally {
        println!("{group}: {passed} of {all}");
    }
    let passed: BTreeMap<&str, usize> = tally.iter().map(|(group, (passed, _))| (group.as_str(), *passed)).collect();
    assert_eq!(passed, BTreeMap::from(EXPECTED));
    assert!(failed.is_empty(), "{} cases fail:\n{}", failed.len(), failed.join("\n"));
}
