//! Findings as data: [`Diagnostic`], its [`Severity`], [`Label`]s and [`Fix`].
//!
//! Whoever finds something makes one of these; the doors decide how it looks.

use crate::source::Span;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; never fails a run.
    Note,
    /// Fails a run under `--deny warnings`.
    Warning,
    /// Always fails a run.
    Error,
}

impl Severity {
    /// Returns the word shown to people.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A place that belongs to a finding, and what to know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What stands there, in a few words; may be empty.
    pub text: String,
}

/// Whether a fix may be applied without a person looking at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// Keeps the meaning the author had; `--fix` applies it.
    Safe,
    /// May change the meaning; shown as a suggestion only.
    Unsafe,
}

/// One replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What comes in its place.
    pub text: String,
}

/// A way to mend a finding: edits that do not overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the edit does, as an imperative: "write `>`".
    pub title: String,
    /// The replacements, in source order.
    pub edits: Vec<Edit>,
    /// Whether `--fix` may apply it.
    pub safety: Safety,
}

/// One finding: a stable code, a place, a one-line cause, and where one exists the next step.
///
/// The message is lower case, without a full stop, in the language's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable name, such as `unknown-keyword`; `waypost explain` knows it.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The cause, in one line.
    pub message: String,
    /// The exact place, with a few words for it (may be empty).
    pub primary: Label,
    /// Other places that belong to it.
    pub secondary: Vec<Label>,
    /// What to do next; one line each.
    pub help: Vec<String>,
    /// A mechanical way to mend it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// Returns a finding of this severity with nothing but its cause and place.
    pub fn new(severity: Severity, code: &'static str, span: Span, message: impl Into<String>) -> Self {
        let primary = Label { span, text: String::new() };
        Self { code, severity, message: message.into(), primary, secondary: Vec::new(), help: Vec::new(), fix: None }
    }

    /// Returns an error.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, message)
    }

    /// Returns a warning.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, span, message)
    }

    /// Returns a note.
    pub fn note(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, span, message)
    }

    /// Returns the finding with words under its main place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Returns the finding with another place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    /// Returns the finding with a line on what to do next.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Returns the finding with a fix that replaces one span.
    #[must_use]
    pub fn fix(mut self, safety: Safety, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { title: title.into(), edits: vec![Edit { span, text: text.into() }], safety });
        self
    }

    /// Returns the key that puts findings in reading order: place, then code, then message.
    pub fn order(&self) -> (Span, &'static str, &str) {
        (self.primary.span, self.code, &self.message)
    }
}
