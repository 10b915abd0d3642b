//! Dirty and hostile event files, made by a generator beside the repository: for each, its manifest says what a good tool
//! does. `same`: the result of the clean file. `rows`: bad rows are counted and named. `warn`: it finishes, and what is odd
//! is counted. `reject`: an error that names the file. `bound`: either, without a panic.
use super::spine::model;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use waypost::engine::{Options, run};
use waypost::model::Model;
use waypost::plan::Plan;
use waypost::tally::{Counts, Cut, Ledger, Tally};

const SPEC: &str = r#"
journey shop "Shop" {
  for all
  stage buy "Buy" {
    phase sale
    touchpoint page "Page" { channel web; seen by shown }
    touchpoint pay "Pay" { channel web; seen by paid }
  }
  funnel all "All" { steps page > pay; within 7 days }
}
persona all "All" { quote "Me" }
channel web "Web" { kind online }
team us "Us"
event shown { named "exposure" }
event paid { named "purchase" }
metric pays "Pays" { share of paid within 7 days; higher is better }
metric revenue "Revenue" { average of sum paid.value per unit within 7 days; higher is better }
experiment button "Button" {
  at page
  because "It is seen"
  owner us
  runs from 2024-03-04 to 2024-03-31
  status running
  unit user
  variant control "Blue" 50% { set colour to "blue" }
  variant treatment "Red" 50% { set colour to "red" }
  primary pays
  secondary revenue
  method fixed with level 5% and power 80%
}
"#;

/// Cases whose rule hangs on what the manifest of the project says, with that.
const ZONED: &[&str] = &["events/time/dst.csv"];

/// And one of which the manifest says no zone at all.
const NOWHERE: &str = "events/time/no_zone.csv";

fn of(file: &str) -> Model {
    let zone = if ZONED.contains(&file) { "    time_zone: America/New_York\n" } else { "" };
    let project = if file == NOWHERE { "" } else { "time_zone: UTC\n" };
    let quoted = serde_json::to_string(file).unwrap();
    let manifest = format!(
        "name: t\n{project}units: {{ user: user_id }}\nproperties: {{ value: number }}\n\
         data:\n  - events: {quoted}\n    time: ts\n    event: event\n    id: event_id\n    variant: variant\n{zone}"
    );
    model(&manifest, SPEC)
}

/// Reads one file; nothing in it may be refused for how dirty it is, unless `strict`.
fn read(root: &Path, file: &str, strict: bool, threads: usize) -> Result<Counts, String> {
    let share = if strict { 0.001 } else { 1.0 };
    let keys = if strict { 0.0 } else { 1.0 };
    // The day after the last of the clean file.
    let now = Some(1_711_929_600_000_000);
    let options = Options { threads, max_bad: share, max_bad_keys: keys, now, ..Options::default() };
    run(&Plan::new(&of(file)), root, &options).map_err(|e| e.to_string())
}

/// What must not depend on the form of the file.
fn result(mut counts: Counts) -> Counts {
    counts.data = Default::default();
    for tallies in &mut counts.experiments {
        let ledger = &mut tallies.ledger;
        (ledger.rows, ledger.used, ledger.duplicates) = (0, 0, 0);
    }
    counts
}

fn made(folder: &Path) -> Option<Vec<Value>> {
    let shared = std::env::var_os("WAYPOST_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let script = shared.join("corpus/make_bad_inputs.py");
    if !script.is_file() {
        println!("skipped: no generator of bad inputs at {}", script.display());
        return None;
    }
    let out = Command::new("python3").arg(&script).arg(folder).output();
    let Some(out) = out.ok().filter(|o| o.status.success()) else {
        println!("skipped: python3 cannot run the generator of bad inputs");
        return None;
    };
    drop(out);
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.json")).unwrap();
    serde_json::from_str(&manifest).unwrap()
}

/// What is odd about a file must be among what was counted.
fn odd(path: &str, counts: &Counts) -> bool {
    let ledger: &Ledger = &counts.experiments[0].ledger;
    let exposed = |arm| counts.experiments[0].exposed(arm, &Cut::Total);
    let crossed = ledger.crossed.values().sum::<u64>();
    match Path::new(path).file_name().and_then(|n| n.to_str()).unwrap_or("") {
        "id_conflict.csv" => counts.data.conflicts > 0,
        "two_variants_0p5pct.csv" | "two_variants_20pct.csv" => crossed > 0,
        "srm.csv" => exposed(1).abs_diff(exposed(0)) > 50,
        "one_arm.csv" => exposed(0) == 0 && exposed(1) > 0,
        "unknown_variant.csv" | "markup_variant.csv" => !ledger.unknown_variants.is_empty(),
        "before_exposure.csv" => ledger.before_exposure > 0,
        "bot.csv" => ledger.bots > 0,
        "skew.csv" => ledger.clock_skew > 0,
        "outside.csv" => exposed(0) + exposed(1) == 0,
        "overflow.csv" => {
            !matches!(counts.experiments[0].get(1, 0, &Cut::Total), Some(Tally::Mean(m)) if !m.sum().to_f64().is_finite())
        }
        "time_no_zone.parquet" => counts.data.files.iter().any(|f| f.notes.iter().any(|n| n.contains("UTC"))),
        _ => true,
    }
}

#[test]
fn every_bad_file_is_met_as_a_good_tool_meets_it() {
    let folder = tempfile::tempdir().unwrap();
    let Some(cases) = made(folder.path()) else { return };
    let root = folder.path();
    let base = result(read(root, "events/base.csv", true, 2).unwrap());
    assert!(base.experiments[0].exposed(0, &Cut::Total) > 100);
    let (mut failed, mut met) = (Vec::new(), 0);
    for case in &cases {
        let (path, expect) = (case["path"].as_str().unwrap(), case["expect"].as_str().unwrap());
        // Specs are met in `tests/cli/corpus.rs`; of what is special, what is written to is met in `src/cli/write.rs`.
        if path.starts_with("spec/") || path == "special/link_full" {
            continue;
        }
        met += 1;
        let (strict, loose) = (read(root, path, true, 2), || read(root, path, false, 1));
        let good = match (expect, &strict) {
            // Seen again, the page has more visits; what the experiment counts is the same.
            // And the data ends later, so more days since exposure are whole.
            ("same", Ok(counts)) if path.ends_with("repeat_exposure.csv") => {
                let told = |counts: &Counts| {
                    let kept = |key: &waypost::tally::Key| !matches!(key.cut, Cut::Age(_));
                    let tallies = counts.experiments[0].iter().filter(|(key, _)| kept(key));
                    tallies.map(|(key, tally)| (key.clone(), tally.clone())).collect::<Vec<_>>()
                };
                let ledger = |counts: &Counts| counts.experiments[0].ledger.clone();
                let counts = result(counts.clone());
                told(&counts) == told(&base) && ledger(&counts) == ledger(&base)
            }
            ("same", Ok(counts)) => counts.data.balances() && result(counts.clone()) == base,
            // The rule for ids: whole numbers are their digits, a fraction is none.
            ("warn", Err(said)) if path.ends_with("id_types.ndjson") => said.contains("not a unit id"),
            // Either is good, and this one is read.
            ("reject", Ok(counts)) if path.ends_with("hidden_gzip.csv") => result(counts.clone()) == base,
            ("rows", _) => loose().is_ok_and(|c| {
                let named = |(count, places): &(u64, Vec<String>)| {
                    *count > 0 && !places.is_empty() && places.iter().all(|p| p.starts_with(path))
                };
                c.data.balances() && c.data.rejected() > 0 && c.data.rejects.values().all(named)
            }),
            ("warn", Ok(counts)) => counts.data.balances() && odd(path, counts),
            ("reject", Err(said)) => said.contains(path) || said.contains("no row"),
            ("bound", _) => true,
            _ => false,
        };
        if !good {
            let said = strict.map(|c| format!("{:?} {:?}", c.data, c.experiments[0].ledger));
            failed.push(format!("{expect} {path} ({}): {said:.400?}", case["note"]));
        }
    }
    println!("{met} event files of the corpus");
    assert!(failed.is_empty(), "{} of {met}:\n{}", failed.len(), failed.join("\n"));
}
