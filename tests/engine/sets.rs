//! Whole experiments that nobody here made, from the file to the report: the numbers are those computed independently, and
//! the report warns of what is wrong with each set.
//!
//! The data lies beside the repository, never in it; without it these tests say so and pass.
use serde_json::{Value, json};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use waypost::stats::run_json;

fn shared() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    std::env::var_os("WAYPOST_SHARED").map_or_else(beside, PathBuf::from)
}

/// A set's specs and data in a folder of its own.
struct Set {
    folder: tempfile::TempDir,
    expected: Value,
}

impl Set {
    /// Returns the set; nothing, and a word, where its data is absent.
    fn of(name: &str, key: &str) -> Option<Self> {
        let data = shared().join("data");
        let Ok(expected) = std::fs::read_to_string(data.join("expected.json")) else {
            println!("skipped: no data in {}", data.display());
            return None;
        };
        let expected: Value = serde_json::from_str(&expected).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        for from in [Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name), data.join(name)] {
            for file in std::fs::read_dir(from).unwrap() {
                let file = file.unwrap();
                std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
            }
        }
        Some(Self { folder, expected: expected["datasets"][key].clone() })
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Changes the manifest.
    fn manifest(&self, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path("waypost.yaml")).unwrap();
        assert!(text.contains(from));
        std::fs::write(self.path("waypost.yaml"), text.replace(from, to)).unwrap();
    }

    /// The report that `waypost build` writes.
    fn report(&self) -> Report {
        let done = Command::new(env!("CARGO_BIN_EXE_waypost"))
            .args(["build", "-o", "out"])
            .current_dir(self.folder.path())
            .env_clear()
            .env("SOURCE_DATE_EPOCH", "1796083200")
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let text = std::fs::read_to_string(self.path("out/report.json")).unwrap();
        let all: Value = serde_json::from_str(&text).unwrap();
        Report(all["reports"][0].clone())
    }
}

struct Report(Value);

impl Report {
    /// The values of a metric in the arms, and its comparison with this arm.
    fn metric(&self, id: &str, arm: usize) -> (Vec<Value>, Value) {
        let all = self.0["metrics"].as_array().unwrap();
        let metric = all.iter().find(|m| m["metric"] == id).unwrap();
        let outcome = metric["comparisons"][arm - 1]["outcome"].clone();
        (metric["values"].as_array().unwrap().clone(), outcome["estimate"].clone())
    }

    /// The checks that warn or fail, in order.
    fn warnings(&self) -> Vec<&str> {
        let all = self.0["checks"].as_array().unwrap();
        let odd = all.iter().filter(|c| c["finding"] == "warn" || c["finding"] == "fail");
        odd.map(|c| c["id"].as_str().unwrap()).collect()
    }

    fn says(&self, check: &str) -> &str {
        let all = self.0["checks"].as_array().unwrap();
        all.iter().find(|c| c["id"] == check).unwrap()["says"]["text"].as_str().unwrap()
    }

    fn units(&self) -> Vec<u64> {
        self.0["arms"].as_array().unwrap().iter().map(|a| a["units"].as_u64().unwrap()).collect()
    }

    /// The counts, the effect and the two-proportion test of a share.
    fn check_share(&self, id: &str, arm: usize, want: &Value) {
        let (values, estimate) = self.metric(id, arm);
        for (at, whose) in [(0, "control"), (arm, "treatment")] {
            assert_eq!((&values[at]["n"], &values[at]["count"]), (&want[whose]["n"], &want[whose]["x"]), "{id}");
        }
        near(&estimate["effect"], &want["abs_diff"]);
        near(&estimate["lift"], &want["rel_lift"]);
        let (a, b) = (&values[0], &values[arm]);
        let inputs = json!({"x_a": a["count"], "n_a": a["n"], "x_b": b["count"], "n_b": b["n"], "alpha": 0.05});
        let test = run_json("prop_z_test", &inputs).unwrap();
        near(&test["z"], &want["z_pooled"]);
        near(&test["p_value"], &want["p_two_sided_pooled"]);
        let fisher = run_json("fisher_exact", &inputs).unwrap();
        close(&fisher["p_two_sided"], &want["p_fisher"], 1e-7);
        let newcombe = run_json("prop_diff_newcombe", &inputs).unwrap();
        near(&newcombe["ci_low"], &want["ci95_diff_newcombe"][0]);
        near(&newcombe["ci_high"], &want["ci95_diff_newcombe"][1]);
        // the report's own test differs from the pooled z test by N / (N - 1) alone
        close(&estimate["p"], &want["p_two_sided_pooled"], 0.01);
    }

    /// The effect and Welch's test of an average.
    fn check_mean(&self, id: &str, arm: usize, want: &Value, scale: f64) {
        let (values, estimate) = self.metric(id, arm);
        for (at, whose) in [(0, "control"), (arm, "treatment")] {
            assert_eq!(values[at]["n"], want[whose]["n"], "{id}");
            close(&values[at]["value"], &json!(scale * want[whose]["mean"].as_f64().unwrap()), 1e-9);
        }
        near(&estimate["lift"], &want["rel_lift"]);
        close(&estimate["p"], &want["p_two_sided_welch"], 1e-7);
        for (end, at) in [("low", 0), ("high", 1)] {
            close(&estimate["interval"][end], &json!(scale * want["ci95_diff_welch"][at].as_f64().unwrap()), 1e-7);
        }
    }
}

#[track_caller]
fn near(got: &Value, want: &Value) {
    close(got, want, 1e-9);
}

#[track_caller]
fn close(got: &Value, want: &Value, relative: f64) {
    let (got, want) = (got.as_f64().unwrap(), want.as_f64().unwrap());
    assert!((got - want).abs() <= relative * want.abs(), "{got} is not {want}");
}

#[test]
fn adsmart_holds_a_conflict_marker_and_mostly_silence() {
    let Some(set) = Set::of("adsmart", "adsmart") else { return };
    let report = set.report();
    assert_eq!(report.units(), [4071, 4006]);
    report.check_share("known", 1, &set.expected["yes_among_all"]);
    // the last line of the file is what git left of a merge
    assert_eq!(report.warnings(), ["rows-read", "whole-weeks"]);
    let said = report.says("rows-read");
    assert!(
        said.contains("a conflict marker that a merge left in the file (1, first AdSmartABdata.csv:8079)"),
        "{said}"
    );
    let srm = run_json("srm_chi2", &json!({"counts": report.units(), "weights": [0.5, 0.5]})).unwrap();
    near(&srm["p_value"], &set.expected["srm_all"]["p"]);
    set.manifest("    variant: experiment", "    where: yes == 1 or no == 1\n    variant: experiment");
    let answered = set.report();
    assert_eq!(answered.units(), [586, 657]);
    answered.check_share("known", 1, &set.expected["yes_among_responders"]);
    let srm = run_json("srm_chi2", &json!({"counts": answered.units(), "weights": [0.5, 0.5]})).unwrap();
    near(&srm["p_value"], &set.expected["srm_responders"]["p"]);
}

#[test]
fn fast_food_randomised_shops_and_exported_weeks() {
    let Some(set) = Set::of("fast_food", "fast_food") else { return };
    let report = set.report();
    assert_eq!(report.units(), [43, 47, 47]);
    assert!(
        report.warnings().contains(&"too-few") && report.warnings().contains(&"rows-read"),
        "{:?}",
        report.warnings()
    );
    let said = report.says("rows-read");
    assert!(said.contains("548 rows are of 137 units"), "{said}");
    // fewer than 100 shops an arm: the report gives no p-value, the method does; sales are the four weeks' sum
    let scale = 4.0 * 10_000.0;
    let want = &set.expected["clustered_by_location_mean"];
    for (arm, pair) in [(1, "2_vs_1"), (2, "3_vs_1")] {
        let (values, estimate) = report.metric("sales", arm);
        assert!(estimate.is_null());
        for (at, whose) in [(0, "control"), (arm, "treatment")] {
            close(&values[at]["value"], &json!(scale * want[pair][whose]["mean"].as_f64().unwrap()), 1e-9);
        }
        let side = |whose: &str| {
            let of = &want[pair][whose];
            let (mean, sd) = (of["mean"].as_f64().unwrap(), of["sd"].as_f64().unwrap());
            json!({"n": of["n"], "mean": scale * mean, "var": scale * scale * sd * sd})
        };
        let welch = run_json("welch_t", &json!({"a": side("control"), "b": side("treatment"), "alpha": 0.05})).unwrap();
        close(&welch["p_value"], &want[pair]["p_two_sided_welch"], 1e-9);
        // rows taken for units would have made it 10,000 times surer
        assert!(
            welch["p_value"].as_f64().unwrap()
                > 2.0 * set.expected["pairs"][pair]["p_two_sided_welch"].as_f64().unwrap()
        );
    }
}

#[test]
fn views_clicks_is_a_ratio_with_a_heavy_tail() {
    let Some(set) = Set::of("views_clicks", "views_clicks") else { return };
    let report = set.report();
    assert_eq!(report.units(), [60_000, 60_000]);
    let (values, estimate) = report.metric("click-rate", 1);
    let want = &set.expected["global_ctr_delta"];
    near(&values[0]["value"], &want["control"]["ratio"]);
    near(&values[1]["value"], &want["treatment"]["ratio"]);
    near(&estimate["effect"], &want["abs_diff"]);
    // t with Welch's degrees of freedom here, the normal there: 119,000 units apart by 1 % of a p-value of 1e-15
    close(&estimate["p"], &want["p_two_sided"], 0.02);
    close(&estimate["interval"]["low"], &want["ci95"][0], 1e-5);
    close(&estimate["interval"]["high"], &want["ci95"][1], 1e-5);
    report.check_share("clickers", 1, &set.expected["user_clicked"]);
    report.check_mean("clicks", 1, &set.expected["clicks_mean"], 1.0);
    report.check_mean("views", 1, &set.expected["views_mean"], 1.0);
    assert_eq!(report.warnings(), ["outliers"]);
}

#[test]
fn social_pressure_has_four_arms_and_no_ids() {
    let Some(set) = Set::of("social_pressure", "social_pressure") else { return };
    // the export has no ids: each line's number becomes one
    let mut text = String::new();
    let packed = std::fs::File::open(set.path("social.csv.gz")).unwrap();
    flate2::read::MultiGzDecoder::new(packed).read_to_string(&mut text).unwrap();
    let numbered: String = text
        .lines()
        .enumerate()
        .map(|(n, line)| if n == 0 { format!("line,{line}\n") } else { format!("{n},{line}\n") })
        .collect();
    std::fs::write(set.path("social.csv"), numbered).unwrap();
    let report = set.report();
    assert_eq!(report.units(), [191_243, 38_218, 38_204, 38_201]);
    for (arm, name) in [(1, "Civic Duty"), (2, "Hawthorne"), (3, "Neighbors")] {
        report.check_share("turnout", arm, &set.expected["vs_control"][name]);
    }
    let srm = json!({"counts": report.units(), "weights": [5, 1, 1, 1]});
    near(&run_json("srm_chi2", &srm).unwrap()["p_value"], &set.expected["srm_5_1_1_1"]["p"]);
    assert!(report.says("srm-total").contains("0.99"));
    assert_eq!(report.0["verdict"]["is"], "ship");
    assert!(report.warnings().is_empty(), "{:?}", report.warnings());
}

#[test]
fn cookie_cats_has_an_unlikely_split_and_one_player_who_never_sleeps() {
    let Some(set) = Set::of("cookie_cats", "cookie_cats") else { return };
    let report = set.report();
    assert_eq!(report.warnings(), ["srm-total", "outliers", "skewness"]);
    assert!(report.says("srm-total").contains("0.0086"));
    report.check_share("retention-7", 1, &set.expected["retention_7"]);
    // one player of 49,854 rounds makes the difference: with the top 0.1 % cut, almost none is left
    let (_, rounds) = report.metric("rounds-played", 1);
    close(&rounds["p"], &set.expected["sum_gamerounds"]["p_two_sided_welch"], 1e-6);
    let note = rounds["notes"].as_array().unwrap().iter().find(|n| n["rule"] == "note-capped").unwrap();
    let said = note["text"].as_str().unwrap();
    println!("{said}");
    assert!(rounds["lift"].as_f64().unwrap() < -0.02 && said.contains("the effect is -0."), "{said}");
}

#[test]
fn landing_page_has_quoted_lines_and_one_cut_off() {
    let Some(set) = Set::of("landing_page", "landing_page") else { return };
    let report = set.report();
    assert_eq!(report.warnings(), ["rows-read", "whole-weeks"]);
    let said = report.says("rows-read");
    assert!(said.contains("one quoted cell") && said.contains("fewer cells than the header (1, first"), "{said}");
}
