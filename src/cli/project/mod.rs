//! A project's files, read whole: [`Project`].
//!
//! The manifest says which spec files there are; each is read once, together with what it names by `use`, within limits,
//! and parsed. What is wrong with the files themselves is a finding like any other.

mod cycle;
mod find;
mod load;
mod open;
mod reach;
mod revision;
mod store;

pub use find::{Place, above, find, places};
pub use load::{Entries, load};
pub use open::{Way, open};
pub use revision::Revision;
pub use store::{Disk, Patterns, Refusal, Store};

use crate::diagnostic::Diagnostic;
use crate::model::Manifest;
use crate::source::{SourceId, Sources, Span};
use crate::syntax::tree::Tree;
use std::path::PathBuf;

/// The name of a project's manifest.
pub const MANIFEST: &str = "waypost.yaml";

/// One project: its manifest, its spec files and what was found while reading them.
pub struct Project {
    /// The folder that everything is relative to; canonical.
    pub root: PathBuf,
    /// What the manifest says; the default where there is none, or it is broken.
    pub manifest: Manifest,
    /// The manifest's text, if there is one, and the spec texts in reading order.
    pub sources: Sources,
    /// One tree a spec text, in the same order.
    pub trees: Vec<Tree>,
    /// What is wrong with the files and their syntax.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether every file was there and could be read, so that a name not found is truly missing.
    pub complete: bool,
    /// How people at the working directory name its files.
    pub way: Way,
}

impl Project {
    /// Returns the path of a source as people at the working directory know it.
    pub fn path(&self, source: SourceId) -> String {
        self.way.to(self.sources.name(source))
    }

    /// Returns the text under a span.
    pub fn slice(&self, span: Span) -> &str {
        self.sources.slice(span)
    }

    /// Returns the tree of a source, if it is a spec text.
    pub fn tree(&self, source: SourceId) -> Option<&Tree> {
        self.trees.iter().find(|t| t.source == source)
    }
}
