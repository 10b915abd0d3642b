//! Trino, and Athena.
use super::dialect::Dialect;
use super::form::Function;

/// Trino.
pub struct Trino;

impl Dialect for Trino {
    fn name(&self) -> &'static str {
        "trino"
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
            // Seconds as a double tell microseconds apart until the year 2255.
            Function::Micros => {
                format!("CAST(ROUND(TO_UNIXTIME(CAST({} AS TIMESTAMP(6) WITH TIME ZONE)) * 1e6) AS BIGINT)", arg(0))
            }
            Function::SumInOrder => format!("SUM({} ORDER BY {})", arg(0), arg(1)),
            Function::Last => format!("MAX_BY({0}, ROW({1}, {0})) FILTER (WHERE {0} IS NOT NULL)", arg(0), arg(1)),
            Function::Texts => format!("ARRAY_JOIN(ARRAY_AGG({}), ';')", arg(0)),
            Function::List => {
                format!("ARRAY_JOIN(ARRAY_SORT(ARRAY_AGG({0}) FILTER (WHERE {0} IS NOT NULL)), ',')", arg(0))
            }
            _ => self.usual(function, args),
        }
    }
}
