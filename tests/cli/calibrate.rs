//! `waypost simulate --aa`: an experiment's own data with its assignment drawn anew, through files and the command line.

use super::{project, waypost};
use serde_json::Value;
use std::fmt::Write;
use tempfile::TempDir;

const MANIFEST: &str = "name: shop
units: { user: user_id }
properties: { amount: number }
data:
  - { events: \"events.csv\", time: ts, event: event, experiment_by: experiment, variant: variant }
";

const SPEC: &str = r#"
journey buy "Buying" {
  for anna
  stage purchase "Buying" {
    phase sale
    touchpoint checkout "Checkout" { channel web; seen by viewed }
  }
}
persona anna "Anna" { behavioural "Buys" }
team shop "Shop"
channel web "Web" { kind online }
event viewed { named "viewed" }
event paid { named "paid" }
metric rate "Orders" { share of paid within 7 days; higher is better }
metric spend "Spend" { average of sum paid.amount per unit within 7 days; higher is better }
experiment cta "Button" {
  at buy.checkout
  because "A clearer button"
  owner shop
  runs from 2026-10-05 to 2026-11-01
  status stopped on 2026-11-01 because "Planned end"
  unit user
  variant control "Old" 50% { set cta to "a" }
  variant new "New" 50% { set cta to "b" }
  primary rate expects +5%
  primary spend expects +5%
  method fixed with level 5% and power 80%
}
"#;

/// A shop whose logged variants have a huge effect: those of `new` pay three times as often.
fn shop(people: u64) -> TempDir {
    let mut rows = String::from("ts,user_id,event,experiment,variant,amount\n");
    let mut state = 7_u64;
    let mut draw = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % 1000
    };
    for n in 0..people {
        let (day, new) = (5 + n % 25, n % 2 == 1);
        let variant = if new { "new" } else { "control" };
        writeln!(rows, "2026-10-{day:02}T08:00:00Z,u{n},viewed,cta,{variant},").unwrap();
        if draw() < if new { 300 } else { 100 } {
            writeln!(rows, "2026-10-{day:02}T09:00:00Z,u{n},paid,,,{}", 10 + draw() % 50).unwrap();
        }
    }
    project(&[("waypost.yaml", MANIFEST), ("shop.journey", SPEC), ("events.csv", rows.as_str())])
}

fn calibration(dir: &TempDir) -> Value {
    let text = std::fs::read_to_string(dir.path().join("calibration.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn two_hundred_assignments_drawn_anew_ring_at_their_level() {
    let dir = shop(20_000);
    let done =
        waypost(&dir).args(["simulate", "--aa", "cta", "--times", "200", "-o", "calibration.json"]).assert().code(0);
    let said = String::from_utf8(done.get_output().stdout.clone()).unwrap();
    assert!(said.starts_with("cta: its assignment drawn anew 200 times over 20000 units, tests at 5%\n"), "{said}");
    let found = calibration(&dir);
    for row in found["comparisons"].as_array().unwrap() {
        let rang = row["rang"].as_u64().unwrap();
        assert_eq!(row["tests"], 200);
        assert!((1..=24).contains(&rang), "{row}: the design allows 1 to 24");
    }
    // the effect that was logged is found by the report, which names the achieved rate
    waypost(&dir).args(["build", "-o", "out"]).assert().code(0);
    let report = std::fs::read_to_string(dir.path().join("out/report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let report = &report["reports"][0];
    assert_eq!(report["metrics"][0]["comparisons"][0]["outcome"]["estimate"]["decision"], "better");
    let rang = format!("{} of {} tests at 5.0% rang", found["rang"], found["tests"]);
    let said = report["method"].as_array().unwrap().iter().find(|s| s["rule"] == "method-calibrated").unwrap();
    assert!(said["text"].as_str().unwrap().contains(&rang), "{said}");
}

#[test]
fn the_same_seed_draws_the_same_and_another_draws_others() {
    let dir = shop(2_000);
    let draw = |seed: &str| {
        let args = ["simulate", "--aa", "cta", "--times", "60", "--seed", seed, "-o", "calibration.json"];
        waypost(&dir).args(args).assert().code(0);
        calibration(&dir)
    };
    let first = draw("1");
    assert_eq!(first, draw("1"));
    assert_ne!(first["comparisons"], draw("2")["comparisons"]);
}

#[test]
fn what_cannot_be_calibrated_is_told() {
    let dir = shop(50);
    waypost(&dir).args(["simulate", "--aa", "nope"]).assert().code(2).stderr_eq(snapbox::str![[r#"
error: there is no experiment `nope`
help: the project has `cta`

"#]]);
    waypost(&dir).args(["simulate", "--aa", "cta"]).assert().code(2).stderr_eq(snapbox::str![[r#"
error: the data of `cta` gives its primaries no result
help: it needs an exposure event in the data, and 100 units an arm

"#]]);
    std::fs::write(dir.path().join("calibration.json"), "{}").unwrap();
    waypost(&dir).args(["build", "-o", "out"]).assert().code(2);
}
