//! The slow way through a row group, for whatever [`lane`](super::lane) does not read: the arrow readers.
use super::super::column::{Cell, Kind};
use super::super::error::ReadError;
use super::super::files::cannot;
use super::super::rows::{PartLedger, Sink};
use super::pairs::{Pairs, inside};
use super::{Stored, Table, reason};
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray, StringViewArray,
    TimestampMicrosecondArray,
};
use arrow_schema::{DataType, TimeUnit};
use std::fs::File;

/// Rows of a batch.
const ROWS: usize = 1 << 16;

/// Reads a row group.
///
/// # Errors
/// When the file is broken, or a column lies inside another.
pub(super) fn read(
    table: &Table,
    index: usize,
    sink: &mut Sink<'_>,
    ledger: &mut PartLedger,
    each: &mut dyn FnMut(&RecordBatch),
) -> Result<(), ReadError> {
    let name = table.entry.name.as_str();
    let fail = |cause: String| ReadError::new(name, reason(&cause));
    let file = File::open(&table.entry.path).map_err(|e| cannot(name, &e))?;
    let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, table.meta.clone())
        .with_batch_size(ROWS)
        .with_projection(table.mask.clone())
        .with_row_groups(vec![index])
        .build()
        .map_err(|e| fail(e.to_string()))?;
    for batch in reader {
        let batch = batch.map_err(|e| fail(e.to_string()))?;
        let arrays =
            table.arrays(&batch, sink).ok_or_else(|| fail("a column is not what the schema says".to_owned()))?;
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
impl Table {
    fn arrays(&self, batch: &RecordBatch, sink: &Sink<'_>) -> Option<Vec<Source>> {
        let kinds = sink.request.columns.iter().map(|c| c.kind);
        let source = |(place, kind): (&Option<(String, Stored)>, Kind)| match place {
            None => Some(Source::Absent),
            Some((_, Stored::Pairs(list, key))) => {
                let pairs = Pairs::new(&inside(batch, list)?, key, kind == Kind::Text)?;
                Some(Source::Pairs(pairs))
            }
            Some((name, stored)) => Source::new(&inside(batch, name)?, stored),
        };
        self.places.iter().zip(kinds).map(source).collect()
    }
}

/// A column of a batch in a form whose cells can be read.
pub(super) enum Source {
    Absent,
    Views(StringViewArray),
    /// Codes into texts.
    Dictionary(Int32Array, StringArray),
    Micros(TimestampMicrosecondArray, bool),
    Doubles(Float64Array),
    Wholes(Int64Array),
    Truths(BooleanArray),
    Pairs(Pairs),
}

impl Source {
    pub(super) fn new(array: &ArrayRef, stored: &Stored) -> Option<Self> {
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
            Stored::Pairs(..) => return None,
        })
    }

    /// Returns the cell of a row of the batch.
    pub(super) fn cell(&self, row: usize) -> Cell<'_> {
        match self {
            Source::Pairs(pairs) => pairs.cell(row),
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
