//! `waypost completions`: what a shell needs to complete our words.

use crate::cli::{Arguments, Exit, Failure, World};
use clap::CommandFactory;

/// Write the completions of a shell
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Completions {
    /// Which shell
    shell: clap_complete::Shell,
}

impl Completions {
    /// Writes the shell's script to the output.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "waypost", &mut script);
        world.out.write_all(&script)?;
        Ok(Exit::Clean)
    }
}
