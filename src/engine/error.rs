//! Why nothing was counted: [`EngineError`].
use super::Options;
use crate::events::{Ledger, ReadError};
use std::fmt;

/// Why nothing was counted. The message says what to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum EngineError {
    /// A file cannot be read.
    Read(ReadError),
    /// More rows are bad than is tolerated.
    TooDirty {
        /// What is wrong, with the first places.
        message: String,
        /// What became of all rows.
        ledger: Box<Ledger>,
    },
    /// The files hold no row.
    NoRows,
    /// The data does not fit what the plan asks.
    Unfit(String),
}

impl From<ReadError> for EngineError {
    fn from(error: ReadError) -> Self {
        EngineError::Read(error)
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EngineError::Read(error) => write!(f, "{error}"),
            EngineError::TooDirty { message, .. } | EngineError::Unfit(message) => f.write_str(message),
            EngineError::NoRows => f.write_str("the data files hold no row; nothing can be counted"),
        }
    }
}

impl std::error::Error for EngineError {}

/// Refuses data with rows that have neither a known nor an anonymous id.
pub(super) fn without_id(binding: &super::bind::Binding<'_>, rows: u64) -> EngineError {
    let (files, anonymous) = (binding.source.patterns.join(", "), binding.source.anonymous.as_deref().unwrap_or(""));
    EngineError::Unfit(format!(
        "{rows} rows of `{files}` have neither a known id nor one in `{anonymous}`, so nobody can be told; leave them out with `where`"
    ))
}

/// Refuses data with too many bad rows.
pub(super) fn check(ledger: &Ledger, options: &Options<'_>) -> Result<(), EngineError> {
    let over = |bad: u64, share: f64| bad as f64 > share * ledger.rows as f64;
    let (bad, keys) = (ledger.rejected(), ledger.rejected_keys());
    if !over(bad, options.max_bad) && !over(keys, options.max_bad_keys) {
        return Ok(());
    }
    let kinds = ledger.rejects.iter().map(|(kind, rejects)| {
        let name = |file: usize| ledger.files.get(file).map_or("", |f| f.name.as_str());
        let first = rejects.first.first().map_or_else(String::new, |p| format!(", first {}:{}", name(p.file), p.line));
        format!("{} ({}{first})", kind.words(), rejects.count)
    });
    let kinds = kinds.collect::<Vec<_>>().join("; ");
    let limit =
        if over(keys, options.max_bad_keys) { "no row may lack its id or time" } else { "too many rows are bad" };
    let message = format!(
        "{bad} of {} rows cannot be used: {kinds}; {limit}, so mend the data or say how many may be left out with `--max-bad`",
        ledger.rows
    );
    Err(EngineError::TooDirty { message, ledger: Box::new(ledger.clone()) })
}
