//! Trees to a model: every name resolved, every unit normal, every invariant kept, or a finding that says why not.
//!
//! The steps: statements are read by their forms (`node`), declarations are collected (`scope`), the model is built
//! (`build`), and what spans several declarations is proved (`invariants`). Errors of one step do not hide the next.

mod args;
mod build;
mod condition;
mod form;
mod invariants;
mod manifest;
mod matcher;
mod names;
mod node;
mod scope;
mod slots;

pub use manifest::manifest;

use crate::diagnostic::{Diagnostic, Severity};
use crate::model::vocabulary::{Block, Row};
use crate::model::{Manifest, Model};
use crate::source::Span;
use crate::syntax::tree::{Statement, TokenKind, Tree};
use rayon::prelude::*;

/// From this many files on, reading their statements is shared among threads.
const WORTH_SHARING: usize = 8;

/// What resolving came to.
#[derive(Debug)]
pub struct Resolution {
    /// The model; none where any finding is an error, or a tree was broken.
    pub model: Option<Model>,
    /// What was found, in reading order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Returns the model of a project's files, and everything wrong with them.
///
/// The trees may be broken: what the parser has said about them is not said again.
pub fn resolve(manifest: &Manifest, trees: &[Tree]) -> Resolution {
    let read = |tree| {
        let mut reader = node::Reader::default();
        let nodes = reader.tree(tree);
        (nodes, reader)
    };
    let files: Vec<_> = match trees.len() {
        n if n < WORTH_SHARING => trees.iter().map(read).collect(),
        _ => trees.par_iter().map(read).collect(),
    };
    let (mut nodes, mut diagnostics, mut failed) = (Vec::new(), Vec::new(), false);
    for (of_file, reader) in files {
        nodes.extend(of_file);
        diagnostics.extend(reader.findings);
        failed |= reader.failed;
    }
    let (mut scope, duplicates) = scope::Scope::collect(&nodes);
    scope.unsure = trees.iter().any(|t| has_broken_declaration(&t.items));
    diagnostics.extend(duplicates);
    let mut builder = build::Builder::new(manifest, scope);
    builder.project(&nodes);
    let (model, findings) = builder.finish();
    diagnostics.extend(findings);
    let mut clean = !failed && !has_errors(&diagnostics);
    if clean {
        diagnostics.extend(invariants::check(&model));
        clean = !has_errors(&diagnostics);
    }
    diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
    Resolution { model: clean.then_some(model), diagnostics }
}

/// Returns the paths that a file names with `use`, each with its place.
pub fn uses(tree: &Tree) -> Vec<(String, Span)> {
    let statements = tree.statements().filter(|s| s.keyword.text == "use");
    let paths = statements.filter_map(|s| match s.args.as_slice() {
        [token] => match &token.kind {
            TokenKind::Text(path) => Some((path.clone(), token.span)),
            _ => None,
        },
        _ => None,
    });
    paths.collect()
}

/// Returns the row of the vocabulary that a statement follows in a block; none where it follows none.
///
/// Only the statement's own arguments are read: names are not looked up, and its block is not entered.
pub fn row(block: Block, statement: &Statement) -> Option<&'static Row> {
    let word = statement.keyword.text.as_str();
    let keyword = form::keyword(block, word)?;
    let (form, _) = matcher::read(keyword.word, statement, &keyword.forms).ok()?;
    Some(form.row)
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

/// Returns whether something may have been declared in a part that could not be read.
fn has_broken_declaration(items: &[crate::syntax::tree::Item]) -> bool {
    use crate::syntax::tree::Item;
    items.iter().any(|item| match item {
        Item::Broken(_) => true,
        Item::Statement(s) => {
            let unread = s.broken && !s.args.iter().any(|t| matches!(t.kind, TokenKind::Name(_)));
            unread || s.block.as_ref().is_some_and(|b| has_broken_declaration(&b.items))
        }
        Item::Comment(_) | Item::Blank(_) => false,
    })
}
