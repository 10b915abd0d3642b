//! How a run ends: [`Exit`], and [`Failure`] for what is no finding.

use super::World;
use std::fmt;
use std::io;
use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to report: code 0.
    Clean,
    /// Findings, or a gate that failed: code 1.
    Findings,
    /// Wrong use, configuration, or trouble with files: code 2.
    Failed,
}

impl Exit {
    /// Returns the process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Failed => 2,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

/// Why a run could not do what was asked: wrong use, configuration, or trouble with files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    /// Returns the failure with its cause, lower case and without a full stop.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// Returns the failure with a line on what to do next.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Returns the failure of doing something with a file: "cannot read `x`: …".
    pub fn file(doing: &str, path: &std::path::Path, cause: &io::Error) -> Self {
        Self::new(format!("cannot {doing} `{}`: {}", path.display(), plain(cause)))
    }

    /// Writes the failure to the error output; where that is gone, nobody is left to tell.
    pub(super) fn write(&self, world: &mut World<'_>) {
        let _ = write!(world.err, "{}", super::output::text::lines(&self.to_string()));
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", self.message)?;
        self.help.iter().try_for_each(|help| writeln!(f, "help: {help}"))
    }
}

impl From<io::Error> for Failure {
    fn from(cause: io::Error) -> Self {
        Self::new(plain(&cause))
    }
}

/// Returns the cause in words, without the number of the operating system's error.
pub(super) fn plain(cause: &io::Error) -> String {
    let text = cause.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
