//! Rows become columns: [`Sink`], and what one part gave: [`PartLedger`].
use super::column::{Cell, Cells, Kind, id_text, time};
use super::csv;
use super::lanes::are_plain;
use super::ledger::{FIRST, Reject};
use super::marks::Marks;
use super::ndjson::Values;
use super::queue::Layout;
use super::reader::{EventReader, Part, Request};
use super::time::Clock;
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one part gave.
#[derive(Debug)]
pub(super) struct PartLedger {
    pub(super) part: Part,
    pub(super) rows: u64,
    pub(super) given: u64,
    pub(super) other: u64,
    pub(super) times: Option<(i64, i64)>,
    /// Lines it holds; the header counts for the first part.
    pub(super) lines: u64,
    /// By kind: how many, and the first lines within the part, from 1.
    pub(super) rejects: BTreeMap<Reject, (u64, Vec<u64>)>,
    pub(super) absent: Vec<String>,
    pub(super) notes: Vec<String>,
}

impl PartLedger {
    pub(super) fn new(part: Part) -> Self {
        let (rejects, absent, notes) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { part, rows: 0, given: 0, other: 0, times: None, lines: 0, rejects, absent, notes }
    }

    /// Counts a row that was read and left out.
    pub(super) fn refuse(&mut self, kind: Reject, line: impl FnOnce() -> u64) {
        self.rows += 1;
        let (count, lines) = self.rejects.entry(kind).or_default();
        *count += 1;
        if lines.len() < FIRST {
            lines.push(line());
        }
    }

    pub(super) fn saw(&mut self, micros: i64) {
        let (a, b) = self.times.unwrap_or((micros, micros));
        self.times = Some((a.min(micros), b.max(micros)));
    }
}

/// A block of rows of a text file, and how they are read.
#[derive(Debug)]
pub(super) struct Text {
    /// How its rows become columns.
    pub(super) layout: Arc<Layout>,
    /// Which part of the data.
    pub(super) part: Part,
    /// The file ends with it.
    pub(super) last: bool,
    /// Lines before its first, within the part.
    pub(super) lines: u64,
    /// Columns the file does not have.
    pub(super) absent: Vec<String>,
    /// What to say of the file.
    pub(super) notes: Vec<String>,
}

impl Text {
    /// Returns a block with nothing to say.
    pub(super) fn new(layout: Arc<Layout>, part: Part) -> Self {
        Self { layout, part, last: false, lines: 0, absent: Vec::new(), notes: Vec::new() }
    }

    /// Reads the rows of `block` into the sink.
    ///
    /// # Errors
    /// The line and the cause, when a quote is never closed.
    pub(super) fn read(self, block: &[u8], sink: &mut Sink<'_>) -> Result<PartLedger, (u64, String)> {
        let mut ledger = PartLedger::new(self.part);
        (ledger.absent, ledger.notes) = (self.absent, self.notes);
        let clean = are_plain(block) || std::str::from_utf8(block).is_ok() && memchr::memchr(0, block).is_none();
        let count = |part: &[u8]| memchr::memchr_iter(b'\n', part).count() as u64;
        let line = |at: usize| self.lines + 1 + count(block.get(..at).unwrap_or(&[]));
        match &*self.layout {
            Layout::Csv { separator, wrapped, width, places } => {
                let open_end = csv_rows(block, (*separator, *wrapped, *width), places, clean, sink, &mut ledger, &line);
                if let Some(at) = open_end.filter(|_| self.last) {
                    return Err((line(at), "a quote opens in this row and is never closed".to_owned()));
                }
            }
            Layout::Json { keys } => {
                let (mut values, columns) = (Values::default(), sink.cells.len());
                csv::rows(block, b'\n', true, |at, row| {
                    if !row.trim_ascii().is_empty() {
                        match values.read(row, keys, columns) {
                            Ok(()) => sink.row(clean, &mut ledger, &|c| values.cell(row, c), || line(at)),
                            Err(kind) => ledger.refuse(kind, || line(at)),
                        }
                    }
                });
            }
        }
        ledger.lines = self.lines + count(block);
        Ok(ledger)
    }
}

/// Reads the rows of a block of CSV; returns where its last row starts when a quote in it stays open over a line's end.
fn csv_rows(
    block: &[u8],
    (separator, wrapped, width): (u8, bool, usize),
    places: &[Option<usize>],
    clean: bool,
    sink: &mut Sink<'_>,
    ledger: &mut PartLedger,
    line: &dyn Fn(usize) -> u64,
) -> Option<usize> {
    let mut marks = std::mem::take(&mut sink.marks);
    let mut open_end = None;
    if !wrapped && marks.find(block, separator) {
        marked_rows(block, &marks, (separator, width), places, clean, sink, ledger, line);
    } else {
        let mut slow = Slow { separator, width, places, clean, fields: csv::Fields::default(), scratch: Vec::new() };
        csv::rows(block, separator, wrapped, |at, row| {
            let split = slow.row((at, row), wrapped, sink, ledger, line);
            if split.is_err() && at + row.len() == block.len() && row.trim_ascii_end().contains(&b'\n') {
                open_end = Some(at);
            }
        });
    }
    sink.marks = marks;
    open_end
}

/// Reads the rows of a block whose marks are known.
#[allow(clippy::too_many_arguments, reason = "one loop, parted from the choice of the way")]
fn marked_rows(
    block: &[u8],
    marks: &Marks,
    (separator, width): (u8, usize),
    places: &[Option<usize>],
    clean: bool,
    sink: &mut Sink<'_>,
    ledger: &mut PartLedger,
    line: &dyn Fn(usize) -> u64,
) {
    let mut slow = Slow { separator, width, places, clean, fields: csv::Fields::default(), scratch: Vec::new() };
    let (mut start, mut rest) = (0, marks.places.as_slice());
    while start < block.len() {
        let ends_row = |mark: &u32| block.get(*mark as usize) == Some(&b'\n');
        let cells = rest.iter().position(ends_row).unwrap_or(rest.len());
        let (inner, behind) = rest.split_at(cells);
        let end = behind.first().map_or(block.len(), |mark| *mark as usize);
        rest = behind.get(1..).unwrap_or(&[]);
        let row = Marked::new(block, start, end, inner);
        let at = start;
        start = end + 1;
        if row.is_blank() {
            continue;
        }
        if marks.doubled && memchr::memmem::find(row.bytes(), b"\"\"").is_some() {
            let _ = slow.row((at, row.bytes()), false, sink, ledger, line);
            continue;
        }
        match check_width(cells + 1, width, sink.request.ragged) {
            Ok(()) => {
                let cell = |c: usize| places.get(c).copied().flatten().map_or(Cell::Null, |i| row.cell(i));
                sink.row(clean, ledger, &cell, || line(at));
            }
            Err(kind) => ledger.refuse(kind, || line(at)),
        }
    }
}

/// A row whose cells end at known marks.
struct Marked<'b> {
    block: &'b [u8],
    start: usize,
    end: usize,
    marks: &'b [u32],
}

impl<'b> Marked<'b> {
    fn new(block: &'b [u8], start: usize, end: usize, marks: &'b [u32]) -> Self {
        let returned = end > start && block.get(end - 1) == Some(&b'\r');
        Self { block, start, end: end - usize::from(returned), marks }
    }

    fn bytes(&self) -> &'b [u8] {
        self.block.get(self.start..self.end).unwrap_or(&[])
    }

    fn is_blank(&self) -> bool {
        self.start >= self.end
    }

    /// Returns the cell at a place; none behind the last.
    #[inline]
    fn cell(&self, index: usize) -> Cell<'b> {
        let from = match index.checked_sub(1) {
            None => self.start,
            Some(before) => self.marks.get(before).map_or(usize::MAX, |m| *m as usize + 1),
        };
        let to = self.marks.get(index).map_or(self.end, |m| *m as usize);
        match self.block.get(from..to).unwrap_or(&[]) {
            [b'"', inner @ .., b'"'] => Cell::text(inner),
            bare => Cell::text(bare),
        }
    }
}

/// Reads rows one by one, whatever their quotes.
struct Slow<'p> {
    separator: u8,
    width: usize,
    places: &'p [Option<usize>],
    clean: bool,
    fields: csv::Fields,
    scratch: Vec<u8>,
}

impl Slow<'_> {
    /// Reads the row that starts at a place.
    ///
    /// # Errors
    /// When it has no cells; it is refused then.
    fn row(
        &mut self,
        (at, row): (usize, &[u8]),
        wrapped: bool,
        sink: &mut Sink<'_>,
        ledger: &mut PartLedger,
        line: &dyn Fn(usize) -> u64,
    ) -> Result<(), Reject> {
        let Self { separator, width, places, clean, fields, scratch } = self;
        let inner = if wrapped { csv::unwrap(row, scratch) } else { row };
        let split = fields.split(inner, *separator);
        match split.and_then(|()| check_width(fields.len(), *width, sink.request.ragged)) {
            Ok(()) => {
                let cell = |c: usize| places.get(c).copied().flatten().map_or(Cell::Null, |i| fields.cell(inner, i));
                sink.row(*clean, ledger, &cell, || line(at));
            }
            Err(kind) => ledger.refuse(kind, || line(at)),
        }
        split
    }
}

fn check_width(cells: usize, width: usize, ragged: bool) -> Result<(), Reject> {
    match cells.cmp(&width) {
        std::cmp::Ordering::Less if !ragged => Err(Reject::ShortRow),
        std::cmp::Ordering::Greater => Err(Reject::LongRow),
        _ => Ok(()),
    }
}

/// One thread's columns, filled row by row.
pub(super) struct Sink<'r> {
    pub(super) request: &'r Request,
    schema: &'r SchemaRef,
    pub(super) clock: Clock,
    pub(super) cells: Vec<Cells>,
    /// The places of the id, the time and the event among the columns.
    pub(super) key: Option<usize>,
    pub(super) time: Option<usize>,
    pub(super) event: Option<usize>,
    /// Whether an event is asked for, by its code.
    kept: Vec<bool>,
    /// Where the cells of the block at hand end; its memory is used again.
    marks: Marks,
}

impl<'r> Sink<'r> {
    /// Returns an empty sink for a reader's columns.
    pub(super) fn new(reader: &'r EventReader) -> Self {
        let request = &reader.request;
        let place = |kind: Kind| request.columns.iter().position(|c| c.kind == kind);
        let cells = request.columns.iter().map(|c| Cells::new(c.kind)).collect();
        let (key, time, event) = (place(Kind::Key), place(Kind::Time), place(Kind::Event));
        let clock = Clock::new(request.zone.clone(), request.unit);
        Self {
            request,
            schema: &reader.schema,
            clock,
            cells,
            key,
            time,
            event,
            kept: Vec::new(),
            marks: Marks::default(),
        }
    }

    /// Returns how many rows were taken since the last batch.
    pub(super) fn rows(&self) -> usize {
        self.cells.first().map_or(0, Cells::len)
    }

    /// Returns the rows taken since the last batch.
    pub(super) fn batch(&mut self) -> Result<RecordBatch, ArrowError> {
        // The codes of texts begin anew, so that no table grows with the data.
        self.kept.clear();
        let columns = self.cells.iter_mut().map(Cells::take).collect::<Result<Vec<_>, _>>()?;
        RecordBatch::try_new(Arc::clone(self.schema), columns)
    }

    /// Takes one row: gives it, counts it as another event's, or rejects it.
    pub(super) fn row<'c>(
        &mut self,
        clean: bool,
        ledger: &mut PartLedger,
        cell: &dyn Fn(usize) -> Cell<'c>,
        line: impl FnOnce() -> u64,
    ) {
        match self.take(clean, cell) {
            Ok((given, time)) => {
                ledger.rows += 1;
                ledger.given += u64::from(given);
                ledger.other += u64::from(!given);
                if let Some(micros) = time {
                    ledger.saw(micros);
                }
            }
            Err(Reject::NoId) if self.request.lacking => {
                ledger.rows += 1;
                ledger.other += 1;
            }
            Err(kind) => ledger.refuse(kind, line),
        }
    }

    /// Returns whether the row was asked for, and its time.
    fn take<'c>(&mut self, clean: bool, cell: &dyn Fn(usize) -> Cell<'c>) -> Result<(bool, Option<i64>), Reject> {
        let wanted = self.wanted(cell)?;
        let at = self.time.map(|c| time(cell(c), &mut self.clock)).transpose()?;
        if !wanted {
            if let Some(column) = self.key {
                id_text(cell(column), clean)?;
            }
            return Ok((false, at));
        }
        let rows = self.cells.first().map_or(0, Cells::len);
        for (index, (cells, column)) in self.cells.iter_mut().zip(&self.request.columns).enumerate() {
            let pushed = match at {
                Some(micros) if Some(index) == self.time => {
                    cells.push(column.kind, Cell::Micros(micros, true), &mut self.clock, clean)
                }
                _ => cells.push(column.kind, cell(index), &mut self.clock, clean),
            };
            if let Err(kind) = pushed {
                self.cells.iter_mut().for_each(|c| c.truncate(rows));
                return Err(kind);
            }
        }
        Ok((true, at))
    }

    /// Returns whether the row's event is asked for.
    fn wanted<'c>(&mut self, cell: &dyn Fn(usize) -> Cell<'c>) -> Result<bool, Reject> {
        let (Some(_), Some(column)) = (&self.request.names, self.event) else { return Ok(true) };
        match cell(column) {
            Cell::Null => Err(Reject::NoEvent),
            Cell::Text(t) => self.event_code(t),
            other => self.event_code(&other.bytes()?),
        }
        .map(|(_, wanted)| wanted)
    }

    /// Returns the code of an event's name, and whether it is asked for.
    ///
    /// # Errors
    /// [`Reject::NoEvent`] of an empty one, [`Reject::NotUtf8`].
    pub(super) fn event_code(&mut self, name: &[u8]) -> Result<(i32, bool), Reject> {
        let column = self.event.and_then(|at| self.cells.get_mut(at));
        let Some(Cells::Codes(texts, _)) = column.filter(|_| !name.is_empty()) else { return Err(Reject::NoEvent) };
        let code = texts.code(name)?;
        let Some(names) = &self.request.names else { return Ok((code, true)) };
        for text in texts.texts().get(self.kept.len()..).unwrap_or(&[]) {
            self.kept.push(names.contains(&**text));
        }
        Ok((code, usize::try_from(code).ok().and_then(|c| self.kept.get(c)).copied().unwrap_or(false)))
    }
}
