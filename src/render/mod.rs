//! What people read: model and report -> documents. Nothing is computed here but where ink goes and what is said.
//!
//! [`map()`] draws a journey, [`report`] an experiment, [`index`] a project; each is one HTML file that asks nothing of the
//! network and runs no script, and a Markdown twin. Every text of the user is escaped where it is written; the same input
//! gives the same bytes.

pub mod analyze;
mod escape;
mod index;
pub mod map;
mod moved;
mod page;
mod report;
mod rich;
mod svg;
mod units;
mod words;

pub use index::{Change, Entry, index};
pub use map::{MapModel, map, map_data};
pub use moved::moved_svg;
pub use page::{Look, RenderError, TEMPLATES, picture};
pub use report::report;
pub use words::{BadLabels, Words};

use crate::analysis::Report;
use crate::model::{Experiment, Id, Journey, Model};
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
    /// Templates of the project, by the name of ours that they replace: `map.html`, `report.html` and so on.
    pub templates: Vec<(String, String)>,
    /// Portraits as [`picture`] makes them, by the path that their persona names.
    pub portraits: Vec<(String, String)>,
    /// What the project's files were when this was made: a commit or a digest, shown in the footer.
    pub revision: Option<String>,
    /// What is not as it was at the build before; a map tells what is about itself and its experiments.
    pub changes: Vec<Change>,
}

impl Options {
    /// Returns what the manifest asks for.
    pub fn of(manifest: &crate::model::Manifest) -> Self {
        let words = Words::of(&manifest.language).money_in(manifest.currency.as_deref());
        Self {
            words: Arc::new(words),
            look: Look::of(&manifest.theme),
            templates: Vec::new(),
            portraits: Vec::new(),
            revision: None,
            changes: Vec::new(),
        }
    }
}

/// Returns the emotion curve of a journey as one SVG for slides.
pub fn curve_svg(model: &Model, journey: Id<Journey>, options: &Options) -> String {
    map::curve_svg(model, journey, options)
}

/// Returns the forest plot of a report as one SVG for slides; nothing where no effect can be shown.
pub fn forest_svg(model: &Model, experiment: Id<Experiment>, report: &Report, options: &Options) -> Option<String> {
    report::forest_svg(model, experiment, report, options)
}

/// Returns a funnel as one SVG for slides.
pub fn funnel_svg(funnel: &map::data::FunnelData, title: &str, options: &Options) -> String {
    svg::funnel(funnel, title, &options.words)
}

/// Returns the name of a journey's page, without its ending.
pub fn map_file(journey: &Journey) -> String {
    format!("map-{}", journey.meta.id)
}

/// Returns the name of an experiment's page, without its ending.
pub fn report_file(experiment: &Experiment) -> String {
    format!("test-{}", experiment.meta.id)
}
