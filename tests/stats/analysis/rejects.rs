//! Rows that were left out are told in the language of the report.

use std::path::Path;

#[test]
fn every_reason_of_the_reader_has_a_sentence_that_is_translated() {
    let source = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/events/ledger.rs")).unwrap();
    let words: Vec<&str> = source
        .lines()
        .filter_map(|l| l.trim().strip_prefix("Reject::")?.split_once("=> \""))
        .filter_map(|(_, text)| text.split_once('"').map(|(words, _)| words))
        .collect();
    assert!(words.len() >= 18, "{words:?}");
    for reason in words {
        let rule = waypost::analysis::RULES.iter().find(|(id, text)| id.starts_with("reject-") && *text == reason);
        assert!(rule.is_some(), "`{reason}` has no rule `reject-…`");
    }
}
