//! DuckDB.
use super::dialect::Dialect;
use super::form::{Function, Place};

/// DuckDB 1.0 and later.
pub struct DuckDb;

impl DuckDb {
    fn files(&self, files: &[String]) -> String {
        let list: Vec<String> = files.iter().map(|f| self.text(f)).collect();
        format!("[{}]", list.join(", "))
    }
}

impl Dialect for DuckDb {
    fn name(&self) -> &'static str {
        "duckdb"
    }

    fn place(&self, place: &Place) -> Result<String, String> {
        Ok(match place {
            Place::Table(parts) => parts.iter().map(|p| self.quoted(p)).collect::<Vec<_>>().join("."),
            Place::Part(name) => name.clone(),
            Place::Parquet(files) => format!("read_parquet({}, union_by_name = true)", self.files(files)),
            // Types are guessed nowhere: an id of `007` stays as it is.
            Place::Csv(files, separator) => format!(
                "read_csv({}, header = true, all_varchar = true, union_by_name = true, delim = {})",
                self.files(files),
                self.text(&separator.to_string())
            ),
        })
    }

    fn double_type(&self) -> &'static str {
        "DOUBLE"
    }

    fn call(&self, function: Function, args: &[String]) -> String {
        let arg = |at: usize| args.get(at).map_or("", String::as_str);
        match function {
            Function::Divide => format!("({} // {})", arg(0), arg(1)),
            Function::Micros => format!("epoch_us(CAST({} AS TIMESTAMPTZ))", arg(0)),
            Function::Matches => format!("regexp_matches({}, {})", arg(0), arg(1)),
            Function::SumInOrder => format!("SUM({} ORDER BY {})", arg(0), arg(1)),
            Function::Last => format!("MAX_BY({0}, ({1}, {0})) FILTER (WHERE {0} IS NOT NULL)", arg(0), arg(1)),
            Function::List => format!("STRING_AGG(CAST({0} AS VARCHAR), ',' ORDER BY {0})", arg(0)),
            _ => self.usual(function, args),
        }
    }
}
