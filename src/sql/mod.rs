//! The plan as SQL, and rows that a warehouse gave as tallies.
//!
//! ```text
//! Plan ─► Form (typed selects) ─► a dialect's text ─► run elsewhere ─► rows ─► Counts
//! ```
//!
//! A warehouse reduces events to *how many units have which value*; all sums and statistics are made here, without
//! rounding, so what comes out is what the engine counts from files, to the bit. [`script`] writes the queries of a plan,
//! [`Reading`] makes the tallies.
mod bigquery;
mod clickhouse;
mod condition;
mod data;
mod dialect;
mod duckdb;
mod experiment;
mod form;
mod funnel;
mod lines;
mod postgres;
mod read;
mod redshift;
mod rows;
mod snowflake;
mod spark;
mod trino;

pub use dialect::Dialect;
pub use form::Place;

use crate::plan::{Plan, Source, SourceShape, Wanted};
use crate::tally::{Counts, DataTally, Moment, Tallies};

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
    /// What each person did, for the maps and funnels.
    Journeys,
    /// The experiment at this place of the plan.
    Experiment(usize),
}

impl Asks {
    /// Returns the word of the specs for it.
    pub fn name(self) -> &'static str {
        match self {
            Asks::Data => "data",
            Asks::Journeys => "journeys",
            Asks::Experiment(_) => "experiment",
        }
    }
}

impl Query {
    /// Returns the name that no other query of the script has, fit for a file: its id, unless that could be another's.
    pub fn name(&self) -> String {
        let taken = ["data", "journeys"].contains(&self.id.as_str()) || self.id.starts_with("experiment-");
        let apart = taken && matches!(self.asks, Asks::Experiment(_));
        if apart { format!("experiment-{}", self.id) } else { self.id.clone() }
    }

    /// Returns whether its answer is wanted.
    pub fn is_wanted(&self, wanted: Wanted<'_>) -> bool {
        match self.asks {
            Asks::Data => true,
            Asks::Journeys => wanted.journeys(),
            Asks::Experiment(_) => wanted.experiment(&self.id),
        }
    }

    /// Returns whether it asks for the experiment of this id.
    pub fn is_experiment(&self, id: &str) -> bool {
        matches!(self.asks, Asks::Experiment(_)) && self.id == id
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
    script_of(plan, dialect, place, &|_| true)
}

/// Returns those queries of a plan that are wanted; `wanted` sees them without their text.
///
/// # Errors
/// What the dialect or the form cannot say, in words.
pub fn script_of(
    plan: &Plan,
    dialect: &dyn Dialect,
    place: &dyn Fn(&Source) -> Result<Place, String>,
    wanted: &dyn Fn(&Query) -> bool,
) -> Result<Script, String> {
    let zone = zone(plan)?;
    let mut places = Vec::new();
    for source in &plan.sources {
        if matches!(source.shape, SourceShape::Tallies { .. }) {
            return Err("counts that somebody else made are read from files; a warehouse counts events".to_owned());
        }
        if source.anonymous.is_some() {
            let why = "joins people under several ids (`anonymous`), which is done over files only";
            return Err(format!("`{}` {why}; make a view whose id is the joined one, and name it", called(source)));
        }
        places.push(place(source)?);
    }
    if places.is_empty() {
        return Err("the manifest names no data".to_owned());
    }
    let sources = plan.sources.iter().map(called).collect();
    let mut asked = vec![(Asks::Data, "data")];
    if lines::asked(plan) {
        asked.push((Asks::Journeys, "journeys"));
    }
    asked.extend(plan.experiments.iter().enumerate().map(|(at, x)| (Asks::Experiment(at), x.id.as_str())));
    let mut queries = Vec::new();
    for (asks, id) in asked {
        let mut query = Query { asks, id: id.to_owned(), sql: String::new() };
        if !wanted(&query) {
            continue;
        }
        let form = match asks {
            Asks::Data => data::form(plan, &places),
            Asks::Journeys => lines::form(plan, &places),
            Asks::Experiment(at) => experiment::form(plan, at, &places)?,
        };
        query.sql = form.write(dialect)?;
        queries.push(query);
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
    let mut zones: Vec<&str> =
        plan.sources.iter().filter(|s| s.epoch.is_none()).map(|s| s.zone.as_deref().unwrap_or("UTC")).collect();
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
            writeln!(f, "\n-- {} {}\n{};", query.asks.name(), query.name(), query.sql)?;
        }
        Ok(())
    }
}

/// The answers to the queries of a script, taken row by row: [`Reading::row`].
pub struct Reading<'p> {
    plan: &'p Plan,
    parts: Vec<(&'p str, Part<'p>)>,
}

/// What becomes of the rows of one query.
enum Part<'p> {
    Data(Box<DataTally>),
    Journeys,
    Experiment(usize, Box<read::Counting<'p>>),
    Nothing,
}

impl<'p> Reading<'p> {
    /// Takes nothing yet.
    pub fn new(plan: &'p Plan, script: &'p Script) -> Self {
        let part = |query: &'p Query| {
            let part = match query.asks {
                Asks::Data => Part::Data(Box::new(read::nothing(&script.sources))),
                Asks::Journeys => Part::Journeys,
                Asks::Experiment(at) => plan
                    .experiments
                    .get(at)
                    .map_or(Part::Nothing, |x| Part::Experiment(at, Box::new(read::Counting::new(plan, x)))),
            };
            (query.id.as_str(), part)
        };
        Self { plan, parts: script.queries.iter().map(part).collect() }
    }

    /// Takes a row of the answer to the query at this place; returns the events of a unit where it is such.
    ///
    /// # Errors
    /// When it is not such as the query gives.
    pub fn row(&mut self, query: usize, row: &Row) -> Result<Option<Vec<Moment>>, String> {
        let Some((id, part)) = self.parts.get_mut(query) else { return Ok(None) };
        let taken = match part {
            Part::Data(data) => read::data(self.plan, data, row).map(|()| None),
            Part::Experiment(_, counting) => counting.row(row).map(|()| None),
            Part::Journeys => lines::read(self.plan, row).map(Some),
            Part::Nothing => Ok(None),
        };
        taken.map_err(|why| format!("the answer for `{id}`: {why}"))
    }

    /// Returns the counts, but for maps and funnels, whose units [`Reading::row`] gave.
    ///
    /// # Errors
    /// When an answer is not such as its query gives.
    pub fn finish(self) -> Result<Counts, String> {
        let mut counts = Counts::default();
        counts.experiments.resize_with(self.plan.experiments.len(), Tallies::default);
        for (id, part) in self.parts {
            match part {
                Part::Data(data) => counts.data = *data,
                Part::Experiment(at, counting) => {
                    let tallies = counting.finish().map_err(|why| format!("the answer for `{id}`: {why}"))?;
                    if let Some(into) = counts.experiments.get_mut(at) {
                        *into = tallies;
                    }
                }
                Part::Journeys | Part::Nothing => (),
            }
        }
        counts.data.used -= counts.data.duplicates.min(counts.data.used);
        let data = &counts.data;
        counts.experiments.iter_mut().for_each(|x| read::tell(data, &mut x.ledger));
        Ok(counts)
    }
}
