//! Parquet: row groups become batches, only the asked-for columns decoded.
//!
//! ```text
//! row group ─► stored as most writers do?  yes ─► lane: own decoding, slab by slab, of the wanted rows only
//!                                          no ──► arrows: the arrow readers, row by row
//! ```
mod arrows;
mod feed;
mod lane;
mod pages;
mod pairs;
mod runs;

use super::column::{Column, Kind};
use super::error::ReadError;
use super::files::{Entry, cannot};
use super::queue::missing;
use super::reader::Request;
use super::rows::{PartLedger, Sink};
use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use lane::Lane;
use std::fs::File;
use std::sync::Arc;

/// An open file whose row groups are handed out one by one.
pub(super) struct Sheet {
    table: Arc<Table>,
    next: usize,
}

/// What all row groups of a file share.
struct Table {
    entry: Entry,
    meta: ArrowReaderMetadata,
    /// For each column asked for: its path in the file and how it is stored.
    places: Vec<Option<(String, Stored)>>,
    mask: ProjectionMask,
    absent: Vec<String>,
    notes: Vec<String>,
}

/// How a column is stored, as far as it matters.
#[derive(Clone, Debug, PartialEq)]
enum Stored {
    Text,
    /// A time with its zone flag.
    Time(bool),
    Number,
    Whole,
    Truth,
    Date,
    /// A key of a list of keys and values: the list's path, and the key.
    Pairs(String, String),
}

/// One row group.
pub(super) struct Group {
    table: Arc<Table>,
    index: usize,
}

impl Sheet {
    pub(super) fn open(entry: &Entry, request: &Request) -> Result<Self, ReadError> {
        let fail = |e: ::parquet::errors::ParquetError| ReadError::new(&entry.name, reason(&e.to_string()));
        let file = File::open(&entry.path).map_err(|e| cannot(&entry.name, &e))?;
        if entry.bytes < 12 {
            return Err(ReadError::new(&entry.name, "is too short to be Parquet"));
        }
        let plain =
            ArrowReaderMetadata::load(&file, ArrowReaderOptions::new().with_skip_arrow_metadata(true)).map_err(fail)?;
        let wanted = Wanted::new(plain.schema(), request, &entry.name)?;
        let hint = Arc::new(Schema::new(wanted.fields));
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true).with_schema(hint);
        let meta = ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options).map_err(fail)?;
        let names = wanted.places.iter().flatten().map(|(name, stored)| match stored {
            Stored::Pairs(list, _) => list.as_str(),
            _ => name.as_str(),
        });
        let mask = ProjectionMask::columns(meta.parquet_schema(), names);
        let (places, absent, notes) = (wanted.places, wanted.absent, wanted.notes);
        Ok(Self { table: Arc::new(Table { entry: entry.clone(), meta, places, mask, absent, notes }), next: 0 })
    }

    pub(super) fn next(&mut self) -> Option<Group> {
        let index = self.next;
        self.next += 1;
        let groups = self.table.meta.metadata().num_row_groups();
        (index < groups).then(|| Group { table: Arc::clone(&self.table), index })
    }
}

/// Returns the cause in words of ours.
fn reason(cause: &str) -> String {
    if cause.contains("encrypted") || cause.contains("PARE") {
        return "is encrypted Parquet, which is not read".to_owned();
    }
    format!("is no good Parquet file: {}", cause.to_lowercase().trim_start_matches("parquet error: "))
}

/// What of a file's schema is asked for.
struct Wanted {
    fields: Vec<Field>,
    places: Vec<Option<(String, Stored)>>,
    absent: Vec<String>,
    notes: Vec<String>,
}

impl Wanted {
    fn new(schema: &SchemaRef, request: &Request, file: &str) -> Result<Self, ReadError> {
        let fail = |message: String| ReadError::new(file, message);
        let mut fields: Vec<Field> = schema.fields().iter().map(|f| f.as_ref().clone()).collect();
        let (mut places, mut absent, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        let names: Vec<String> = fields.iter().map(|f| f.name().clone()).collect();
        for column in &request.columns {
            let inside = || {
                let parts: Vec<String> = column.name.split('.').map(str::to_owned).collect();
                type_at(schema.fields(), &parts).map(|of| Field::new(&column.name, of.clone(), true))
            };
            let mut nested = inside().filter(|_| column.name.contains('.'));
            if nested.is_none()
                && let Some((list, key)) = pairs(schema.fields(), &column.name)
            {
                places.push(Some((column.name.clone(), Stored::Pairs(list, key))));
                continue;
            }
            let Some(field) = fields.iter_mut().find(|f| *f.name() == column.name).or(nested.as_mut()) else {
                if column.required {
                    return Err(fail(missing(&column.name, &names, b',')));
                }
                absent.push(column.name.clone());
                places.push(None);
                continue;
            };
            let mut stored = stored(column, field).map_err(fail)?;
            if stored == Stored::Time(false) {
                let zone = request.zone.as_ref().map_or("UTC", |z| z.iana_name().unwrap_or("the zone set"));
                notes.push(format!("the times of `{}` carry no zone; they were read as {zone}", column.name));
                stored = Stored::Time(request.zone.is_none());
            }
            retype(column.kind, &stored, field);
            places.push(Some((column.name.clone(), stored)));
        }
        Ok(Self { fields, places, absent, notes })
    }
}

fn stored(column: &Column, field: &Field) -> Result<Stored, String> {
    let stored = match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Stored::Text,
        DataType::Timestamp(_, zone) => Stored::Time(zone.is_some()),
        DataType::Date32 => Stored::Date,
        DataType::Float32 | DataType::Float64 | DataType::Decimal128(..) => Stored::Number,
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => Stored::Whole,
        DataType::UInt8 | DataType::UInt16 | DataType::UInt32 => Stored::Whole,
        DataType::Boolean => Stored::Truth,
        _ => return Err(format!("the column `{}` is nested or of a type that is not read", column.name)),
    };
    let good = match column.kind {
        Kind::Key => matches!(stored, Stored::Text | Stored::Whole),
        Kind::Time => matches!(stored, Stored::Text | Stored::Whole | Stored::Time(_) | Stored::Date),
        Kind::Event => matches!(stored, Stored::Text | Stored::Whole),
        Kind::Text => matches!(stored, Stored::Text | Stored::Whole | Stored::Truth | Stored::Date),
        Kind::Number { .. } | Kind::Money { .. } => matches!(stored, Stored::Text | Stored::Whole | Stored::Number),
        Kind::Outcome { .. } => matches!(stored, Stored::Text | Stored::Whole | Stored::Number | Stored::Truth),
        Kind::Truth => matches!(stored, Stored::Text | Stored::Whole | Stored::Truth),
    };
    if good { Ok(stored) } else { Err(wrong(column, &stored)) }
}

fn wrong(column: &Column, stored: &Stored) -> String {
    let is = match stored {
        Stored::Text | Stored::Pairs(..) => "text",
        Stored::Time(_) | Stored::Date => "time",
        Stored::Number => "numbers with fractions",
        Stored::Whole => "whole numbers",
        Stored::Truth => "truth values",
    };
    let wanted = match column.kind {
        Kind::Key => "ids, which are text or whole numbers",
        Kind::Time => "times",
        Kind::Event => "event names",
        Kind::Text => "text",
        Kind::Number { .. } | Kind::Outcome { .. } => "numbers",
        Kind::Money { .. } => "money",
        Kind::Truth => "truth values",
    };
    format!("the column `{}` holds {is}, and {wanted} are wanted", column.name)
}

/// Asks the decoder for the form that is cheapest for us.
fn retype(kind: Kind, stored: &Stored, field: &mut Field) {
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let to = match (kind, stored) {
        (Kind::Event | Kind::Text, Stored::Text) => dictionary,
        (_, Stored::Text) => DataType::Utf8View,
        _ => return,
    };
    field.set_data_type(to);
}

impl Group {
    /// Decodes the row group: fast where its columns are stored as most writers do, by the arrow readers otherwise.
    pub(super) fn read(
        self,
        sink: &mut Sink<'_>,
        ledger: &mut PartLedger,
        each: &mut dyn FnMut(&RecordBatch),
    ) -> Result<(), ReadError> {
        let table = &self.table;
        let name = table.entry.name.as_str();
        ledger.absent.clone_from(&table.absent);
        ledger.notes.clone_from(&table.notes);
        let file = Arc::new(File::open(&table.entry.path).map_err(|e| cannot(name, &e))?);
        match Lane::open(table, self.index, &file, sink) {
            Some(lane) => lane.map_err(|cause| ReadError::new(name, reason(&cause)))?.read(sink, ledger, each),
            None => arrows::read(table, self.index, sink, ledger, each),
        }
    }
}

impl Table {
    /// Returns the place of a column among the leaves of the file's schema.
    fn leaf(&self, name: &str) -> Option<usize> {
        let leaves = self.meta.parquet_schema().columns();
        let path = |parts: &[String]| parts.join(".") == name;
        leaves.iter().position(|c| path(c.path().parts()))
    }

    /// Returns the type of a leaf, as Arrow has it.
    fn type_of(&self, parts: &[String]) -> Option<DataType> {
        type_at(self.meta.schema().fields(), parts).cloned()
    }
}

/// Returns the type of a field inside fields.
fn type_at<'f>(fields: &'f Fields, parts: &[String]) -> Option<&'f DataType> {
    let (first, rest) = parts.split_first()?;
    let (_, field) = fields.find(first)?;
    match field.data_type() {
        of if rest.is_empty() => Some(of),
        DataType::Struct(inner) => type_at(inner, rest),
        _ => None,
    }
}

/// Returns the path of the list of keys and values that a name begins with, and the key that is left of it: of
/// `event_params.revenue` the list `event_params` and `revenue`.
fn pairs(fields: &Fields, name: &str) -> Option<(String, String)> {
    name.match_indices('.').find_map(|(at, _)| {
        let (list, key) = (name.get(..at)?, name.get(at + 1..)?);
        let parts: Vec<String> = list.split('.').map(str::to_owned).collect();
        let (DataType::List(item) | DataType::LargeList(item)) = type_at(fields, &parts)? else { return None };
        let DataType::Struct(pair) = item.data_type() else { return None };
        let is_text = |of: &DataType| matches!(of, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
        let keyed = pair.find("key").is_some_and(|(_, f)| is_text(f.data_type()));
        (keyed && pair.find("value").is_some()).then(|| (list.to_owned(), key.to_owned()))
    })
}
