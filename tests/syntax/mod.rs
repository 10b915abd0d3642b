//! Reading and formatting: `src/syntax` from outside.

use waypost::source::SourceId;
use waypost::syntax::tree::{Item, Statement, Token, TokenKind};
use waypost::syntax::{Parsed, parse};

mod bounds;
mod cases;
mod grow;
mod layout;
mod plant;

const GUITAR: &str = include_str!("guitar.journey");

fn read(text: &str) -> Parsed {
    parse(SourceId::default(), text)
}

/// How many cases to try: so many, times `WAYPOST_MANY` where it is set (10 before a release).
fn many(count: u64) -> u64 {
    count * std::env::var_os("WAYPOST_MANY").and_then(|n| n.to_str()?.parse().ok()).unwrap_or(1)
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

/// What of a text lies in no token, brace or comment of its tree, but for white space and `;`.
fn left_out(text: &str, parsed: &Parsed) -> String {
    fn cover(items: &[Item], out: &mut Vec<std::ops::Range<usize>>) {
        for item in items {
            match item {
                Item::Comment(c) => out.push(c.span.range()),
                Item::Broken(span) | Item::Blank(span) => out.push(span.range()),
                Item::Statement(s) => {
                    out.push(s.keyword.span.range());
                    out.extend(s.args.iter().map(|t| t.span.range()));
                    out.extend(s.trailing.iter().map(|c| c.span.range()));
                    if let Some(block) = &s.block {
                        out.push(block.open.range());
                        out.extend(block.close.map(|c| c.range()));
                        out.extend(block.after_open.iter().map(|c| c.span.range()));
                        cover(&block.items, out);
                    }
                }
            }
        }
    }
    let mut spans = Vec::new();
    cover(&parsed.tree.items, &mut spans);
    let mut covered = vec![false; text.len()];
    for span in spans {
        covered[span].fill(true);
    }
    let bare = |c: char| !(c.is_whitespace() || c == ';' || c == '\u{FEFF}');
    text.char_indices().filter(|(i, c)| !covered[*i] && bare(*c)).map(|(_, c)| c).collect()
}

/// Every comment, in the order of the text.
fn comments(parsed: &Parsed) -> Vec<String> {
    fn gather(items: &[Item], out: &mut Vec<(u32, String)>) {
        for item in items {
            match item {
                Item::Comment(c) => out.push((c.span.start, c.text.clone())),
                Item::Statement(s) => {
                    let inside = s.args.iter().filter_map(|t| match &t.kind {
                        TokenKind::Comment(text) => Some((t.span.start, text.clone())),
                        _ => None,
                    });
                    out.extend(inside);
                    let beside = s.trailing.iter().chain(s.block.iter().flat_map(|b| &b.after_open));
                    out.extend(beside.map(|c| (c.span.start, c.text.clone())));
                    if let Some(block) = &s.block {
                        gather(&block.items, out);
                    }
                }
                Item::Blank(_) | Item::Broken(_) => {}
            }
        }
    }
    let mut out = Vec::new();
    gather(&parsed.tree.items, &mut out);
    out.sort();
    out.into_iter().map(|(_, text)| text).collect()
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

/// The list that recovery knows is the vocabulary's.
#[test]
fn keywords_are_those_of_the_vocabulary() {
    let mut words: Vec<&str> = waypost::model::vocabulary::ROWS.iter().flat_map(|row| row.keywords()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words, waypost::syntax::KEYWORDS);
}

#[test]
fn grown_files_read_without_a_finding() {
    for seed in 0..many(1_000) {
        let text = grow::join(&grow::file(seed));
        let parsed = read(&text);
        assert_eq!(findings(&text, &parsed), vec![], "{text}\n{:#?}", parsed.diagnostics);
    }
}
