//! Amazon Redshift.
use super::dialect::{Dialect, number_by_pattern, text_in_pieces};
use super::form::Function;

/// Redshift. Sums of doubles round in the warehouse's order; lists of one unit are at most 64 kB.
pub struct Redshift;

impl Dialect for Redshift {
    fn name(&self) -> &'static str {
        "redshift"
    }

    fn text(&self, text: &str) -> String {
        text_in_pieces(text, "CHR")
    }

    /// Without a length, texts would be cut at 256 bytes.
    fn text_type(&self) -> &'static str {
        "VARCHAR(65535)"
    }

    fn call(&self, function: Function, args: &[String]) -> String {
        let arg = |at: usize| args.get(at).map_or("", String::as_str);
        match function {
            Function::Number => number_by_pattern(self, arg(0)),
            Function::Micros => format!(
                "DATEDIFF(MICROSECOND, CAST('1970-01-01 00:00:00+00' AS TIMESTAMPTZ), CAST({} AS TIMESTAMPTZ))",
                arg(0)
            ),
            Function::Matches => format!("({} ~ {})", arg(0), arg(1)),
            Function::Last => format!(
                "CAST(NULLIF(SPLIT_PART(LISTAGG(CAST({0} AS VARCHAR), ',') \
                 WITHIN GROUP (ORDER BY {1} DESC, {0} DESC), ',', 1), '') AS DOUBLE PRECISION)",
                arg(0),
                arg(1)
            ),
            Function::Texts => format!("LISTAGG({}, ';')", arg(0)),
            _ => self.usual(function, args),
        }
    }
}
