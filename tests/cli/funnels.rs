//! The rules of funnels one by one, on eight people who can be counted by hand.

use super::{project, waypost};
use serde_json::{Value, json};

const MANIFEST: &str = "name: t\ntime_zone: UTC\nunits: { user: uid }\nattributes: { device: text }\n\
    data:\n  - { events: ev.csv, time: ts, event: name }\nprivacy: { smallest_cell: 1 }\n";

const SPEC: &str = r#"
journey shop "Shop" {
  for all
  stage buy "Buy" {
    phase sale
    touchpoint page "Page" { channel web; seen by viewed }
    touchpoint cart "Cart" { channel web; seen by carted }
    touchpoint pay "Pay" { channel web; seen by paid }
  }
  funnel plain "Plain" { steps page > cart > pay; within 1 day }
  funnel failing "Failing" { steps page > cart > pay; within 1 day; fail people who asked between page and cart }
  funnel dropping "Dropping" { steps page > cart > pay; within 1 day; drop people who asked between page and cart }
  funnel able "Optional" { steps page > optional cart > pay; within 1 day }
  funnel tolerant "Tolerant" { steps page > cart > pay; within 1 day; clock tolerance 2 seconds }
  funnel direct "Directly" { steps page > cart > pay; within 1 day; order directly }
  funnel anyhow "Any order" { steps page > cart > pay; within 1 day; order any }
  funnel open "Anywhere" { steps page > cart > pay; within 1 day; may start anywhere }
  funnel visits "Visits" { steps page > cart > pay; within 1 day; count sessions }
  funnel quick "Quick" { steps page > cart > pay; within 12 minutes of previous step }
  funnel device "By device" { steps page > cart > pay; within 1 day; by device }
  funnel first "By the first device" { steps page > cart > pay; within 1 day; by device first known }
  funnel last "By the last device" { steps page > cart > pay; within 1 day; by device last known }
  funnel carted-on "By the device of the cart" { steps page > cart > pay; within 1 day; by device at cart }
  funnel ignores "Directly, asking aside" { steps page > cart > pay; within 1 day; order directly ignoring asked }
  funnel devices "Each device" { steps page > cart > pay; within 1 day; count device }
}
persona all "All"
channel web "Web" { kind online }
event viewed { named "View" }
event carted { named "Cart" }
event paid { named "Pay" }
event asked { named "Ask" }
"#;

/// 3 has the page and the cart in one instant, stored the other way round; of 6 the cart is a second before the page; 8
/// comes again after 31 minutes, and 3 and 5 after 30; the last row ends the data when every window is over.
const DATA: &str = "\
ts,uid,name,device
2026-01-05T10:00:00Z,1,View,phone
2026-01-05T10:10:00Z,1,Cart,laptop
2026-01-05T10:20:00Z,1,Pay,laptop
2026-01-05T10:00:00Z,2,View,phone
2026-01-05T10:05:00Z,2,Ask,phone
2026-01-05T10:10:00Z,2,Cart,phone
2026-01-05T11:00:00Z,3,Cart,laptop
2026-01-05T11:00:00Z,3,View,laptop
2026-01-05T11:30:00Z,3,Pay,laptop
2026-01-05T09:00:00Z,4,Cart,laptop
2026-01-05T09:30:00Z,4,Pay,laptop
2026-01-05T10:00:00Z,5,View,
2026-01-05T10:30:00Z,5,Pay,
2026-01-05T12:00:00Z,6,Cart,laptop
2026-01-05T12:00:01Z,6,View,laptop
2026-01-05T12:10:00Z,6,Pay,laptop
2026-01-05T10:00:00Z,8,View,phone
2026-01-05T10:31:00Z,8,View,phone
2026-01-05T10:40:00Z,8,Cart,phone
2026-01-05T10:45:00Z,8,Pay,phone
2026-02-20T10:00:00Z,9,Ask,phone
";

/// Who reached each step; then converted, lost after each step, failed, and outside of the base; then hanging on ties.
fn told(report: &Value, funnel: &str, who: &str) -> Value {
    let funnels = report["funnels"].as_array().unwrap();
    let f =
        funnels.iter().find(|f| f["funnel"] == funnel && f["who"] == who).unwrap_or_else(|| panic!("{funnel} {who}"));
    let ledger = &f["ledger"];
    assert_eq!((&ledger["balances"], &ledger["immature"]), (&true.into(), &0.into()), "{funnel}");
    let reached: Vec<&Value> = f["steps"].as_array().unwrap().iter().map(|s| &s["reached"]).collect();
    json!([reached, ledger["converted"], ledger["dropped"], ledger["failed"], ledger["excluded"], ledger["tied"]])
}

#[test]
fn each_rule_counts_whom_it_says() {
    let dir = project(&[("waypost.yaml", MANIFEST), ("a.journey", SPEC), ("ev.csv", DATA)]);
    let out = waypost(&dir).args(["analyze", "--format", "json"]).output().unwrap();
    assert!(out.status.success(), "{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    let report = serde_json::from_slice::<Value>(&out.stdout).unwrap()[0].clone();
    for (funnel, who, expected) in [
        // 1, 2, 3, 5, 6 and 8 enter; 5 and 6 have no cart afterwards, 2 does not pay; 3 hangs on the order in its instant
        ("plain", "everybody", json!([[6, 4, 3], 3, [2, 1, 0], 0, 0, 1])),
        ("failing", "everybody", json!([[6, 3, 3], 3, [2, 0, 0], 1, 0, 1])),
        ("dropping", "everybody", json!([[5, 3, 3], 3, [2, 0, 0], 0, 1, 1])),
        // without the cart nothing hangs on an order; 2 does not pay
        ("able", "everybody", json!([[6, 4, 5], 5, [0, 1, 0], 0, 0, 0])),
        // the second between cart and page of 6 is within the tolerance
        ("tolerant", "everybody", json!([[6, 5, 4], 4, [1, 1, 0], 0, 0, 2])),
        // 2 asked in between, 5 paid, 6 paid
        ("direct", "everybody", json!([[6, 3, 3], 3, [3, 0, 0], 0, 0, 1])),
        // 4 has two of the three, and so have 2 and 5
        ("anyhow", "everybody", json!([[7, 7, 4], 4, [0, 3, 0], 0, 0, 0])),
        // 4 and 6 come in at the cart and 5 at the till
        ("open", "everybody", json!([[4, 6, 6], 6, [0, 1, 0], 0, 0, 0])),
        // the second visit of 8 converts and the first does not; half an hour exactly ends no visit of 3 and 5
        ("visits", "everybody", json!([[7, 4, 3], 3, [3, 1, 0], 0, 0, 1])),
        // 3 pays half an hour after the cart
        ("quick", "everybody", json!([[6, 4, 2], 2, [2, 2, 0], 0, 0, 0])),
        // each in one row by the device at entry, and the rows add to the whole
        ("device", "phone", json!([[3, 3, 2], 2, [0, 1, 0], 0, 0, 0])),
        ("device", "laptop", json!([[2, 1, 1], 1, [1, 0, 0], 0, 0, 1])),
        ("device", "unknown", json!([[1, 0, 0], 0, [1, 0, 0], 0, 0, 0])),
        ("device", "everybody", json!([[6, 4, 3], 3, [2, 1, 0], 0, 0, 1])),
        // 1 changes from the phone to the laptop
        ("first", "phone", json!([[3, 3, 2], 2, [0, 1, 0], 0, 0, 0])),
        ("first", "laptop", json!([[2, 1, 1], 1, [1, 0, 0], 0, 0, 1])),
        ("last", "phone", json!([[2, 2, 1], 1, [0, 1, 0], 0, 0, 0])),
        ("last", "laptop", json!([[3, 2, 2], 2, [1, 0, 0], 0, 0, 1])),
        ("last", "unknown", json!([[1, 0, 0], 0, [1, 0, 0], 0, 0, 0])),
        // 5 and 6 have no cart that a device could be known of
        ("carted-on", "phone", json!([[2, 2, 1], 1, [0, 1, 0], 0, 0, 0])),
        ("carted-on", "laptop", json!([[2, 2, 2], 2, [0, 0, 0], 0, 0, 1])),
        ("carted-on", "unknown", json!([[2, 0, 0], 0, [2, 0, 0], 0, 0, 0])),
        // the question of 2 is passed over
        ("ignores", "everybody", json!([[6, 4, 3], 3, [2, 1, 0], 0, 0, 1])),
        // the phone of 1 sees the page alone, its laptop never does; 5 is on no device
        ("devices", "everybody", json!([[5, 3, 2], 2, [2, 1, 0], 0, 0, 1])),
    ] {
        assert_eq!(told(&report, funnel, who), expected, "{funnel} {who}");
    }
    // of six, 8 is done in 14 minutes, 1 in 20 and 3 in 30, the others are watched to the end (Kaplan and Meier, 1958); the
    // curve is told at each eighth of the longest, 3 minutes and 45 seconds apart
    let plain = report["funnels"].as_array().unwrap().iter().find(|f| f["funnel"] == "plain").unwrap();
    let curve: Vec<(f64, f64)> = plain["over_time"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap()))
        .collect();
    for (seconds, share) in [(675.0, 0.0), (900.0, 1.0 / 6.0), (1125.0, 1.0 / 6.0), (1350.0, 2.0 / 6.0), (1800.0, 0.5)]
    {
        let near = |p: &&(f64, f64)| (p.0 - seconds).abs() < 1e-6;
        let found = curve.iter().find(near).unwrap_or_else(|| panic!("{seconds}: {curve:?}"));
        assert!((found.1 - share).abs() < 1e-12, "{curve:?}");
    }
    let open = report["funnels"].as_array().unwrap().iter().find(|f| f["funnel"] == "open").unwrap();
    let came_in: Vec<&Value> = open["steps"].as_array().unwrap().iter().map(|s| &s["came_in"]).collect();
    assert_eq!(json!(came_in), json!([4, 2, 1]));
}

/// 1 goes the whole way, its first two in one instant; the clock of 2 is a second off; 9 is still on the way when the data
/// ends; the two of 3 lie apart by more than a day, and the second time it goes on.
const TEA: &str = "\
ts,uid,name,device
2026-01-05T10:00:00Z,1,View,
2026-01-05T10:00:00Z,1,Cart,
2026-01-05T10:00:01Z,1,Pay,
2026-01-05T10:00:00Z,2,Cart,
2026-01-05T10:00:01Z,2,View,
2026-01-05T10:10:00Z,2,Pay,
2026-01-05T10:00:00Z,3,View,
2026-01-06T12:00:00Z,3,View,
2026-01-06T13:00:00Z,3,Cart,
2026-01-06T14:00:00Z,3,Pay,
2026-01-12T10:20:00Z,9,View,
";

#[test]
fn a_tool_s_rules_are_told_in_the_project_s_language_where_they_concern_a_funnel() {
    let manifest = format!("{MANIFEST}language: pl\n");
    let dir = project(&[("waypost.yaml", manifest.as_str()), ("a.journey", SPEC), ("ev.csv", TEA)]);
    let run = |args: &[&str]| {
        let run = waypost(&dir).args([&["analyze", "--like", "clickhouse"], args].concat()).assert().code(0);
        String::from_utf8(run.get_output().stdout.clone()).unwrap()
    };
    let told: Value = serde_json::from_str(&run(&["--explain-difference", "--format", "json"])).unwrap();
    super::schemas::holds_as("like", &told);
    let funnel = |id: &str| told["funnels"].as_array().unwrap().iter().find(|f| f["funnel"] == id).unwrap().clone();
    let tolerant = funnel("tolerant");
    assert_eq!(tolerant["steps"], json!([["Page", 3, 4], ["Cart", 3, 2], ["Pay", 3, 2]]));
    assert_eq!(tolerant["rules"], json!(["counts-open", "reuses", "no-tolerance"]));
    let named = |f: &Value| -> Vec<(String, String)> {
        let rules = f["differences"].as_array().unwrap().clone();
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        rules.iter().map(|d| (text(&d["id"]), text(&d["examples"][0]["unit"]))).collect()
    };
    let pairs = |all: &[(&str, &str)]| all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    assert_eq!(named(&tolerant), pairs(&[("counts-open", "9"), ("no-tolerance", "2")]));
    // directly: 1 and 3 go the whole way by either tool's rules
    let direct = funnel("direct");
    assert_eq!(direct["steps"], json!([["Page", 3, 4], ["Cart", 2, 2], ["Pay", 2, 2]]));
    assert_eq!(named(&direct), pairs(&[("counts-open", "9")]));
    let text = run(&[]);
    assert!(text.contains("ClickHouse: zegarom się wierzy: nie ma tolerancji") && !text.contains("clocks"), "{text}");
}
