//! Snowflake. Names are quoted, so they are written in the manifest as the warehouse shows them, mostly in capitals.
use super::dialect::{Dialect, text_in_pieces};
use super::form::Function;

/// Snowflake. Sums of doubles round in the warehouse's order; money and counts are whole numbers and do not.
pub struct Snowflake;

impl Dialect for Snowflake {
    fn name(&self) -> &'static str {
        "snowflake"
    }

    fn text(&self, text: &str) -> String {
        text_in_pieces(text, "CHR")
    }

    fn session(&self, zone: &str) -> Vec<String> {
        vec![format!("ALTER SESSION SET TIMEZONE = {}", self.text(zone))]
    }

    fn call(&self, function: Function, args: &[String]) -> String {
        let arg = |at: usize| args.get(at).map_or("", String::as_str);
        match function {
            Function::Number => format!("TRY_TO_DOUBLE({})", arg(0)),
            // A quotient is rounded to six places and might become the next whole number.
            Function::Divide => format!("(({0} - MOD({0}, {1})) / {1})", arg(0), arg(1)),
            Function::Micros => format!("DATE_PART(EPOCH_MICROSECOND, CAST({} AS TIMESTAMP_LTZ))", arg(0)),
            // REGEXP_LIKE would ask for the whole text.
            Function::Matches => format!("(REGEXP_INSTR({}, {}) > 0)", arg(0), arg(1)),
            Function::Last => {
                format!(
                    "CAST(GET(ARRAY_AGG({0}) WITHIN GROUP (ORDER BY {1} DESC, {0} DESC), 0) AS DOUBLE)",
                    arg(0),
                    arg(1)
                )
            }
            Function::Texts => format!("LISTAGG({}, ';')", arg(0)),
            _ => self.usual(function, args),
        }
    }
}
