//! Records by partition, and the timelines they become: [`Chunk`], [`Timelines`].
//!
//! ```text
//! chunk (one part of the data, one partition):  keys [u128]   records {time, unit|shape|values}   values [u64]
//! partition, chunks in order of their parts ─► unit numbers over all chunks ─► counting sort by unit (stable)
//!   ─► each unit's entries by time (stable) ─► duplicates by row id dropped
//! ```
use super::shapes::{Shapes, Slot};
use super::units::Units;
use crate::events::Part;
use std::collections::HashMap;

/// How many partitions units are dealt to.
pub(super) const PARTITIONS: usize = 64;

/// How many shapes, units and values a chunk can point to; it may have as many rows as units.
pub(super) const MOST_SHAPES: u64 = 1 << 18;
pub(super) const MOST_ROWS: usize = 1 << 19;
pub(super) const MOST_VALUES: usize = 1 << 25;

/// One row of a partition: 16 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub(super) time: i64,
    /// 21 bits unit (of which 19 are used), 18 bits shape, 25 bits place of the first value, all within the chunk.
    code: u64,
}

impl Record {
    pub(super) fn new(time: i64, unit: u32, shape: u32, value: usize) -> Self {
        Self { time, code: u64::from(unit) << 43 | u64::from(shape) << 25 | value as u64 }
    }

    pub(super) fn to_bytes(self) -> [u8; 16] {
        (u128::from(self.time as u64) | u128::from(self.code) << 64).to_le_bytes()
    }

    pub(super) fn from_bytes(bytes: &[u8; 16]) -> Self {
        let wide = u128::from_le_bytes(*bytes);
        Self { time: wide as u64 as i64, code: (wide >> 64) as u64 }
    }

    fn unit(self) -> usize {
        (self.code >> 43) as usize
    }

    fn shape(self) -> u64 {
        self.code >> 25 & (MOST_SHAPES - 1)
    }

    fn value(self) -> u64 {
        self.code & (MOST_VALUES as u64 - 1)
    }
}

/// Which part of the data: the source, the part of it, and how often the chunk was full before.
pub(super) type Order = (usize, Part, u32);

/// The rows of one part of the data that fall into one partition.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// Which part.
    pub(super) order: Order,
    pub(super) keys: Vec<u128>,
    pub(super) records: Vec<Record>,
    pub(super) values: Vec<u64>,
}

/// One event of a unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) time: i64,
    /// 24 bits shape, 40 bits place of the first value.
    code: u64,
}

impl Entry {
    #[inline]
    pub(super) fn shape(self) -> usize {
        (self.code >> 40) as usize
    }

    #[inline]
    fn value(self) -> usize {
        (self.code & ((1 << 40) - 1)) as usize
    }
}

/// The timelines of one partition; its buffers are used again for the next.
#[derive(Debug, Default)]
pub(super) struct Timelines {
    units: Units,
    entries: Vec<Entry>,
    values: Vec<u64>,
    /// Where each unit's entries end.
    ends: Vec<usize>,
    /// For each unit, how many entries were dropped as duplicates.
    pub(super) duplicates: u64,
    pub(super) conflicts: u64,
}

impl Timelines {
    /// Takes the chunks of a partition.
    pub(super) fn regroup(&mut self, mut chunks: Vec<Chunk>, shapes: &Shapes) {
        chunks.sort_by_key(|c| c.order);
        (self.duplicates, self.conflicts) = (0, 0);
        self.units.clear();
        self.values.clear();
        self.ends.clear();
        let numbers: Vec<Vec<u32>> =
            chunks.iter().map(|c| c.keys.iter().map(|k| self.units.number(*k)).collect()).collect();
        self.ends.resize(self.units.len() + 1, 0);
        for (chunk, numbers) in chunks.iter().zip(&numbers) {
            for record in &chunk.records {
                if let Some(count) = numbers.get(record.unit()).and_then(|n| self.ends.get_mut(*n as usize + 1)) {
                    *count += 1;
                }
            }
        }
        // Prefix sums: `ends[u]` is where unit u starts, and after the scatter where it ends.
        let total = self.ends.iter_mut().fold(0, |sum, count| {
            *count += sum;
            *count
        });
        self.entries.clear();
        self.entries.resize(total, Entry { time: 0, code: 0 });
        for (chunk, numbers) in chunks.into_iter().zip(&numbers) {
            let base = self.values.len() as u64;
            self.values.extend_from_slice(&chunk.values);
            for record in &chunk.records {
                let Some(place) = numbers.get(record.unit()).and_then(|n| self.ends.get_mut(*n as usize)) else {
                    continue;
                };
                if let Some(entry) = self.entries.get_mut(*place) {
                    *entry = Entry { time: record.time, code: record.shape() << 40 | (base + record.value()) };
                }
                *place += 1;
            }
        }
        self.ends.pop();
        self.sort();
        if shapes.list.iter().any(|(s, _)| s.has_id) {
            self.drop_repeated(shapes);
        }
    }

    fn sort(&mut self) {
        let mut start = 0;
        for end in &self.ends {
            if let Some(line) = self.entries.get_mut(start..*end)
                && !line.is_sorted_by_key(|e| e.time)
            {
                line.sort_by_key(|e| e.time);
            }
            start = *end;
        }
    }

    /// Drops all but the first entry of each row id of a unit.
    fn drop_repeated(&mut self, shapes: &Shapes) {
        let mut seen: HashMap<u64, Entry> = HashMap::new();
        let (mut kept, mut start) = (0, 0);
        for end in &mut self.ends {
            seen.clear();
            for at in start..*end {
                let Some(entry) = self.entries.get(at).copied() else { continue };
                let id = id_of(&self.values, shapes, entry);
                if let Some(known) = id.and_then(|id| seen.get(&id)) {
                    // rows without consent were never among those used
                    let counted = u64::from(shapes.list.get(entry.shape()).is_some_and(|(s, _)| !s.refused));
                    self.duplicates += counted;
                    self.conflicts += counted * u64::from(!same(&self.values, shapes, *known, entry));
                    continue;
                }
                if let Some(id) = id {
                    seen.insert(id, entry);
                }
                if let Some(place) = self.entries.get_mut(kept) {
                    *place = entry;
                }
                kept += 1;
            }
            start = *end;
            *end = kept;
        }
        self.entries.truncate(kept);
    }

    /// Returns each unit's key, in the order of [`Timelines::iter`].
    pub(super) fn keys(&self) -> &[u128] {
        self.units.keys()
    }

    /// Returns each unit's entries, by time.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[Entry]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.entries.get(start..*end).unwrap_or(&[]))
    }

    /// Returns the value at a place among those of an entry.
    #[inline]
    pub(super) fn value(&self, entry: Entry, place: usize) -> u64 {
        self.values.get(entry.value() + place).copied().unwrap_or(u64::MAX)
    }
}

fn id_of(values: &[u64], shapes: &Shapes, entry: Entry) -> Option<u64> {
    let place = shapes.place(entry.shape(), Slot::RowId)?;
    values.get(entry.value() + place).copied().filter(|id| *id != 0)
}

/// Returns whether two entries of one id say the same.
fn same(values: &[u64], shapes: &Shapes, a: Entry, b: Entry) -> bool {
    let slots = |e: Entry| {
        let count = shapes.list.get(e.shape()).map_or(0, |(_, slots)| slots.len());
        values.get(e.value()..e.value() + count)
    };
    a.time == b.time && a.shape() == b.shape() && slots(a) == slots(b)
}
