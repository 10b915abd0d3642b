//! Every JSON that the program writes is what its schema says.

use super::{project, waypost};
use jsonschema::Validator;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use waypost::cli::schema::SCHEMAS;

fn schema(name: &str) -> Validator {
    let found = SCHEMAS.iter().find(|s| s.name == name).unwrap_or_else(|| panic!("no schema `{name}`"));
    jsonschema::validator_for(&serde_json::from_str(found.json).unwrap()).unwrap()
}

fn holds(validator: &Validator, value: &Value, what: &str) {
    let wrong: Vec<String> = validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "{what}: {wrong:#?}");
}

/// Fails where a value is not what the schema of this name says.
pub(super) fn holds_as(name: &str, value: &Value) {
    holds(&schema(name), value, name);
}

fn out(dir: &tempfile::TempDir, args: &[&str]) -> String {
    String::from_utf8(waypost(dir).args(args).assert().get_output().stdout.clone()).unwrap()
}

/// Findings of every kind: with a fix, with other places, of the manifest, and several of one code.
fn wrong() -> tempfile::TempDir {
    let journey = "event a { naemd \"A\" }\nevent b { named \"B\" }\nevent b { named \"B\" }\nstage x \"X\" {\nmetric m \"M\" { share of b within 1 month\n";
    project(&[("waypost.yaml", "name: x\n"), ("a b.journey", journey)])
}

#[test]
fn findings_are_what_their_schemas_say() {
    let dir = wrong();
    let whole: Value = serde_json::from_str(&out(&dir, &["check", "--format", "json"])).unwrap();
    assert!(whole["findings"].as_array().unwrap().len() >= 4, "{whole:#}");
    holds(&schema("findings"), &whole, "findings");
    let one = schema("finding");
    for line in out(&dir, &["check", "--format", "jsonl"]).lines() {
        holds(&one, &serde_json::from_str(line).unwrap(), line);
    }
    let rules = serde_json::from_str(&out(&dir, &["rules", "--format", "json"])).unwrap();
    holds(&schema("rules"), &rules, "rules");
}

#[test]
fn sarif_is_what_its_standard_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/schemas");
    let standard: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("sarif-2.1.0.json")).unwrap()).unwrap();
    let standard = jsonschema::validator_for(&standard).unwrap();
    assert!(!standard.is_valid(&serde_json::json!({ "version": "2.1.0" })), "the schema asks for something");
    let clean = project(&[("waypost.yaml", "name: x\n"), ("a.journey", "event a { named \"A\" }\n")]);
    for dir in [wrong(), clean] {
        let log: Value = serde_json::from_str(&out(&dir, &["check", "--format", "sarif"])).unwrap();
        holds(&standard, &log, "sarif");
    }
}

#[test]
fn a_baseline_and_a_comparison_are_what_their_schemas_say() {
    let warned = project(&[("waypost.yaml", "name: x\n"), ("a.journey", "team t \"T\"\nevent a { named \"A\" }\n")]);
    out(&warned, &["check", "--baseline", "known.json", "--write-baseline"]);
    let baseline = std::fs::read_to_string(warned.path().join("known.json")).unwrap();
    assert!(baseline.contains("unused-team"), "{baseline}");
    holds(&schema("baseline"), &serde_json::from_str(&baseline).unwrap(), "baseline");

    let before = tempfile::tempdir().unwrap();
    for file in ["waypost.yaml", "a.journey"] {
        std::fs::copy(warned.path().join(file), before.path().join(file)).unwrap();
    }
    std::fs::write(warned.path().join("a.journey"), "team u \"U\"\nevent a { named \"Other\" }\n").unwrap();
    let diff: Value =
        serde_json::from_str(&out(&warned, &["diff", before.path().to_str().unwrap(), "--format", "json"])).unwrap();
    assert!(!diff["changes"].as_array().unwrap().is_empty(), "{diff:#}");
    holds(&schema("diff"), &diff, "diff");
}

#[test]
fn a_build_writes_what_its_schemas_say() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let to = tempfile::tempdir().unwrap();
    let mut projects: Vec<_> = std::fs::read_dir(&specs).unwrap().map(|e| e.unwrap().path()).collect();
    projects.retain(|p| p.join("waypost.yaml").is_file());
    projects.sort();
    assert!(projects.len() > 5);
    for (i, specs) in projects.iter().enumerate() {
        let folder = to.path().join(i.to_string());
        let (specs, folder_name) = (specs.to_str().unwrap(), folder.to_str().unwrap());
        waypost(&to).args(["build", specs, "-o", folder_name]).assert().success();
        let read = |name: &str| serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap();
        if folder.join("report.json").exists() {
            let whole: Value = read("report.json");
            holds(&schema("reports"), &whole, specs);
            let one = schema("report");
            whole["reports"].as_array().unwrap().iter().for_each(|r| holds(&one, r, specs));
        }
        holds(&schema("build"), &read(".waypost-build.json"), specs);
        for (schema_name, extra) in [("journey", None), ("insights", Some("--insights"))] {
            let args: Vec<&str> = ["analyze", specs, "--format", "json"].into_iter().chain(extra).collect();
            if let Ok(said) = serde_json::from_str(&out(&to, &args)) {
                holds(&schema(schema_name), &said, specs);
            }
        }
        let plan = out(&to, &["plan", "--project", specs, "--format", "json"]);
        if let Ok(plan) = serde_json::from_str(&plan) {
            holds(&schema("plan"), &plan, specs);
        }
    }
}

/// Returns the map of a journey of a project under `specs/`, as data.
fn map(project: &str, journey: &str) -> Value {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs").join(project);
    let to = tempfile::tempdir().unwrap();
    let args = ["render", journey, "--project", specs.to_str().unwrap(), "--today", "2026-11-30", "--to", "json"];
    serde_json::from_str(&out(&to, &args)).unwrap()
}

#[test]
fn a_map_is_data_by_its_schema() {
    let validator = schema("map");
    let journeys = [
        ("app", "budget"),
        ("chinese", "春茶"),
        ("comprehensive", "mobile"),
        ("dropshipping", "lamp"),
        ("guitar-shop", "guitar"),
    ];
    for (project, journey) in journeys {
        holds(&validator, &map(project, journey), project);
    }
    let guitar = map("guitar-shop", "guitar");
    assert!(!validator.is_valid(&serde_json::json!({ "schema": "waypost/map/1" })), "the schema asks for something");
    let list = |at: &Value| at.as_array().unwrap().clone();
    let numbers: Vec<u64> = list(&guitar["stages"])
        .iter()
        .flat_map(|s| list(&s["touchpoints"]))
        .map(|t| t["number"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    let pains = list(&guitar["rows"]).into_iter().find(|r| r["row"] == "pains").unwrap();
    assert!(pains["cells"].to_string().contains("\"touchpoint\":\"checkout\""), "{pains:#}");
    let felt = list(&guitar["curves"]).into_iter().flat_map(|c| list(&c["felt"])).count();
    assert!(felt >= 5 && !list(&guitar["gaps"]).is_empty(), "{guitar:#}");
    assert_eq!(guitar["gaps"][0]["rank"], 1);
}

#[test]
#[cfg(feature = "engine")]
fn a_map_as_data_has_the_numbers_of_the_page() {
    let guitar = map("guitar-shop", "guitar");
    let funnels = guitar["funnels"].as_array().unwrap();
    let whole = funnels.iter().find(|f| f["funnel"] == "to-payment" && f["persona"].is_null()).unwrap();
    assert!(whole["steps"].as_array().unwrap().iter().any(|s| s["reached"] == 24_991), "{whole:#}");
    let ledger = |key: &str| whole["ledger"][key].as_u64().unwrap();
    let after = ["converted", "dropped", "failed", "immature"].map(ledger).iter().sum::<u64>();
    assert_eq!(ledger("entrants"), after);
    let loses = |s: &Value| s["numbers"]["moved_on"]["hits"].as_u64() < s["numbers"]["moved_on"]["of"].as_u64();
    assert!(guitar["stages"].as_array().unwrap().iter().any(loses), "{:#}", guitar["stages"]);
}

/// What the sources write under a name and version has a schema that asks for them.
#[test]
fn every_output_has_a_schema() {
    let mut names = BTreeSet::new();
    let marked = regex::Regex::new(r#""(waypost/[a-z-]+/\d+)""#).unwrap();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(path).unwrap();
                names.extend(marked.captures_iter(&text).map(|c| c[1].to_owned()));
            }
        }
    }
    assert!(names.len() >= 8, "{names:?}");
    let asked: String = SCHEMAS.iter().map(|s| s.json).collect();
    let missing: Vec<_> = names.iter().filter(|n| !asked.contains(&format!("\"{n}\""))).collect();
    assert!(
        missing.is_empty(),
        "no schema for {missing:?}: add its file under src/cli/schema and its line in `SCHEMAS`"
    );
}

#[test]
fn a_truth_is_what_its_schema_says() {
    let truth = schema("truth");
    let yaml = |text: &str| -> Value { serde_yaml::from_str(text).unwrap() };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shop = std::fs::read_to_string(root.join("specs/guitar-shop/data/truth.yaml")).unwrap();
    holds(&truth, &yaml(&shop), "the shop's");
    // the manual's has every key there is, and the program reads it
    let manual = std::fs::read_to_string(root.join("docs/analysis.md")).unwrap();
    let text = manual.split("```yaml").find(|part| part.contains("people: 5000")).unwrap().split("```").next().unwrap();
    holds(&truth, &yaml(text), "the manual's");
    waypost::simulate::Truth::read(text).unwrap();
    let known = truth_keys();
    assert_eq!(yaml(text).as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>(), known);
    for wrong in ["peple: 7", "keeps: {a: 1.5}", "repeats: {a: {chance: 0.5}}", "effects: {x: {y: {z: 5}}}"] {
        assert!(!truth.is_valid(&yaml(wrong)), "{wrong}");
    }
}

fn truth_keys() -> BTreeSet<String> {
    let found = SCHEMAS.iter().find(|s| s.name == "truth").unwrap();
    let schema: Value = serde_json::from_str(found.json).unwrap();
    schema["properties"].as_object().unwrap().keys().cloned().collect()
}
