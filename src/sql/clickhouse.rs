//! ClickHouse. Times of rows are columns of `DateTime` or `DateTime64`.
use super::dialect::{Dialect, text_in_pieces};
use super::form::{Function, Place};

/// ClickHouse 24.3 and later.
pub struct ClickHouse;

impl Dialect for ClickHouse {
    fn name(&self) -> &'static str {
        "clickhouse"
    }

    /// A backslash escapes in names too.
    fn quoted(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\"\""))
    }

    fn text(&self, text: &str) -> String {
        text_in_pieces(text, "char")
    }

    fn place(&self, place: &Place) -> Result<String, String> {
        match place {
            Place::Table(parts) => Ok(parts.iter().map(|p| self.quoted(p)).collect::<Vec<_>>().join(".")),
            Place::Part(name) => Ok(name.clone()),
            Place::Parquet(files) => match files.as_slice() {
                [one] if one.starts_with("s3://") || one.starts_with("https://") => {
                    Ok(format!("s3({}, 'Parquet')", self.text(one)))
                }
                [one] => Ok(format!("file({}, 'Parquet')", self.text(one))),
                _ => Err("clickhouse reads Parquet files of one pattern; name one under `parquet:`".to_owned()),
            },
            Place::Csv(..) => {
                Err("clickhouse is given tables or Parquet files; name the table with `table:`".to_owned())
            }
        }
    }

    fn text_type(&self) -> &'static str {
        "Nullable(String)"
    }

    fn double_type(&self) -> &'static str {
        "Nullable(Float64)"
    }

    /// A name means the column, not what the same select calls by that name.
    fn session(&self, zone: &str) -> Vec<String> {
        vec![format!("SET session_timezone = {}", self.text(zone)), "SET prefer_column_name_to_alias = 1".to_owned()]
    }

    fn call(&self, function: Function, args: &[String]) -> String {
        let arg = |at: usize| args.get(at).map_or("", String::as_str);
        match function {
            Function::ToWhole => format!("CAST({} AS Nullable(Int64))", arg(0)),
            Function::ToTruth => format!("CAST({} AS Nullable(Bool))", arg(0)),
            Function::Number => format!("toFloat64OrNull({})", arg(0)),
            Function::Round => format!("toInt64(round({}))", arg(0)),
            Function::Divide => format!("intDiv({}, {})", arg(0), arg(1)),
            Function::Rest => format!("modulo({}, {})", arg(0), arg(1)),
            Function::Least => format!("least(toInt64({}), toInt64({}))", arg(0), arg(1)),
            Function::Greatest => format!("greatest(toInt64({}), toInt64({}))", arg(0), arg(1)),
            Function::Micros => format!("toUnixTimestamp64Micro(toDateTime64({}, 6))", arg(0)),
            Function::Matches => format!("match({}, {})", arg(0), arg(1)),
            // Blocks are summed side by side, and their sums round in another order; a fold over the sorted array does not.
            Function::SumInOrder => format!(
                "arrayFold((s, z) -> s + tupleElement(z, 2), \
                 arraySort(groupArrayIf(({1}, assumeNotNull({0})), {0} IS NOT NULL)), toFloat64(0))",
                arg(0),
                arg(1)
            ),
            Function::Last => format!(
                "if(countIf({0} IS NOT NULL) = 0, NULL, \
                 argMaxIf(assumeNotNull({0}), ({1}, assumeNotNull({0})), {0} IS NOT NULL))",
                arg(0),
                arg(1)
            ),
            Function::Texts => {
                format!("arrayStringConcat(groupArrayIf(assumeNotNull({0}), {0} IS NOT NULL), ';')", arg(0))
            }
            Function::Replace => format!("replaceAll({}, {}, {})", arg(0), arg(1), arg(2)),
            Function::List => format!(
                "NULLIF(arrayStringConcat(arrayMap(z -> toString(z), \
                 arraySort(groupArrayIf(assumeNotNull({0}), {0} IS NOT NULL))), ','), '')",
                arg(0)
            ),
            _ => self.usual(function, args),
        }
    }
}
