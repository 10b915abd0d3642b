//! The columns asked for, and the cells of a batch as they are read: [`Column`], [`Kind`].
use super::cell;
use super::ledger::Reject;
use super::text::Interner;
use super::time::Clock;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, BooleanArray, Decimal128Array, DictionaryArray, Float64Array, Int32Array, Int64Array};
use arrow_buffer::NullBuffer;
use arrow_schema::{ArrowError, DataType, Field};
use std::borrow::Cow;
use std::sync::Arc;

/// What a column holds, and so the Arrow type it is given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A unit's id, as the 128 bits of [`key`]; never null. `Decimal128(38, 0)`.
    Key,
    /// A time in microseconds since 1970; never null. `Int64`.
    Time,
    /// An event's name; never null. `Dictionary(Int32, Utf8)`.
    Event,
    /// A text; empty is null. `Dictionary(Int32, Utf8)`.
    Text,
    /// A number. `Float64`.
    Number {
        /// What parts groups of three digits.
        thousands: Option<u8>,
    },
    /// Money in minor units. `Int64`.
    Money {
        /// How many decimals the currency has.
        decimals: u8,
        /// What parts groups of three digits.
        thousands: Option<u8>,
    },
    /// A truth value. `Boolean`.
    Truth,
    /// What happened to a unit: a number, or a true word as 1; a false word is null. `Float64`.
    Outcome {
        /// What parts groups of three digits.
        thousands: Option<u8>,
    },
}

impl Kind {
    /// Returns the Arrow type.
    pub fn data_type(self) -> DataType {
        match self {
            Kind::Key => DataType::Decimal128(38, 0),
            Kind::Time | Kind::Money { .. } => DataType::Int64,
            Kind::Event | Kind::Text => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            Kind::Number { .. } | Kind::Outcome { .. } => DataType::Float64,
            Kind::Truth => DataType::Boolean,
        }
    }
}

/// A column asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the header; in NDJSON and nested Parquet a dotted path.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether a file without it is an error; else its cells are null.
    pub required: bool,
}

impl Column {
    pub(super) fn field(&self) -> Field {
        let nullable = !matches!(self.kind, Kind::Key | Kind::Time | Kind::Event);
        Field::new(&self.name, self.kind.data_type(), nullable)
    }
}

/// Returns the 128 bits that stand for an id: equal for equal bytes, and for two different ids equal with a chance of
/// about 2^-128. The bits are of one run; they never leave it.
pub fn key(id: &[u8]) -> u128 {
    const K: [u64; 4] = [0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB, 0x8EBC_6AF0_9C88_C6E3, 0x5899_65CC_7537_4CC3];
    let [k0, k1, k2, k3] = K;
    let fold = |a: u64, b: u64| {
        let wide = u128::from(a) * u128::from(b);
        (wide as u64) ^ ((wide >> 64) as u64)
    };
    let (mut a, mut b) = (k0 ^ id.len() as u64, k1);
    let (blocks, tail) = id.as_chunks::<16>();
    let mut last = [0_u8; 16];
    if let Some(part) = last.get_mut(..tail.len()) {
        part.copy_from_slice(tail);
    }
    for block in blocks.iter().chain((!tail.is_empty()).then_some(&last)) {
        let word = u128::from_le_bytes(*block);
        let (x, y) = (word as u64, (word >> 64) as u64);
        (a, b) = (fold(x ^ a, y ^ k2).wrapping_add(b), fold(y ^ b ^ k3, x ^ k1).wrapping_add(a.rotate_left(29)));
    }
    let (c, d) = (fold(a ^ k2, b ^ k3), fold(b ^ k0, a ^ k1));
    u128::from(c ^ b) | (u128::from(d ^ a) << 64)
}

/// One cell as a format gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    /// Nothing there.
    Null,
    /// A text, not empty.
    Text(&'a [u8]),
    /// A number as it is written.
    Number(&'a [u8]),
    /// A truth value.
    Truth(bool),
    /// An object or a list.
    Nested,
    /// A whole number, stored as one.
    Whole(i64),
    /// A number, stored as one.
    Double(f64),
    /// Microseconds since 1970, of the instant (true) or of the local clock (false).
    Micros(i64, bool),
}

impl<'a> Cell<'a> {
    /// Returns the cell of a text; an empty one is null.
    pub(super) fn text(bytes: &'a [u8]) -> Self {
        if bytes.is_empty() { Cell::Null } else { Cell::Text(bytes) }
    }

    /// Returns the cell as a text.
    pub(super) fn bytes(self) -> Result<Cow<'a, [u8]>, Reject> {
        match self {
            Cell::Text(t) | Cell::Number(t) => Ok(Cow::Borrowed(t)),
            Cell::Truth(true) => Ok(Cow::Borrowed(b"true")),
            Cell::Truth(false) => Ok(Cow::Borrowed(b"false")),
            Cell::Whole(n) => Ok(Cow::Owned(n.to_string().into_bytes())),
            Cell::Micros(micros, _) => Ok(Cow::Owned(day(micros).ok_or(Reject::BadText)?)),
            Cell::Null | Cell::Nested | Cell::Double(_) => Err(Reject::BadText),
        }
    }
}

/// Returns the day of a time as text, for columns of dates.
fn day(micros: i64) -> Option<Vec<u8>> {
    let stamp = jiff::Timestamp::from_microsecond(micros).ok()?;
    Some(jiff::tz::TimeZone::UTC.to_datetime(stamp).date().to_string().into_bytes())
}

/// Returns the key of an id; a number is its text as written, when it is whole.
#[inline]
pub(super) fn id(cell: Cell<'_>, clean: bool) -> Result<i128, Reject> {
    Ok(key(&id_text(cell, clean)?) as i128)
}

/// Returns whether an id may be how git marks the sides of a merge, by its first byte.
#[inline]
pub(super) fn may_mark(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(b'<' | b'=' | b'>' | b'|'))
}

/// Returns whether it is how git marks the sides of a merge: seven signs of one kind, and then nothing or a space.
fn is_marker(bytes: &[u8]) -> bool {
    let [first, rest @ ..] = bytes else { return false };
    let seven = || rest.get(..6).is_some_and(|six| six.iter().all(|b| b == first));
    may_mark(bytes) && seven() && matches!(rest.get(6), None | Some(b' '))
}

/// Returns the text of an id.
pub(super) fn id_text(cell: Cell<'_>, clean: bool) -> Result<Cow<'_, [u8]>, Reject> {
    let bytes = match cell {
        Cell::Null => return Err(Reject::NoId),
        Cell::Text(t) => t,
        Cell::Number(t) if t.iter().all(|b| b.is_ascii_digit() || *b == b'-') => t,
        Cell::Whole(n) => return Ok(Cow::Owned(n.to_string().into_bytes())),
        _ => return Err(Reject::BadId),
    };
    if is_marker(bytes) {
        return Err(Reject::ConflictMarker);
    }
    if !clean {
        std::str::from_utf8(bytes).map_err(|_| Reject::NotUtf8)?;
        if bytes.contains(&0) {
            return Err(Reject::BadId);
        }
    }
    Ok(Cow::Borrowed(bytes))
}

pub(super) fn time(cell: Cell<'_>, clock: &mut Clock) -> Result<i64, Reject> {
    match cell {
        Cell::Null => Err(Reject::NoTime),
        Cell::Text(t) | Cell::Number(t) => clock.read(t),
        Cell::Whole(n) => clock.count(n),
        Cell::Micros(micros, true) => Ok(micros),
        Cell::Micros(micros, false) => clock.local(micros),
        Cell::Truth(_) | Cell::Nested | Cell::Double(_) => Err(Reject::BadTime),
    }
}

/// The cells of one column.
#[derive(Debug)]
pub(super) enum Cells {
    Key(Vec<i128>),
    Time(Vec<i64>),
    Codes(Box<Interner>, Vec<i32>),
    Number(Vec<f64>, Vec<bool>),
    Whole(Vec<i64>, Vec<bool>),
    Truth(Vec<bool>, Vec<bool>),
}

impl Cells {
    pub(super) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Key => Cells::Key(Vec::new()),
            Kind::Time => Cells::Time(Vec::new()),
            Kind::Event | Kind::Text => Cells::Codes(Box::default(), Vec::new()),
            Kind::Number { .. } | Kind::Outcome { .. } => Cells::Number(Vec::new(), Vec::new()),
            Kind::Money { .. } => Cells::Whole(Vec::new(), Vec::new()),
            Kind::Truth => Cells::Truth(Vec::new(), Vec::new()),
        }
    }

    /// Returns how many cells it has.
    pub(super) fn len(&self) -> usize {
        match self {
            Cells::Key(v) => v.len(),
            Cells::Time(v) => v.len(),
            Cells::Codes(_, v) => v.len(),
            Cells::Number(v, _) => v.len(),
            Cells::Whole(v, _) => v.len(),
            Cells::Truth(v, _) => v.len(),
        }
    }

    /// Appends cells without a value.
    pub(super) fn nothing(&mut self, count: usize) {
        let rows = self.len() + count;
        match self {
            Cells::Key(v) => v.resize(rows, 0),
            Cells::Time(v) => v.resize(rows, 0),
            Cells::Codes(_, v) => v.resize(rows, -1),
            Cells::Number(v, valid) => {
                v.resize(rows, 0.0);
                valid.resize(rows, false);
            }
            Cells::Whole(v, valid) => {
                v.resize(rows, 0);
                valid.resize(rows, false);
            }
            Cells::Truth(v, valid) => {
                v.resize(rows, false);
                valid.resize(rows, false);
            }
        }
    }

    /// Keeps the cells whose place in `kept` is true.
    pub(super) fn keep(&mut self, kept: &[bool]) {
        fn of<T>(values: &mut Vec<T>, kept: &[bool]) {
            let mut at = kept.iter();
            values.retain(|_| at.next() != Some(&false));
        }
        match self {
            Cells::Key(v) => of(v, kept),
            Cells::Time(v) => of(v, kept),
            Cells::Codes(_, v) => of(v, kept),
            Cells::Number(v, valid) => {
                of(v, kept);
                of(valid, kept);
            }
            Cells::Whole(v, valid) => {
                of(v, kept);
                of(valid, kept);
            }
            Cells::Truth(v, valid) => {
                of(v, kept);
                of(valid, kept);
            }
        }
    }

    /// Cuts the column back to `rows` cells.
    pub(super) fn truncate(&mut self, rows: usize) {
        match self {
            Cells::Key(v) => v.truncate(rows),
            Cells::Time(v) => v.truncate(rows),
            Cells::Codes(_, v) => v.truncate(rows),
            Cells::Number(v, valid) => {
                v.truncate(rows);
                valid.truncate(rows);
            }
            Cells::Whole(v, valid) => {
                v.truncate(rows);
                valid.truncate(rows);
            }
            Cells::Truth(v, valid) => {
                v.truncate(rows);
                valid.truncate(rows);
            }
        }
    }

    /// Appends a cell.
    pub(super) fn push(&mut self, kind: Kind, cell: Cell<'_>, clock: &mut Clock, clean: bool) -> Result<(), Reject> {
        match self {
            Cells::Key(v) => v.push(id(cell, clean)?),
            Cells::Time(v) => v.push(time(cell, clock)?),
            Cells::Codes(texts, v) => v.push(match cell {
                Cell::Null if kind == Kind::Event => return Err(Reject::NoEvent),
                Cell::Null => -1,
                cell => texts.code(&cell.bytes()?)?,
            }),
            Cells::Number(v, valid) => put(v, valid, number_of(kind, cell)?),
            Cells::Whole(v, valid) => put(v, valid, money_of(kind, cell)?),
            Cells::Truth(v, valid) => put(v, valid, truth_of(cell)?),
        }
        Ok(())
    }

    /// Returns the Arrow array, and leaves the column empty.
    pub(super) fn take(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Cells::Key(v) => Arc::new(Decimal128Array::from(std::mem::take(v)).with_precision_and_scale(38, 0)?),
            Cells::Time(v) => Arc::new(Int64Array::from(std::mem::take(v))),
            Cells::Codes(texts, v) => codes(texts, std::mem::take(v))?,
            Cells::Number(v, valid) => Arc::new(Float64Array::new(std::mem::take(v).into(), nulls(valid))),
            Cells::Whole(v, valid) => Arc::new(Int64Array::new(std::mem::take(v).into(), nulls(valid))),
            Cells::Truth(v, valid) => Arc::new(BooleanArray::new(std::mem::take(v).into(), nulls(valid))),
        })
    }
}

fn put<T: Default>(values: &mut Vec<T>, valid: &mut Vec<bool>, value: Option<T>) {
    valid.push(value.is_some());
    values.push(value.unwrap_or_default());
}

fn nulls(valid: &mut Vec<bool>) -> Option<NullBuffer> {
    let valid = std::mem::take(valid);
    if valid.iter().all(|v| *v) { None } else { Some(NullBuffer::from(valid)) }
}

fn codes(texts: &mut Interner, codes: Vec<i32>) -> Result<ArrayRef, ArrowError> {
    let none = codes.contains(&-1);
    let nulls = none.then(|| NullBuffer::from(codes.iter().map(|c| *c >= 0).collect::<Vec<bool>>()));
    let keys = Int32Array::new(codes.into_iter().map(|c| c.max(0)).collect(), nulls);
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, texts.take())?))
}

fn number_of(kind: Kind, cell: Cell<'_>) -> Result<Option<f64>, Reject> {
    let (thousands, outcome) = match kind {
        Kind::Outcome { thousands } => (thousands, true),
        Kind::Number { thousands } => (thousands, false),
        _ => (None, false),
    };
    match cell {
        Cell::Null => Ok(None),
        Cell::Text(t) | Cell::Number(t) if outcome => cell::outcome(t, thousands),
        Cell::Text(t) | Cell::Number(t) => cell::number(t, thousands).map(Some),
        Cell::Truth(yes) if outcome => Ok(yes.then_some(1.0)),
        Cell::Whole(n) => Ok(Some(n as f64)),
        Cell::Double(x) if x.is_finite() => Ok(Some(x)),
        Cell::Truth(_) | Cell::Nested | Cell::Double(_) | Cell::Micros(..) => Err(Reject::BadNumber),
    }
}

fn money_of(kind: Kind, cell: Cell<'_>) -> Result<Option<i64>, Reject> {
    let Kind::Money { decimals, thousands } = kind else { return Err(Reject::BadMoney) };
    match cell {
        Cell::Null => Ok(None),
        Cell::Text(t) | Cell::Number(t) => cell::money(t, decimals, thousands).map(Some),
        Cell::Whole(n) => {
            let lift = 10_i64.checked_pow(u32::from(decimals));
            lift.and_then(|l| n.checked_mul(l)).map(Some).ok_or(Reject::BadMoney)
        }
        Cell::Double(x) => cell::minor(x, decimals).map(Some),
        Cell::Truth(_) | Cell::Nested | Cell::Micros(..) => Err(Reject::BadMoney),
    }
}

fn truth_of(cell: Cell<'_>) -> Result<Option<bool>, Reject> {
    match cell {
        Cell::Null => Ok(None),
        Cell::Truth(yes) => Ok(Some(yes)),
        Cell::Text(t) | Cell::Number(t) => cell::truth(t).map(Some),
        Cell::Whole(0) => Ok(Some(false)),
        Cell::Whole(1) => Ok(Some(true)),
        Cell::Nested | Cell::Whole(_) | Cell::Double(_) | Cell::Micros(..) => Err(Reject::BadTruth),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_in_every_bit() {
        let mut seen = std::collections::BTreeSet::new();
        let (mut ones, mut count) = ([0_u32; 128], 0_u32);
        for n in 0..20_000_u32 {
            let bits = key(format!("user-{n}").as_bytes());
            assert!(seen.insert(bits));
            count += 1;
            ones.iter_mut().enumerate().for_each(|(i, o)| *o += ((bits >> i) & 1) as u32);
        }
        assert!(ones.iter().all(|o| o.abs_diff(count / 2) < 500), "{ones:?}");
        let zeros = [0_u8; 40];
        let lengths: std::collections::BTreeSet<u128> = (0..40).map(|n| key(&zeros[..n])).collect();
        assert_eq!(lengths.len(), 40);
    }
}
