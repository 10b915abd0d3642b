//! What differs between the dialects of SQL: [`Dialect`]. What it does not override is as most of them have it.
use super::form::{Function, Place};

/// A dialect of SQL.
pub trait Dialect {
    /// Returns the name by which it is asked for.
    fn name(&self) -> &'static str;

    /// Returns a name in quotes, whatever stands in it.
    fn quoted(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    /// Returns a text in quotes, whatever stands in it.
    fn text(&self, text: &str) -> String {
        format!("'{}'", text.replace('\'', "''"))
    }

    /// Returns a column by its name in the data; a dot leads into a record.
    fn column(&self, name: &str) -> String {
        let parts: Vec<String> = name.split('.').map(|part| self.quoted(part)).collect();
        parts.join(".")
    }

    /// Returns where rows come from.
    ///
    /// # Errors
    /// When the dialect cannot read from such a place.
    fn place(&self, place: &Place) -> Result<String, String> {
        match place {
            Place::Table(parts) => Ok(parts.iter().map(|p| self.quoted(p)).collect::<Vec<_>>().join(".")),
            Place::Part(name) => Ok(name.clone()),
            Place::Parquet(_) | Place::Csv(..) => {
                Err(format!("{} reads tables, no files; name the table with `table:` in the manifest", self.name()))
            }
        }
    }

    /// Returns the type of texts.
    fn text_type(&self) -> &'static str {
        "VARCHAR"
    }

    /// Returns the type of doubles.
    fn double_type(&self) -> &'static str {
        "DOUBLE PRECISION"
    }

    /// Returns what to say before the first query, for local times of this zone.
    fn session(&self, zone: &str) -> Vec<String> {
        vec![format!("SET TimeZone = {}", self.text(zone))]
    }

    /// Returns what to write of a function with these arguments.
    fn call(&self, function: Function, args: &[String]) -> String {
        self.usual(function, args)
    }

    /// Returns what most dialects write of a function with these arguments.
    fn usual(&self, function: Function, args: &[String]) -> String {
        let list = args.join(", ");
        let arg = |at: usize| args.get(at).map_or("", String::as_str);
        match function {
            Function::Bytes => list,
            Function::Lower => format!("LOWER({list})"),
            Function::ToText => format!("CAST({list} AS {})", self.text_type()),
            Function::ToDouble => format!("CAST({list} AS {})", self.double_type()),
            Function::ToWhole => format!("CAST({list} AS BIGINT)"),
            Function::ToTruth => format!("CAST({list} AS BOOLEAN)"),
            Function::Number => format!("TRY_CAST({list} AS {})", self.double_type()),
            Function::NullIf => format!("NULLIF({list})"),
            Function::Coalesce => format!("COALESCE({list})"),
            Function::Round => format!("CAST(ROUND({list}) AS BIGINT)"),
            Function::Divide => format!("({} / {})", arg(0), arg(1)),
            Function::Rest => format!("MOD({list})"),
            Function::Least => format!("LEAST({list})"),
            Function::Greatest => format!("GREATEST({list})"),
            Function::Micros => format!("CAST(EXTRACT(EPOCH FROM {list}) * 1000000 AS BIGINT)"),
            Function::Matches => format!("REGEXP_LIKE({list})"),
            Function::Concat => format!("({})", args.join(" || ")),
            Function::Count => "COUNT(*)".to_owned(),
            Function::CountDifferent => format!("COUNT(DISTINCT {list})"),
            Function::Sum | Function::SumInOrder => format!("SUM({})", arg(0)),
            Function::Min => format!("MIN({list})"),
            Function::Max => format!("MAX({list})"),
            Function::Last => format!("MAX_BY({}, {})", arg(0), arg(1)),
            Function::List => {
                format!("LISTAGG({0}, ',') WITHIN GROUP (ORDER BY {1})", self.usual(Function::ToText, args), arg(0))
            }
            Function::Texts => format!("STRING_AGG({list}, ';')"),
            Function::Replace => format!("REPLACE({list})"),
            Function::RowNumber => "ROW_NUMBER()".to_owned(),
            Function::FirstValue => format!("FIRST_VALUE({list})"),
            Function::Lag => format!("LAG({list})"),
        }
    }
}

/// Returns a text as a chain of plain pieces, with each quote and backslash by its number.
///
/// Where a backslash escapes, and where a setting decides whether it does, nothing in the text is left to be read twice.
pub(super) fn text_in_pieces(text: &str, character: &str) -> String {
    let special = |c: char| matches!(c, '\'' | '\\');
    let mut pieces = Vec::new();
    let mut plain = String::new();
    for c in text.chars() {
        if special(c) {
            if !plain.is_empty() {
                pieces.push(format!("'{}'", std::mem::take(&mut plain)));
            }
            pieces.push(format!("{character}({})", u32::from(c)));
        } else {
            plain.push(c);
        }
    }
    if !plain.is_empty() || pieces.is_empty() {
        pieces.push(format!("'{plain}'"));
    }
    if let [one] = pieces.as_slice() { one.clone() } else { format!("({})", pieces.join(" || ")) }
}

/// Returns a text as a double where it looks like one; for dialects that cannot try.
pub(super) fn number_by_pattern(dialect: &dyn Dialect, text: &str) -> String {
    let pattern = "^[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$";
    format!("CASE WHEN {text} ~ '{pattern}' THEN CAST({text} AS {}) END", dialect.double_type())
}
