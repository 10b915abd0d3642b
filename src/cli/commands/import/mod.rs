//! `waypost import`: what other tools and formats hold, as specs.

mod spec;
mod tools;

use crate::cli::{Exit, Failure, World};
use crate::exchange::spec::Format;

/// Read another format, or what another tool holds, into `.journey` files
///
/// What the language cannot say stays as a comment or is left out, and is told on the error output.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Import {
    #[command(subcommand)]
    from: From,
}

/// The formats, sorted.
#[derive(clap::Subcommand, Debug)]
enum From {
    Growthbook(tools::Growthbook),
    /// A whole project in one JSON file, as `export json` writes it
    Json(spec::Whole),
    /// A Mermaid `journey` diagram
    Mermaid(spec::Diagram),
    /// A whole project in one YAML file, as `export yaml` writes it
    Yaml(spec::Whole),
}

impl Import {
    /// Reads, writes, and tells what was found.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        match self.from {
            From::Growthbook(verb) => verb.run(world),
            From::Json(whole) => whole.run(world, Format::Json),
            From::Mermaid(diagram) => diagram.run(world),
            From::Yaml(whole) => whole.run(world, Format::Yaml),
        }
    }
}
