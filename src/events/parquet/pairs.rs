//! What lies inside other columns: fields of structs, and lists of keys and values as BigQuery exports them.
//!
//! ```text
//! event_params: LIST of { key, value: { string_value, int_value, float_value, double_value } }
//! ```
use super::super::column::Cell;
use super::Stored;
use super::arrows::Source;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, StringViewArray, make_array};
use arrow_buffer::NullBuffer;
use arrow_schema::DataType;

/// The values of one key of a list of keys and values.
pub(super) struct Pairs {
    key: String,
    /// Where the pairs of each row begin, and where the last row's end.
    offsets: Vec<usize>,
    /// Rows without a list.
    missing: Option<NullBuffer>,
    keys: StringViewArray,
    /// The value under each type it may have, in the order of the file.
    values: Vec<Source>,
}

impl Pairs {
    /// Returns the values of a key; nothing where the column is no such list. Numbers of a column of text become text.
    pub(super) fn new(array: &ArrayRef, key: &str, as_text: bool) -> Option<Self> {
        let (offsets, items): (Vec<usize>, &ArrayRef) = match (array.as_list_opt::<i32>(), array.as_list_opt::<i64>()) {
            (Some(list), _) => (places(list.value_offsets()), list.values()),
            (None, Some(list)) => (places(list.value_offsets()), list.values()),
            _ => return None,
        };
        let (keys, value) = (field(items, "key")?, field(items, "value")?);
        let keys = arrow_cast::cast(&keys, &DataType::Utf8View).ok()?.as_string_view_opt()?.clone();
        let typed: Vec<ArrayRef> = match value.as_struct_opt() {
            None => vec![value],
            Some(value_of) => {
                let names = value_of.column_names().into_iter().filter(|n| n.ends_with("_value"));
                names.filter_map(|name| field(&value, name)).collect()
            }
        };
        let values = typed.iter().filter_map(|array| source(array, as_text)).collect();
        Some(Self { key: key.to_owned(), offsets, missing: array.nulls().cloned(), keys, values })
    }

    /// Returns the value of the key in a row: of a key that comes twice the first that has one.
    pub(super) fn cell(&self, row: usize) -> Cell<'_> {
        let (Some(&from), Some(&to)) = (self.offsets.get(row), self.offsets.get(row + 1)) else { return Cell::Null };
        if self.missing.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            return Cell::Null;
        }
        let named = |at: &usize| self.keys.is_valid(*at) && self.keys.value(*at) == self.key;
        let value = |at: usize| self.values.iter().map(|v| v.cell(at)).find(|cell| !matches!(cell, Cell::Null));
        (from..to).filter(named).find_map(value).unwrap_or(Cell::Null)
    }
}

fn places<T: Copy + TryInto<usize>>(offsets: &[T]) -> Vec<usize> {
    offsets.iter().map(|at| (*at).try_into().unwrap_or(0)).collect()
}

/// Returns the cells of one type of a value; nothing of types that are not read.
fn source(array: &ArrayRef, as_text: bool) -> Option<Source> {
    let stored = match array.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Stored::Text,
        DataType::Float32 | DataType::Float64 | DataType::Decimal128(..) if as_text => Stored::Text,
        DataType::Float32 | DataType::Float64 | DataType::Decimal128(..) => Stored::Number,
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => Stored::Whole,
        DataType::Boolean => Stored::Truth,
        _ => return None,
    };
    Source::new(array, &stored)
}

/// Returns a column of a batch by its name, or by its path through structs.
pub(super) fn inside(batch: &RecordBatch, path: &str) -> Option<ArrayRef> {
    if let Some(array) = batch.column_by_name(path) {
        return Some(array.clone());
    }
    let mut parts = path.split('.');
    let root = batch.column_by_name(parts.next()?)?.clone();
    parts.try_fold(root, |array, part| field(&array, part))
}

/// Returns a field of a column of structs; where the struct is missing, so is its field.
fn field(array: &ArrayRef, name: &str) -> Option<ArrayRef> {
    let of = array.as_struct_opt()?;
    let inner = of.column_by_name(name)?;
    if of.null_count() == 0 {
        return Some(inner.clone());
    }
    let nulls = NullBuffer::union(of.nulls(), inner.nulls());
    inner.to_data().into_builder().nulls(nulls).build().ok().map(make_array)
}
