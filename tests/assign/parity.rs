//! The official SDKs give our answers, on our payloads.
//!
//! A slice runs with all tests; `scripts/sdk-parity` runs the whole. The
//! JavaScript and Python SDKs are installed into `target/sdk`; where that
//! cannot be done their part is skipped, and says so.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use waypost::assign::{Assigner, Reason, UnitId, encode_id, id_from_json};
use waypost::model::condition::{Comparison, Condition};
use waypost::model::experiment::{Restart, Status};
use waypost::model::value::Literal;
use waypost::model::{Experiment, Id, Model};
use waypost::payload::{Payload, Stage, build, keep_ranges};

use super::ids;
use super::spec::*;

/// How much is compared.
struct Size {
    projects: usize,
    experiments: usize,
    units: usize,
}

fn size() -> Size {
    match std::env::var("WAYPOST_PARITY").as_deref() {
        Ok("whole") => Size { projects: 10, experiments: 20, units: 10_000 },
        _ => Size { projects: 4, experiments: 10, units: 300 },
    }
}

/// A project's payload, and the units that are asked for.
struct Case {
    payload: Payload,
    units: Vec<Value>,
}

fn pick<T: Copy>(rng: &mut ChaCha8Rng, list: &[T]) -> T {
    list[rng.random_range(0..list.len())]
}

fn chance(rng: &mut ChaCha8Rng, share: f64) -> bool {
    rng.random_bool(share)
}

fn share(rng: &mut ChaCha8Rng) -> String {
    let hundredths: u32 = rng.random_range(1..=10_000);
    match rng.random_range(0..3) {
        0 => "100".to_owned(),
        1 => format!("{}", hundredths.div_ceil(100)),
        _ => format!("{}.{:02}", hundredths / 100, hundredths % 100),
    }
}

/// Weights of two decimals that add to 100 %.
fn weights(rng: &mut ChaCha8Rng, count: usize) -> Vec<String> {
    let mut cuts: Vec<u32> = (1..count).map(|_| rng.random_range(1..10_000)).collect();
    cuts.extend([0, 10_000]);
    cuts.sort_unstable();
    cuts.windows(2).map(|w| format!("{}.{:02}", (w[1] - w[0]) / 100, (w[1] - w[0]) % 100)).collect()
}

fn literal(rng: &mut ChaCha8Rng) -> Literal {
    match rng.random_range(0..4) {
        0 => text(pick(rng, &["Buy now", "Kup teraz", "купить", "a \"b\" \\ c"])),
        1 => number(pick(rng, &["0", "1", "1.5", "-3", "250"])),
        2 => Literal::Bool(true),
        _ => Literal::Bool(false),
    }
}

fn condition(rng: &mut ChaCha8Rng, depth: u32) -> Condition {
    let parts = |rng: &mut ChaCha8Rng| {
        let count = rng.random_range(1..=3);
        (0..count).map(|_| condition(rng, depth - 1)).collect()
    };
    let orders = [Comparison::Less, Comparison::LessEqual, Comparison::Greater, Comparison::GreaterEqual];
    match rng.random_range(0..if depth == 0 { 7 } else { 10 }) {
        0 => among("country", &[text(pick(rng, COUNTRIES)), text(pick(rng, COUNTRIES))]),
        1 => compare("device", Comparison::NotEqual, text(pick(rng, DEVICES))),
        2 => compare("age", pick(rng, &orders), number(pick(rng, &["18", "34.5", "60"]))),
        3 => compare("premium", Comparison::Equal, Literal::Bool(chance(rng, 0.5))),
        4 => Condition::Matches { field: "zip".to_owned(), regex: pick(rng, PATTERNS).to_string() },
        5 => Condition::Exists { field: pick(rng, &["zip", "age", "nothing"]).to_string() },
        6 => compare("zip", pick(rng, &orders), text(pick(rng, &["4", "40", "9a"]))),
        7 => Condition::And(parts(rng)),
        8 => Condition::Or(parts(rng)),
        _ => Condition::Not(Box::new(condition(rng, depth - 1))),
    }
}

const COUNTRIES: &[&str] = &["PT", "ES", "PL", "中国", "de"];
const DEVICES: &[&str] = &["phone", "laptop", "bot"];
const PATTERNS: &[&str] = &["^\\d{4}", "[\\w-]+$", "^[^4]", "a|b", "\\d\\D"];

fn random_experiment(rng: &mut ChaCha8Rng, model: &mut Model, n: usize) -> Experiment {
    let name = if chance(rng, 0.1) { format!("próba-{n}") } else { format!("exp-{n}") };
    let count = rng.random_range(2..=4);
    let names: Vec<&str> = (0..rng.random_range(0..=2)).map(|at| ["cta", "guest"][at]).collect();
    let mut variants = Vec::new();
    for (at, weight) in weights(rng, count).iter().enumerate() {
        let sets: Vec<(&str, Literal)> = names.iter().map(|name| (*name, literal(rng))).collect();
        variants.push(variant(["control", "a", "b", "c"][at], weight, &sets));
    }
    let mut e = experiment(&name, variants);
    e.traffic = percent(&share(rng));
    e.unit = if chance(rng, 0.8) { "user" } else { "device" }.to_owned();
    let ended = (day("2026-10-20"), "so".to_owned());
    e.status = match rng.random_range(0..20) {
        0 => Status::Draft,
        1 => Status::Paused,
        2 => Status::Stopped(ended.0, ended.1),
        3 => Status::Shipped(rng.random_range(0..count), ended.0, ended.1),
        _ => Status::Running,
    };
    if chance(rng, 0.4) {
        let condition = condition(rng, 2);
        e.audience = Some(audience(model, &format!("audience-{n}"), condition));
    }
    if chance(rng, 0.3) {
        let because = "mended".to_owned();
        e.restarts = vec![Restart { number: 2, from: day("2026-10-12"), because, span: Default::default() }];
    }
    for layer in model.layers.iter().map(|(id, _)| id).collect::<Vec<_>>() {
        if chance(rng, 0.2) {
            e.layers.push(takes(layer, pick(rng, &["10", "12.34", "25", "40"])));
        }
    }
    e
}

fn random_project(rng: &mut ChaCha8Rng, size: &Size) -> Payload {
    let mut model = project();
    layer(&mut model, "checkout", "user");
    layer(&mut model, "próba", "device");
    for n in 0..rng.random_range(0..=2) {
        holdout(&mut model, &format!("h{n}"), &format!("{}.5", rng.random_range(1..10)));
    }
    for n in 0..size.experiments {
        let e = random_experiment(rng, &mut model, n);
        model.experiments.push(e);
    }
    let published = build(&model, Stage::Published);
    let changed: Vec<Id<Experiment>> = model.experiments.iter().map(|(id, _)| id).collect();
    for id in changed {
        if chance(rng, 0.8) {
            continue;
        }
        let (weights, traffic) = (weights(rng, model.experiments[id].variants.len()), share(rng));
        edit(&mut model, id, |e| {
            e.traffic = percent(&traffic);
            e.variants.iter_mut().zip(&weights).for_each(|(v, w)| v.weight = percent(w));
        });
    }
    keep_ranges(build(&model, Stage::Published), &published)
}

fn random_unit(rng: &mut ChaCha8Rng, n: usize) -> Value {
    let mut unit = serde_json::Map::new();
    let user = match n % 4 {
        0 => format!("user-{n}"),
        1 => format!("{:08x}-{:04x}", rng.random::<u32>(), rng.random::<u16>()),
        2 => format!("m{n}@example.com"),
        _ => n.to_string(),
    };
    unit.insert("user_id".to_owned(), user.into());
    let mut sometimes = |name: &str, value: Value, rng: &mut ChaCha8Rng| {
        if chance(rng, 0.85) {
            unit.insert(name.to_owned(), value);
        }
    };
    let age = rng.random_range(10..90);
    let odd_age = if chance(rng, 0.05) { json!(age.to_string()) } else { json!(age) };
    sometimes("device_id", json!(format!("d{}", rng.random_range(0..1_000_000))), rng);
    sometimes("country", json!(pick(rng, COUNTRIES)), rng);
    sometimes("device", json!(pick(rng, DEVICES)), rng);
    sometimes("age", odd_age, rng);
    sometimes("premium", json!(chance(rng, 0.5)), rng);
    sometimes("zip", json!(pick(rng, &["4000-123", "4a", "9b", "", "żyto"])), rng);
    Value::Object(unit)
}

/// The odd ids that we take, as a product would hold them, and others encoded.
fn odd_units() -> Vec<Value> {
    let encoded = ["josé", "用户123", "😀", "a b&c"].map(|id| json!(encode_id(id)));
    ids::taken().into_iter().map(|(id, _)| id).chain(encoded).map(|id| json!({ "user_id": id })).collect()
}

fn cases() -> Vec<Case> {
    let (mut rng, size) = (ChaCha8Rng::seed_from_u64(2026), size());
    let mut case = |_| {
        let payload = random_project(&mut rng, &size);
        let odd = odd_units();
        let count = size.units - odd.len();
        let units = (0..count).map(|n| random_unit(&mut rng, n)).chain(odd).collect();
        // What is compared is what is written.
        Case { payload: Payload::read(&payload.write()).unwrap(), units }
    };
    (0..size.projects).map(&mut case).collect()
}

/// Returns our answers: for each feature, one code a unit.
fn ours(case: &Case) -> Vec<(String, Vec<String>)> {
    let features: Vec<&str> = case.payload.features.iter().map(|(key, _)| key).collect();
    let assigners = Assigner::many(&case.payload, features.iter().copied());
    let answers = |(key, assigner): (&&str, &Assigner)| {
        let codes = case.units.iter().map(|unit| code(case, key, assigner, unit)).collect();
        ((*key).to_owned(), codes)
    };
    features.iter().zip(&assigners).map(answers).collect()
}

fn code(case: &Case, key: &str, assigner: &Assigner, unit: &Value) -> String {
    // A feature without an experiment hashes nothing, whoever asks.
    let id = unit.get(assigner.unit_attribute()).map(|id| id_from_json(id).expect("ids are taken ones"));
    let id = id.as_deref().unwrap_or("nobody");
    let given = assigner.assign(UnitId::new(id).unwrap(), unit);
    let missing = unit.get(assigner.unit_attribute()).is_none();
    match given.reason {
        Reason::Assigned if missing => "-".to_owned(),
        Reason::Assigned => given.variant.unwrap().to_owned(),
        Reason::Forced => {
            let rules = &case.payload.features.get(key).unwrap().rules;
            format!("!{}", rules[0].force.as_ref().unwrap())
        }
        Reason::Unknown => "unknownFeature".to_owned(),
        _ => "-".to_owned(),
    }
}

/// Counts the answers that differ, and tells of the first few.
fn compare_all(sdk: &str, theirs: impl Fn(usize, &Case) -> HashMap<String, Vec<String>>) {
    let (mut compared, mut differ, mut in_experiment) = (0_usize, 0_usize, 0_usize);
    for (n, case) in cases().iter().enumerate() {
        let mut theirs = theirs(n, case);
        for (feature, ours) in ours(case) {
            let theirs = theirs.remove(&feature).unwrap_or_default();
            assert_eq!(ours.len(), theirs.len(), "{sdk} answers for each unit of `{feature}`");
            for (at, (a, b)) in ours.iter().zip(&theirs).enumerate() {
                let holdout = feature.starts_with("$holdout:");
                compared += usize::from(!holdout);
                in_experiment += usize::from(!holdout && a != "-");
                if a != b {
                    differ += 1;
                    if differ <= 5 {
                        println!("{sdk}: `{feature}` of project {n} for {}: `{a}`, theirs `{b}`", case.units[at]);
                    }
                }
            }
        }
    }
    println!("{sdk}: {differ} mismatches of {compared}; {in_experiment} get a variant");
    assert_eq!(differ, 0, "{sdk} answers otherwise");
    assert!(in_experiment * 5 > compared, "too few are in an experiment for this to say much");
}

#[test]
fn the_rust_sdk_agrees() {
    use growthbook_rust::growthbook::GrowthBook;
    use growthbook_rust::model_public::GrowthBookAttribute;
    compare_all("rust", |_, case| {
        let features = serde_json::to_value(&case.payload.features).unwrap();
        let book = GrowthBook {
            forced_variations: None,
            features: serde_json::from_value(features).unwrap(),
            attributes: None,
            sticky_bucket_service: None,
            saved_groups: HashMap::new(),
        };
        let units = case.units.iter().map(|unit| Some(GrowthBookAttribute::from(unit.clone()).unwrap()));
        let units: Vec<_> = units.collect();
        let answer = |feature: &str| {
            let codes = units.iter().map(|unit| {
                let result = book.check(feature, unit);
                match (result.source.as_str(), &result.experiment_result) {
                    ("experiment", Some(given)) => given.key.clone(),
                    ("force", _) => format!("!{}", result.value),
                    ("defaultValue", _) => "-".to_owned(),
                    (other, _) => other.to_owned(),
                }
            });
            codes.collect()
        };
        case.payload.features.iter().map(|(key, _)| (key.to_owned(), answer(key))).collect()
    });
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Installs an SDK where it is not; says why it cannot.
pub fn install(sdk: &str) -> Result<(), String> {
    let script = root().join("scripts").join("sdk-parity");
    let done = Command::new("sh").arg(script).arg(sdk).output().map_err(|e| e.to_string())?;
    if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).trim().to_owned()) }
}

/// Asks an SDK in another language, by files.
fn ask(sdk: &str, run: impl Fn(&Path) -> Command) {
    if let Err(why) = install(sdk) {
        println!("skipped: the {sdk} SDK cannot be installed: {why}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (n, case) in cases().iter().enumerate() {
        let units: String = case.units.iter().map(|unit| format!("{unit}\n")).collect();
        fs::write(folder.path().join(format!("payload-{n}.json")), case.payload.write()).unwrap();
        fs::write(folder.path().join(format!("units-{n}.ndjson")), units).unwrap();
    }
    let done = run(folder.path()).output().unwrap();
    assert!(done.status.success(), "{sdk}: {}", String::from_utf8_lossy(&done.stderr));
    compare_all(sdk, |n, _| {
        let text = fs::read_to_string(folder.path().join(format!("{sdk}-{n}.txt"))).unwrap();
        let line = |line: &str| {
            let mut cells = line.split('\t').map(str::to_owned);
            (cells.next().unwrap(), cells.collect())
        };
        text.lines().map(line).collect()
    });
}

pub fn sdk_folder(sdk: &str) -> PathBuf {
    root().join("target").join("sdk").join(sdk)
}

pub fn runner(name: &str) -> PathBuf {
    root().join("tests").join("assign").join("sdk").join(name)
}

#[test]
fn the_javascript_sdk_agrees() {
    ask("javascript", |cases| {
        let mut node = Command::new("node");
        node.arg(runner("parity.mjs")).arg(sdk_folder("javascript")).arg(cases);
        node
    });
}

#[test]
fn the_python_sdk_agrees() {
    ask("python", |cases| {
        let mut python = Command::new(sdk_folder("python").join("bin").join("python"));
        python.arg(runner("parity.py")).arg(cases);
        python
    });
}
