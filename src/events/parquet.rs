//! Parquet: row groups become batches, only the asked-for columns decoded.
use super::column::{Cell, Column, Kind};
use super::error::ReadError;
use super::files::{Entry, cannot};
use super::queue::missing;
use super::reader::Request;
use super::rows::{PartLedger, Sink};
use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray, StringViewArray,
    TimestampMicrosecondArray,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use std::fs::File;
use std::sync::Arc;

/// Rows of a batch.
const ROWS: usize = 1 << 16;

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
        let names = wanted.places.iter().flatten().map(|(name, _)| name.as_str());
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
            let Some(field) = fields.iter_mut().find(|f| *f.name() == column.name) else {
                if column.required {
                    return Err(fail(missing(&column.name, &names, b',')));
                }
                absent.push(column.name.clone());
                places.push(None);
                continue;
            };
            let mut stored = stored(column, field).map_err(fail)?;
            if stored == Stored::Time(false) && request.zone.is_none() {
                notes.push(format!("the times of `{}` carry no zone; they were read as UTC", column.name));
                stored = Stored::Time(true);
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
        Stored::Text => "text",
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
    /// Decodes the row group.
    pub(super) fn read(
        self,
        sink: &mut Sink<'_>,
        ledger: &mut PartLedger,
        each: &mut dyn FnMut(&RecordBatch),
    ) -> Result<(), ReadError> {
        let table = &self.table;
        let name = table.entry.name.as_str();
        let fail = |cause: String| ReadError::new(name, reason(&cause));
        ledger.absent.clone_from(&table.absent);
        ledger.notes.clone_from(&table.notes);
        let file = File::open(&table.entry.path).map_err(|e| cannot(name, &e))?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, table.meta.clone())
            .with_batch_size(ROWS)
            .with_projection(table.mask.clone())
            .with_row_groups(vec![self.index])
            .build()
            .map_err(|e| fail(e.to_string()))?;
        for batch in reader {
            let batch = batch.map_err(|e| fail(e.to_string()))?;
            let arrays = table.arrays(&batch).ok_or_else(|| fail("a column is not what the schema says".to_owned()))?;
            for row in 0..batch.num_rows() {
                ledger.lines += 1;
                let line = ledger.lines;
                sink.row(true, ledger, &|column| arrays.get(column).map_or(Cell::Null, |a| a.cell(row)), || line);
            }
            let out = sink.batch().map_err(|e| fail(e.to_string()))?;
            if out.num_rows() > 0 {
                each(&out);
            }
        }
        Ok(())
    }
}

impl Table {
    fn arrays(&self, batch: &RecordBatch) -> Option<Vec<Source>> {
        let source = |place: &Option<(String, Stored)>| match place {
            None => Some(Source::Absent),
            Some((name, stored)) => Source::new(batch.column_by_name(name)?, stored),
        };
        self.places.iter().map(source).collect()
    }
}

/// A column of a batch in a form whose cells can be read.
enum Source {
    Absent,
    Views(StringViewArray),
    /// Codes into texts.
    Dictionary(Int32Array, StringArray),
    Micros(TimestampMicrosecondArray, bool),
    Doubles(Float64Array),
    Wholes(Int64Array),
    Truths(BooleanArray),
}

impl Source {
    fn new(array: &ArrayRef, stored: &Stored) -> Option<Self> {
        let cast = |to: DataType| arrow_cast::cast(array, &to).ok();
        Some(match stored {
            Stored::Text => match array.as_dictionary_opt::<Int32Type>() {
                Some(d) => Source::Dictionary(d.keys().clone(), d.values().as_string_opt::<i32>()?.clone()),
                None => Source::Views(cast(DataType::Utf8View)?.as_string_view_opt()?.clone()),
            },
            Stored::Time(zoned) => {
                let zone = if *zoned { Some("UTC".into()) } else { None };
                let micros = cast(DataType::Timestamp(TimeUnit::Microsecond, zone))?;
                Source::Micros(micros.as_primitive_opt()?.clone(), *zoned)
            }
            Stored::Date => {
                let micros = cast(DataType::Timestamp(TimeUnit::Microsecond, None))?;
                Source::Micros(micros.as_primitive_opt()?.clone(), false)
            }
            Stored::Number => Source::Doubles(cast(DataType::Float64)?.as_primitive_opt()?.clone()),
            Stored::Whole => Source::Wholes(cast(DataType::Int64)?.as_primitive_opt()?.clone()),
            Stored::Truth => Source::Truths(array.as_boolean_opt()?.clone()),
        })
    }

    /// Returns the cell of a row of the batch.
    fn cell(&self, row: usize) -> Cell<'_> {
        match self {
            Source::Views(a) if a.is_valid(row) => Cell::text(a.value(row).as_bytes()),
            Source::Dictionary(a, texts) if a.is_valid(row) => {
                Cell::text(usize::try_from(a.value(row)).map_or(&[], |code| texts.value(code).as_bytes()))
            }
            Source::Micros(a, zoned) if a.is_valid(row) => Cell::Micros(a.value(row), *zoned),
            Source::Doubles(a) if a.is_valid(row) => Cell::Double(a.value(row)),
            Source::Wholes(a) if a.is_valid(row) => Cell::Whole(a.value(row)),
            Source::Truths(a) if a.is_valid(row) => Cell::Truth(a.value(row)),
            _ => Cell::Null,
        }
    }
}
