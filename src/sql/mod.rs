//! The plan as SQL, and rows that a warehouse gave as tallies.
//!
//! ```text
//! Plan ─► Form (typed selects) ─► a dialect's text ─► run elsewhere ─► rows ─► Counts
//! ```
//!
//! A warehouse reduces events to *how many units have which value*; all sums and statistics are made here, without
//! rounding, so what comes out is what the engine counts from files, to the bit. [`script`] writes the queries of a plan,
//! [`Script::read`] makes the tallies.
mod bigquery;
mod clickhouse;
mod condition;
mod data;
mod dialect;
mod duckdb;
mod experiment;
mod form;
mod funnel;
mod postgres;
mod read;
mod redshift;
mod rows;
mod snowflake;
mod spark;
mod trino;

pub use dialect::Dialect;
pub use form::Place;

use crate::plan::{Plan, Source, SourceShape};
use crate::tally::{Counts, Tallies};

/// One row of an answer, cell by cell as text; nothing where there is no value.
pub type Row = Vec<Option<String>>;

/// The dialects, sorted.
pub const DIALECTS: [&(dyn Dialect + Sync); 8] = [
    &bigquery::BigQuery,
    &clickhouse::ClickHouse,
    &duckdb::DuckDb,
    &postgres::Postgres,
    &redshift::Redshift,
    &snowflake::Snowflake,
    &spark::Spark,
    &trino::Trino,
];

/// Returns the dialect of this name.
pub fn dialect(name: &str) -> Option<&'static dyn Dialect> {
    DIALECTS.iter().find(|d| d.name() == name).map(|d| *d as &dyn Dialect)
}

/// What a query asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// What became of the rows.
    Data,
    /// The experiment at this place of the plan.
    Experiment(usize),
}

impl Asks {
    /// Returns the word of the specs for it.
    pub fn name(self) -> &'static str {
        match self {
            Asks::Data => "data",
            Asks::Experiment(_) => "experiment",
        }
    }
}

/// One query.
#[derive(Clone, Debug)]
pub struct Query {
    /// What it asks.
    pub asks: Asks,
    /// The id of that in the specs.
    pub id: String,
    /// One statement, without a semicolon.
    pub sql: String,
}

/// The queries of a plan, in one dialect.
#[derive(Clone, Debug)]
pub struct Script {
    /// What to say first.
    pub session: Vec<String>,
    /// The time zone of local times in the data.
    pub zone: String,
    /// What the sources are called.
    pub sources: Vec<String>,
    /// The queries, in the order of the plan.
    pub queries: Vec<Query>,
}

/// Returns the queries of a plan whose sources are where `place` says.
///
/// # Errors
/// What the dialect or the form cannot say, in words.
pub fn script(
    plan: &Plan,
    dialect: &dyn Dialect,
    place: &dyn Fn(&Source) -> Result<Place, String>,
) -> Result<Script, String> {
    let zone = zone(plan)?;
    let mut places = Vec::new();
    for source in &plan.sources {
        if matches!(source.shape, SourceShape::Tallies { .. }) {
            return Err("counts that somebody else made are read from files; a warehouse counts events".to_owned());
        }
        places.push(place(source)?);
    }
    if places.is_empty() {
        return Err("the manifest names no data".to_owned());
    }
    let sources = plan.sources.iter().map(called).collect();
    let data = data::form(plan, &places).write(dialect)?;
    let mut queries = vec![Query { asks: Asks::Data, id: "data".to_owned(), sql: data }];
    for (at, x) in plan.experiments.iter().enumerate() {
        let form = experiment::form(plan, at, &places)?;
        queries.push(Query { asks: Asks::Experiment(at), id: x.id.clone(), sql: form.write(dialect)? });
    }
    Ok(Script { session: dialect.session(&zone), zone, sources, queries })
}

/// Returns what a source is called, as the manifest has it.
fn called(source: &Source) -> String {
    let files = if source.parquet.is_empty() { &source.patterns } else { &source.parquet };
    source.table.clone().unwrap_or_else(|| files.join(", "))
}

/// Returns the one zone of local times; a session has only one.
fn zone(plan: &Plan) -> Result<String, String> {
    let mut zones: Vec<&str> = plan.sources.iter().filter(|s| s.epoch.is_none()).map(|s| s.zone.as_str()).collect();
    zones.sort_unstable();
    zones.dedup();
    match zones.as_slice() {
        [] => Ok("UTC".to_owned()),
        [zone] if jiff::tz::TimeZone::get(zone).is_err() => Err(format!("`{zone}` is no time zone")),
        [zone] => Ok((*zone).to_owned()),
        _ => Err(format!("the sources have different time zones (`{}`); a warehouse knows one", zones.join("`, `"))),
    }
}

impl std::fmt::Display for Script {
    /// Writes every statement with what it is for.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in &self.session {
            writeln!(f, "{line};")?;
        }
        for query in &self.queries {
            // Ids are letters, digits and hyphens, so none ends a comment.
            writeln!(f, "\n-- {} {}\n{};", query.asks.name(), query.id, query.sql)?;
        }
        Ok(())
    }
}

impl Script {
    /// Returns the counts of a plan from the answers to the queries, in their order.
    ///
    /// # Errors
    /// When an answer is not such as its query gives.
    pub fn read(&self, plan: &Plan, answers: &[Vec<Row>]) -> Result<Counts, String> {
        let mut counts = Counts::default();
        counts.experiments.resize_with(plan.experiments.len(), Tallies::default);
        for (query, rows) in self.queries.iter().zip(answers) {
            let in_query = |why: String| format!("the answer for `{}`: {why}", query.id);
            match query.asks {
                Asks::Data => counts.data = read::data(&self.sources, rows).map_err(in_query)?,
                Asks::Experiment(at) => {
                    if let (Some(x), Some(into)) = (plan.experiments.get(at), counts.experiments.get_mut(at)) {
                        *into = read::tallies(plan, x, rows).map_err(in_query)?;
                    }
                }
            }
        }
        let data = &counts.data;
        counts.experiments.iter_mut().for_each(|x| read::tell(data, &mut x.ledger));
        Ok(counts)
    }
}
