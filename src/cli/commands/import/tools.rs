//! What the tools that assign variants hold, as specs.

use std::path::PathBuf;

use crate::cli::commands::assign::read_payload;
use crate::cli::output::text::lines;
use crate::cli::{Exit, Failure, World, write};
use crate::payload::import;

/// The experiments of a GrowthBook SDK payload
///
/// Writes a `.journey` file. What a payload does not say stands as "To say"; what a spec cannot say is left out, told on
/// the error output, and makes the exit code 1.
#[derive(clap::Args, Debug)]
pub(super) struct Growthbook {
    /// The payload: what the SDK's features endpoint answers
    payload: PathBuf,
    /// Where to write; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The key of an encrypted payload
    #[arg(long, value_name = "KEY")]
    decryption_key: Option<String>,
}

impl Growthbook {
    pub(super) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let payload = read_payload(world, &self.payload, self.decryption_key.as_deref())?;
        let imported = import(&payload, world.today("UTC"));
        write::put(world, self.output.as_deref(), imported.text.as_bytes())?;
        write!(world.err, "the manifest needs:\n{}", lines(&imported.manifest))?;
        for note in &imported.notes {
            writeln!(world.err, "{}", lines(&format!("note: {note}")))?;
        }
        Ok(if imported.notes.is_empty() { Exit::Clean } else { Exit::Findings })
    }
}
