//! `waypost plan`: what an experiment takes before it starts, and what is read for it.

use serde_json::{Value, json};
use snapbox::cmd::Command;
use snapbox::str;
use std::fs;
use std::path::Path;
use waypost::stats::run_json;

fn waypost(dir: &Path) -> Command {
    Command::new(env!("CARGO_BIN_EXE_waypost")).env_clear().env("SOURCE_DATE_EPOCH", "1796083200").current_dir(dir)
}

const SHOP: &str = r#"
journey shop "Shop" {
  for anna
  stage buying "Buying" {
    phase sale
    touchpoint checkout "Checkout" { channel web; owner growth; seen by checkout-viewed }
  }
}
persona anna "Anna" { behavioural "Buys" }
team growth "Growth"
channel web "Web" { kind online }
event checkout-viewed { named "viewed" }
event paid { named "paid" }
event left { named "left" }
metric paid-rate "Paid" { share of paid within 7 days; higher is better }
metric spend "Spend" { average of sum paid.amount per unit within 7 days; higher is better }
metric leaving "Left" { share of left within 7 days; lower is better }
holdout global "Never" { takes 5% }
experiment cta "The button" {
  at shop.checkout
  because "Short words sell"
  owner growth
  runs from 2026-11-02 to 2026-11-29
  status draft
  unit user
  traffic 80%
  variant control "Old" 50% { set cta to "Continue" }
  variant short "Short" 50% { set cta to "Buy" }
  primary paid-rate expects +10%
  method METHOD with level 5% and power 80%
}
"#;

const MANIFEST: &str = "name: shop
currency: EUR
units: { user: user_id }
properties: { amount: money }
traffic: { checkout-viewed: 3500 a week }
baseline: { paid-rate: 20%, spend: { mean: 30, deviation: 60 }, leaving: 40% }
";

fn shop(method: &str, change: impl Fn(&str) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("waypost.yaml"), MANIFEST).unwrap();
    fs::write(folder.path().join("shop.journey"), change(SHOP).replace("METHOD", method)).unwrap();
    folder
}

/// The first primary of the plan as JSON.
fn primary(shop: &tempfile::TempDir) -> Value {
    let out = waypost(shop.path()).args(["plan", "cta", "--format", "json"]).output().unwrap();
    let plan: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(plan["schema"], "waypost/plan/1");
    plan["experiments"][0]["primaries"][0].clone()
}

#[test]
fn a_plan_says_units_days_and_the_smallest_effect() {
    let shop = shop("fixed", str::to_owned);
    waypost(shop.path())
        .args(["plan", "cta"])
        .assert()
        .success()
        .stdout_eq(str![[r#"
cta: The button
  2026-11-02 to 2026-11-29, 28 days
  fixed at 5%, power 80%
  500 units a day meet `checkout-viewed`, 380 enter (traffic 80%, 5% held out)
  paid-rate, now 20%, expects +10%
    takes 13020 units (6510 + 6510)
    takes 35 days (5 whole weeks): beyond the plan; run it to 2026-12-06
    in 28 days 10640 units enter: the smallest effect they see is +2.22 points (+11.1%); the chance to see +10% is 71.7%

"#]])
        .stderr_eq("");
}

#[test]
fn the_numbers_are_those_of_the_method_and_of_the_rule() {
    let shop = shop("fixed", str::to_owned);
    let plan = primary(&shop);
    let inputs = json!({"p1": 0.2, "p2": 0.22, "alpha": 0.05, "power": 0.8, "mde_n": 14.0 * 380.0});
    let method = run_json("power_prop", &inputs).unwrap();
    assert_eq!(plan["units_by_arm"], json!([method["n1_ceil"], method["n2_ceil"]]));
    let near = |a: &Value, b: &Value| (a.as_f64().unwrap() - b.as_f64().unwrap()).abs() < 1e-9;
    // 500 a day meet it, 95 % of 80 % of them enter: 380 a day over 28 days, half of them in the control
    assert!(near(&plan["planned_units"], &json!(28.0 * 380.0)));
    assert!(near(&plan["smallest_effect"], &method["mde_abs"]), "{plan} {method}");
    let days = (2.0 * method["n1"].as_f64().unwrap() / 380.0).ceil();
    assert_eq!(plan["duration_days"], json!(days));
    let found = waypost(shop.path()).args(["check", "--format", "concise"]).output().unwrap();
    let found = String::from_utf8(found.stdout).unwrap() + &String::from_utf8(found.stderr).unwrap();
    assert!(
        found.contains(&format!("`cta` needs {days} days to see +10% of `paid-rate`, and ends after 28")),
        "{found}"
    );
}

#[test]
fn looks_cost_units() {
    let takes = |method: &str| primary(&shop(method, str::to_owned))["units"].as_f64().unwrap();
    let (fixed, obrien) = (takes("fixed"), takes("group-sequential 5 looks"));
    let pocock = takes("group-sequential 5 looks pocock");
    let always = takes("sequential");
    assert!((1.01..1.06).contains(&(obrien / fixed)), "{}", obrien / fixed);
    assert!((1.15..1.30).contains(&(pocock / fixed)), "{}", pocock / fixed);
    assert!((1.2..2.5).contains(&(always / fixed)), "{}", always / fixed);
}

#[test]
fn averages_and_falling_shares_have_plans() {
    let spend = primary(&shop("fixed", |s| s.replace("paid-rate expects +10%", "spend expects +3 EUR")));
    let method = run_json("power_mean", &json!({"delta": 3, "sd": 60, "alpha": 0.05, "power": 0.8})).unwrap();
    assert_eq!(spend["units_by_arm"][0], method["n1_z_ceil"]);
    let leaving = primary(&shop("fixed", |s| s.replace("paid-rate expects +10%", "leaving expects -5%")));
    assert!(leaving["smallest_effect"].as_f64().unwrap() < 0.0, "{leaving}");
    // what the planned days see with 80 % is seen with 80 %
    let smallest = 100.0 * leaving["smallest_effect"].as_f64().unwrap();
    let again = format!("leaving expects {smallest:.6} points");
    let again = primary(&shop("fixed", |s| s.replace("paid-rate expects +10%", &again)));
    assert!((again["power_in_planned_days"].as_f64().unwrap() - 0.8).abs() < 1e-4, "{again}");
}

#[test]
fn what_is_missing_is_asked_for() {
    let bare = shop("fixed", str::to_owned);
    fs::write(
        bare.path().join("waypost.yaml"),
        "name: shop\nunits: { user: user_id }\nproperties: { amount: number }\n",
    )
    .unwrap();
    waypost(bare.path()).args(["plan", "cta"]).assert().success().stdout_eq(str![[r#"
cta: The button
  2026-11-02 to 2026-11-29, 28 days
  fixed at 5%, power 80%
  how many come is not declared; add `traffic: { checkout-viewed: 900 a day }` to waypost.yaml
  paid-rate, expects +10%
    how many it takes cannot be told: add `baseline: { paid-rate: 12% }` or `{ mean: 82, deviation: 40 }` to waypost.yaml

"#]]);
    assert_eq!(primary(&bare)["missing"], "baseline");
    waypost(bare.path()).args(["plan", "nope"]).assert().code(2).stderr_eq(str![[r#"
error: there is no experiment `nope`
help: the project has `cta`

"#]]);
}

#[test]
fn explain_prints_what_is_read() {
    let shop = shop("fixed", str::to_owned);
    waypost(shop.path()).args(["plan", "cta", "--explain"]).assert().success().stdout_eq(str![[r#"
days of UTC, money with 2 decimals, units: user
event checkout-viewed: "viewed"
event paid: "paid"
experiment cta: first checkout-viewed in [2026-11-02T00:00:00Z, 2026-11-30T00:00:00Z)
  variants control, short
  0 paid-rate: happened paid within 7 days, by day for 7 days -> Share

"#]]);
}
