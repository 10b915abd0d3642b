//! Small projects counted by hand.
use std::path::Path;
use waypost::engine::{EngineError, Options, run};
use waypost::model::Model;
use waypost::payload::{Stage, build};
use waypost::plan::Plan;
use waypost::source::Sources;
use waypost::tally::{Counts, Cut, Tally, Who};

/// Returns the model of a manifest and a spec; panics with the findings.
pub(super) fn model(manifest: &str, spec: &str) -> Model {
    let mut sources = Sources::default();
    let (read, findings) = waypost::resolve::manifest(sources.add("waypost.yaml", manifest), manifest);
    let read = read.unwrap_or_else(|| panic!("{findings:?}"));
    let parsed = waypost::syntax::parse(sources.add("a.journey", spec), spec);
    let resolution = waypost::resolve::resolve(&read, &[parsed.tree]);
    let said: Vec<_> = parsed.diagnostics.iter().chain(&resolution.diagnostics).map(|d| d.message.clone()).collect();
    resolution.model.unwrap_or_else(|| panic!("{said:?}"))
}

pub(super) fn count(root: &Path, model: &Model, threads: usize) -> Result<Counts, EngineError> {
    // With an even number of threads nothing stays in memory while the data is read.
    let memory = if threads.is_multiple_of(2) { 0 } else { Options::default().memory };
    run(&Plan::new(model), root, &Options { threads, memory, ..Options::default() })
}

pub(super) const SPEC: &str = r#"
journey shop "Buying" {
  for young, old
  starts "A wish"
  ends "A parcel"
  sale at pay
  stage look "Look" {
    phase pre-sale
    target 50% move on within 2 days
    touchpoint page "Page" { channel web; seen by viewed }
  }
  stage buy "Buy" {
    phase sale
    touchpoint pay "Pay" { channel web; seen by paid }
  }
  stage get "Get" {
    phase post-sale
    touchpoint parcel "Parcel" { channel web; seen by delivered; promise within 3 days of pay }
  }
  funnel all "All" {
    steps page > pay > parcel
    within 7 days
    for each persona
  }
}
channel web "Web" { kind online }
team us "Us"
persona young "Young" { share 50%; where age < 30 }
persona old "Old" { share 50%; where age >= 30 }
event viewed { named "View" }
event paid { named "Pay" where status == "ok" }
event delivered { named "Deliver" }
metric pays "Pays" { share of paid within 2 days; higher is better }
metric revenue "Revenue" { average of sum paid.amount per unit within 2 days; higher is better }
metric adjusted "Revenue, adjusted" {
  average of sum paid.amount per unit within 2 days
  adjust with 5 days before
  higher is better
}
metric value "Value" { ratio of sum paid.amount to count paid within 2 days; higher is better }
metric waits "Waits" { time to paid within 2 days; lower is better }
metric median "Median" { quantile 50% of paid.amount within 2 days; higher is better }
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
  secondary revenue, adjusted, value, waits, median
  segments country
  method fixed with level 5% and power 80%
}
"#;

pub(super) const MANIFEST: &str = "
name: t
time_zone: Europe/Lisbon
currency: EUR
units: { user: uid }
attributes: { age: number, country: text }
properties: { amount: money, status: text }
data:
  - events: ev.csv
    time: ts
    event: name
    id: id
    variant: arm
";

const DATA: &str = "\
id,ts,uid,name,arm,age,country,amount,status
1,2026-01-03T10:00:00Z,a,View,control,25,PT,,
2,2026-01-03T11:00:00Z,a,Pay,,,,10.50,ok
2,2026-01-03T11:00:00Z,a,Pay,,,,10.50,ok
3,2026-01-05T10:00:00Z,a,Pay,,,,2.00,ok
4,2026-01-05T10:00:00.000001Z,a,Pay,,,,4.00,ok
5,2026-01-06T10:00:00Z,a,Deliver,,,,,
6,2026-01-01T10:00:00Z,b,Pay,,,,3.00,ok
7,2026-01-03T23:30:00Z,b,View,red,40,ES,,
8,2026-01-04T09:00:00Z,b,Pay,,,,5.00,failed
9,2026-01-04T10:00:00Z,c,View,red,31,PT,,
10,2026-01-04T11:00:00Z,c,View,control,31,PT,,
11,2026-01-04T10:00:00Z,d,View,green,,,,
12,2026-01-01T10:00:00Z,e,View,control,20,PT,,
13,2026-01-18T10:00:00Z,e,View,red,20,PT,,
14,2026-01-18T12:00:00Z,e,Pay,,,,7.00,ok
15,2026-01-18T10:00:00Z,f,Other,,,,,
";

fn tally(counts: &Counts, model: &Model, metric: &str, variant: u32, cut: &Cut) -> Option<Tally> {
    let plan = Plan::new(model);
    let measure = plan.experiments[0].measures.iter().position(|m| m.id == metric).unwrap();
    counts.experiments[0].get(measure as u32, variant, cut).cloned()
}

fn counted() -> (Counts, Model) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ev.csv"), DATA).unwrap();
    let model = model(MANIFEST, SPEC);
    let counts = count(folder.path(), &model, 1).unwrap();
    for threads in 2..5 {
        assert_eq!(count(folder.path(), &model, threads).unwrap(), counts, "{threads} threads");
    }
    (counts, model)
}

#[test]
fn the_rows_add_up() {
    let (counts, _) = counted();
    let data = &counts.data;
    assert!(data.balances(), "{data:?}");
    // One row repeats an id, one is of no event, and one payment failed.
    assert_eq!((data.rows, data.used, data.duplicates, data.conflicts, data.other), (16, 13, 1, 0, 2));
    assert_eq!(data.units, 5);
    assert_eq!(data.files[0].name, "ev.csv");
    assert!(counts.experiments[0].ledger.balances());
}

#[test]
fn the_first_exposure_counts_and_crossing_units_do_not() {
    let (counts, model) = counted();
    let x = &counts.experiments[0];
    // The control comes first: a alone. Red: b, and e, whose exposure before the start does not count.
    assert_eq!((x.exposed(0, &Cut::Total), x.exposed(1, &Cut::Total)), (1, 2));
    assert_eq!(x.ledger.crossed.values().sum::<u64>(), 1);
    assert_eq!(x.ledger.unknown_variants.get("green"), Some(&1));
    // Lisbon's day of 23:30 UTC in winter is the same day.
    let day = |d| Cut::Day(20_454 + d);
    assert_eq!((x.exposed(1, &day(2)), x.exposed(1, &day(17)), x.exposed(0, &day(2))), (1, 1, 1));
    let spain = Cut::Segment { by: 0, value: "ES".to_owned() };
    assert_eq!((x.exposed(1, &spain), x.exposed(0, &spain)), (1, 0));
    let share = |v| match tally(&counts, &model, "pays", v, &Cut::Total) {
        Some(Tally::Share(s)) => (s.x, s.n),
        other => panic!("{other:?}"),
    };
    assert_eq!((share(0), share(1)), ((1, 1), (1, 2)));
}

#[test]
fn windows_hold_their_ends_and_money_is_exact() {
    let (counts, model) = counted();
    let mean = |metric, v| match tally(&counts, &model, metric, v, &Cut::Total) {
        Some(Tally::Mean(m)) => m.sum().to_f64(),
        other => panic!("{other:?}"),
    };
    // 10.50, and 2.00 exactly two days after; 4.00 a microsecond later is out.
    assert_eq!(mean("revenue", 0), 12.5);
    assert_eq!(mean("revenue", 1), 7.0);
    let Some(Tally::Pair(pair)) = tally(&counts, &model, "adjusted", 1, &Cut::Total) else { panic!() };
    assert_eq!((pair.y().sum().to_f64(), pair.x().sum().to_f64(), pair.n()), (7.0, 3.0, 2));
    let Some(Tally::Pair(ratio)) = tally(&counts, &model, "value", 0, &Cut::Total) else { panic!() };
    assert_eq!((ratio.y().sum().to_f64(), ratio.x().sum().to_f64()), (12.5, 2.0));
    let Some(Tally::Values(values)) = tally(&counts, &model, "median", 0, &Cut::Total) else { panic!() };
    assert_eq!(values.sorted(), [2.0, 10.5]);
    let Some(Tally::Times(times)) = tally(&counts, &model, "waits", 1, &Cut::Total) else { panic!() };
    // b is watched for the whole window; e pays after two hours.
    assert_eq!(times.rows().collect::<Vec<_>>(), [(7_200_000, 1, 0), (172_800_000, 0, 1)]);
    let Some(Tally::Mean(before)) = tally(&counts, &model, "adjusted", 1, &Cut::Before) else { panic!() };
    assert_eq!(before.sum().to_f64(), 0.0, "b paid more than two days before");
}

#[test]
fn maps_count_reach_moves_and_promises() {
    let (counts, model) = counted();
    let plan = Plan::new(&model);
    let everybody = counts.maps[0].of(&Who::Everybody).unwrap();
    assert_eq!(everybody.units, 5);
    let reached: Vec<u64> = everybody.touchpoints.iter().map(|t| t.reached).collect();
    assert_eq!(reached, [5, 3, 1]);
    let look = &everybody.stages[0];
    // a within an hour; e only after 17 days; b, c and d never, all of whose time is over.
    assert_eq!((look.reached, look.moved_on, look.left, look.open), (5, 1, 4, 0));
    let parcel = &everybody.touchpoints[2];
    // Promised within three days of paying: a kept; b never; e is still open when the data ends.
    assert_eq!((parcel.due, parcel.kept, parcel.open), (2, 1, 1));
    let young = plan.personas.iter().position(|p| p.id == "young").unwrap();
    let young = counts.maps[0].of(&Who::Persona(young)).unwrap();
    assert_eq!((young.units, young.touchpoints[1].reached), (2, 2));
    assert_eq!(counts.maps[0].of(&Who::Unknown).unwrap().units, 1, "nothing is known of d");
}

#[test]
fn funnels_keep_their_ledger() {
    let (counts, _) = counted();
    let funnel = counts.funnels[0].of(&Who::Everybody).unwrap();
    assert!(funnel.balances(), "{funnel:?}");
    assert_eq!((funnel.seen, funnel.entrants), (5, 5));
    assert_eq!(funnel.reached, [5, 2, 1]);
    // Of the deepest attempts, that of e began two hours before the end.
    assert_eq!((funnel.converted, funnel.open, funnel.dropped.clone()), (1, 1, vec![3, 0, 0]));
    let sum: u64 = counts.funnels[0].groups.iter().filter(|(w, _)| *w != Who::Everybody).map(|(_, g)| g.entrants).sum();
    assert_eq!(sum, 5, "each unit is in one group");
}

#[test]
fn a_logged_variant_is_compared_with_the_recomputed_one() {
    let folder = tempfile::tempdir().unwrap();
    let model = model(MANIFEST, SPEC);
    let payload = build(&model, Stage::Running);
    let assigner = waypost::assign::Assigner::new(&payload, "button");
    let mut data = "id,ts,uid,name,arm,age,country,amount,status\n".to_owned();
    let mut by_arm = std::collections::BTreeMap::new();
    for i in 0..400 {
        let unit = format!("u{i}");
        let given = assigner.assign(waypost::assign::UnitId::new(&unit).unwrap(), &()).variant.unwrap();
        *by_arm.entry(given).or_insert(0_u64) += 1;
        let logged = match i % 4 {
            0 => "",
            1 if i == 1 => ["red", "control"][usize::from(given == "red")],
            _ => given,
        };
        data += &format!("{i},2026-01-03T10:00:00Z,{unit},View,{logged},,,,\n");
    }
    std::fs::write(folder.path().join("ev.csv"), data).unwrap();
    let options = Options { payload: Some(&payload), ..Options::default() };
    let counts = run(&Plan::new(&model), folder.path(), &options).unwrap();
    let x = &counts.experiments[0];
    assert_eq!((x.ledger.compared, x.ledger.disagreed), (300, 1));
    let total = x.exposed(0, &Cut::Total) + x.exposed(1, &Cut::Total);
    assert_eq!(total, 400, "units without a logged variant count in the recomputed one");
}

#[test]
fn too_much_dirt_is_an_error_that_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let model = model(MANIFEST, SPEC);
    let write = |extra: &str| std::fs::write(folder.path().join("ev.csv"), DATA.to_owned() + extra).unwrap();
    write("20,yesterday,a,View,red,,,,\n");
    let error = count(folder.path(), &model, 2).unwrap_err().to_string();
    assert!(error.contains("ev.csv:18") && error.contains("not a time"), "{error}");
    let plan = Plan::new(&model);
    let options = Options { max_bad: 0.1, max_bad_keys: 0.1, ..Options::default() };
    let counts = run(&plan, folder.path(), &options).unwrap();
    assert_eq!(counts.data.rejects["not a time"], (1, vec!["ev.csv:18".to_owned()]));
    assert!(counts.data.balances());
    std::fs::write(folder.path().join("ev.csv"), "id,ts,uid,name,arm,age,country,amount,status\n").unwrap();
    assert_eq!(count(folder.path(), &model, 1).unwrap_err(), EngineError::NoRows);
    std::fs::write(folder.path().join("ev.csv"), DATA.replace("amount", "price")).unwrap();
    let error = count(folder.path(), &model, 1).unwrap_err().to_string();
    assert!(error.contains("no file of `ev.csv` has the column `amount`"), "{error}");
}

#[test]
fn the_plan_explains_itself() {
    let text = Plan::new(&model(MANIFEST, SPEC)).to_string();
    for line in [
        "read ev.csv: events at `ts` named by `name`, once for each `id`",
        "event paid: \"Pay\" where status == \"ok\"",
        "  stage look: those who reach buy within 2 days",
        "    parcel seen by delivered, promised within 3 days of paid",
        "experiment button: first viewed in [2026-01-02T00:00:00Z, 2026-01-21T00:00:00Z)",
        "  variants control, red",
        "  2 adjusted: sum paid.amount within 2 days, with the 5 days before -> Pair",
        "  by country at exposure",
    ] {
        assert!(text.lines().any(|l| l == line), "`{line}` is not in\n{text}");
    }
}
