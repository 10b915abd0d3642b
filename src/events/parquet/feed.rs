//! One column of a row group and what its values mean: [`Feed`].
use super::super::column::{Cell, Cells, Kind, id, key, may_mark, time};
use super::super::ledger::Reject;
use super::super::rows::Sink;
use super::super::text::Interner;
use super::super::time::Clock;
use super::lane::{Slab, state};
use super::pages::{Chunk, Dictionary, Run};
use super::{Stored, Table};
use ::parquet::basic::Type;
use ::parquet::file::metadata::RowGroupMetaData;
use arrow_schema::{DataType, TimeUnit};
use std::fs::File;
use std::sync::Arc;

/// How the bytes of a value are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    Text,
    /// A whole number of so many bytes.
    Whole(usize),
    Single,
    Double,
    Truth,
    /// A time: microseconds of one count, counts of one microsecond, whether it has a zone.
    Time(i64, i64, bool),
}

impl Form {
    /// Returns the form of a leaf column; nothing for forms that only the arrow readers know.
    pub(super) fn of(table: &Table, leaf: usize, stored: &Stored) -> Option<Self> {
        let column = table.meta.parquet_schema().column(leaf);
        let logical = table.type_of(column.path().parts())?;
        match (stored, column.physical_type(), logical) {
            (Stored::Text, Type::BYTE_ARRAY, _) => Some(Form::Text),
            (Stored::Whole, Type::INT32, DataType::Int8 | DataType::Int16 | DataType::Int32) => Some(Form::Whole(4)),
            (Stored::Whole, Type::INT64, DataType::Int64) => Some(Form::Whole(8)),
            (Stored::Number, Type::FLOAT, DataType::Float32) => Some(Form::Single),
            (Stored::Number, Type::DOUBLE, DataType::Float64) => Some(Form::Double),
            (Stored::Truth, Type::BOOLEAN, _) => Some(Form::Truth),
            (Stored::Time(zoned), Type::INT64, DataType::Timestamp(unit, _)) => match unit {
                TimeUnit::Second => None,
                TimeUnit::Millisecond => Some(Form::Time(1_000, 1, *zoned)),
                TimeUnit::Microsecond => Some(Form::Time(1, 1, *zoned)),
                TimeUnit::Nanosecond => Some(Form::Time(1, 1_000, *zoned)),
            },
            _ => None,
        }
    }

    /// Returns whether cells of this kind are made of it.
    pub(super) fn fits(self, kind: Kind) -> bool {
        match kind {
            Kind::Key => matches!(self, Form::Text | Form::Whole(_)),
            Kind::Event | Kind::Text => self == Form::Text,
            Kind::Time => matches!(self, Form::Text | Form::Whole(_) | Form::Time(..)),
            Kind::Number { .. } | Kind::Money { .. } | Kind::Outcome { .. } | Kind::Truth => {
                !matches!(self, Form::Time(..))
            }
        }
    }

    /// Returns the value of the bytes as a cell.
    #[inline]
    fn cell(self, bytes: &[u8]) -> Cell<'_> {
        let eight = || bytes.first_chunk::<8>().copied().unwrap_or_default();
        let four = || bytes.first_chunk::<4>().copied().unwrap_or_default();
        match self {
            Form::Text => Cell::text(bytes),
            Form::Whole(4) => Cell::Whole(i64::from(i32::from_le_bytes(four()))),
            Form::Whole(_) => Cell::Whole(i64::from_le_bytes(eight())),
            Form::Single => Cell::Double(f64::from(f32::from_le_bytes(four()))),
            Form::Double => Cell::Double(f64::from_le_bytes(eight())),
            Form::Truth => Cell::Truth(bytes.first() == Some(&1)),
            Form::Time(one, many, zoned) => {
                Cell::Micros(i64::from_le_bytes(eight()).saturating_mul(one).div_euclid(many), zoned)
            }
        }
    }

    /// Returns the bytes of a value, where all have as many.
    fn width(self) -> usize {
        match self {
            Form::Whole(width) => width,
            Form::Single => 4,
            Form::Text | Form::Double | Form::Truth | Form::Time(..) => 8,
        }
    }
}

/// Returns whether bytes are surely good text: none is zero and none above 127. Others are looked at again, one by one.
#[inline]
fn is_tidy(bytes: &[u8]) -> bool {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let (words, rest) = bytes.as_chunks::<8>();
    let all = words.iter().map(|w| u64::from_le_bytes(*w)).fold(0, |all, w| all | w.wrapping_sub(LOW) | w);
    all & HIGH == 0 && rest.iter().all(|b| (1..128).contains(b))
}

/// What the words of a dictionary mean.
enum Meanings {
    None,
    /// All are good ids.
    Keys(Vec<i128>),
    /// Some are not.
    Faulty(Vec<Result<i128, Reject>>),
    Times(Vec<Result<i64, Reject>>),
    /// Codes of the sink, each with the slab it was looked up in.
    Codes(Vec<(u32, Code)>),
}

impl Meanings {
    fn of_keys(keys: Vec<Result<i128, Reject>>) -> Self {
        let good: Result<Vec<i128>, Reject> = keys.iter().copied().collect();
        good.map_or(Meanings::Faulty(keys), Meanings::Keys)
    }
}

/// The code of a text in the sink, and whether the event of that name is asked for.
type Code = Result<(i32, bool), Reject>;

/// A column asked for, with its pages and what its dictionary means.
pub(super) struct Feed {
    chunk: Chunk,
    words: Option<Dictionary>,
    meanings: Meanings,
    kind: Kind,
    form: Form,
}

/// The value of one row that has a place, or rows without one.
enum Value<'v> {
    Nulls(usize),
    Code(u32, u32),
    Bytes(u32, &'v [u8]),
}

impl Feed {
    /// Opens a column.
    ///
    /// # Errors
    /// The cause, when the file is broken.
    pub(super) fn open(
        (file, group, leaf): (&Arc<File>, &RowGroupMetaData, usize),
        form: Form,
        kind: Kind,
        clock: &mut Clock,
    ) -> Result<Self, String> {
        let mut chunk = Chunk::open(file, group, leaf)?;
        let words = chunk.dictionary.take();
        let meanings = match (&words, kind) {
            (Some(w), Kind::Key) => Meanings::of_keys(w.values().map(|w| key_of(form, w)).collect()),
            (Some(w), Kind::Time) => Meanings::Times(w.values().map(|w| time(form.cell(w), clock)).collect()),
            (Some(w), Kind::Event | Kind::Text) => Meanings::Codes(vec![(0, Ok((-1, false))); w.values().len()]),
            _ => Meanings::None,
        };
        Ok(Self { chunk, words, meanings, kind, form })
    }

    /// Notes each row's event, and whether it is asked for.
    pub(super) fn events(&mut self, slab: &mut Slab, sink: &mut Sink<'_>) -> Result<(), String> {
        let rows = slab.states.len();
        let Self { chunk, words, meanings, .. } = self;
        while slab.codes.len() < rows {
            let from = slab.codes.len();
            match (chunk.next(rows - from)?, &mut *meanings) {
                (Run::Codes(codes), Meanings::Codes(known)) => {
                    note_all(slab, codes, known, |code| {
                        sink.event_code(words.as_ref().and_then(|w| w.word(code)).unwrap_or(&[]))
                    })?;
                }
                (Run::Texts(bytes, spans, _), _) => {
                    for (row, (a, b)) in (from..).zip(spans) {
                        note(slab, row, sink.event_code(bytes.get(*a as usize..*b as usize).unwrap_or(&[])));
                    }
                }
                (Run::Nulls(count), _) => (from..from + count).for_each(|row| note(slab, row, Err(Reject::NoEvent))),
                _ => return Err(unknown_word()),
            }
        }
        Ok(())
    }

    /// Notes each row's time.
    pub(super) fn times(&mut self, slab: &mut Slab, clock: &mut Clock) -> Result<(), String> {
        let rows = slab.states.len();
        let form = self.form;
        let as_it_is = matches!(form, Form::Time(1, 1, zoned) if zoned || clock.is_utc());
        while slab.times.len() < rows {
            let from = slab.times.len();
            match (self.chunk.next(rows - from)?, &self.meanings) {
                (Run::Codes(codes), Meanings::Times(known)) => {
                    for (row, code) in (from..).zip(codes) {
                        put_time(slab, row, known.get(*code as usize).copied().ok_or_else(unknown_word)?);
                    }
                }
                (Run::Fixed(bytes), _) if as_it_is => {
                    slab.times.extend(bytes.as_chunks::<8>().0.iter().map(|b| i64::from_le_bytes(*b)));
                }
                (Run::Fixed(bytes), _) => {
                    for (row, value) in (from..).zip(bytes.chunks_exact(form.width())) {
                        put_time(slab, row, time(form.cell(value), clock));
                    }
                }
                (Run::Texts(bytes, spans, _), _) => {
                    for (row, (a, b)) in (from..).zip(spans) {
                        let text = bytes.get(*a as usize..*b as usize).unwrap_or(&[]);
                        put_time(slab, row, time(Cell::text(text), clock));
                    }
                }
                (Run::Nulls(count), _) => (from..from + count).for_each(|row| put_time(slab, row, Err(Reject::NoTime))),
                (Run::Codes(_), _) => return Err(unknown_word()),
            }
        }
        Ok(())
    }

    /// Appends the keys of the rows that have a place, and looks whether the others have an id.
    pub(super) fn keys(&mut self, slab: &mut Slab, keys: &mut Vec<i128>) -> Result<(), String> {
        let (rows, form) = (slab.states.len(), self.form);
        let (mut row, mut placed) = (0, 0);
        while row < rows {
            let from = row;
            let run = self.chunk.next(rows - row)?;
            row += run.rows(form.width());
            let rest = slab.places.get(placed..).unwrap_or(&[]);
            let here = rest.get(..before(rest, row)).unwrap_or(rest);
            placed += here.len();
            let nth = |place: &u32| *place as usize - from;
            match (run, &self.meanings) {
                (Run::Codes(codes), Meanings::Keys(known)) => {
                    if codes.iter().fold(0, |most, code| most.max(*code)) as usize >= known.len() {
                        return Err(unknown_word());
                    }
                    let of = |place| codes.get(nth(place)).and_then(|code| known.get(*code as usize)).copied();
                    keys.extend(here.iter().map(|place| of(place).unwrap_or(0)));
                }
                (Run::Codes(codes), Meanings::Faulty(known)) => {
                    for (row, code) in (from..).zip(codes) {
                        let key = known.get(*code as usize).copied().ok_or_else(unknown_word)?;
                        put_key(slab, row, keys, || key);
                    }
                }
                (Run::Texts(bytes, spans, tidy), _) => {
                    let text = |(a, b): (u32, u32)| bytes.get(a as usize..b as usize).unwrap_or(&[]);
                    let before = keys.len();
                    let mut plain = tidy;
                    if tidy {
                        keys.extend(here.iter().map(|place| {
                            let text = text(spans.get(nth(place)).copied().unwrap_or_default());
                            plain &= !may_mark(text);
                            key(text) as i128
                        }));
                    }
                    if !plain {
                        keys.truncate(before);
                        (from..).zip(spans).for_each(|(row, span)| put_text_key(slab, row, keys, text(*span)));
                    }
                }
                (Run::Fixed(bytes), _) => {
                    for (row, value) in (from..).zip(bytes.chunks_exact(form.width())) {
                        put_key(slab, row, keys, || key_of(form, value));
                    }
                }
                (Run::Nulls(_), _) => {
                    (from..row).for_each(|row| put_key(slab, row, keys, || Err(Reject::NoId)));
                }
                (Run::Codes(_), _) => return Err(unknown_word()),
            }
        }
        Ok(())
    }

    /// Appends the codes of the texts of the rows that have a place.
    pub(super) fn texts(&mut self, slab: &mut Slab, texts: &mut Interner, codes: &mut Vec<i32>) -> Result<(), String> {
        let number = slab.number;
        let Self { chunk, words, meanings, kind, .. } = self;
        let empty = if *kind == Kind::Event { Err(Reject::NoEvent) } else { Ok(-1) };
        let mut code = |text: &[u8]| if text.is_empty() { empty } else { texts.code(text) };
        let mut faults = Vec::new();
        gather(chunk, slab, 0, |value| {
            let (place, found) = match value {
                Value::Nulls(count) => return codes.resize(codes.len() + count, -1),
                Value::Bytes(place, text) => (place, code(text)),
                Value::Code(place, at) => {
                    let known = match &mut *meanings {
                        Meanings::Codes(known) => known.get_mut(at as usize),
                        _ => None,
                    };
                    let found = known.map(|known| {
                        if known.0 != number {
                            let word = words.as_ref().and_then(|w| w.word(at)).unwrap_or(&[]);
                            *known = (number, code(word).map(|c| (c, true)));
                        }
                        known.1.map(|(c, _)| c)
                    });
                    (place, found.unwrap_or(Err(Reject::BadText)))
                }
            };
            codes.push(found.unwrap_or(-1));
            if let Err(kind) = found {
                faults.push((place, kind));
            }
        })?;
        faults.into_iter().for_each(|(place, kind)| slab.refuse(place, kind));
        Ok(())
    }

    /// Appends the cells of the rows that have a place.
    pub(super) fn cells(&mut self, slab: &mut Slab, cells: &mut Cells, clock: &mut Clock) -> Result<(), String> {
        let Self { chunk, words, kind, form, .. } = self;
        let mut faults = Vec::new();
        gather(chunk, slab, form.width(), |value| {
            let (place, cell) = match value {
                Value::Nulls(count) => return cells.nothing(count),
                Value::Bytes(place, bytes) => (place, form.cell(bytes)),
                Value::Code(place, code) => match words {
                    Some(words) => (place, words.word(code).map_or(Cell::Nested, |w| form.cell(w))),
                    None => (place, Cell::Truth(code == 1)),
                },
            };
            if let Err(kind) = cells.push(*kind, cell, clock, false) {
                cells.nothing(1);
                faults.push((place, kind));
            }
        })?;
        faults.into_iter().for_each(|(place, kind)| slab.refuse(place, kind));
        Ok(())
    }
}

fn unknown_word() -> String {
    "a code stands for no word of the dictionary".to_owned()
}

fn key_of(form: Form, bytes: &[u8]) -> Result<i128, Reject> {
    id(form.cell(bytes), form != Form::Text || is_tidy(bytes))
}

/// Notes the events of rows stored as codes, each code looked up once a slab by `find`.
fn note_all(
    slab: &mut Slab,
    codes: &[u32],
    known: &mut [(u32, Code)],
    mut find: impl FnMut(u32) -> Code,
) -> Result<(), String> {
    let (number, from) = (slab.number, slab.codes.len());
    let states = slab.states.get_mut(from..).unwrap_or(&mut []);
    let (mut strange, mut faulty) = (false, false);
    slab.codes.extend(states.iter_mut().zip(codes).map(|(state, code)| {
        let Some(known) = known.get_mut(*code as usize) else {
            strange = true;
            return 0;
        };
        if known.0 != number {
            *known = (number, find(*code));
        }
        match known.1 {
            // What is wanted follows no pattern, so there is no branch on it.
            Ok((code, wanted)) => {
                *state = u8::from(wanted) * state::WANTED;
                code
            }
            Err(_) => {
                faulty = true;
                0
            }
        }
    }));
    if strange {
        return Err(unknown_word());
    }
    for (row, code) in (from..).zip(codes).filter(|_| faulty) {
        if let Some((_, Err(kind))) = known.get(*code as usize) {
            slab.refuse(row as u32, *kind);
        }
    }
    Ok(())
}

#[inline]
fn note(slab: &mut Slab, row: usize, found: Code) {
    match found {
        Ok((code, wanted)) => {
            slab.codes.push(code);
            if !wanted && let Some(state) = slab.states.get_mut(row) {
                *state = state::OTHER;
            }
        }
        Err(kind) => {
            slab.codes.push(0);
            slab.refuse(row as u32, kind);
        }
    }
}

#[inline]
fn put_time(slab: &mut Slab, row: usize, time: Result<i64, Reject>) {
    slab.times.push(time.unwrap_or(0));
    if let Err(kind) = time {
        slab.refuse(row as u32, kind);
    }
}

/// Appends the key of a row that has a place; of another, looks only whether it is good.
#[inline]
fn put_key(slab: &mut Slab, row: usize, keys: &mut Vec<i128>, key: impl FnOnce() -> Result<i128, Reject>) {
    let state = slab.states.get(row).copied().unwrap_or(state::OUT);
    if state == state::OUT {
        return;
    }
    let key = key();
    if state != state::OTHER {
        keys.push(key.unwrap_or(0));
    }
    if let Err(kind) = key {
        slab.refuse(row as u32, kind);
    }
}

/// The same of a text, which is not hashed where nobody asks for it.
#[inline]
fn put_text_key(slab: &mut Slab, row: usize, keys: &mut Vec<i128>, text: &[u8]) {
    let other = slab.states.get(row) == Some(&state::OTHER);
    if !(other && !text.is_empty() && is_tidy(text)) {
        put_key(slab, row, keys, || key_of(Form::Text, text));
    }
}

/// Returns how many places lie before a row; quick where they are few.
#[inline]
fn before(places: &[u32], row: usize) -> usize {
    let few = places.iter().take(16).take_while(|p| (**p as usize) < row).count();
    if few < 16 { few } else { places.partition_point(|p| (*p as usize) < row) }
}

/// Calls `each` with the values of the rows that have a place, in their order.
fn gather(chunk: &mut Chunk, slab: &Slab, width: usize, mut each: impl FnMut(Value<'_>)) -> Result<(), String> {
    let (rows, mut row, mut rest) = (slab.states.len(), 0, slab.places.as_slice());
    while row < rows {
        let run = chunk.next(rows - row)?;
        let from = row;
        row += run.rows(width);
        let (here, later) = rest.split_at(before(rest, row));
        rest = later;
        let nth = |place: &u32| *place as usize - from;
        match run {
            Run::Nulls(_) => each(Value::Nulls(here.len())),
            Run::Codes(codes) => {
                here.iter().for_each(|p| each(Value::Code(*p, codes.get(nth(p)).copied().unwrap_or(u32::MAX))));
            }
            Run::Texts(bytes, spans, _) => {
                for (place, (a, b)) in here.iter().filter_map(|p| Some((p, spans.get(nth(p))?))) {
                    each(Value::Bytes(*place, bytes.get(*a as usize..*b as usize).unwrap_or(&[])));
                }
            }
            Run::Fixed(bytes) => {
                for place in here {
                    let from = nth(place) * width;
                    each(Value::Bytes(*place, bytes.get(from..from + width).unwrap_or(&[])));
                }
            }
        }
    }
    Ok(())
}
