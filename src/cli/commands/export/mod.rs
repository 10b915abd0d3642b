//! `waypost export`: a project, or a part of it, for others.

mod spec;
mod sql;
mod tools;

use crate::cli::{Exit, Failure, World};
use crate::exchange::spec::Format;

/// Write a project, or a part of it, for other tools
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Export {
    #[command(subcommand)]
    to: To,
}

/// The formats, sorted.
#[derive(clap::Subcommand, Debug)]
enum To {
    Flagd(tools::Flagd),
    Growthbook(tools::Growthbook),
    /// The whole project in one JSON file; nothing is lost
    Json(spec::Whole),
    /// One journey as a Mermaid `journey` diagram
    Mermaid(spec::Diagram),
    Sql(sql::Sql),
    /// The whole project in one YAML file; nothing is lost
    Yaml(spec::Whole),
}

impl Export {
    /// Writes what was asked for.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        match self.to {
            To::Flagd(verb) => verb.run(world),
            To::Growthbook(verb) => verb.run(world),
            To::Json(whole) => whole.run(world, Format::Json),
            To::Mermaid(diagram) => diagram.run(world),
            To::Sql(verb) => verb.run(world),
            To::Yaml(whole) => whole.run(world, Format::Yaml),
        }
    }
}
