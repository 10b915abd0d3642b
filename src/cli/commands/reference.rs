//! `waypost reference`: every statement of the language.

use crate::cli::reference::reference;
use crate::cli::{Exit, Failure, World};

/// Write the reference of the language, as Markdown
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Reference {}

impl Reference {
    /// Writes the reference to the output.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        world.out.write_all(reference().as_bytes())?;
        Ok(Exit::Clean)
    }
}
