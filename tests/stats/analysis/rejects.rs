//! Rows that were left out are told in the language of the report.

use super::laboratory::{Lab, check};
use std::path::Path;
use waypost::analysis::{Blank, CheckId, Provenance};

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

#[test]
fn what_was_mended_in_a_file_has_a_sentence_that_is_translated() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let quoted = "each line is one quoted cell that holds the whole row; the rows inside were read";
    let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
    assert!(read("src/events/queue.rs").contains(quoted), "the reader says something else");
    assert!(
        read("src/cli/measured.rs")
            .contains("rows are of {units} units; each unit counts once, with the sum of its rows")
    );
    let notes = vec![
        format!("data/a: b.csv: {quoted}"),
        "12 rows are of 10 units; each unit counts once, with the sum of its rows".to_owned(),
        "something new".to_owned(),
    ];
    let provenance = Provenance { rows: Some([12, 12, 0, 0]), notes, ..Provenance::default() };
    let report = Lab { provenance, ..Lab::default() }.report(|_| ());
    let says = &check(&report, CheckId::RowsRead).says;
    let Some((_, Blank::Listed(found))) = says.with.first() else { panic!("{says:?}") };
    let rules: Vec<&str> = found.iter().map(|s| s.rule).collect();
    assert_eq!(rules, ["mended-quoted-lines", "mended-rows-of-units", "as-said"]);
    assert!(
        says.text.contains("data/a: b.csv: each line") && says.text.contains("12 rows are of 10 units"),
        "{says:?}"
    );
    let polish = waypost::render::Words::of("pl").sentence(says);
    assert!(polish.contains("wierszy jest 12, a jednostek 10") && !polish.contains("quoted"), "{polish}");
}
