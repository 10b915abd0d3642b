//! Why data cannot be read: [`ReadError`].
use std::fmt;

/// A whole file, or a whole request, that cannot be read. The message says what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The file as people know it; empty where no single file is to blame.
    pub file: String,
    /// The line, from 1, where one is to blame.
    pub line: Option<u64>,
    /// The cause and the next step.
    pub message: String,
}

impl ReadError {
    /// Returns the error of a file.
    pub fn new(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, message: message.into() }
    }

    /// Returns the error with the line it stands on.
    #[must_use]
    pub fn at(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = match (self.file.as_str(), self.line) {
            ("", _) => self.message.clone(),
            (file, None) => format!("{file}: {}", self.message),
            (file, Some(line)) => format!("{file}:{line}: {}", self.message),
        };
        // a file's name may hold the end of a line; the message is one line all the same
        f.write_str(&said.replace('\n', "\\n").replace('\r', "\\r"))
    }
}

impl std::error::Error for ReadError {}
