//! What became of the rows: [`Ledger`].
use std::collections::BTreeMap;

/// How many places of each kind of reject are kept.
pub const FIRST: usize = 5;

/// Why a row was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reject {
    /// Fewer cells than the header has.
    ShortRow,
    /// More cells than the header has.
    LongRow,
    /// A quote inside an unquoted cell, or text behind a closing quote.
    StrayQuote,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A line that is not a JSON object.
    NotAnObject,
    /// A key that stands twice in one object.
    RepeatedKey,
    /// No unit id.
    NoId,
    /// A unit id that is none: a NUL byte, a fraction, a truth value.
    BadId,
    /// A line that git left of a merge that was not finished.
    ConflictMarker,
    /// No time.
    NoTime,
    /// A time in no form that is read.
    BadTime,
    /// A local time where no time zone is set.
    NoZone,
    /// A local time that the clock change skips or repeats.
    ClockChange,
    /// A number of an epoch where its unit is not set.
    NoEpochUnit,
    /// No event name.
    NoEvent,
    /// A cell that is no number.
    BadNumber,
    /// A cell that is no amount of money, or has more decimals than the currency.
    BadMoney,
    /// A cell that is neither true nor false.
    BadTruth,
    /// A cell that is no text where text was asked for.
    BadText,
}

impl Reject {
    /// Returns the words for people.
    pub fn words(self) -> &'static str {
        match self {
            Reject::ShortRow => "fewer cells than the header",
            Reject::LongRow => "more cells than the header",
            Reject::StrayQuote => "a quote in the wrong place",
            Reject::NotUtf8 => "not UTF-8",
            Reject::NotAnObject => "not a JSON object",
            Reject::RepeatedKey => "a key twice in one object",
            Reject::NoId => "no unit id",
            Reject::BadId => "not a unit id",
            Reject::ConflictMarker => "a conflict marker that a merge left in the file",
            Reject::NoTime => "no time",
            Reject::BadTime => "not a time",
            Reject::NoZone => "a local time, and neither `time_zone` of the data nor of the project says whose",
            Reject::ClockChange => "a local time that the clock change skips or repeats",
            Reject::NoEpochUnit => "a number as time, and `epoch` does not say of what (s, ms, us, ns)",
            Reject::NoEvent => "no event name",
            Reject::BadNumber => "not a number",
            Reject::BadMoney => "not an amount of money",
            Reject::BadTruth => "neither true nor false",
            Reject::BadText => "not a text",
        }
    }

    /// Returns whether an id or a time is to blame: of these not one is tolerated unless asked for.
    pub fn is_key(self) -> bool {
        use Reject::{BadId, BadTime, ClockChange, NoEpochUnit, NoId, NoTime, NoZone};
        matches!(self, NoId | BadId | NoTime | BadTime | NoZone | ClockChange | NoEpochUnit)
    }
}

/// Where a reject stands. Never what stands there: that may be personal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Place {
    /// The file's position among the files read.
    pub file: usize,
    /// The line, from 1; the row, from 1, in Parquet.
    pub line: u64,
}

/// The rejects of one kind: how many, and the first places.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Rejects {
    /// How many.
    pub count: u64,
    /// The first [`FIRST`], in file and line order.
    pub first: Vec<Place>,
}

/// What was read of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct FileLedger {
    /// The path from the project's root, with `/`.
    pub name: String,
    /// Bytes as stored.
    pub bytes: u64,
    /// The SHA-256 of these bytes in lower-case hexadecimal, where it was asked for.
    pub sha256: Option<String>,
    /// Rows read.
    pub rows: u64,
    /// Columns asked for that it does not have.
    pub absent: Vec<String>,
    /// What was assumed or mended in reading it.
    pub notes: Vec<String>,
}

/// What became of the rows. `rows = given + other + rejects`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Ledger {
    /// The files, in reading order.
    pub files: Vec<FileLedger>,
    /// Rows read.
    pub rows: u64,
    /// Rows handed on.
    pub given: u64,
    /// Good rows of events nobody asked for.
    pub other: u64,
    /// Rows left out, by kind.
    pub rejects: BTreeMap<Reject, Rejects>,
    /// The first and the last time of all good rows, in microseconds since 1970.
    pub times: Option<(i64, i64)>,
}

impl Ledger {
    /// Returns how many rows were rejected.
    pub fn rejected(&self) -> u64 {
        self.rejects.values().map(|r| r.count).sum()
    }

    /// Returns how many rows were rejected for their id or time.
    pub fn rejected_keys(&self) -> u64 {
        self.rejects.iter().filter(|(kind, _)| kind.is_key()).map(|(_, r)| r.count).sum()
    }

    /// Returns whether every row is accounted for.
    pub fn balances(&self) -> bool {
        self.rows == self.given + self.other + self.rejected()
    }

    /// Adds a span of times.
    pub(super) fn saw(&mut self, times: Option<(i64, i64)>) {
        self.times = match (self.times, times) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, other) => one.or(other),
        };
    }

    /// Adds rejects whose lines are final.
    pub(super) fn reject(&mut self, kind: Reject, count: u64, places: impl IntoIterator<Item = Place>) {
        let all = self.rejects.entry(kind).or_default();
        all.count += count;
        all.first.extend(places);
        all.first.sort();
        all.first.truncate(FIRST);
    }
}
