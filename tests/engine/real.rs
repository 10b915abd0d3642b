//! Data that nobody here made: each project counted by the engine, its numbers against those computed independently.
//!
//! The data lies beside the repository, never in it; without it these tests say so and pass.
use super::spine::model;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use waypost::engine::{Options, run};
use waypost::model::Model;
use waypost::plan::Plan;
use waypost::stats::run_json;
use waypost::tally::{Counts, Cut, Tally};

fn shared() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    std::env::var_os("WAYPOST_SHARED").map_or_else(beside, PathBuf::from)
}

/// Counts a project of `tests/data` over the data beside the repository; nothing, and a word, where it is absent.
fn project(name: &str) -> Option<(Counts, Model, Value)> {
    let data = shared().join("data");
    let Ok(expected) = std::fs::read_to_string(data.join("expected.json")) else {
        println!("skipped: no data in {}", data.display());
        return None;
    };
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    let text = |file: &str| std::fs::read_to_string(specs.join(file)).unwrap();
    let model = model(&text("waypost.yaml"), &text(&format!("{name}.journey")));
    let folder = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(data.join(name)).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    let counts = run(&Plan::new(&model), folder.path(), &Options { threads: 2, ..Options::default() });
    let counts = counts.unwrap_or_else(|e| panic!("{e}"));
    assert!(counts.data.balances(), "{:?}", counts.data);
    let expected: Value = serde_json::from_str(&expected).unwrap();
    Some((counts, model, expected["datasets"].clone()))
}

fn tally(counts: &Counts, model: &Model, metric: &str, variant: u32) -> Tally {
    let plan = Plan::new(model);
    let measure = plan.experiments[0].measures.iter().position(|m| m.id == metric).unwrap();
    counts.experiments[0].get(measure as u32, variant, &Cut::Total).unwrap().clone()
}

#[track_caller]
fn near(got: &Value, want: &Value) {
    let (got, want) = (got.as_f64().unwrap(), want.as_f64().unwrap());
    assert!((got - want).abs() <= 1e-9 * want.abs().max(1e-3), "{got} is not {want}");
}

/// Compares counts and the two-proportion test of a share with what was computed elsewhere.
fn check_share(counts: &Counts, model: &Model, metric: &str, want: &Value) {
    let share = |variant| match tally(counts, model, metric, variant) {
        Tally::Share(s) => s,
        other => panic!("{other:?}"),
    };
    let (a, b) = (share(0), share(1));
    assert_eq!((json!(a.n), json!(a.x)), (want["control"]["n"].clone(), want["control"]["x"].clone()), "{metric}");
    assert_eq!((json!(b.n), json!(b.x)), (want["treatment"]["n"].clone(), want["treatment"]["x"].clone()), "{metric}");
    let inputs = json!({"x_a": a.x, "n_a": a.n, "x_b": b.x, "n_b": b.n, "alpha": 0.05});
    let test = run_json("prop_z_test", &inputs).unwrap();
    near(&test["diff"], &want["abs_diff"]);
    near(&test["z"], &want["z_pooled"]);
    near(&test["p_value"], &want["p_two_sided_pooled"]);
    near(&test["ci_low"], &want["ci95_diff_wald"][0]);
    near(&test["ci_high"], &want["ci95_diff_wald"][1]);
    let newcombe = run_json("prop_diff_newcombe", &inputs).unwrap();
    near(&newcombe["ci_low"], &want["ci95_diff_newcombe"][0]);
    near(&newcombe["ci_high"], &want["ci95_diff_newcombe"][1]);
}

fn check_srm(counts: &Counts, want: &Value) {
    let x = &counts.experiments[0];
    let observed = [x.exposed(0, &Cut::Total), x.exposed(1, &Cut::Total)];
    let srm = run_json("srm_chi2", &json!({"counts": observed, "weights": [0.5, 0.5]})).unwrap();
    near(&srm["stat"], &want["chi2"]);
    near(&srm["p_value"], &want["p"]);
}

#[test]
fn cookie_cats() {
    let Some((counts, model, expected)) = project("cookie_cats") else { return };
    let want = &expected["cookie_cats"];
    assert_eq!(json!(counts.data.rows), want["rows"]);
    check_srm(&counts, &want["srm"]);
    check_share(&counts, &model, "retention-1", &want["retention_1"]);
    check_share(&counts, &model, "retention-7", &want["retention_7"]);
    let mean = |variant| match tally(&counts, &model, "rounds-played", variant) {
        Tally::Mean(m) => m,
        other => panic!("{other:?}"),
    };
    let want = &want["sum_gamerounds"];
    for (variant, arm) in [(0, "control"), (1, "treatment")] {
        let got = mean(variant);
        assert_eq!(json!(got.n()), want[arm]["n"]);
        near(&json!(got.mean()), &want[arm]["mean"]);
        near(&json!(got.variance().unwrap().sqrt()), &want[arm]["sd"]);
    }
    let arm = |variant| json!({"n": mean(variant).n(), "mean": mean(variant).mean(), "var": mean(variant).variance()});
    let inputs = json!({"a": arm(0), "b": arm(1), "alpha": 0.05});
    let welch = run_json("welch_t", &inputs).unwrap();
    near(&welch["t"], &want["welch_t"]);
    near(&welch["df"], &want["welch_df"]);
    near(&welch["p_value"], &want["p_two_sided_welch"]);
}

#[test]
fn landing_page() {
    let Some((counts, model, expected)) = project("landing_page") else { return };
    let want = &expected["landing_page"];
    // Read: the rows that are whole, and the one that the export cut off.
    assert_eq!(json!(counts.data.rows - counts.data.rejected()), want["rows_parsed"]);
    assert_eq!(json!(counts.data.rejected()), want["rows_truncated_or_short"]);
    assert_eq!(json!(counts.data.filtered), want["mismatched_group_page"]);
    let (_, places) = &counts.data.rejects["fewer cells than the header"];
    assert_eq!(places[0], "ab_data_57829_quoted_lines.csv.gz:57830");
    assert!(counts.data.files[0].notes[0].contains("one quoted cell"));
    // Two visitors' rows are one visitor here as there: ours counts units, theirs drops the second row.
    check_share(&counts, &model, "conversion", &want["after_drop_mismatch_and_dupes"]);
    check_srm(&counts, &want["srm_clean"]);
    assert_eq!(
        counts.experiments[0].ledger.crossed.len(),
        0,
        "whoever is in both groups saw a page of the other's once"
    );
}

#[test]
fn free_trial() {
    let Some((counts, model, expected)) = project("free_trial") else { return };
    let want = &expected["udacity_free_trial"];
    check_srm(&counts, &want["pageviews"]);
    check_share(&counts, &model, "click-through", &want["ctr"]);
    check_share(&counts, &model, "gross-conversion", &want["gross_conversion"]);
    check_share(&counts, &model, "net-conversion", &want["net_conversion"]);
    check_share(&counts, &model, "retention", &want["retention"]);
}
