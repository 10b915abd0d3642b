//! BigQuery.
use super::dialect::{Dialect, text_in_pieces};
use super::form::Function;

/// BigQuery. Sums of doubles round in the warehouse's order; money and counts are whole numbers and do not.
pub struct BigQuery;

impl Dialect for BigQuery {
    fn name(&self) -> &'static str {
        "bigquery"
    }

    /// No name there holds a backtick or a backslash, so a name that does is of no column and loses them.
    fn quoted(&self, name: &str) -> String {
        format!("`{}`", name.replace(['`', '\\'], ""))
    }

    fn text(&self, text: &str) -> String {
        text_in_pieces(text, "CHR")
    }

    fn text_type(&self) -> &'static str {
        "STRING"
    }

    fn double_type(&self) -> &'static str {
        "FLOAT64"
    }

    fn session(&self, zone: &str) -> Vec<String> {
        vec![format!("SET @@time_zone = {}", self.text(zone))]
    }

    fn call(&self, function: Function, args: &[String]) -> String {
        let arg = |at: usize| args.get(at).map_or("", String::as_str);
        match function {
            Function::ToWhole => format!("CAST({} AS INT64)", arg(0)),
            Function::ToTruth => format!("CAST({} AS BOOL)", arg(0)),
            Function::Number => format!("SAFE_CAST({} AS FLOAT64)", arg(0)),
            Function::Round => format!("CAST(ROUND({}) AS INT64)", arg(0)),
            Function::Divide => format!("DIV({}, {})", arg(0), arg(1)),
            Function::Micros => format!("UNIX_MICROS(CAST({} AS TIMESTAMP))", arg(0)),
            Function::Matches => format!("REGEXP_CONTAINS({}, {})", arg(0), arg(1)),
            Function::Last => {
                format!(
                    "ARRAY_AGG({0} IGNORE NULLS ORDER BY {1} DESC, {0} DESC LIMIT 1)[SAFE_OFFSET(0)]",
                    arg(0),
                    arg(1)
                )
            }
            Function::List => format!("STRING_AGG(CAST({0} AS STRING), ',' ORDER BY {0})", arg(0)),
            _ => self.usual(function, args),
        }
    }
}
