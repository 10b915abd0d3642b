//! The verbs, one file each. A new one is its file, its `mod`, its line in [`Command`] and its arm in [`Command::run`].

mod assign;
mod build;
mod check;
mod completions;
mod diff;
mod export;
mod import;
mod simulate;
mod stats;

use super::{Exit, Failure, World};

/// The verbs, sorted.
#[derive(clap::Subcommand, Debug)]
pub(super) enum Command {
    Assign(assign::Assign),
    Build(build::Build),
    Check(check::Check),
    Completions(completions::Completions),
    Diff(diff::Diff),
    Export(export::Export),
    Import(import::Import),
    Simulate(simulate::Simulate),
    Stats(stats::Stats),
}

impl Command {
    /// Does what the verb says.
    pub(super) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        match self {
            Command::Assign(verb) => verb.run(world),
            Command::Build(verb) => verb.run(world),
            Command::Check(verb) => verb.run(world),
            Command::Completions(verb) => verb.run(world),
            Command::Diff(verb) => verb.run(world),
            Command::Export(verb) => verb.run(world),
            Command::Import(verb) => verb.run(world),
            Command::Simulate(verb) => verb.run(world),
            Command::Stats(verb) => verb.run(world),
        }
    }
}
