//! `simulate`: the same seed is the same events, and the truth is found again in them.

use super::{project, waypost};
use std::collections::{BTreeMap, BTreeSet};
use tempfile::TempDir;

const MANIFEST: &str = r#"name: shop
currency: EUR
time_zone: Europe/Lisbon
units: { user: user_id }
attributes: { age: number, country: text, device: text }
properties: { revenue: money, load_ms: number, status: text }
data:
  - { events: "events*.csv", time: ts, event: event, experiment_by: experiment, variant: variant }
"#;

const SPEC: &str = r#"
journey buy "Buying" {
  for young, old
  sale at order
  stage look "Looking" {
    phase pre-sale
    target 60% move on within 7 days
    touchpoint guide "Guide" { channel web; seen by guide-read }
  }
  stage purchase "Buying" {
    phase sale
    target 50% move on within 1 day
    touchpoint checkout "Checkout" { channel web; seen by checkout-viewed }
    touchpoint order "Order" { channel web; seen by order-paid }
  }
  stage owning "Owning" {
    phase post-sale
    touchpoint parcel "Parcel" { channel web; seen by delivered; promise within 4 days of order }
  }
  handover from "phone" to "laptop" by device at checkout
}
persona young "Young" { share 60%; where age < 30 and device != "bot" }
persona old "Old" { share 40%; where age >= 30 and device != "bot" }
team shop "Shop"
channel web "Web"
event guide-read { named "Guide Read" }
event checkout-viewed { named "Checkout Viewed" }
event order-paid { named "Order Completed" where status == "paid" }
event delivered { named "Delivered" }
metric order-rate "Orders" { share of order-paid within 7 days; higher is better }
metric revenue "Revenue" { average of sum order-paid.revenue per unit within 7 days; higher is better }
audience iberia "Iberia" { where country in ("PT", "ES") }
experiment cta "Button" {
  at buy.checkout
  because "A clearer button"
  owner shop
  runs from 2026-10-05 to 2026-11-01
  status stopped on 2026-11-02 because "Planned end"
  unit user
  audience iberia
  variant control "Old" 50% { set cta to "a" }
  variant new "New" 50% { set cta to "b" }
  primary order-rate expects +5%
  secondary revenue
  method fixed with level 5% and power 80%
}
"#;

fn shop(truth: &str) -> TempDir {
    project(&[("waypost.yaml", MANIFEST), ("shop.journey", SPEC), ("truth.yaml", truth)])
}

fn events(dir: &TempDir, args: &[&str], threads: &str) -> String {
    let run = waypost(dir).arg("simulate").args(args).env("RAYON_NUM_THREADS", threads).assert().code(0);
    String::from_utf8(run.get_output().stdout.clone()).unwrap()
}

/// Returns each row by its columns.
fn rows(csv: &str) -> Vec<BTreeMap<&str, &str>> {
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines.map(|line| header.iter().copied().zip(line.split(',')).collect()).collect()
}

fn people<'c>(rows: &[BTreeMap<&'c str, &'c str>], event: &str) -> BTreeSet<&'c str> {
    rows.iter().filter(|r| r["event"] == event).map(|r| r["user_id"]).collect()
}

#[test]
fn a_seed_is_the_same_bytes_at_any_number_of_threads() {
    let dir = shop("{}");
    let one = events(&dir, &["--people", "500", "--seed", "7"], "1");
    assert_eq!(one, events(&dir, &["--people", "500", "--seed", "7"], "4"));
    assert_ne!(one, events(&dir, &["--people", "500", "--seed", "8"], "4"));
    let header = "ts,user_id,event,revenue,status,age,country,device,experiment,variant";
    assert_eq!(one.lines().next(), Some(header));
}

#[test]
fn gzip_holds_the_same_events_and_no_time() {
    let dir = shop("{}");
    let plain = events(&dir, &["--people", "100"], "1");
    let file = |name: &str| {
        waypost(&dir).args(["simulate", "--people", "100", "-o", name]).assert().code(0).stdout_eq("");
        std::fs::read(dir.path().join(name)).unwrap()
    };
    let (one, two) = (file("a.csv.gz"), file("b.csv.gz"));
    assert_eq!(one, two);
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&one[..]), &mut text).unwrap();
    assert_eq!(text, plain);
}

#[test]
fn targets_and_personas_are_met() {
    let dir = shop("returns: 0\n");
    let csv = events(&dir, &["--truth", "truth.yaml", "--people", "20000"], "2");
    let rows = rows(&csv);
    let near = |hits: usize, of: usize, share: f64| {
        let error = (share * (1.0 - share) / of as f64).sqrt();
        assert!((hits as f64 / of as f64 - share).abs() < 5.0 * error, "{hits} of {of} is not {share}");
    };
    // Those who come too late in the data have not all moved on: only the first weeks are compared.
    let early: BTreeSet<&str> =
        rows.iter().filter(|r| r["event"] == "Guide Read" && r["ts"] < "2026-10-15").map(|r| r["user_id"]).collect();
    let checkout = people(&rows, "Checkout Viewed");
    near(early.intersection(&checkout).count(), early.len(), 0.6);
    let all: BTreeMap<&str, u32> = rows.iter().map(|r| (r["user_id"], r["age"].parse().unwrap())).collect();
    near(all.values().filter(|age| **age < 30).count(), all.len(), 0.6);
    let started = rows.iter().filter(|r| r["event"] == "Order Completed");
    assert!(
        started.clone().count() > 1_000
            && started.clone().all(|r| r["status"] == "paid" && r["revenue"].parse::<f64>().unwrap() > 0.0)
    );
}

#[test]
fn effects_are_found_again_and_only_in_the_audience() {
    let dir = shop("returns: 0\neffects: {cta: {new: {order-rate: +30%, revenue: +20%}}}\n");
    let csv = events(&dir, &["--truth", "truth.yaml", "--people", "40000", "--until", "2026-11-29"], "2");
    let rows = rows(&csv);
    let orders = people(&rows, "Order Completed");
    let mut shown: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows.iter().filter(|r| !r["variant"].is_empty()) {
        assert!(row["event"] == "Checkout Viewed" && row["experiment"] == "cta");
        assert!(["PT", "ES"].contains(&row["country"]));
        assert!(row["ts"] >= "2026-10-04T23:00:00Z" && row["ts"] < "2026-11-02T00:00:00Z");
        shown.entry(row["variant"]).or_default().insert(row["user_id"]);
    }
    assert!(shown["control"].is_disjoint(&shown["new"]));
    let rate = |variant: &str| shown[variant].intersection(&orders).count() as f64 / shown[variant].len() as f64;
    let lift = rate("new") / rate("control") - 1.0;
    assert!((lift - 0.3).abs() < 0.08, "{lift}");
    let mean = |variant: &str| {
        let paid = rows.iter().filter(|r| r["event"] == "Order Completed" && shown[variant].contains(r["user_id"]));
        let paid: Vec<f64> = paid.map(|r| r["revenue"].parse().unwrap()).collect();
        paid.iter().sum::<f64>() / paid.len() as f64
    };
    let lift = mean("new") / mean("control") - 1.0;
    assert!((lift - 0.2).abs() < 0.06, "{lift}");
}

#[test]
fn a_truth_about_nothing_is_refused() {
    for (truth, said) in [
        ("effects: {nothing: {new: {}}}\n", "the truth has effects of `nothing`, which is no experiment"),
        ("effects: {cta: {other: {}}}\n", "the truth has effects of `other`, which is no variant of `cta`"),
        ("effects: {cta: {new: {order-rate: 5}}}\n", "`5` is no effect; write a relative change such as `+8%`"),
        ("keeps: {order: 0.5}\n", "the truth says how often `order` keeps its promise, and it makes none"),
        ("repeats: {nowhere: {chance: 0.5, days: 1}}\n", "the truth names `nowhere`, which is no touchpoint"),
        (
            "scores: {load_ms: {promoters: 1, passives: 1, detractors: 1}}\n",
            "the truth names answers of `load_ms`, of which no metric is the net promoter score",
        ),
        ("goes_on: {nowhere: 0.5}\n", "the truth names `nowhere`, which is no touchpoint"),
        ("attributes: {height: {from: 1, to: 2}}\n", "the truth names `height`, which is no attribute of the manifest"),
        ("from: tomorrow\n", "`truth.yaml`: `tomorrow` is no day, such as 2026-10-05"),
    ] {
        let run = waypost(&shop(truth)).args(["simulate", "--truth", "truth.yaml", "--people", "10"]).assert();
        run.code(2).stdout_eq("").stderr_eq(format!("error: {said}\n"));
    }
}

#[test]
fn the_shop_s_data_is_what_its_specs_and_truth_make() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let shop = root.join("specs/guitar-shop");
    let args = ["simulate", "specs/guitar-shop", "--truth", "specs/guitar-shop/data/truth.yaml"];
    let made = std::process::Command::new(env!("CARGO_BIN_EXE_waypost")).args(args).current_dir(root).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
    let mut kept = Vec::new();
    let file = std::fs::File::open(shop.join("data/events.csv.gz")).unwrap();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(file), &mut kept).unwrap();
    assert!(kept == made.stdout, "the data is stale: make it again as specs/guitar-shop/data/README.md says");
}
