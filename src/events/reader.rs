//! The one reader of event files: [`EventReader`].
use super::column::Column;
use super::error::ReadError;
use super::files::{self, Entry};
use super::format::Format;
use super::ledger::{FileLedger, Ledger, Place};
use super::queue::{Job, Queue};
use super::rows::{PartLedger, Sink};
use super::time::EpochUnit;
use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// What to read, and how it is written.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// File patterns, from the root.
    pub patterns: Vec<String>,
    /// The format, where the names do not tell it.
    pub format: Option<Format>,
    /// The separator of cells, where it is not the format's own.
    pub separator: Option<u8>,
    /// The time zone of local times.
    pub zone: Option<TimeZone>,
    /// The unit of times that are numbers.
    pub unit: Option<EpochUnit>,
    /// Rows with fewer cells than the header are good: the missing ones are empty.
    pub ragged: bool,
    /// The columns to decode, in the order they are given.
    pub columns: Vec<Column>,
    /// The event names to give; rows of others are counted and left out. Nothing: all.
    pub names: Option<BTreeSet<String>>,
    /// Rows without an id are passed over as others are, instead of being rejected.
    pub lacking: bool,
    /// Whether to compute the SHA-256 of each file.
    pub hash: bool,
}

/// A numbered part of the data: a block of text or a row group. Parts are ordered as the files and the rows in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The file's position.
    pub file: usize,
    /// The part's position in it.
    pub part: u64,
}

/// What a worker is given, in this order for each part: its batches, then its end.
pub enum Step<'a> {
    /// Rows of the part at hand, in order.
    Batch(&'a RecordBatch),
    /// The part at hand is complete: which one it was, and how many rows it had.
    End(Part, u64),
}

/// Reads the files of a [`Request`].
///
/// Guarantees: every row is given, counted as of another event, or rejected under a kind with its place; the rows of a part
/// come in file order whatever the number of threads.
#[derive(Debug)]
pub struct EventReader {
    pub(super) entries: Vec<Entry>,
    pub(super) request: Request,
    pub(super) schema: SchemaRef,
}

impl EventReader {
    /// Finds the files.
    ///
    /// # Errors
    /// As the request cannot be met: a pattern that finds nothing, a file that cannot be opened or is of no known format.
    pub fn open(root: &Path, request: Request) -> Result<Self, ReadError> {
        let entries = files::expand(root, &request.patterns, request.format)?;
        let schema = Arc::new(Schema::new(request.columns.iter().map(Column::field).collect::<Vec<_>>()));
        Ok(Self { entries, request, schema })
    }

    /// Returns the files, in reading order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Reads everything with `threads` workers, each with a state that `start` makes and `each` feeds; returns the states
    /// and what became of the rows.
    ///
    /// # Errors
    /// The first file, in reading order, that cannot be read. What `each` was given before is then void.
    pub fn read<S: Send>(
        &self,
        threads: usize,
        start: impl Fn() -> S + Sync,
        each: impl Fn(&mut S, Step<'_>) + Sync,
    ) -> Result<(Vec<S>, Ledger), ReadError> {
        let queue = Mutex::new(Queue::new(self));
        let work = || {
            let (mut state, mut sink) = (start(), Sink::new(self));
            let (mut block, mut parts) = (Vec::new(), Vec::new());
            loop {
                let Some(job) = lock(&queue).next(&mut block) else { break };
                let part = job.part();
                match self.run(job, &block, &mut sink, &mut |step| each(&mut state, step)) {
                    Ok(ledger) => parts.push(ledger),
                    Err(error) => lock(&queue).fail(part.file, error),
                }
            }
            (state, parts)
        };
        let results = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads.max(1)).map(|_| scope.spawn(work)).collect();
            let mut results = vec![work()];
            for other in others {
                match other.join() {
                    Ok(result) => results.push(result),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            results
        });
        lock(&queue).outcome()?;
        let (states, parts): (Vec<S>, Vec<Vec<PartLedger>>) = results.into_iter().unzip();
        Ok((states, self.ledger(parts.into_iter().flatten().collect())?))
    }

    fn run(
        &self,
        job: Job,
        block: &[u8],
        sink: &mut Sink<'_>,
        each: &mut dyn FnMut(Step<'_>),
    ) -> Result<PartLedger, ReadError> {
        let part = job.part();
        let name = self.entries.get(part.file).map_or("", |e| e.name.as_str());
        let ledger = match job {
            Job::Text(text) => {
                let ledger = text.read(block, sink).map_err(|(line, m)| ReadError::new(name, m).at(line))?;
                let batch = sink.batch().map_err(|e| ReadError::new(name, format!("cannot be decoded: {e}")))?;
                if batch.num_rows() > 0 {
                    each(Step::Batch(&batch));
                }
                ledger
            }
            Job::Group(group, _) => {
                let mut ledger = PartLedger::new(part);
                group.read(sink, &mut ledger, &mut |batch| each(Step::Batch(batch)))?;
                ledger
            }
        };
        each(Step::End(part, ledger.rows));
        Ok(ledger)
    }

    fn ledger(&self, mut parts: Vec<PartLedger>) -> Result<Ledger, ReadError> {
        parts.sort_by_key(|p| p.part);
        let mut ledger = Ledger::default();
        for entry in &self.entries {
            let sha256 = if self.request.hash && entry.name != "-" { Some(files::sha256(entry)?) } else { None };
            let (name, bytes) = (entry.name.clone(), entry.bytes);
            ledger.files.push(FileLedger { name, bytes, sha256, ..FileLedger::default() });
        }
        let (mut file, mut line) = (usize::MAX, 0);
        for part in parts {
            if part.part.file != file {
                (file, line) = (part.part.file, 0);
            }
            ledger.rows += part.rows;
            ledger.given += part.given;
            ledger.other += part.other;
            ledger.saw(part.times);
            for (kind, (count, lines)) in part.rejects {
                ledger.reject(kind, count, lines.into_iter().map(|l| Place { file, line: line + l }));
            }
            if let Some(of_file) = ledger.files.get_mut(file) {
                of_file.rows += part.rows;
                merge(&mut of_file.absent, part.absent);
                merge(&mut of_file.notes, part.notes);
            }
            line += part.lines;
        }
        Ok(ledger)
    }
}

fn merge(into: &mut Vec<String>, from: Vec<String>) {
    for item in from {
        if !into.contains(&item) {
            into.push(item);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
