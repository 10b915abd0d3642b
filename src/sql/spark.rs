//! Apache Spark, and what speaks as it does: Databricks, Sail.
use super::dialect::{Dialect, text_in_pieces};
use super::form::{Function, Place};

/// Spark 3.5 and later.
pub struct Spark;

impl Dialect for Spark {
    fn name(&self) -> &'static str {
        "spark"
    }

    fn quoted(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    fn text(&self, text: &str) -> String {
        text_in_pieces(text, "CHR")
    }

    fn place(&self, place: &Place) -> Result<String, String> {
        match place {
            Place::Table(parts) => Ok(parts.iter().map(|p| self.quoted(p)).collect::<Vec<_>>().join(".")),
            Place::Part(name) => Ok(name.clone()),
            Place::Parquet(files) => {
                let each: Vec<String> = files.iter().map(|f| format!("parquet.{}", self.quoted(f))).collect();
                match each.as_slice() {
                    [one] => Ok(one.clone()),
                    many => Ok(format!("(SELECT * FROM {})", many.join(" UNION ALL SELECT * FROM "))),
                }
            }
            Place::Csv(..) => Err("spark is given tables or Parquet files; name the table with `table:`".to_owned()),
        }
    }

    fn text_type(&self) -> &'static str {
        "STRING"
    }

    fn double_type(&self) -> &'static str {
        "DOUBLE"
    }

    fn session(&self, zone: &str) -> Vec<String> {
        vec![format!("SET TIME ZONE {}", self.text(zone))]
    }

    fn call(&self, function: Function, args: &[String]) -> String {
        let arg = |at: usize| args.get(at).map_or("", String::as_str);
        match function {
            Function::Divide => format!("({} DIV {})", arg(0), arg(1)),
            Function::Micros => format!("UNIX_MICROS(CAST({} AS TIMESTAMP))", arg(0)),
            Function::Matches => format!("({} RLIKE {})", arg(0), arg(1)),
            // Partial sums of a shuffle round in another order; a fold over the sorted array does not.
            Function::SumInOrder => format!(
                "AGGREGATE(SORT_ARRAY(COLLECT_LIST(CASE WHEN {0} IS NOT NULL THEN NAMED_STRUCT('t', {1}, 'v', {0}) END)), \
                 CAST(0 AS DOUBLE), (s, z) -> s + z.v)",
                arg(0),
                arg(1)
            ),
            Function::Last => {
                format!(
                    "MAX_BY({0}, CASE WHEN {0} IS NOT NULL THEN NAMED_STRUCT('t', {1}, 'v', {0}) END)",
                    arg(0),
                    arg(1)
                )
            }
            Function::Texts => format!("ARRAY_JOIN(COLLECT_LIST({}), ';')", arg(0)),
            Function::List => {
                format!("NULLIF(ARRAY_JOIN(CAST(SORT_ARRAY(COLLECT_LIST({})) AS ARRAY<STRING>), ','), '')", arg(0))
            }
            _ => self.usual(function, args),
        }
    }
}
