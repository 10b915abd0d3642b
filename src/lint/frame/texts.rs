//! What people wrote in texts, for the rules that look for persons in it.

use super::context::Context;
use crate::source::Span;
use crate::syntax::tree::{Item, Statement, TokenKind, statements};

/// A text of a statement.
pub(in crate::lint) struct Text<'a> {
    /// The words.
    pub text: &'a str,
    /// Where they stand, quotes included.
    pub span: Span,
}

/// Statements whose texts are names in data, files or addresses of the company, not words about people.
const NOT_ABOUT_PEOPLE: &[&str] =
    &["use", "named", "where", "policy", "portrait", "colour", "set", "segments", "handover", "by", "count"];

/// Returns every text that could hold a sign of a person: an `@`, or at least four digits or colons.
pub(super) fn suspicious<'a>(ctx: &Context<'a>) -> Vec<Text<'a>> {
    let mut found = Vec::new();
    for tree in ctx.trees() {
        walk(&tree.items, &mut |statement, span, text| {
            if is_suspicious(text) && !NOT_ABOUT_PEOPLE.contains(&statement.keyword.text.as_str()) {
                found.push(Text { text, span });
            }
        });
    }
    found
}

/// Calls `visit` with every text of the statements of a list, blocks included, in reading order.
fn walk<'a>(items: &'a [Item], visit: &mut dyn FnMut(&'a Statement, Span, &'a str)) {
    for statement in statements(items) {
        for token in &statement.args {
            if let TokenKind::Text(text) | TokenKind::BlockText(text) = &token.kind {
                visit(statement, token.span, text);
            }
        }
        if let Some(block) = &statement.block {
            walk(&block.items, visit);
        }
    }
}

fn is_suspicious(text: &str) -> bool {
    let signs = text.bytes().filter(|b| b.is_ascii_digit() || *b == b':').count();
    signs >= 4 || memchr::memchr(b'@', text.as_bytes()).is_some()
}
