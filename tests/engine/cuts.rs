//! Parts of an experiment that are counted for themselves, against a twin that asks every row: the days since exposure, and
//! the arms of another experiment on the same units.
use super::spine::{count, model};
use std::collections::BTreeMap;
use waypost::plan::Plan;
use waypost::tally::{Cut, Mean, Pair, Share, Tally};

const MANIFEST: &str = "
name: t
time_zone: UTC
currency: EUR
units: { user: uid }
properties: { amount: money }
data:
  - events: ev.csv
    time: ts
    event: name
    variant: arm
";

const SPEC: &str = r#"
journey shop "Buying" {
  for all
  stage look "Look" { phase pre-sale; touchpoint page "Page" { channel web; seen by viewed } }
  stage buy "Buy" { phase sale; touchpoint pay "Pay" { channel web; seen by paid } }
}
persona all "All" { quote "Me" }
channel web "Web" { kind online }
team us "Us"
event viewed { named "View" }
event listed { named "List" }
event paid { named "Pay" }
metric pays "Pays" { share of paid within 6 days; higher is better }
metric revenue "Revenue" { average of sum paid.amount per unit within 9 days; adjust with 5 days before; higher is better }
metric value "Value" { ratio of sum paid.amount to count paid within 6 days; higher is better }
metric largest "Largest" { average of max paid.amount per unit within 6 days; higher is better }
metric short "Short" { share of paid within 2 days; higher is better }
experiment button "Button" {
  at page
  because "It is seen"
  owner us
  runs from 2026-01-02 to 2026-01-20
  status running
  unit user
  variant red "Red" 50% { set colour to "red" }
  variant control "Blue" 50% { set colour to "blue" }
  primary pays
  primary revenue
  primary value
  primary largest
  secondary short
  method fixed with level 5% and power 80%
}
experiment list "List" {
  at page
  because "It is read"
  owner us
  exposed by listed
  runs from 2026-01-05 to 2026-01-25
  status running
  unit user
  variant control "Short" 40% { set length to "short" }
  variant long "Long" 30% { set length to "long" }
  variant none "None" 30% { set length to "none" }
  primary pays
  method fixed with level 5% and power 80%
}
experiment later "Later" {
  at page
  because "It comes later"
  owner us
  exposed by listed
  runs from 2026-02-05 to 2026-02-25
  status running
  unit user
  variant control "A" 50% { set later to false }
  variant b "B" 50% { set later to true }
  primary pays
  method fixed with level 5% and power 80%
}
"#;

const DAY: i64 = 86_400;
const START: i64 = 1_767_225_600;

/// A row: seconds since the start, unit, event, arm, cents.
struct Row(i64, u64, &'static str, &'static str, i64);

fn log(seed: u64) -> Vec<Row> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut roll = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let row = |_| {
        let unit = roll(50);
        // many on the borders of days
        let time = roll(28) as i64 * DAY + [0, 1, DAY / 2, DAY - 1][roll(4) as usize];
        match roll(6) {
            0 => Row(time, unit, "View", ["red", "control"][(unit % 2) as usize], 0),
            1 => Row(time, unit, "List", ["control", "long", "none"][(unit / 2 % 3) as usize], 0),
            _ => Row(time, unit, "Pay", "", roll(3) as i64 * 250),
        }
    };
    (0..700).map(row).collect()
}

/// The first exposure of a unit in `[from, to)` days.
fn entered<'r>(rows: &'r [Row], unit: u64, event: &str, (from, to): (i64, i64)) -> Option<&'r Row> {
    let inside = |r: &&Row| r.1 == unit && r.2 == event && (from * DAY..to * DAY).contains(&r.0);
    rows.iter().filter(inside).min_by_key(|r| r.0)
}

/// How much a unit paid, and how often, in `[from, to)`.
fn paid(rows: &[Row], unit: u64, from: i64, to: i64) -> (f64, f64) {
    let hits = rows.iter().filter(|r| r.1 == unit && r.2 == "Pay" && (from..to).contains(&r.0));
    let (cents, times) = hits.fold((0, 0), |(sum, n), r| (sum + r.4, n + 1));
    (cents as f64 / 100.0, f64::from(times))
}

#[test]
fn ages_and_experiments_beside_are_what_the_twin_counts() {
    let model = model(MANIFEST, SPEC);
    let plan = Plan::new(&model);
    assert_eq!(plan.experiments.iter().map(|x| x.beside.len()).collect::<Vec<_>>(), [1, 1, 0]);
    let ages: Vec<(&str, u32)> = plan.experiments[0].measures.iter().map(|m| (m.id.as_str(), m.ages)).collect();
    assert_eq!(ages, [("pays", 6), ("revenue", 9), ("value", 6), ("largest", 0), ("short", 0)]);
    for seed in 0..24 {
        let rows = log(seed);
        let end = rows.iter().map(|r| r.0).max().unwrap();
        let mut csv = "ts,uid,name,arm,amount\n".to_owned();
        for Row(time, unit, event, arm, cents) in &rows {
            let amount = if *event == "Pay" { format!("{}.{:02}", cents / 100, cents % 100) } else { String::new() };
            let stamp = jiff::Timestamp::from_second(START + time).unwrap();
            csv += &format!("{stamp},u{unit},{event},{arm},{amount}\n");
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ev.csv"), csv).unwrap();
        let counts = count(folder.path(), &model, 1 + seed as usize % 6).unwrap();

        let mut expected: BTreeMap<(u32, u32, Cut), Tally> = BTreeMap::new();
        let mut exposed: BTreeMap<(u32, Cut), u64> = BTreeMap::new();
        for unit in 0..50 {
            let Some(first) = entered(&rows, unit, "View", (1, 20)) else { continue };
            let variant = u32::from(first.3 == "red");
            let t0 = first.0;
            let mut add = |measure: u32, cut: Cut, one: Tally| {
                let all = expected.entry((measure, variant, cut)).or_insert_with(|| Tally::empty(one.shape()));
                all.merge(&one).unwrap();
            };
            let share = |did: bool| Tally::Share(Share::new(u64::from(did), 1));
            let mean = |y: f64| {
                let mut mean = Mean::default();
                mean.push(y).unwrap();
                Tally::Mean(mean)
            };
            let pair = |y: f64, x: f64| {
                let mut pair = Pair::default();
                pair.push(y, x).unwrap();
                Tally::Pair(pair)
            };
            for age in 0..9 {
                let (from, to) = (t0 + age * DAY, t0 + (age + 1) * DAY);
                if to > end {
                    break;
                }
                let (sum, times) = paid(&rows, unit, from, to);
                let cut = || Cut::Age(age as u32);
                add(1, cut(), mean(sum));
                if age < 6 {
                    add(0, cut(), share(times > 0.0));
                    add(2, cut(), pair(sum, times));
                }
            }
            if let Some(other) = entered(&rows, unit, "List", (4, 25)) {
                let there = ["control", "long", "none"].iter().position(|a| *a == other.3).unwrap() as u32;
                let cut = || Cut::Beside { with: 0, variant: there };
                *exposed.entry((variant, cut())).or_default() += 1;
                let (sum, times) = paid(&rows, unit, t0, t0 + 6 * DAY + 1);
                let (long, _) = paid(&rows, unit, t0, t0 + 9 * DAY + 1);
                add(0, cut(), share(times > 0.0));
                add(1, cut(), pair(long, paid(&rows, unit, t0 - 5 * DAY, t0).0));
                add(2, cut(), pair(sum, times));
                let largest = rows.iter().filter(|r| r.1 == unit && r.2 == "Pay" && (t0..=t0 + 6 * DAY).contains(&r.0));
                add(3, cut(), mean(largest.map(|r| r.4).max().unwrap_or(0) as f64 / 100.0));
            }
        }
        let x = &counts.experiments[0];
        let counted = x.iter().filter(|(key, _)| matches!(key.cut, Cut::Age(_) | Cut::Beside { .. }));
        let counted: BTreeMap<_, _> =
            counted.map(|(key, tally)| ((key.measure, key.variant, key.cut.clone()), tally.clone())).collect();
        assert_eq!(counted.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "seed {seed}");
        for (key, tally) in &expected {
            assert_eq!(counted.get(key), Some(tally), "seed {seed} {key:?}");
        }
        for ((variant, cut), units) in &exposed {
            assert_eq!(x.exposed(*variant, cut), *units, "seed {seed} {cut:?}");
        }
        // What does not decide is not counted beside others, nor day by day.
        assert!(
            counts.experiments[0]
                .iter()
                .all(|(k, _)| k.measure < 4 || matches!(k.cut, Cut::Total | Cut::Day(_) | Cut::Before))
        );
    }
}
