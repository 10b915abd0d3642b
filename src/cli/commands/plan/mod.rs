//! `waypost plan`: what an experiment takes before it starts.

mod data;
mod words;

use crate::cli::{Exit, Failure, World, opened, warehouse};
use crate::model::{Experiment, Id, Model};
use crate::plan::Plan as Reading;
use crate::sizing::sizing;
use crate::sql;
use std::io::Write;
use std::path::PathBuf;

/// Say how many units and days an experiment takes, and what its planned days can see
///
/// From the `traffic` and `baseline` that waypost.yaml declares. The same numbers as the finding `underpowered`.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Plan {
    /// Which experiments; all that are not concluded where none is named
    experiments: Vec<String>,
    /// The project; the one of the working directory without it
    #[arg(long, value_name = "PATH")]
    project: Option<PathBuf>,
    /// Print instead what is read and counted for them; `--explain=sql` as queries of a warehouse
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "words")]
    #[arg(conflicts_with = "format")]
    explain: Option<How>,
    /// With `--explain=sql`: the dialect
    #[arg(long, value_name = "NAME", default_value = "duckdb", requires = "explain")]
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(sql::DIALECTS.map(|d| d.name())))]
    dialect: String,
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How what is counted is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum How {
    /// In words
    Words,
    /// As SQL
    Sql,
}

/// The forms of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Sentences
    #[default]
    Text,
    /// One JSON object
    Json,
}

impl Plan {
    /// Writes the plan of each experiment to the output.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let Some((project, model)) = opened::clean(world, self.project.as_deref())? else { return Ok(Exit::Findings) };
        let chosen = self.chosen(&model)?;
        match self.explain {
            Some(How::Words) => {
                explain(&model, &chosen, world)?;
                return Ok(Exit::Clean);
            }
            Some(How::Sql) => {
                let names: Vec<&str> = chosen.iter().map(|id| model.experiments[*id].meta.id.as_str()).collect();
                let wanted = |query: &sql::Query| names.iter().any(|name| query.is_experiment(name));
                let dialect = sql::dialect(&self.dialect).ok_or_else(|| Failure::new("there is no such dialect"))?;
                let script = warehouse::script(&Reading::new(&model), dialect, &project.root, &wanted)?;
                write!(world.out, "{script}")?;
                return Ok(Exit::Clean);
            }
            None => (),
        }
        let all = chosen.iter().map(|id| (&model.experiments[*id], sizing(&model, &model.experiments[*id])));
        match self.format {
            Format::Json => {
                let all: Vec<_> = all.map(|(experiment, size)| data::json(&model, experiment, &size)).collect();
                let whole = serde_json::json!({ "schema": "waypost/plan/1", "experiments": all });
                writeln!(world.out, "{whole:#}")?;
            }
            Format::Text => {
                for (place, (experiment, size)) in all.enumerate() {
                    let gap = if place == 0 { "" } else { "\n" };
                    write!(world.out, "{gap}{}", words::text(&model, experiment, &size))?;
                }
                if chosen.is_empty() {
                    writeln!(world.err, "there is no experiment that is not concluded; name one to see its plan")?;
                }
            }
        }
        Ok(Exit::Clean)
    }

    /// The experiments asked for, in the order they are named.
    fn chosen(&self, model: &Model) -> Result<Vec<Id<Experiment>>, Failure> {
        if self.experiments.is_empty() {
            let open = model.experiments.iter().filter(|(_, e)| !e.status.is_concluded());
            return Ok(open.map(|(id, _)| id).collect());
        }
        let find = |name: &String| {
            model.experiment(name).ok_or_else(|| {
                let all: Vec<String> = model.experiments.values().map(|e| format!("`{}`", e.meta.id)).collect();
                Failure::new(format!("there is no experiment `{name}`"))
                    .help(format!("the project has {}", all.join(", ")))
            })
        };
        self.experiments.iter().map(find).collect()
    }
}

/// Writes what the engine reads and counts for these experiments.
fn explain(model: &Model, chosen: &[Id<Experiment>], world: &mut World<'_>) -> Result<(), Failure> {
    let mut plan = Reading::new(model);
    plan.experiments.retain(|x| chosen.contains(&x.experiment));
    plan.maps.clear();
    plan.funnels.clear();
    plan.forget_unasked();
    write!(world.out, "{plan}")?;
    for id in chosen.iter().filter(|id| plan.experiment(**id).is_none()) {
        let name = &model.experiments[*id].meta.id;
        writeln!(world.err, "`{name}` has no exposure event, so nothing can be counted for it")?;
    }
    Ok(())
}
