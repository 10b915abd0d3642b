//! The verbs, one file each. A new one is its file, its `mod`, its line in `Command` and its arm in `Command::run`.

#[cfg(feature = "engine")]
mod analyze;
mod assign;
mod build;
mod check;
mod ci;
mod completions;
mod diff;
mod explain;
mod export;
mod fmt;
mod import;
mod init;
mod plan;
mod reference;
mod render;
#[cfg(feature = "engine")]
mod report;
mod rules;
mod schema;
mod simulate;
mod stats;
#[cfg(feature = "engine")]
mod verify;

use super::{Exit, Failure, World};

/// The verbs, sorted.
#[derive(clap::Subcommand, Debug)]
pub(super) enum Command {
    #[cfg(feature = "engine")]
    Analyze(analyze::Analyze),
    Assign(assign::Assign),
    Build(build::Build),
    Check(check::Check),
    Ci(ci::Ci),
    Completions(completions::Completions),
    Diff(diff::Diff),
    Explain(explain::Explain),
    Export(export::Export),
    Fmt(fmt::Fmt),
    Import(import::Import),
    Init(init::Init),
    Plan(plan::Plan),
    Reference(reference::Reference),
    Render(render::Render),
    #[cfg(feature = "engine")]
    Report(report::Report),
    Rules(rules::Rules),
    Schema(schema::Schema),
    Simulate(simulate::Simulate),
    Stats(stats::Stats),
    #[cfg(feature = "engine")]
    Verify(verify::Verify),
}

impl Command {
    /// Does what the verb says.
    pub(super) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        match self {
            #[cfg(feature = "engine")]
            Command::Analyze(verb) => verb.run(world),
            Command::Assign(verb) => verb.run(world),
            Command::Build(verb) => verb.run(world),
            Command::Check(verb) => verb.run(world),
            Command::Ci(verb) => verb.run(world),
            Command::Completions(verb) => verb.run(world),
            Command::Diff(verb) => verb.run(world),
            Command::Explain(verb) => verb.run(world),
            Command::Export(verb) => verb.run(world),
            Command::Fmt(verb) => verb.run(world),
            Command::Import(verb) => verb.run(world),
            Command::Init(verb) => verb.run(world),
            Command::Plan(verb) => verb.run(world),
            Command::Reference(verb) => verb.run(world),
            Command::Render(verb) => verb.run(world),
            #[cfg(feature = "engine")]
            Command::Report(verb) => verb.run(world),
            Command::Rules(verb) => verb.run(world),
            Command::Schema(verb) => verb.run(world),
            Command::Simulate(verb) => verb.run(world),
            Command::Stats(verb) => verb.run(world),
            #[cfg(feature = "engine")]
            Command::Verify(verb) => verb.run(world),
        }
    }
}
