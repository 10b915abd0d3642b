//! The engine against a twin that looks at every row for every question; and against itself over formats, splits, threads.
use super::events::{csv_of, ndjson_of, parquet_of};
use super::spine::{MANIFEST, SPEC, count, model};
use std::collections::{BTreeMap, BTreeSet};
use waypost::model::Model;
use waypost::plan::Plan;
use waypost::tally::{Counts, Cut, Tally, Who};

/// A row: time in minutes since the start, unit, event, arm, amount in cents.
#[derive(Clone, Debug)]
struct Row {
    minute: i64,
    unit: u64,
    event: &'static str,
    arm: &'static str,
    cents: Option<i64>,
    status: &'static str,
    age: Option<i64>,
}

const DAY: i64 = 24 * 60;
const START: i64 = 1_767_225_600;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn log(seed: u64) -> Vec<Row> {
    let mut dice = Dice(seed);
    let row = |dice: &mut Dice| {
        let unit = dice.roll(40);
        let minute = dice.roll(24) as i64 * DAY + dice.roll(3) as i64 * 60;
        let (event, arm) = match dice.roll(6) {
            0 | 1 => (
                "View",
                if dice.roll(20) == 0 {
                    ["red", "control", "green"][dice.roll(3) as usize]
                } else {
                    ["red", "control"][(unit % 2) as usize]
                },
            ),
            2 | 3 => ("Pay", ""),
            4 => ("Deliver", ""),
            _ => ("Else", ""),
        };
        let cents = (event == "Pay").then(|| dice.roll(10_000) as i64 - 500);
        let status = if event == "Pay" { ["ok", "ok", "failed"][dice.roll(3) as usize] } else { "" };
        let age = (dice.roll(3) == 0).then_some(20 + (unit as i64 % 20));
        Row { minute, unit, event, arm, cents, status, age }
    };
    (0..600).map(|_| row(&mut dice)).collect()
}

fn cells(i: usize, r: &Row) -> Vec<String> {
    let stamp = jiff::Timestamp::from_second(START + r.minute * 60).unwrap();
    let money = |c: i64| format!("{}{}.{:02}", if c < 0 { "-" } else { "" }, c.abs() / 100, c.abs() % 100);
    vec![
        format!("r{i}"),
        stamp.to_string(),
        format!("u{}", r.unit),
        r.event.to_owned(),
        r.arm.to_owned(),
        r.age.map_or_else(String::new, |a| a.to_string()),
        "PT".to_owned(),
        r.cents.map_or_else(String::new, money),
        r.status.to_owned(),
    ]
}

const NAMES: [&str; 9] = ["id", "ts", "uid", "name", "arm", "age", "country", "amount", "status"];

/// What the twin says of one variant: units, payers, revenue and its squares in cents, cents before exposure.
#[derive(Debug, Default, PartialEq)]
struct Arm {
    units: u64,
    payers: u64,
    cents: i64,
    square: i64,
    before: i64,
}

fn twin(rows: &[Row]) -> (BTreeMap<&'static str, Arm>, u64, [u64; 3]) {
    let (mut arms, mut crossed, mut reached) = (BTreeMap::<_, Arm>::new(), 0, [0; 3]);
    for unit in 0..40 {
        let mine: Vec<&Row> = rows.iter().filter(|r| r.unit == unit).collect();
        let paid = |r: &&&Row| r.event == "Pay" && r.status == "ok";
        for (step, count) in reached.iter_mut().enumerate() {
            *count += u64::from(mine.iter().any(|r| match step {
                0 => r.event == "View",
                1 => paid(&r),
                _ => r.event == "Deliver",
            }));
        }
        let inside = |r: &&&Row| r.event == "View" && (DAY..20 * DAY).contains(&r.minute);
        let seen: BTreeSet<&str> = mine.iter().filter(inside).map(|r| r.arm).collect();
        let Some(first) = mine.iter().filter(inside).map(|r| r.minute).min() else { continue };
        if seen.len() > 1 {
            crossed += 1;
            continue;
        }
        let arm = seen.into_iter().next().unwrap();
        if arm == "green" {
            continue;
        }
        let sum = |from: i64, to: i64| -> (i64, u64) {
            let hits = mine.iter().filter(paid).filter(|r| (from..=to).contains(&r.minute));
            hits.fold((0, 0), |(sum, n), r| (sum + r.cents.unwrap(), n + 1))
        };
        let (cents, times) = sum(first, first + 2 * DAY);
        let of = arms.entry(arm).or_default();
        of.units += 1;
        of.payers += u64::from(times > 0);
        of.cents += cents;
        of.square += cents * cents;
        of.before += sum(first - 5 * DAY, first - 1).0;
    }
    (arms, crossed, reached)
}

fn arm(counts: &Counts, model: &Model, variant: u32) -> Arm {
    let plan = Plan::new(model);
    let get = |metric: &str| {
        let at = plan.experiments[0].measures.iter().position(|m| m.id == metric).unwrap();
        counts.experiments[0].get(at as u32, variant, &Cut::Total).cloned()
    };
    let (Some(Tally::Share(pays)), Some(Tally::Mean(revenue)), Some(Tally::Pair(pair))) =
        (get("pays"), get("revenue"), get("adjusted"))
    else {
        return Arm::default();
    };
    let cents = |x: f64| (x * 100.0).round() as i64;
    Arm {
        units: counts.experiments[0].exposed(variant, &Cut::Total),
        payers: pays.x,
        cents: cents(revenue.sum().to_f64()),
        square: (revenue.squares().unwrap().to_f64() * 10_000.0).round() as i64,
        before: cents(pair.x().sum().to_f64()),
    }
}

#[test]
fn the_engine_says_what_its_twin_says() {
    let model = model(MANIFEST, SPEC);
    for seed in 0..40 {
        let rows = log(seed);
        let folder = tempfile::tempdir().unwrap();
        let table: Vec<Vec<String>> = rows.iter().enumerate().map(|(i, r)| cells(i, r)).collect();
        std::fs::write(folder.path().join("ev.csv"), csv_of(&NAMES, &table)).unwrap();
        let counts = count(folder.path(), &model, 1 + seed as usize % 8).unwrap();
        let (arms, crossed, reached) = twin(&rows);
        let x = &counts.experiments[0];
        assert_eq!(x.ledger.crossed.values().sum::<u64>(), crossed, "seed {seed}");
        for (variant, name) in [(0, "control"), (1, "red")] {
            assert_eq!(&arm(&counts, &model, variant), arms.get(name).unwrap_or(&Arm::default()), "seed {seed} {name}");
        }
        let map = counts.maps[0].of(&Who::Everybody).unwrap();
        assert_eq!(map.touchpoints.iter().map(|t| t.reached).collect::<Vec<_>>(), reached, "seed {seed}");
        assert!(counts.data.balances());
        assert!(counts.funnels[0].groups.iter().all(|(_, g)| g.balances()));
    }
}

#[test]
fn formats_splits_order_and_threads_do_not_matter() {
    let model = model(&MANIFEST.replace("ev.csv", "\"ev*\""), SPEC);
    let mut dice = Dice(99);
    for seed in 100..112 {
        let rows = log(seed);
        let table: Vec<Vec<String>> = rows.iter().enumerate().map(|(i, r)| cells(i, r)).collect();
        let mut first: Option<Counts> = None;
        for round in 0..8 {
            let folder = tempfile::tempdir().unwrap();
            let mut rest = table.clone();
            if round >= 4 {
                // Another order of rows, and some delivered twice.
                rest.sort_by_cached_key(|_| dice.roll(1 << 20));
                rest.extend(table.iter().step_by(7).cloned());
            }
            for file in 0.. {
                let size = (1 + dice.roll(400) as usize).min(rest.len());
                let part: Vec<_> = rest.drain(..size).collect();
                let bytes = match dice.roll(3) {
                    0 => (csv_of(&NAMES, &part), "csv"),
                    1 => (ndjson_of(&NAMES, &part), "ndjson"),
                    _ => (parquet_of(&NAMES, &part, 1 + dice.roll(90) as usize), "parquet"),
                };
                std::fs::write(folder.path().join(format!("ev{file:03}.{}", bytes.1)), bytes.0).unwrap();
                if rest.is_empty() {
                    break;
                }
            }
            let mut counts = count(folder.path(), &model, 1 + round).unwrap();
            assert_eq!(counts.data.duplicates > 0, round >= 4);
            counts.data = Default::default();
            for tallies in &mut counts.experiments {
                (tallies.ledger.rows, tallies.ledger.used, tallies.ledger.duplicates) = (0, 0, 0);
            }
            match &first {
                None => first = Some(counts),
                Some(first) => assert!(*first == counts, "seed {seed} round {round}"),
            }
        }
    }
}
