//! Step funnels in a report: counted from the exposure, over all exposed, against a truth that the test draws.

use super::{project, waypost};
use serde_json::Value;
use std::fmt::Write as _;
use tempfile::TempDir;

const MANIFEST: &str = "name: shop\nunits: { user: user_id }\n\
    data:\n  - { events: events.csv, time: ts, event: event, id: row, variant: variant }\n";

const SPEC: &str = r#"
journey buy "Buying" {
  for anybody
  sale at order
  stage look "Looking" { phase pre-sale; touchpoint guide "Guide" { channel web; seen by guide-read } }
  stage purchase "Buying" {
    phase sale
    touchpoint cart "Cart" { channel web; seen by cart-viewed }
    touchpoint pay "Payment" { channel web; seen by payment-shown }
    touchpoint gift "Gift" { channel web; seen by gift-chosen }
    touchpoint order "Order" { channel web; seen by order-paid }
  }
  funnel whole "From the guide to the order" {
    steps guide > cart > pay > optional gift > order
    within 3 days
  }
}
persona anybody "Anybody"
team us "Us"
channel web "Web"
event guide-read { named "Guide" }
event cart-viewed { named "Cart" }
event payment-shown { named "Payment" }
event gift-chosen { named "Gift" }
event order-paid { named "Order" }
metric orders "Orders" { share of order-paid within 3 days; higher is better }
experiment wallet "Wallet" {
  at buy.cart
  because "Fewer fields"
  owner us
  runs from 2026-01-05 to 2026-01-18
  status stopped on 2026-01-19 because "Planned end"
  unit user
  variant control "Form" 50% { set pay to "form" }
  variant new "Wallet" 50% { set pay to "wallet" }
  primary orders expects +10%
  method fixed with level 5% and power 80%
}
"#;

/// Numbers from 0 to 1 of a fixed sequence (Knuth's MMIX).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The true chances: of the payment page after the cart in each arm, and of an order after it in both.
const PAYMENT: [f64; 2] = [0.50, 0.60];
const ORDER: f64 = 0.7;

/// Returns the events of `units` people, and how many of each arm were exposed, came to the payment and ordered by rule.
fn drawn(units: usize) -> (String, [[u64; 3]; 2]) {
    let (mut csv, mut counts, mut draw) =
        ("row,ts,user_id,event,variant\n".to_owned(), [[0_u64; 3]; 2], Draw(20_260_105));
    let mut row = 0;
    for unit in 0..units {
        let mut add = |day: usize, hour: usize, event: &str, variant: &str| {
            row += 1;
            writeln!(csv, "{row},2026-01-{day:02}T{hour:02}:00:00Z,u{unit},{event},{variant}").unwrap();
        };
        let (arm, day) = (unit % 2, 5 + unit / 2 % 14);
        // Before the exposure nothing counts, though it is in the funnel: many come from the guide, some have ordered.
        if draw.next() < 0.5 {
            add(day, 8, "Guide", "");
        }
        if draw.next() < 0.2 {
            add(day, 9, "Payment", "");
            add(day, 9, "Order", "");
        }
        add(day, 10, "Cart", ["control", "new"][arm]);
        counts[arm][0] += 1;
        if draw.next() < PAYMENT[arm] {
            // one in ten comes after the funnel's time
            let late = draw.next() < 0.1;
            add(if late { day + 4 } else { day }, 11, "Payment", "");
            counts[arm][1] += u64::from(!late);
            let orders = draw.next() < ORDER;
            if orders {
                add(if late { day + 4 } else { day + 1 }, 12, "Order", "");
            }
            counts[arm][2] += u64::from(orders && !late);
        } else if draw.next() < 0.1 {
            // an order without the payment page is not of this way
            add(day, 12, "Order", "");
        }
    }
    (csv, counts)
}

fn report(dir: &TempDir, args: &[&str]) -> String {
    let args = [&["report", "wallet", "--today", "2026-02-20"], args].concat();
    String::from_utf8(waypost(dir).args(args).assert().code(0).get_output().stdout.clone()).unwrap()
}

fn json(dir: &TempDir) -> Value {
    serde_json::from_str(&report(dir, &["--to", "json"])).unwrap()
}

#[test]
fn every_step_is_over_all_exposed_and_the_truth_is_in_its_interval() {
    let (csv, counts) = drawn(6_000);
    let dir = project(&[("waypost.yaml", MANIFEST), ("shop.journey", SPEC), ("events.csv", &csv)]);
    let whole = json(&dir);
    let walk = &whole["funnels"][0];
    assert_eq!(whole["funnels"].as_array().unwrap().len(), 1);
    assert_eq!((walk["funnel"].as_str(), walk["days"].as_f64()), (Some("whole"), Some(3.0)));
    assert_eq!(walk["exposed"], serde_json::json!([counts[0][0], counts[1][0]]));
    // the guide lies before the cart, the cart is the exposure, the gift is optional
    let steps = walk["steps"].as_array().unwrap();
    assert_eq!(steps.iter().map(|s| s["touchpoint"].as_str().unwrap()).collect::<Vec<_>>(), ["pay", "order"]);
    for (at, step) in steps.iter().enumerate() {
        assert_eq!(step["reached"], serde_json::json!([counts[0][at + 1], counts[1][at + 1]]), "{step:#}");
        let shown = |side: &str| step["differences"][0]["interval"][side].as_f64().unwrap();
        let truth = (PAYMENT[1] - PAYMENT[0]) * 0.9 * if at == 0 { 1.0 } else { ORDER };
        assert!((shown("low")..shown("high")).contains(&truth), "{truth}: {step:#}");
        assert!(shown("low") > 0.0, "6,000 people show it: {step:#}");
    }
}

#[test]
fn pages_show_the_steps_and_where_the_arms_part() {
    let (csv, _) = drawn(6_000);
    let dir = project(&[("waypost.yaml", MANIFEST), ("shop.journey", SPEC), ("events.csv", &csv)]);
    let (md, html) = (report(&dir, &[]), report(&dir, &["--to", "html"]));
    assert!(md.contains("## Step by step"), "{md}");
    assert!(md.contains("Wallet parts from A at “Payment”") && md.contains("Counted 3 days from the exposure"), "{md}");
    assert!(html.contains("table class=\"list walk") && html.contains("over everybody exposed"));
}

#[test]
fn few_people_are_not_shown_and_a_running_test_shows_nothing() {
    let (csv, _) = drawn(40);
    let careful = format!(
        "{MANIFEST}privacy: {{ smallest_cell: 9 }}
"
    );
    let dir = project(&[("waypost.yaml", careful.as_str()), ("shop.journey", SPEC), ("events.csv", csv.as_str())]);
    let steps = json(&dir)["funnels"][0]["steps"].clone();
    let (masked, shown): (Vec<_>, Vec<_>) =
        steps.as_array().unwrap().iter().flat_map(|s| s["reached"].as_array().unwrap()).partition(|n| n.is_null());
    assert!(
        !masked.is_empty() && shown.iter().all(|n| n.as_u64().unwrap() == 0 || n.as_u64().unwrap() >= 9),
        "{steps:#}"
    );
    assert!(steps.as_array().unwrap().iter().all(|s| s["differences"] == serde_json::json!([])), "{steps:#}");

    let running = SPEC.replace("status stopped on 2026-01-19 because \"Planned end\"", "status running");
    let dir = project(&[("waypost.yaml", MANIFEST), ("shop.journey", &running), ("events.csv", &drawn(6_000).0)]);
    let args = ["report", "wallet", "--today", "2026-01-12", "--to", "json"];
    let out = waypost(&dir).args(args).assert().code(0).get_output().stdout.clone();
    let whole: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(whole["funnels"], serde_json::json!([]), "a fixed test is read once");
}
