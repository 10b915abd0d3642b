//! Reading and formatting: `src/syntax` from outside.

use waypost::source::SourceId;
use waypost::syntax::tree::{Item, Statement, Token};
use waypost::syntax::{Parsed, parse};

mod cases;
mod grow;
mod plant;

const GUITAR: &str = include_str!("guitar.journey");

fn read(text: &str) -> Parsed {
    parse(SourceId::default(), text)
}

/// The findings as `line code`, for messages.
fn findings(text: &str, parsed: &Parsed) -> Vec<(usize, &'static str)> {
    parsed.diagnostics.iter().map(|d| (line_of(text, d.primary.span.start as usize), d.code)).collect()
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1
}

/// All statements, outer before inner.
fn walk<'t>(items: &'t [Item], out: &mut Vec<&'t Statement>) {
    for item in items {
        if let Item::Statement(statement) = item {
            out.push(statement);
            if let Some(block) = &statement.block {
                walk(&block.items, out);
            }
        }
    }
}

fn tokens(parsed: &Parsed) -> Vec<&Token> {
    let mut statements = Vec::new();
    walk(&parsed.tree.items, &mut statements);
    statements.into_iter().flat_map(|s| &s.args).collect()
}

#[test]
fn the_whole_example_reads_without_a_finding() {
    let parsed = read(GUITAR);
    assert_eq!(findings(GUITAR, &parsed), vec![]);
    let mut statements = Vec::new();
    walk(&parsed.tree.items, &mut statements);
    assert_eq!(parsed.tree.statements().count(), 37);
    assert!(statements.iter().all(|s| !s.broken && !s.keyword.text.is_empty()));
    assert!(tokens(&parsed).len() > 500);
    for word in GUITAR.split_whitespace().filter(|w| w.ends_with('{')) {
        assert!(statements.iter().any(|s| s.block.is_some()), "{word}");
    }
    assert_eq!(statements.iter().filter(|s| s.block.is_some()).count(), GUITAR.matches('{').count());
}

#[test]
fn grown_files_read_without_a_finding() {
    for seed in 0..2_000 {
        let text = grow::join(&grow::file(seed));
        let parsed = read(&text);
        assert_eq!(findings(&text, &parsed), vec![], "{text}\n{:#?}", parsed.diagnostics);
    }
}
