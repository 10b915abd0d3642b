//! Text to [`tree::Tree`] and back: what was written, never what it means.

mod assemble;
mod codes;
mod currency;
mod format;
mod header;
mod indent;
mod mend;
mod number;
mod parser;
mod scan;
mod text;
pub mod tree;
mod word;
mod wrap;

pub use codes::{CODES, KEYWORDS};
pub use format::{Unformatted, format};
pub use scan::{Undecodable, decode};

use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};
use tree::{Item, Tree};

/// The largest text that is read, in bytes.
pub const LARGEST_FILE: usize = 1 << 20;

/// How deep braces and parentheses may nest.
pub const DEEPEST_NESTING: usize = 64;

/// A tree, and what is wrong with its text.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// What was written; broken parts are in it as such.
    pub tree: Tree,
    /// The findings, in reading order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Returns the tree of any text, and its findings; never panics, and works in bounded time and space.
///
/// The tree of a text without findings holds every token and comment of it.
pub fn parse(source: SourceId, text: &str) -> Parsed {
    if let Some(refusal) = scan::refusal(source, text) {
        return refused(source, text, refusal);
    }
    match parser::read(text) {
        Some(pieces) => assemble::assemble(source, text, &pieces, scan::hidden(source, text)),
        None => refused(source, text, too_tangled(source, text)),
    }
}

fn too_tangled(source: SourceId, text: &str) -> Diagnostic {
    Diagnostic::error("too-tangled", Span::new(source, 0, text.len().min(1)), "this file takes too many steps to read")
        .help("split it into several files and join them with `use`")
}

fn refused(source: SourceId, text: &str, refusal: Diagnostic) -> Parsed {
    let items = vec![Item::Broken(Span::new(source, 0, text.len()))];
    Parsed { tree: Tree { source, items }, diagnostics: vec![refusal] }
}
