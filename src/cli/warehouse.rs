//! A project's data in a warehouse: where each source stands, and the queries over it.

use super::Failure;
use crate::plan::{Plan, Source};
use crate::sql::{self, Dialect, Place, Query, Script};
use std::path::Path;

/// Returns those queries of a plan that are wanted.
///
/// # Errors
/// What the dialect cannot say, or a source that is in no table it could read.
pub fn script(
    plan: &Plan,
    dialect: &dyn Dialect,
    root: &Path,
    wanted: &dyn Fn(&Query) -> bool,
) -> Result<Script, Failure> {
    let place = |source: &Source| place(source, dialect, root);
    sql::script_of(plan, dialect, &place, wanted).map_err(|why| {
        let failure = Failure::new(why);
        let known = plan.sources.iter().all(|s| s.table.is_some() || !s.parquet.is_empty());
        if known { failure } else { failure.help("name the table of each `data` entry with `table:` in the manifest") }
    })
}

/// Returns where a source stands: its table, else its Parquet files, else the files that are read here.
fn place(source: &Source, dialect: &dyn Dialect, root: &Path) -> Result<Place, String> {
    if let Some(table) = &source.table {
        return Ok(Place::Table(table.split('.').map(str::to_owned).collect()));
    }
    if !source.parquet.is_empty() {
        return Ok(Place::Parquet(source.parquet.clone()));
    }
    let files: Vec<String> = source.patterns.iter().map(|p| root.join(p).display().to_string()).collect();
    let named = |ending: &str| source.patterns.iter().all(|p| p.trim_end_matches(".gz").ends_with(ending));
    let format = source.format.as_deref();
    if format == Some("parquet") || format.is_none() && named(".parquet") {
        return Ok(Place::Parquet(files));
    }
    if matches!(format, Some("csv" | "tsv")) || format.is_none() && (named(".csv") || named(".tsv")) {
        let tab = format == Some("tsv") || format.is_none() && named(".tsv");
        let separator = source.separator.as_ref().and_then(|s| s.chars().next());
        return Ok(Place::Csv(files, separator.unwrap_or(if tab { '\t' } else { ',' })));
    }
    Err(format!("{} cannot read `{}`", dialect.name(), source.patterns.join(", ")))
}
