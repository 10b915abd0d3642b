//! The reference is fresh, and each statement has an example that is true.

use super::world::{errors, root, wrapped};
use waypost::cli::reference::{BLOCKS, Book, EXAMPLES, reference, source};
use waypost::model::vocabulary::{Block, ROWS, rows_of};

#[test]
fn docs_reference_is_fresh() {
    let path = root().join("docs/reference.md");
    let made = reference();
    #[allow(clippy::disallowed_methods, reason = "the one way to say that the file may be written")]
    let write = std::env::var("WAYPOST_WRITE_DOCS").is_ok();
    if write {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "docs/reference.md is out of date; write it anew with WAYPOST_WRITE_DOCS=1 cargo test reference"
    );
}

#[test]
fn every_block_has_its_section() {
    for row in ROWS {
        for block in row.on.iter().chain(&row.opens) {
            assert!(BLOCKS.contains(block), "{block:?}");
        }
    }
}

#[test]
fn every_statement_has_an_example_that_resolves() {
    let book = Book::open();
    let mut wrong = Vec::new();
    let mut used = Vec::new();
    for block in BLOCKS {
        for row in rows_of(block) {
            let Some(example) = book.example(block, row) else {
                wrong.push(format!("`{}` in {} has no example", row.form, block.name()));
                continue;
            };
            used.push(example);
            // what is hinted at by `…` is not whole, and an example with it is read by its form alone
            if example.contains('…') || (block == Block::File && example.starts_with("use ")) {
                continue;
            }
            let errors = errors(&wrapped(block, &source(example)), true);
            wrong.extend(errors.into_iter().map(|e| format!("in {}: {example}\n    {e}", block.name())));
        }
    }
    wrong.extend(EXAMPLES.iter().filter(|e| !used.contains(e)).map(|e| format!("nothing shows `{e}`")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
