//! PostgreSQL.
use super::dialect::{Dialect, number_by_pattern};
use super::form::Function;

/// PostgreSQL 14 and later.
pub struct Postgres;

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn text_type(&self) -> &'static str {
        "TEXT"
    }

    /// It takes the parts of a query for a row or two each, and would then compare every row of one with every row of another.
    fn session(&self, zone: &str) -> Vec<String> {
        vec![format!("SET TimeZone = {}", self.text(zone)), "SET enable_nestloop = off".to_owned()]
    }

    fn call(&self, function: Function, args: &[String]) -> String {
        let arg = |at: usize| args.get(at).map_or("", String::as_str);
        match function {
            Function::Bytes => format!("({} COLLATE \"C\")", arg(0)),
            Function::Number => number_by_pattern(self, arg(0)),
            Function::Micros => {
                format!("CAST(EXTRACT(EPOCH FROM CAST({} AS TIMESTAMPTZ)) * 1000000 AS BIGINT)", arg(0))
            }
            Function::Matches => format!("({} ~ {})", arg(0), arg(1)),
            Function::SumInOrder => format!("SUM({} ORDER BY {})", arg(0), arg(1)),
            Function::Last => {
                format!(
                    "(ARRAY_AGG({0} ORDER BY {1} DESC, {0} DESC) FILTER (WHERE {0} IS NOT NULL))[1]",
                    arg(0),
                    arg(1)
                )
            }
            Function::List => format!("STRING_AGG(CAST({0} AS TEXT), ',' ORDER BY {0})", arg(0)),
            _ => self.usual(function, args),
        }
    }
}
