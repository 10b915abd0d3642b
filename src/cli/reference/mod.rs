//! The reference of the language, made from the table of statements.

mod examples;

pub use examples::{EXAMPLES, source};

use crate::model::vocabulary::{Block, Row, Slot, rows_of};
use crate::resolve;
use crate::source::SourceId;
use crate::syntax;
use crate::syntax::tree::Tree;
use std::fmt::Write;

/// The blocks, in the order of the reference.
pub const BLOCKS: [Block; 25] = [
    Block::File,
    Block::Journey,
    Block::Stage,
    Block::Touchpoint,
    Block::Message,
    Block::Pain,
    Block::Opportunity,
    Block::Question,
    Block::Feels,
    Block::Claim,
    Block::Evidence,
    Block::Funnel,
    Block::Attribution,
    Block::Persona,
    Block::Team,
    Block::Channel,
    Block::Lane,
    Block::Event,
    Block::Metric,
    Block::Audience,
    Block::Layer,
    Block::Holdout,
    Block::Consent,
    Block::Experiment,
    Block::Variant,
];

const HEAD: &str = "# Reference

<!-- Made by `waypost reference` from the table of statements; a test fails when it is out of date. -->

Every statement of the language, block by block. The examples are those of `specs/guitar-shop`, or would fit in there.

A form is written as a person reads it. Small words stand for themselves; a word in capitals is an argument of the kind
named so; what stands in `[ ]` may be left out; `|` is one of several; `…` goes on in the same way.

How often: `1` exactly one, `?` at most one, `*` any number, `+` at least one, `k` exactly one of the rows so marked.
";

/// Returns the whole reference as Markdown.
pub fn reference() -> String {
    let book = Book::open();
    let mut out = HEAD.to_owned();
    arguments(&mut out);
    for block in BLOCKS {
        section(block, &book, &mut out);
    }
    out
}

/// The examples, read.
pub struct Book {
    read: Vec<(&'static str, Tree)>,
}

impl Book {
    /// Returns the examples of [`EXAMPLES`].
    pub fn open() -> Self {
        let tree = |example: &str| syntax::parse(SourceId::default(), &source(example)).tree;
        Self { read: EXAMPLES.iter().map(|e| (*e, tree(e))).collect() }
    }

    /// Returns the example of a row, as it would stand in a block.
    pub fn example(&self, block: Block, row: &Row) -> Option<&'static str> {
        let follows = |tree: &Tree| tree.statements().next().and_then(|s| resolve::row(block, s));
        let fits = |tree: &Tree| follows(tree).is_some_and(|found| std::ptr::eq(found, row));
        self.read.iter().find(|(_, tree)| fits(tree)).map(|(example, _)| *example)
    }
}

fn arguments(out: &mut String) {
    out.push_str("\n## Arguments\n\n| in forms | write |\n|---|---|\n");
    for (word, slot) in Slot::ALL {
        let _ = writeln!(out, "| `{word}` | {} |", cell(slot.expected()));
    }
    out.push_str("| `PERSONAS` | `for PERSONA, …` |\n");
}

fn section(block: Block, book: &Book, out: &mut String) {
    let title = match block {
        Block::File => "In a file".to_owned(),
        other => format!("In `{}`", other.name()),
    };
    let _ = write!(out, "\n## {title}\n\n| form | n | says | example |\n|---|---|---|---|\n");
    for row in rows_of(block) {
        let example = book.example(block, row).map_or(String::new(), |e| format!("`{}`", cell(e)));
        let brace = if row.opens.is_some() { " { }" } else { "" };
        let form = cell(&row.shown());
        let _ = writeln!(out, "| `{form}{brace}` | {} | {} | {example} |", row.count.sign(), cell(row.says));
    }
}

/// Returns a text for a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
