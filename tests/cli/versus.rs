//! The paths of two groups side by side, against people counted by hand and against a twin that reads row by row.

use super::schemas::holds_as;
use super::{project, waypost};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use tempfile::TempDir;

const MANIFEST: &str = "name: t\ntime_zone: UTC\nunits: { user: uid }\nattributes: { age: number }\n\
    data:\n  - { events: ev.csv, time: ts, event: name, variant: variant }\nprivacy: { smallest_cell: 1 }\n";

/// Whoever is from 30 to 39 is both.
const SPEC: &str = r#"
journey shop "Shop" {
  for young, old
  stage buy "Buy" {
    phase sale
    touchpoint page "Page" { channel web; seen by viewed }
    touchpoint cart "Cart" { channel web; seen by carted }
    touchpoint pay "Pay" { channel web; seen by paid }
  }
  paths from page
  paths into pay
}
persona young "Young" { where age < 40 }
persona old "Old" { where age >= 30 }
team us "Us"
channel web "Web" { kind online }
event opened { named "Open" }
event viewed { named "View" }
event carted { named "Cart" }
event paid { named "Pay" }
metric pays "Pays" { share of paid within 3 days; higher is better }
experiment wallet "Wallet" {
  at shop.page
  because "Fewer fields"
  owner us
  runs from 2026-01-05 to 2026-01-18
  status stopped on 2026-01-19 because "Planned end"
  unit user
  exposed by opened
  variant control "Form" 50% { set pay to "form" }
  variant new "Wallet" 50% { set pay to "wallet" }
  primary pays expects +10%
  method fixed with level 5% and power 80%
}
"#;

const HEAD: &str = "ts,uid,name,age,variant\n";

fn analyze(data: &str, manifest: &str) -> (TempDir, Value) {
    let dir = project(&[("waypost.yaml", manifest), ("a.journey", SPEC), ("ev.csv", data)]);
    let args = ["analyze", "--format", "json", "--today", "2026-02-20"];
    let out = waypost(&dir).args(args).assert().code(0).get_output().stdout.clone();
    let report: Value = serde_json::from_slice(&out).unwrap();
    holds_as("journey", &report);
    let report = if report.is_array() { report[0].clone() } else { report };
    (dir, report)
}

fn node<'v>(difference: &'v Value, column: usize, id: &str) -> &'v Value {
    let column = difference["columns"][column].as_array().unwrap();
    column.iter().find(|n| n["id"] == id).unwrap_or_else(|| panic!("no {id}: {column:#?}"))
}

fn hits(difference: &Value, column: usize, id: &str) -> (u64, u64) {
    let node = node(difference, column, id);
    (node["first"]["hits"].as_u64().unwrap(), node["second"]["hits"].as_u64().unwrap())
}

/// Young: 1 and 2 go on to the cart, 3 leaves. Old: 4 goes to the cart, 5 and 6 pay at once. 7 is both. Of the arms, 1, 3 and
/// 5 have the form and 2, 4 and 6 the wallet; 3 looks before it is exposed and never after, 8 and 9 never look.
const BY_HAND: &str = "\
2026-01-05T10:00:00Z,1,Open,20,control
2026-01-05T10:01:00Z,1,View,20,
2026-01-05T10:02:00Z,1,Cart,20,
2026-01-05T10:00:00Z,2,Open,20,new
2026-01-05T10:01:00Z,2,View,20,
2026-01-05T10:02:00Z,2,Cart,20,
2026-01-05T10:03:00Z,2,Pay,20,
2026-01-05T09:00:00Z,3,View,20,
2026-01-05T10:00:00Z,3,Open,20,control
2026-01-05T10:00:00Z,4,Open,50,new
2026-01-05T10:01:00Z,4,View,50,
2026-01-05T10:02:00Z,4,Cart,50,
2026-01-05T10:00:00Z,5,Open,50,control
2026-01-05T10:01:00Z,5,View,50,
2026-01-05T10:02:00Z,5,Pay,50,
2026-01-05T10:00:00Z,6,Open,50,new
2026-01-05T10:01:00Z,6,View,50,
2026-01-05T10:02:00Z,6,Pay,50,
2026-01-05T10:00:00Z,7,View,35,
2026-01-05T10:01:00Z,7,Cart,35,
2026-01-05T10:00:00Z,8,Open,50,control
2026-01-05T10:00:00Z,9,Open,50,new
2026-01-05T10:02:00Z,9,Pay,50,
";

#[test]
fn personas_and_arms_side_by_side() {
    let (dir, report) = analyze(&format!("{HEAD}{BY_HAND}"), MANIFEST);
    let all = report["paths"][0]["differences"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    let personas = &all[0];
    assert_eq!(
        (&personas["experiment"], &personas["first"], &personas["second"]),
        (&Value::Null, &"young".into(), &"old".into())
    );
    assert_eq!((&personas["first_units"], &personas["second_units"]), (&3.into(), &3.into()), "7 is both");
    assert_eq!((hits(personas, 1, "cart"), hits(personas, 1, "pay")), ((2, 1), (0, 2)));
    assert_eq!(hits(personas, 1, "off"), (1, 0), "3 opened the shop after it looked");
    let cart = node(personas, 1, "cart");
    assert!((cart["difference"].as_f64().unwrap() + 1.0 / 3.0).abs() < 1e-12);
    assert!(cart["low"].as_f64().unwrap() < -0.5 && cart["high"].as_f64().unwrap() > 0.3, "{cart}");
    let arms = &all[1];
    assert_eq!(
        (&arms["experiment"], &arms["first"], &arms["second"]),
        (&"wallet".into(), &"control".into(), &"new".into())
    );
    // everybody exposed: 1, 3, 5, 8 and 2, 4, 6, 9
    assert_eq!((&arms["first_units"], &arms["second_units"]), (&4.into(), &4.into()));
    assert_eq!((hits(arms, 0, "page"), hits(arms, 0, "absent")), ((2, 3), (2, 1)));
    assert_eq!((hits(arms, 1, "cart"), hits(arms, 1, "pay"), hits(arms, 1, "absent")), ((1, 2), (1, 1), (2, 1)));
    let into = &report["paths"][1]["differences"][1];
    assert_eq!((hits(into, 0, "pay"), hits(into, 0, "absent")), ((1, 3), (3, 1)), "9 paid without a look");
    let text = |args: &[&str]| {
        String::from_utf8(waypost(&dir).arg("analyze").args(args).assert().code(0).get_output().stdout.clone()).unwrap()
    };
    for format in ["text", "markdown", "csv", "html"] {
        let out = text(&["--format", format]).replace('\\', "");
        assert!(out.contains("−33.3 (−71.8 to +31.6)"), "{format}: {out}");
        assert!(out.contains("less `control`") || out.contains("less &#x60;control"), "{format}: {out}");
    }
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// A person: how old, in which arm, and what happened in turn.
struct Person {
    age: u64,
    arm: &'static str,
    events: Vec<&'static str>,
}

fn drawn(seed: u64, people: usize) -> Vec<Person> {
    let mut dice = Dice(seed);
    let person = |dice: &mut Dice| {
        let n = 1 + dice.roll(9);
        let events = (0..n).map(|_| ["View", "View", "Cart", "Pay", "Open"][dice.roll(5) as usize]).collect();
        Person { age: 20 + dice.roll(35), arm: ["control", "new"][dice.roll(2) as usize], events }
    };
    (0..people).map(|_| person(&mut dice)).collect()
}

fn log(people: &[Person]) -> String {
    let mut csv = HEAD.to_owned();
    for (uid, p) in people.iter().enumerate() {
        for (minute, event) in p.events.iter().enumerate() {
            let arm = if *event == "Open" { p.arm } else { "" };
            writeln!(csv, "2026-01-06T10:{minute:02}:00Z,{uid},{event},{},{arm}", p.age).unwrap();
        }
    }
    csv
}

/// Returns the places of somebody in turn, or back: five at the most, repeats once; none who never was at the anchor.
fn way(events: &[&'static str], anchor: &str, forward: bool) -> Option<Vec<&'static str>> {
    let places: Vec<&str> = events
        .iter()
        .map(|e| match *e {
            "View" => "page",
            "Cart" => "cart",
            "Pay" => "pay",
            _ => "off",
        })
        .collect();
    let first = places.iter().position(|p| *p == anchor)?;
    let mut walk: Vec<&str> =
        if forward { places[first..].to_vec() } else { places[..=first].iter().rev().copied().collect() };
    walk.dedup();
    walk.resize(5.min(walk.len()), "");
    while walk.len() < 5 {
        walk.push("left");
    }
    Some(walk)
}

/// Wilson's limits, and Newcombe's of a difference, from their papers.
fn newcombe((a, n): (f64, f64), (b, m): (f64, f64)) -> (f64, f64) {
    let z = 1.959_963_984_540_054_f64;
    let wilson = |x: f64, n: f64| {
        let (mid, wide) = ((x + z * z / 2.0) / (n + z * z), z / (n + z * z) * (x * (n - x) / n + z * z / 4.0).sqrt());
        (mid - wide, mid + wide)
    };
    let ((l1, u1), (l2, u2), p1, p2) = (wilson(a, n), wilson(b, m), a / n, b / m);
    let d = p2 - p1;
    (d - ((p2 - l2).powi(2) + (u1 - p1).powi(2)).sqrt(), d + ((u2 - p2).powi(2) + (p1 - l1).powi(2)).sqrt())
}

type Groups = [Vec<Option<Vec<&'static str>>>; 2];

fn agrees(difference: &Value, groups: &Groups, column: usize) -> usize {
    let mut counts: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    for (of, group) in groups.iter().enumerate() {
        for way in group {
            counts.entry(way.as_ref().map_or("absent", |w| w[column])).or_default()[of] += 1;
        }
    }
    let told = difference["columns"][column].as_array().unwrap();
    let ids: BTreeSet<&str> = told
        .iter()
        .filter(|n| n["first"]["hits"] != 0 || n["second"]["hits"] != 0)
        .map(|n| n["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, counts.keys().copied().collect::<BTreeSet<_>>(), "column {column}");
    let of = [groups[0].len() as f64, groups[1].len() as f64];
    for (id, [a, b]) in &counts {
        assert_eq!(hits(difference, column, id), (*a, *b), "{id} in column {column}");
        let (a, b) = (*a as f64, *b as f64);
        let (low, high) = newcombe((a, of[0]), (b, of[1]));
        let node = node(difference, column, id);
        for (key, want) in [("difference", b / of[1] - a / of[0]), ("low", low), ("high", high)] {
            assert!((node[key].as_f64().unwrap() - want).abs() < 1e-9, "{id} {key} {node} {want}");
        }
    }
    counts.len()
}

#[test]
fn a_twin_row_by_row_counts_the_same() {
    let mut met = 0;
    for seed in 0..6 {
        let people = drawn(seed, 300);
        let (_, report) = analyze(&log(&people), MANIFEST);
        for (at, (anchor, forward)) in [("page", true), ("pay", false)].into_iter().enumerate() {
            let mut personas: Groups = Default::default();
            let mut arms: Groups = Default::default();
            for p in &people {
                let whole = way(&p.events, anchor, forward);
                let of = match p.age {
                    ..30 => Some(0),
                    40.. => Some(1),
                    _ => None,
                };
                if let (Some(of), true) = (of, whole.is_some()) {
                    personas[of].push(whole);
                }
                if let Some(from) = p.events.iter().position(|e| *e == "Open") {
                    arms[usize::from(p.arm == "new")].push(way(&p.events[from..], anchor, forward));
                }
            }
            let told = &report["paths"][at]["differences"];
            for (difference, groups) in [(&told[0], &personas), (&told[1], &arms)] {
                assert_eq!(difference["first_units"].as_u64().unwrap() as usize, groups[0].len());
                met += (0..5).map(|column| agrees(difference, groups, column)).sum::<usize>();
            }
        }
    }
    assert!(met > 300, "{met} cells");
}

#[test]
fn few_people_are_not_told_apart() {
    let people = drawn(9, 200);
    let manifest = MANIFEST.replace("smallest_cell: 1", "smallest_cell: 10");
    let (_, masked) = analyze(&log(&people), &manifest);
    let (_, open) = analyze(&log(&people), MANIFEST);
    let (mut hidden, mut shown) = (0, 0);
    for path in 0..2 {
        let columns = |report: &Value, which: usize| {
            report["paths"][path]["differences"][which]["columns"].as_array().unwrap().clone()
        };
        for which in 0..2 {
            for (mine, all) in columns(&masked, which).iter().zip(columns(&open, which)) {
                for group in ["first", "second"] {
                    let cells: Vec<(&Value, u64)> = mine
                        .as_array()
                        .unwrap()
                        .iter()
                        .zip(all.as_array().unwrap())
                        .map(|(m, a)| (&m[group]["hits"], a[group]["hits"].as_u64().unwrap()))
                        .collect();
                    assert!(cells.iter().all(|(m, n)| m.is_null() || m.as_u64() == Some(*n)));
                    assert!(cells.iter().all(|(m, n)| m.is_null() || *n == 0 || *n >= 10), "{cells:?}");
                    let gone = cells.iter().filter(|(m, n)| m.is_null() && *n > 0).count();
                    assert_ne!(gone, 1, "one that is missing can be told from the others: {cells:?}");
                    hidden += gone;
                    shown += cells.len() - gone;
                }
                for n in mine.as_array().unwrap() {
                    let whole = !n["first"]["share"].is_null() && !n["second"]["share"].is_null();
                    assert_eq!(n["difference"].is_null(), !whole, "{n}");
                }
            }
        }
    }
    assert!(hidden > 20 && shown > 20, "{hidden} hidden, {shown} shown");
}
