//! The verbs, one file each. A new one is its file, its `mod`, its line in [`Command`] and its arm in [`Command::run`].

mod build;
mod check;
mod assign;
mod check;
mod completions;
mod diff;
mod explain;
mod rules;
mod simulate;
mod import;
mod stats;

use super::{Exit, Failure, World};

/// The verbs, sorted.
#[derive(clap::Subcommand, Debug)]
pub(super) enum Command {
    Build(build::Build),
    Check(check::Check),
    Assign(assign::Assign),
    Completions(completions::Completions),
    Diff(diff::Diff),
    Explain(explain::Explain),
    Rules(rules::Rules),
    Simulate(simulate::Simulate),
    Import(import::Import),
    Stats(stats::Stats),
}

impl Command {
    /// Does what the verb says.
    pub(super) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        match self {
            Command::Build(verb) => verb.run(world),
            Command::Check(verb) => verb.run(world),
            Command::Assign(verb) => verb.run(world),
            Command::Completions(verb) => verb.run(world),
            Command::Diff(verb) => verb.run(world),
            Command::Explain(verb) => verb.run(world),
            Command::Rules(verb) => verb.run(world),
            Command::Simulate(verb) => verb.run(world),
            Command::Import(verb) => verb.run(world),
            Command::Stats(verb) => verb.run(world),
        }
    }
}
