//! The engine: a plan and event files become tallies, in one pass.
//!
//! ```text
//! EventReader ─ batches ─► emit: which events is this row?  16-byte records, by the unit's hash ─► 64 partitions
//!                                                                                                      │
//! Counts ◄─ merge ◄─ programs (experiments, maps, funnels) walk each timeline once ◄─ regroup into timelines per unit
//! ```
//!
//! Every unit id is hashed once, to 128 bits; a partition holds all rows of its units, so nothing needs random access
//! beyond one partition. Parts of the data are put in order before they meet, and every sum is exact, so the result is the
//! same, bit for bit, at any number of threads and however the rows are split over files.
mod acc;
mod bind;
mod condition;
mod counted;
mod emit;
mod error;
mod experiment;
mod funnel;
mod identity;
mod lines;
mod map;
mod matcher;
mod names;
mod progress;
mod quick;
mod shapes;
mod store;
mod tallies;
mod ties;
mod timeline;
mod travel;
mod units;

pub use error::EngineError;
pub use lines::Lines;
pub use names::names;
pub use progress::Progress;

use crate::assign::Assigner;
use crate::events::{EventReader, Ledger, Reject, Request, Step};
use crate::payload::Payload;
use crate::plan::{Plan, Source, SourceShape, Wanted};
use crate::tally::{Counts, DataFile, DataTally, Tallies};
use bind::Binding;
use emit::Emitter;
use shapes::Shared;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::Store;
use timeline::PARTITIONS;

/// What is kept of the rows stays in memory up to a gibibyte.
const MEMORY: usize = 1 << 30;

/// How far ahead of now an event may lie before its clock is wrong, in microseconds.
const HOUR: i64 = 3_600_000_000;

/// How to run.
#[derive(Clone, Debug)]
pub struct Options<'p> {
    /// Worker threads; at least one.
    pub threads: usize,
    /// Whether to compute the SHA-256 of each file.
    pub hash: bool,
    /// About how many bytes of what is kept of the rows may stay in memory while the data is read; what is more waits in a
    /// temporary file. Each thread needs about a sixty-fourth of all of it besides.
    pub memory: usize,
    /// The share of rows that may be rejected.
    pub max_bad: f64,
    /// The share of rows that may be rejected for their id or time.
    pub max_bad_keys: f64,
    /// The instant it is, in microseconds since 1970, where the door tells: events more than an hour later count as of
    /// clocks that are wrong, and the data ends now at the latest.
    pub now: Option<i64>,
    /// The payload from which assignments are recomputed, as of running experiments; none: what is logged is believed.
    pub payload: Option<&'p Payload>,
    /// Where to tell how far the run is.
    pub progress: Option<&'p Progress>,
    /// What of the plan is counted.
    pub wanted: Wanted<'p>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            threads: 1,
            hash: true,
            memory: MEMORY,
            max_bad: 0.001,
            max_bad_keys: 0.0,
            now: None,
            payload: None,
            progress: None,
            wanted: Wanted::Everything,
        }
    }
}

/// Counts everything the plan asks, over the data below `root`.
///
/// Maps and funnels are of the manifest's first unit, and so are the experiments that name no other; those on another unit
/// take a pass of their own, over the rows that have its id.
///
/// # Errors
/// When a file cannot be read, no file has a row, too many rows are bad, or a column that the plan needs is in no file.
pub fn run(plan: &Plan, root: &Path, options: &Options<'_>) -> Result<Counts, EngineError> {
    let mut counts = match plan.units.len() {
        0 | 1 => pass(plan, root, options, false)?,
        _ => each_unit(plan, root, options)?,
    };
    for (at, source) in plan.sources.iter().enumerate() {
        if matches!(source.shape, SourceShape::Tallies { .. }) {
            tallies::read(plan, at, root, options, &mut counts)?;
        }
    }
    if counts.data.rows == 0 && !plan.sources.is_empty() {
        return Err(EngineError::NoRows);
    }
    Ok(counts)
}

/// Passes over the data once for each unit that an experiment is on.
fn each_unit(plan: &Plan, root: &Path, options: &Options<'_>) -> Result<Counts, EngineError> {
    let (first, places) = plan.of_unit(0);
    let mut counts = pass(&first, root, options, false)?;
    let counted = std::mem::take(&mut counts.experiments);
    counts.experiments.resize_with(plan.experiments.len(), Default::default);
    let mut fill = |places: Vec<usize>, counted: Vec<Tallies>| {
        for (place, tallies) in places.into_iter().zip(counted) {
            if let Some(slot) = counts.experiments.get_mut(place) {
                *slot = tallies;
            }
        }
    };
    fill(places, counted);
    for unit in 1..plan.units.len() {
        let (part, places) = plan.of_unit(unit);
        if part.experiments.iter().any(|x| options.wanted.experiment(&x.id)) {
            let again = Options { hash: false, ..options.clone() };
            fill(places, pass(&part, root, &again, true)?.experiments);
        }
    }
    Ok(counts)
}

/// Passes over the data once, for the plan's first unit; `lacking` allows rows without its id.
fn pass(plan: &Plan, root: &Path, options: &Options<'_>, lacking: bool) -> Result<Counts, EngineError> {
    let mut shared = Shared::new(plan, assigners(plan, options));
    if plan.sources.iter().any(|s| s.anonymous.is_some()) {
        shared.aliases = Some(identity::Aliases::read(plan, root, options.threads.max(1))?);
    }
    let mut counts = Counts::default();
    counts.experiments.resize_with(plan.experiments.len(), Default::default);
    let store = Store::new(options.memory);
    let events = |source: &Source| !matches!(source.shape, SourceShape::Tallies { .. });
    for (at, _) in plan.sources.iter().enumerate().filter(|(_, source)| events(source)) {
        let binding = Binding::new(plan, at, &shared)?;
        let request = Request { lacking, ..binding.request(options.hash) };
        let reader = EventReader::open(root, request)?;
        let start = || Emitter::new(plan, &binding, &shared, &store);
        let (emitters, mut ledger) = reader.read(options.threads.max(1), start, |emitter, step| match step {
            Step::Batch(batch) => emitter.batch(batch),
            Step::End(part, rows) => {
                emitter.end(part);
                if let Some(progress) = options.progress {
                    progress.read(rows);
                }
            }
        })?;
        let mut emitted = emit::Emitted::default();
        for emitter in emitters {
            emitted.merge(emitter.finish()?);
        }
        if plan.sources.get(at).is_some_and(|s| s.nameless)
            && let Some(rejects) = ledger.rejects.remove(&Reject::NoEvent)
        {
            ledger.other += rejects.count;
        }
        if emitted.without_id > 0 && !lacking {
            return Err(error::without_id(&binding, emitted.without_id));
        }
        error::check(&ledger, options)?;
        binding.check_columns(&ledger)?;
        add_data(&mut counts.data, &ledger, &emitted);
        store.outcome()?;
    }
    walk(plan, &shared, &store, options, &mut counts)?;
    Ok(counts)
}

fn assigners(plan: &Plan, options: &Options<'_>) -> Vec<Option<Assigner>> {
    let Some(payload) = options.payload else { return plan.experiments.iter().map(|_| None).collect() };
    let known = |id: &str| payload.features.get(id).is_some();
    let all = Assigner::many(payload, plan.experiments.iter().map(|x| x.id.as_str()));
    all.into_iter().zip(&plan.experiments).map(|(a, x)| known(&x.id).then_some(a)).collect()
}

/// Walks all partitions, and adds what they hold to the counts.
fn walk(
    plan: &Plan,
    shared: &Shared,
    store: &Store,
    options: &Options<'_>,
    counts: &mut Counts,
) -> Result<(), EngineError> {
    let (shapes, threads) = (shared.shapes(), options.threads.max(1));
    let now = options.now.unwrap_or(i64::MAX);
    // A clock far ahead does not make the data end later; data that lies ahead as a whole was made so.
    let end = counts.data.times.map(|(first, last)| if first <= now { last.min(now) } else { last });
    let next = AtomicUsize::new(0);
    let work = || -> Result<counted::Counted<'_>, EngineError> {
        let mut counted = counted::Counted::new(plan, &shapes, shared, (end, now.saturating_add(HOUR)), options.wanted);
        let mut timelines = timeline::Timelines::default();
        loop {
            let partition = next.fetch_add(1, Ordering::Relaxed);
            if partition >= PARTITIONS {
                return Ok(counted);
            }
            timelines.regroup(store.take(partition)?, &shapes);
            counted.walk(&timelines);
            if let Some(progress) = options.progress {
                progress.walked();
            }
        }
    };
    let parts: Result<Vec<counted::Counted<'_>>, EngineError> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mine = work();
        let rest = others.into_iter().map(|o| o.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        std::iter::once(mine).chain(rest).collect()
    });
    let mut parts = parts?;
    let mut all = parts.swap_remove(0);
    parts.into_iter().for_each(|part| all.merge(part));
    all.finish(shared, counts);
    Ok(())
}

fn add_data(data: &mut DataTally, ledger: &Ledger, emitted: &emit::Emitted) {
    data.rows += ledger.rows;
    data.other += ledger.other + emitted.other;
    data.filtered += emitted.filtered;
    if emitted.asked > 0 {
        let (agreed, asked) = data.consented.unwrap_or_default();
        data.consented = Some((agreed + emitted.agreed, asked + emitted.asked));
    }
    data.used += ledger.given - emitted.other - emitted.filtered - emitted.without_id;
    // only where another unit is counted may rows lack an id
    data.other += emitted.without_id;
    data.times = match (data.times, ledger.times) {
        (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
        (one, other) => one.or(other),
    };
    for (kind, rejects) in &ledger.rejects {
        let (count, places) = data.rejects.entry(kind.words().to_owned()).or_default();
        *count += rejects.count;
        let name = |file: usize| ledger.files.get(file).map_or("", |f| f.name.as_str());
        places.extend(rejects.first.iter().map(|p| format!("{}:{}", name(p.file), p.line)));
        places.truncate(crate::events::FIRST);
    }
    data.files.extend(ledger.files.iter().map(|f| DataFile {
        name: f.name.clone(),
        sha256: f.sha256.clone(),
        bytes: f.bytes,
        rows: f.rows,
        notes: f.notes.clone(),
    }));
}
