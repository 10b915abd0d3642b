//! `waypost explain`: the manual page of a finding.

use crate::cli::{Exit, Failure, World, manual};

/// Say what a finding means, why it matters and what is better
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Explain {
    /// The finding's name, such as `low-power`
    code: String,
}

impl Explain {
    /// Writes the page.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let code = self.code.trim();
        match manual::entry(code) {
            Some(entry) => {
                world.out.write_all(entry.page.as_bytes())?;
                Ok(Exit::Clean)
            }
            None => Err(unknown(code)),
        }
    }
}

fn unknown(code: &str) -> Failure {
    let failure = Failure::new(format!("no finding is called `{code}`"));
    match manual::nearest(code) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help("`waypost rules` lists them all"),
    }
}
