//! What a place belongs to: the declarations around it, for fingerprints that outlive a moved line.

use super::Finding;
use crate::source::Span;
use crate::syntax::tree::{Statement, TokenKind, Tree, statements};

/// Returns the declarations around a place, outermost first: `journey guitar/stage purchase/touchpoint checkout`; empty
/// at the top level.
pub fn entity(tree: &Tree, span: Span) -> String {
    let mut names: Vec<String> = Vec::new();
    let mut inside = around(tree.statements(), span);
    while let Some(statement) = inside {
        names.extend(name(statement));
        inside = statement.block.as_ref().and_then(|block| around(statements(&block.items), span));
    }
    names.join("/")
}

/// Returns what a finding belongs to: the declarations around it, or its file at the top level.
pub fn owner(finding: &Finding<'_>) -> String {
    let span = finding.diagnostic.primary.span;
    let entity = finding.project.tree(span.source).map(|tree| entity(tree, span)).unwrap_or_default();
    if entity.is_empty() { finding.project.sources.name(span.source).to_owned() } else { entity }
}

fn around<'t>(mut all: impl Iterator<Item = &'t Statement>, span: Span) -> Option<&'t Statement> {
    all.find(|s| s.span.start <= span.start && span.start < s.span.end.max(s.span.start + 1))
}

/// Returns the keyword and id of a statement that has a block or a title; nothing for any other.
fn name(statement: &Statement) -> Option<String> {
    let first = statement.args.first()?;
    let titled = statement.args.get(1).is_some_and(|t| matches!(t.kind, TokenKind::Text(_) | TokenKind::BlockText(_)));
    match &first.kind {
        TokenKind::Name(id) if titled || statement.block.is_some() => Some(format!("{} {id}", statement.keyword.text)),
        _ => None,
    }
}
