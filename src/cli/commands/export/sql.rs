//! The plan as SQL, for a warehouse to run.

use std::cell::RefCell;
use std::path::PathBuf;

use crate::cli::{Exit, Failure, World, opened, warehouse, write};
use crate::plan::Plan;
use crate::sql::{self, Query};

/// The queries that count a project's data in a warehouse
///
/// One query for each experiment: how many units have which value; and one for the maps and funnels: what each unit did and
/// when, without its id. Every sum and every statistic is made from that by Waypost, so that a report is the same from files
/// and from a warehouse. Tables are those that the manifest names under `table:`, or Parquet files under `parquet:`.
#[derive(clap::Args, Debug)]
pub(super) struct Sql {
    /// The project
    project: Option<PathBuf>,
    /// The dialect
    #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(names()))]
    dialect: String,
    /// Only the experiment of this id; `data` for the rows, `journeys` for maps and funnels
    #[arg(long, value_name = "ID")]
    only: Option<String>,
    /// Where to write; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn names() -> Vec<&'static str> {
    sql::DIALECTS.iter().map(|d| d.name()).collect()
}

impl Sql {
    pub(super) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let Some((project, model)) = opened::clean(world, self.project.as_deref())? else { return Ok(Exit::Findings) };
        let plan = Plan::whole(&model);
        let dialect = sql::dialect(&self.dialect).ok_or_else(|| Failure::new("there is no such dialect"))?;
        let known = RefCell::new(Vec::new());
        let wanted = |q: &Query| {
            known.borrow_mut().push(format!("`{}`", q.name()));
            self.only.as_ref().is_none_or(|name| q.name() == *name)
        };
        let script = warehouse::script(&plan, dialect, &project.root, &wanted)?;
        if script.queries.is_empty() {
            let name = self.only.as_deref().unwrap_or_default();
            let failure = Failure::new(format!("nothing of `{name}` is counted"));
            return Err(failure.help(format!("known are {}", known.into_inner().join(", "))));
        }
        write::put(world, self.output.as_deref(), script.to_string().as_bytes())?;
        Ok(Exit::Clean)
    }
}
