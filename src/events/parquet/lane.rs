//! The fast way through a row group: [`Lane`].
//!
//! ```text
//! slab of rows:  event ─ codes ─► wanted? ─┐
//!                time ──────────► good?  ──┴─► places of the wanted rows ─► every other column, at these places only
//!                                                                                    │
//!                                                        faulty rows are taken out ◄─┘ ─► batch
//! ```
//!
//! Names and texts are looked up once for each word of a dictionary, not for each row. Rows nobody asked for cost the code
//! of their event, their time, and a look at whether their id is there.
use super::super::column::Cells;
use super::super::error::ReadError;
use super::super::ledger::Reject;
use super::super::rows::{PartLedger, Sink};
use super::feed::{Feed, Form};
use super::pages::fits;
use super::{Table, reason};
use arrow_array::RecordBatch;
use std::fs::File;
use std::sync::Arc;

/// Rows of a slab.
const ROWS: usize = 1 << 14;

/// What a row is so far. Odd ones have a cell in every column.
pub(super) mod state {
    /// Nobody asked for its event.
    pub(in super::super) const OTHER: u8 = 0;
    /// Asked for, and good.
    pub(in super::super) const WANTED: u8 = 1;
    /// Rejected before any column was filled, or never asked for.
    pub(in super::super) const OUT: u8 = 2;
    /// Rejected after that.
    pub(in super::super) const FAULTY: u8 = 3;
}

/// What is known of the rows at hand; used again for the next.
#[derive(Default)]
pub(super) struct Slab {
    /// Which slab of the row group, from 1.
    pub(super) number: u32,
    pub(super) states: Vec<u8>,
    pub(super) times: Vec<i64>,
    /// The code of each row's event.
    pub(super) codes: Vec<i32>,
    /// The rows that get a cell in every column.
    pub(super) places: Vec<u32>,
    faults: Vec<(u32, Reject)>,
}

impl Slab {
    fn start(&mut self, rows: usize) {
        self.number += 1;
        self.states.clear();
        self.states.resize(rows, state::WANTED);
        self.times.clear();
        self.codes.clear();
        self.places.clear();
        self.faults.clear();
    }

    /// Rejects a row; the first reason counts.
    #[cold]
    pub(super) fn refuse(&mut self, row: u32, kind: Reject) {
        let given_places = !self.places.is_empty();
        if let Some(state) = self.states.get_mut(row as usize).filter(|s| **s < state::OUT) {
            *state = if given_places && *state == state::WANTED { state::FAULTY } else { state::OUT };
            self.faults.push((row, kind));
        }
    }

    /// Gives the wanted rows their places; without a branch, since who is wanted follows no pattern.
    fn place(&mut self) {
        self.places.resize(self.states.len(), 0);
        let mut count = 0;
        for (row, state) in (0_u32..).zip(&self.states) {
            if let Some(place) = self.places.get_mut(count) {
                *place = row;
            }
            count += usize::from(*state == state::WANTED);
        }
        self.places.truncate(count);
    }

    /// Returns the values of the rows that have a place.
    fn at_places<'s, T: Copy + Default>(&'s self, from: &'s [T]) -> impl Iterator<Item = T> + 's {
        self.places.iter().map(|p| from.get(*p as usize).copied().unwrap_or_default())
    }

    /// Returns the first and the last time of the good rows.
    fn span(&self) -> Option<(i64, i64)> {
        let good = self.times.iter().zip(&self.states).filter(|(_, s)| **s < state::OUT).map(|(t, _)| *t);
        if self.faults.is_empty() {
            let ends = |(a, b): (i64, i64), t: &i64| (a.min(*t), b.max(*t));
            let (fours, rest) = self.times.as_chunks::<4>();
            // four at a time, since each waits for none of the others
            let start = *self.times.first()?;
            let mut lanes = [(start, start); 4];
            fours.iter().for_each(|four| lanes.iter_mut().zip(four).for_each(|(lane, t)| *lane = ends(*lane, t)));
            return Some(
                lanes.into_iter().fold(rest.iter().fold((start, start), ends), |(a, b), (c, d)| (a.min(c), b.max(d))),
            );
        }
        good.fold(None, |span, t| Some(span.map_or((t, t), |(a, b): (i64, i64)| (a.min(t), b.max(t)))))
    }
}

/// A row group, column by column.
pub(super) struct Lane<'t> {
    table: &'t Table,
    feeds: Vec<Option<Feed>>,
    rows: usize,
}

impl<'t> Lane<'t> {
    /// Returns the lane through a row group; nothing when a column is stored in a form it does not read.
    pub(super) fn open(
        table: &'t Table,
        index: usize,
        file: &Arc<File>,
        sink: &mut Sink<'_>,
    ) -> Option<Result<Self, String>> {
        let group = table.meta.metadata().row_groups().get(index)?;
        let mut forms = Vec::new();
        for (place, column) in table.places.iter().zip(&sink.request.columns) {
            forms.push(match place {
                None => None,
                Some((name, stored)) => {
                    let leaf = table.leaf(name).filter(|leaf| fits(group, *leaf))?;
                    let form = Form::of(table, leaf, stored).filter(|form| form.fits(column.kind))?;
                    Some((leaf, form, column.kind))
                }
            });
        }
        let mut feeds = Vec::new();
        for form in forms {
            let feed = form.map(|(leaf, form, kind)| Feed::open((file, group, leaf), form, kind, &mut sink.clock));
            match feed.transpose() {
                Ok(feed) => feeds.push(feed),
                Err(cause) => return Some(Err(cause)),
            }
        }
        let rows = usize::try_from(group.num_rows()).unwrap_or(0);
        Some(Ok(Self { table, feeds, rows }))
    }

    /// Reads the row group.
    ///
    /// # Errors
    /// When the file is broken.
    pub(super) fn read(
        mut self,
        sink: &mut Sink<'_>,
        ledger: &mut PartLedger,
        each: &mut dyn FnMut(&RecordBatch),
    ) -> Result<(), ReadError> {
        let name = self.table.entry.name.as_str();
        let fail = |cause: String| ReadError::new(name, reason(&cause));
        let mut slab = Slab::default();
        let mut left = self.rows;
        while left > 0 {
            let rows = left.min(ROWS);
            left -= rows;
            slab.start(rows);
            self.slab(&mut slab, sink).map_err(fail)?;
            account(&mut slab, sink, ledger);
            if sink.rows() > 0 {
                each(&sink.batch().map_err(|e| fail(e.to_string()))?);
            }
        }
        Ok(())
    }

    /// Fills the columns with the wanted rows of a slab.
    fn slab(&mut self, slab: &mut Slab, sink: &mut Sink<'_>) -> Result<(), String> {
        let (event, time, key) = (sink.event, sink.time, sink.key);
        if let Some(Some(feed)) = event.and_then(|at| self.feeds.get_mut(at)) {
            feed.events(slab, sink)?;
        }
        if let Some(Some(feed)) = time.and_then(|at| self.feeds.get_mut(at)) {
            feed.times(slab, &mut sink.clock)?;
        }
        slab.place();
        for (at, feed) in self.feeds.iter_mut().enumerate() {
            let Some(cells) = sink.cells.get_mut(at) else { continue };
            match (feed, cells) {
                (None, cells) => cells.nothing(slab.places.len()),
                (Some(_), Cells::Codes(_, codes)) if Some(at) == event => codes.extend(slab.at_places(&slab.codes)),
                (Some(_), Cells::Time(times)) if Some(at) == time => times.extend(slab.at_places(&slab.times)),
                (Some(feed), Cells::Key(keys)) if Some(at) == key => feed.keys(slab, keys)?,
                (Some(feed), Cells::Codes(texts, codes)) => feed.texts(slab, texts, codes)?,
                (Some(feed), cells) => feed.cells(slab, cells, &mut sink.clock)?,
            }
        }
        Ok(())
    }
}

/// Writes down what became of the rows of a slab, and takes the faulty ones out of the columns.
fn account(slab: &mut Slab, sink: &mut Sink<'_>, ledger: &mut PartLedger) {
    let (rows, faults) = (slab.states.len() as u64, slab.faults.len() as u64);
    let given = slab.states.iter().map(|s| u64::from(*s == state::WANTED)).sum::<u64>();
    ledger.rows += rows - faults;
    ledger.given += given;
    ledger.other += rows - faults - given;
    slab.faults.sort_by_key(|(row, _)| *row);
    for (row, kind) in &slab.faults {
        if *kind == Reject::NoId && sink.request.lacking {
            ledger.rows += 1;
            ledger.other += 1;
            continue;
        }
        let line = ledger.lines + 1 + u64::from(*row);
        ledger.refuse(*kind, || line);
    }
    ledger.lines += rows;
    if let Some((first, last)) = slab.span() {
        ledger.saw(first);
        ledger.saw(last);
    }
    if slab.states.contains(&state::FAULTY) {
        let good = |place: &u32| slab.states.get(*place as usize) == Some(&state::WANTED);
        let kept: Vec<bool> = slab.places.iter().map(good).collect();
        sink.cells.iter_mut().for_each(|c| c.keep(&kept));
    }
}
