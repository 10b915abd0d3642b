//! How findings look: [`Findings`], and one file for each [`Format`].

mod concise;
mod difference;
mod entity;
mod excerpt;
mod full;
mod github;
mod gitlab;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod sarif;
pub mod text;

pub use difference::difference;
pub use entity::{entity, owner as finding_key};
pub use markdown::summary as markdown_summary;

use super::World;
use super::checked::Checked;
use super::project::Project;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use std::collections::BTreeMap;
use std::io;

/// The formats, sorted but for the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// With the text they are about, and how to mend it
    #[default]
    Full,
    /// One line each
    Concise,
    /// Annotations of a GitHub workflow
    Github,
    /// A code quality report of GitLab
    Gitlab,
    /// One JSON object
    Json,
    /// One JSON object a line
    Jsonl,
    /// A JUnit test report
    Junit,
    /// A table for a comment or a summary
    Markdown,
    /// SARIF 2.1.0
    Sarif,
}

/// At most so many findings of one file are shown to people; the rest is counted.
pub const SHOWN_PER_FILE: usize = 20;

/// One finding and the project it was made in.
#[derive(Clone, Copy)]
pub struct Finding<'a> {
    /// What was found.
    pub diagnostic: &'a Diagnostic,
    /// Where.
    pub project: &'a Project,
}

/// A place in a file, for people and machines: lines and columns from 1, columns in characters, offsets in bytes.
pub struct Spot {
    /// The path from the working directory.
    pub path: String,
    /// First line and column.
    pub start: crate::source::Position,
    /// Line and column behind the last character.
    pub end: crate::source::Position,
}

impl Finding<'_> {
    /// Returns the path of its file from the working directory, safe to show.
    pub fn path(&self) -> String {
        self.path_of(self.diagnostic.primary.span)
    }

    fn path_of(&self, span: Span) -> String {
        text::leading(&self.project.path(span.source)).into_owned()
    }

    /// Returns where a span lies.
    pub fn spot(&self, span: Span) -> Spot {
        let end = Span { start: span.end, ..span };
        let sources = &self.project.sources;
        Spot { path: self.path_of(span), start: sources.position(span), end: sources.position(end) }
    }

    /// Returns the main place.
    pub fn place(&self) -> Spot {
        self.spot(self.diagnostic.primary.span)
    }

    /// Returns its message on one line, safe to show.
    pub fn message(&self) -> String {
        text::shown(&self.diagnostic.message).into_owned()
    }

    /// Returns the lines on what to do next, the title of the fix last, safe to show.
    pub fn help(&self) -> Vec<String> {
        let said = |title: &&String| self.diagnostic.help.iter().any(|h| h.contains(title.as_str()));
        let fix = self.diagnostic.fix.as_ref().map(|f| &f.title).filter(|title| !said(title));
        self.diagnostic.help.iter().chain(fix).map(|h| text::shown(h).into_owned()).collect()
    }
}

/// The findings of a run.
pub struct Findings<'a> {
    /// In order of project and place.
    pub list: Vec<Finding<'a>>,
    /// How many spec files were read.
    pub files: usize,
}

impl<'a> Findings<'a> {
    /// Returns the findings of projects.
    pub fn of(all: &'a [Checked]) -> Self {
        let list = all.iter().flat_map(|checked| {
            checked.diagnostics.iter().map(|diagnostic| Finding { diagnostic, project: &checked.project })
        });
        Self { list: list.collect(), files: all.iter().map(|c| c.project.trees.len()).sum() }
    }

    /// Returns how many there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|f| f.diagnostic.severity == severity).count()
    }

    /// Returns those to show, at most [`SHOWN_PER_FILE`] a file, errors before the rest of a file where not all fit; and
    /// how many more each file has.
    pub fn capped(&self) -> (Vec<Finding<'a>>, Vec<(String, usize)>) {
        // a path is made once a file: there may be a hundred thousand findings in one
        let mut seen: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (i, finding) in self.list.iter().enumerate() {
            let file = (&raw const *finding.project, finding.diagnostic.primary.span.source);
            seen.entry(file).or_default().push(i);
        }
        let (mut keep, mut more) = (Vec::new(), Vec::new());
        for mut of_file in seen.into_values() {
            of_file.sort_by_key(|i| self.list.get(*i).map(|f| std::cmp::Reverse(f.diagnostic.severity)));
            let left = of_file.len().checked_sub(SHOWN_PER_FILE).filter(|n| *n > 0);
            let file = of_file.first().and_then(|i| self.list.get(*i));
            more.extend(left.zip(file).map(|(n, file)| (file.path(), n)));
            keep.extend(of_file.into_iter().take(SHOWN_PER_FILE));
        }
        keep.sort_unstable();
        more.sort_unstable();
        (keep.into_iter().filter_map(|i| self.list.get(i).copied()).collect(), more)
    }

    /// Returns "2 errors, 1 warning in 5 files".
    pub fn tally(&self) -> String {
        let counts = [Severity::Error, Severity::Warning, Severity::Note].map(|s| (self.count(s), s.name()));
        let said: Vec<String> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| counted(*n, what)).collect();
        let said = if said.is_empty() { "no findings".to_owned() } else { said.join(", ") };
        format!("{said} in {}", counted(self.files, "file"))
    }

    /// Writes them in a format to the world's output.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write(&self, format: Format, world: &mut World<'_>) -> io::Result<()> {
        match format {
            Format::Full => full::write(self, world),
            Format::Concise => concise::write(self, world),
            Format::Github => github::write(self, world),
            Format::Gitlab => gitlab::write(self, world),
            Format::Json => json::write(self, world),
            Format::Jsonl => jsonl::write(self, world),
            Format::Junit => junit::write(self, world),
            Format::Markdown => markdown::write(self, world),
            Format::Sarif => sarif::write(self, world),
        }
    }
}

/// Returns "1 file", "2 files".
pub fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Writes a JSON value over several lines; no text in it can be a command of a CI log.
fn write_json(value: &serde_json::Value, world: &mut World<'_>) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    writeln!(world.out, "{}", text::json(&text))
}
