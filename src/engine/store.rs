//! Where chunks wait until all data is read: in memory up to a bound, beyond it in a file: [`Store`].
//!
//! ```text
//! emitters ─ chunks ─► held in memory ── more than the bound ─► one temporary file, chunk behind chunk
//! partition by partition:  chunks from memory and file, in the order of their parts ─► timelines
//! ```
//!
//! The file has no name, so nothing of it is left behind however the run ends.
use super::error::EngineError;
use super::timeline::{Chunk, Order, PARTITIONS, Record};
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

/// The chunks of all partitions.
pub(super) struct Store {
    bound: usize,
    held: Mutex<Held>,
}

/// What is held where.
struct Held {
    partitions: Vec<Vec<Place>>,
    /// Bytes in memory.
    bytes: usize,
    file: Option<File>,
    written: u64,
    failed: Option<std::io::Error>,
}

/// Where a chunk is.
enum Place {
    Here(Chunk),
    /// In the file, from this byte on.
    There {
        order: Order,
        at: u64,
        keys: usize,
        records: usize,
        values: usize,
    },
}

fn size(chunk: &Chunk) -> usize {
    16 * (chunk.keys.len() + chunk.records.len()) + 8 * chunk.values.len()
}

impl Store {
    /// Returns an empty store that holds about `bound` bytes in memory.
    pub(super) fn new(bound: usize) -> Self {
        let partitions = (0..PARTITIONS).map(|_| Vec::new()).collect();
        let held = Held { partitions, bytes: 0, file: None, written: 0, failed: None };
        Self { bound, held: Mutex::new(held) }
    }

    /// Takes chunks of partitions.
    pub(super) fn add(&self, chunks: impl Iterator<Item = (usize, Chunk)>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        for (partition, chunk) in chunks {
            held.bytes += size(&chunk);
            if let Some(places) = held.partitions.get_mut(partition) {
                places.push(Place::Here(chunk));
            }
        }
        if held.bytes > self.bound
            && held.failed.is_none()
            && let Err(error) = held.spill()
        {
            held.failed = Some(error);
        }
    }

    /// Returns what could not be written, if anything.
    ///
    /// # Errors
    /// As the system says.
    pub(super) fn outcome(&self) -> Result<(), EngineError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.failed.take().map_or(Ok(()), |error| Err(failed(&error)))
    }

    /// Returns the chunks of a partition, and holds them no longer.
    ///
    /// # Errors
    /// When the file cannot be read back.
    pub(super) fn take(&self, partition: usize) -> Result<Vec<Chunk>, EngineError> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let places = held.partitions.get_mut(partition).map(std::mem::take).unwrap_or_default();
        let mut chunks = Vec::with_capacity(places.len());
        for place in places {
            chunks.push(match place {
                Place::Here(chunk) => chunk,
                Place::There { order, at, keys, records, values } => {
                    let mut chunk = held.read(at, (keys, records, values)).map_err(|e| failed(&e))?;
                    chunk.order = order;
                    chunk
                }
            });
        }
        Ok(chunks)
    }
}

fn failed(error: &std::io::Error) -> EngineError {
    let why = error.to_string().to_lowercase();
    EngineError::Unfit(format!(
        "the data is larger than the memory it may take, and the temporary folder does not hold it: {why}; make room \
         there, name another with TMPDIR, or allow more megabytes with WAYPOST_MEMORY"
    ))
}

impl Held {
    /// Writes all chunks in memory to the file.
    fn spill(&mut self) -> Result<(), std::io::Error> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile()?,
        };
        file.seek(SeekFrom::Start(self.written))?;
        let mut out = BufWriter::with_capacity(1 << 20, &file);
        let mut at = self.written;
        for place in self.partitions.iter_mut().flatten() {
            let Place::Here(chunk) = place else { continue };
            chunk.keys.iter().try_for_each(|k| out.write_all(&k.to_le_bytes()))?;
            chunk.records.iter().try_for_each(|r| out.write_all(&r.to_bytes()))?;
            chunk.values.iter().try_for_each(|v| out.write_all(&v.to_le_bytes()))?;
            let (keys, records, values) = (chunk.keys.len(), chunk.records.len(), chunk.values.len());
            let bytes = size(chunk) as u64;
            *place = Place::There { order: chunk.order, at, keys, records, values };
            at += bytes;
        }
        out.flush()?;
        drop(out);
        (self.file, self.written, self.bytes) = (Some(file), at, 0);
        Ok(())
    }

    fn read(&mut self, at: u64, (keys, records, values): (usize, usize, usize)) -> Result<Chunk, std::io::Error> {
        let Some(file) = &mut self.file else { return Err(std::io::ErrorKind::NotFound.into()) };
        file.seek(SeekFrom::Start(at))?;
        let mut bytes = vec![0; 16 * (keys + records) + 8 * values];
        file.read_exact(&mut bytes)?;
        let (first, rest) = bytes.split_at(16 * keys);
        let (second, third) = rest.split_at(16 * records);
        Ok(Chunk {
            order: Order::default(),
            keys: first.as_chunks::<16>().0.iter().map(|b| u128::from_le_bytes(*b)).collect(),
            records: second.as_chunks::<16>().0.iter().map(Record::from_bytes).collect(),
            values: third.as_chunks::<8>().0.iter().map(|b| u64::from_le_bytes(*b)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(n: u64) -> Chunk {
        let part = crate::events::Part { file: 0, part: n };
        let records = (0..n).map(|i| Record::new(i as i64 - 5, i as u32, 3, i as usize)).collect();
        Chunk { order: (0, part, 0), keys: (0..n).map(u128::from).collect(), records, values: vec![n; 3] }
    }

    #[test]
    fn what_is_spilled_comes_back() {
        for bound in [0, 1_000, usize::MAX] {
            let store = Store::new(bound);
            for n in 0..40 {
                store.add([(n as usize % 3, chunk(n))].into_iter());
            }
            store.outcome().unwrap();
            assert_eq!(store.held.lock().unwrap().file.is_some(), bound < usize::MAX);
            for partition in 0..3 {
                let back = store.take(partition).unwrap();
                let there = (0..40).filter(|n| *n as usize % 3 == partition).map(chunk);
                let there: Vec<String> = there.map(|c| format!("{c:?}")).collect();
                assert_eq!(back.iter().map(|c| format!("{c:?}")).collect::<Vec<_>>(), there, "{bound}");
                assert!(store.take(partition).unwrap().is_empty());
            }
        }
    }
}
