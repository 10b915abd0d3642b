//! What people read: model and report -> documents. Nothing is computed here but where ink goes and what is said.
//!
//! [`map()`] draws a journey, [`report`] an experiment, [`index`] a project; each is one HTML file that asks nothing of the
//! network and runs no script, and a Markdown twin. Every text of the user is escaped where it is written; the same input
//! gives the same bytes.

pub mod analyze;
mod escape;
mod index;
pub mod map;
mod page;
mod report;
mod rich;
mod units;
mod words;

pub use index::{Entry, index};
pub use map::map;
pub use page::{Look, RenderError};
pub use report::report;
pub use words::{BadLabels, Words};

use crate::model::{Experiment, Journey};
use std::sync::Arc;

/// A rendered document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The page: one file.
    pub html: String,
    /// The same for Markdown readers.
    pub markdown: String,
}

/// What documents are made with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The words.
    pub words: Arc<Words>,
    /// The colours.
    pub look: Look,
    /// What the project's files were when this was made: a commit or a digest, shown in the footer.
    pub revision: Option<String>,
}

impl Options {
    /// Returns what the manifest asks for.
    pub fn of(manifest: &crate::model::Manifest) -> Self {
        let words = Words::of(&manifest.language).money_in(manifest.currency.as_deref());
        Self { words: Arc::new(words), look: Look::of(&manifest.theme), revision: None }
    }
}

/// Returns the name of a journey's page, without its ending.
pub fn map_file(journey: &Journey) -> String {
    format!("map-{}", journey.meta.id)
}

/// Returns the name of an experiment's page, without its ending.
pub fn report_file(experiment: &Experiment) -> String {
    format!("test-{}", experiment.meta.id)
}
