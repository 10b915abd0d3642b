//! The engine and a warehouse count the same, to the bit.
use super::peer::Peer;
use super::project::Drawn;
use waypost::engine::{Lines, Options, run};
use waypost::plan::Plan;
use waypost::sql::{Asks, Place, Reading, Row, Script, dialect, script};
use waypost::tally::{AttributionTally, Counts, Cut, Tallies};

/// How many projects; WAYPOST_SQL=all asks for all of them.
#[allow(clippy::disallowed_methods, reason = "how much a test run does is the caller's choice")]
fn seeds() -> u64 {
    if std::env::var("WAYPOST_SQL").is_ok_and(|v| v == "all") { 50 } else { 6 }
}

/// Says where two tallies differ.
fn differences(what: &str, local: &Tallies, there: &Tallies) -> Vec<String> {
    let mut said = Vec::new();
    for (key, tally) in local.iter() {
        match there.get(key.measure, key.variant, &key.cut) {
            Some(other) if other == tally => (),
            other => said.push(format!("{what} {key:?}\n  local {tally:?}\n  there {other:?}")),
        }
    }
    for (key, tally) in there.iter() {
        if local.get(key.measure, key.variant, &key.cut).is_none() {
            said.push(format!("{what} {key:?} only there: {tally:?}"));
        }
    }
    for cut in local.cuts().iter().chain(&there.cuts()) {
        for variant in 0..3 {
            let (a, b) = (local.exposed(variant, cut), there.exposed(variant, cut));
            if a != b {
                said.push(format!("{what} exposed {variant} {cut:?}: {a} {b}"));
            }
        }
    }
    if said_walks(local, there) {
        said.push(format!("{what} walks\n  local {:?}\n  there {:?}", local.steps, there.steps));
    }
    // Clocks that are wrong are looked for in files only.
    let ledger = waypost::tally::Ledger { clock_skew: 0, clocks_unseen: true, ..local.ledger.clone() };
    if ledger != there.ledger {
        said.push(format!("{what} ledger\n  local {ledger:?}\n  there {:?}", there.ledger));
    }
    said
}

/// Returns whether a walk that both count differs.
fn said_walks(local: &Tallies, there: &Tallies) -> bool {
    let differs = |walk: u32| {
        let each =
            |of: &Tallies| (0..3).flat_map(|v| (0..6).map(move |s| of.steps.reached(walk, v, s))).collect::<Vec<_>>();
        there.steps.counts(walk) && each(local) != each(there)
    };
    (0..10).any(differs) || !local.steps.is_empty() && there.steps.is_empty()
}

/// Returns the counts of answers, those of maps and funnels included.
fn counts(plan: &Plan, script: &Script, answers: &[Vec<Row>]) -> Counts {
    let mut reading = Reading::new(plan, script);
    let mut lines = Lines::new(plan, Options::default().memory);
    for (at, rows) in answers.iter().enumerate() {
        for row in rows {
            if let Some(line) = reading.row(at, row).unwrap() {
                lines.unit(&line).unwrap();
            }
        }
    }
    let mut counts = reading.finish().unwrap();
    lines.finish(&Options::default(), &mut counts).unwrap();
    counts
}

/// Says where what is counted of journeys differs.
fn travelled<T: PartialEq + std::fmt::Debug>(what: &str, local: &[T], there: &[T]) -> Vec<String> {
    let pairs = local.iter().zip(there).enumerate().filter(|(_, (a, b))| a != b);
    let mut said: Vec<String> =
        pairs.map(|(at, (a, b))| format!("{what} {at}\n  local {a:?}\n  there {b:?}")).collect();
    if local.len() != there.len() {
        said.push(format!("{what}: {} and {}", local.len(), there.len()));
    }
    said
}

fn same(seed: u64, plan: &Plan, drawn: &Drawn, local: &Counts, there: &Counts) {
    let mut said = Vec::new();
    for ((x, a), b) in plan.experiments.iter().zip(&local.experiments).zip(&there.experiments) {
        said.extend(differences(&x.id, a, b));
    }
    said.extend(travelled("map", &local.maps, &there.maps));
    said.extend(travelled("funnel", &local.funnels, &there.funnels));
    said.extend(travelled("travel", &local.travels, &there.travels));
    let rows = |c: &Counts| {
        let d = &c.data;
        (d.rows, d.used, d.other, d.filtered, d.duplicates, d.rejected(), d.times, d.units, d.consented)
    };
    if rows(local) != rows(there) {
        said.push(format!("data\n  local {:?}\n  there {:?}", rows(local), rows(there)));
    }
    said.truncate(6);
    assert!(said.is_empty(), "seed {seed}\n{}\n{plan}\n{}", said.join("\n"), drawn.spec);
}

fn parity(name: &str) {
    let Some(mut peer) = Peer::start(name) else { return };
    let dialect = dialect(name).unwrap();
    let (mut through, mut outcomes) = (0, 0);
    let (mut aged, mut beside, mut lacking) = (0, 0, 0);
    for seed in 0..seeds() {
        let drawn = Drawn::new(seed);
        let folder = tempfile::tempdir().unwrap();
        let csv = drawn.write(folder.path());
        let model = drawn.model();
        let plan = Plan::whole(&model);
        let local = run(&plan, folder.path(), &Options::default()).unwrap();
        let script = script(&plan, dialect, &|_| Ok(Place::Table(vec!["ev".to_owned()]))).unwrap();
        peer.load("ev", &csv, &drawn.types).unwrap();
        for sql in &script.session {
            peer.run(sql).unwrap_or_else(|why| panic!("{sql}\n{why}"));
        }
        let answers: Vec<_> = script
            .queries
            .iter()
            .map(|q| peer.run(&q.sql).unwrap_or_else(|why| panic!("seed {seed} {}: {why}\n{}", q.id, q.sql)))
            .collect();
        assert!(script.queries.iter().any(|q| matches!(q.asks, Asks::Experiment(_))));
        let there = counts(&plan, &script, &answers);
        same(seed, &plan, &drawn, &local, &there);
        for x in &there.experiments {
            aged += x.iter().filter(|(key, _)| matches!(key.cut, Cut::Age(_))).count();
            beside += x.iter().filter(|(key, _)| matches!(key.cut, Cut::Beside { .. })).count();
            lacking += x.ledger.without_consent.values().sum::<u64>();
        }
        through += there.funnels.iter().flat_map(|f| &f.groups).map(|(_, g)| g.converted).sum::<u64>();
        outcomes += there.travels.iter().flat_map(|t| &t.attributions).map(AttributionTally::outcomes).sum::<u64>();
    }
    assert!(aged > 0 && beside > 0 && lacking > 0, "{aged} {beside} {lacking}");
    assert!(through > 0 && outcomes > 0, "nobody goes through: {through} {outcomes}");
}

#[test]
fn duckdb_counts_what_the_engine_counts() {
    parity("duckdb");
}

#[test]
fn postgres_counts_what_the_engine_counts() {
    parity("postgres");
}

#[test]
fn clickhouse_counts_what_the_engine_counts() {
    parity("clickhouse");
}

#[test]
fn spark_counts_what_the_engine_counts() {
    parity("spark");
}
