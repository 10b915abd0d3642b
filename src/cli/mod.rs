//! The command line: the only room that touches files, clock, environment and terminal.
//!
//! [`run`] takes arguments and a [`World`] and returns an [`Exit`]; a verb lives in [`commands`], one file each. Findings
//! and what was asked for go to the world's output, progress and failures to its error output.

mod baseline;
mod checked;
pub mod commands;
#[cfg(feature = "engine")]
mod connect;
mod failure;
mod fixes;
mod fresh;
mod git;
pub mod init;
mod manual;
#[cfg(feature = "engine")]
mod measured;
mod on;
mod opened;
pub mod output;
mod outputs;
mod pages;
mod portraits;
mod progress;
pub mod project;
pub mod reference;
pub mod schema;
mod seal;
mod summary;
mod theme;
mod warehouse;
mod watch;
mod world;
mod write;

pub use failure::{Exit, Failure};
pub use world::World;

use clap::Parser;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

/// Customer journeys and A/B tests as code.
#[derive(Parser, Debug)]
#[command(name = "waypost", version, propagate_version = true, disable_help_subcommand = true)]
struct Arguments {
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: clap::ColorChoice,
    /// Do not show how far long work is
    #[arg(short, long, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: commands::Command,
}

/// Runs the program with the arguments, files and terminal of this process.
pub fn main() -> ExitCode {
    write::tidy_when_interrupted();
    run(std::env::args_os(), &mut World::of_process()).into()
}

/// Returns how the run of these arguments ended; the first argument is the program's name.
pub fn run(args: impl IntoIterator<Item = OsString>, world: &mut World<'_>) -> Exit {
    let ended = match Arguments::try_parse_from(args) {
        Ok(arguments) => dispatch(arguments, world),
        Err(refused) => usage(&refused, world),
    };
    ended.and_then(|exit| world.out.flush().map(|()| exit).map_err(Failure::from)).unwrap_or_else(|failure| {
        failure.write(world);
        Exit::Failed
    })
}

fn dispatch(arguments: Arguments, world: &mut World<'_>) -> Result<Exit, Failure> {
    match arguments.color {
        clap::ColorChoice::Auto => (),
        clap::ColorChoice::Always => world.colour = true,
        clap::ColorChoice::Never => world.colour = false,
    }
    world.watched &= !arguments.quiet;
    arguments.command.run(world)
}

/// Writes clap's own message: help and version were asked for, all else is a wrong use.
fn usage(refused: &clap::Error, world: &mut World<'_>) -> Result<Exit, Failure> {
    let text = refused.render();
    let shown = if world.colour { text.ansi().to_string() } else { text.to_string() };
    if refused.use_stderr() {
        world.err.write_all(shown.as_bytes())?;
        return Ok(Exit::Failed);
    }
    world.out.write_all(shown.as_bytes())?;
    Ok(Exit::Clean)
}
