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
pub use store::{Disk, LARGEST_FILE, Patterns, Refusal, Store};

use crate::diagnostic::Diagnostic;
use crate::model::Manifest;
use crate::source::{SourceId, Sources, Span};
use crate::syntax::tree::Tree;
use std::path::PathBuf;

/// The name of a project's manifest.
pub const MANIFEST: &str = "waypost.yaml";

/// Every code of this room with what it finds and why that matters; sorted.
pub const CODES: &[(&str, &str)] = &[
    (
        "manifest",
        "a manifest that cannot be read as one: an unknown key, a wrong value, a pattern that leaves the project",
    ),
    ("no-specs", "patterns under `specs` that match no file, so that nothing would be checked and nobody would notice"),
    ("not-utf8", "a file that is not UTF-8; guessing its encoding would change names silently"),
    (
        "project-limit",
        "a project of more than 1,000 files or 16 MiB; the limits keep a hostile one from holding up a build",
    ),
    ("too-large", "a file above 1 MiB; the limit keeps a hostile one from holding up a build"),
    ("unreadable", "a file that is not there, is no ordinary file, leaves the project by a link, or may not be read"),
    ("use-cycle", "files that use each other in a circle, so that none can be understood before the others"),
    ("use-depth", "a chain of `use` of more than 64 files"),
    ("use-missing", "a `use` that names no file, or one spelt with other capitals, which some systems would not find"),
    ("use-outside", "a `use` that leaves the project; what a check reads must be what a review can see"),
    ("use-path", "a `use` that names no spec file by a plain path: a URL, a device, another kind of file"),
];

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
