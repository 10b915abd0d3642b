//! The formatter: what it does to files, and the laws it keeps.

use proptest::prelude::*;
use waypost::source::SourceId;
use waypost::syntax::tree::TokenKind;
use waypost::syntax::{Unformatted, format, parse};

use super::grow::{self, Dice};
use super::{GUITAR, comments, left_out, many, read, tokens};

fn fmt(text: &str) -> String {
    let parsed = read(text);
    assert!(parsed.diagnostics.is_empty(), "{text}\n{:#?}", parsed.diagnostics);
    format(&parsed.tree, text).unwrap_or_else(|e| panic!("{e:?}:\n{text}"))
}

fn kinds(text: &str) -> Vec<TokenKind> {
    let parsed = read(text);
    let words = tokens(&parsed).into_iter().map(|t| t.kind.clone());
    words.filter(|k| !matches!(k, TokenKind::Comment(_))).collect()
}

#[test]
fn one_layout() {
    let cases = [
        (
            "persona  a   \"A\"{share 5 %\n\n\n\n  where age>=30}",
            "persona a \"A\" {\n  share 5%\n\n  where age >= 30\n}\n",
        ),
        ("a { b; c }\n", "a { b; c }\n"),
        ("a {\n b; c }\n", "a {\n  b\n  c\n}\n"),
        ("a {}\nb {\n}\n", "a { }\nb { }\n"),
        ("\u{FEFF}a \"x\"\r\nb\u{A0}\"y\"   \r\n\r\n", "a \"x\"\nb \"y\"\n"),
        ("within 1 days of b\nwithin 7 day\n", "within 1 day of b\nwithin 7 days\n"),
        (
            "touchpoint d \"D\" # one\n# two\n{ # three\nfor a }\n",
            "touchpoint d \"D\" { # one\n  # two\n  # three\n  for a\n}\n",
        ),
        ("for a,  # why\n   # and why\n b\n", "for a, # why\n    # and why\n    b\n"),
        ("where country in (\n  \"PT\",\n  \"ES\"\n) and\n x == 1\n", "where country in (\"PT\", \"ES\") and x == 1\n"),
        (
            "does \"\"\"\n      first\n        second\n\n      third\n   \"\"\"\n",
            "does \"\"\"\n  first\n    second\n\n  third\n\"\"\"\n",
        ),
        ("does \"\"\"\n x\n\"\"\"\n{ for a }\n", "does \"\"\"\n  x\n\"\"\"\n{\n  for a\n}\n"),
        ("for s\u{301}wiat\n", "for ś\u{77}iat\n"),
        ("\n\n# only a comment   \n", "# only a comment\n"),
        ("", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(fmt(text), expected, "{text}");
        assert_eq!(fmt(expected), expected);
    }
}

#[test]
fn long_lists_are_filled() {
    let long = format!("against {}\n", ["\"a competitor of ours\""; 12].join(","));
    let out = fmt(&long);
    assert!(out.lines().count() > 2 && out.lines().all(|l| l.chars().count() <= 100), "{out}");
    assert_eq!(fmt(&out), out);
    assert_eq!(kinds(&out), kinds(&long));
}

#[test]
fn the_example_keeps_its_words() {
    let out = fmt(GUITAR);
    assert_eq!(kinds(&out), kinds(GUITAR));
    assert_eq!(fmt(&out), out);
    assert_eq!(out.matches('#').count(), GUITAR.matches('#').count());
}

#[test]
fn broken_files_are_left_alone() {
    for text in ["a {\n", "a \"x\n", "}\n", "for a,\nfor b\n", "a 12,5%\n"] {
        let parsed = read(text);
        assert_eq!(format(&parsed.tree, text), Err(Unformatted::Broken), "{text}");
    }
}

#[test]
fn grown_files_keep_their_words_and_comments() {
    for seed in 0..many(1_000) {
        let text = grow::join(&grow::file(seed));
        let neat = fmt(&text);
        assert_eq!(kinds(&neat), kinds(&text), "{text}");
        assert_eq!(comments(&read(&neat)), comments(&read(&text)), "{text}\n{neat}");
        assert_eq!(fmt(&neat), neat, "{text}");
    }
}

/// Disturbs the white space of a file without changing what it says.
fn disturb(text: &str, d: &mut Dice) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let (mut quoted, mut before) = (false, ' ');
        for c in line.chars() {
            quoted ^= c == '"' && before != '\\';
            out.push(c);
            let word = before != ' ' || !out.ends_with("  ");
            if c == ' '
                && !quoted
                && word
                && !line.contains('#')
                && !out.trim_end_matches(' ').ends_with('\n')
                && d.once_in(6)
            {
                out.push_str("  ");
            }
            before = if before == '\\' { 'x' } else { c };
        }
        out.push_str(if d.once_in(9) { "  \r\n" } else { "\n" });
    }
    out
}

#[test]
fn disturbed_files_come_out_alike() {
    for seed in 0..many(1_000) {
        let text = fmt(&grow::join(&grow::file(seed)));
        let mut d = Dice::new(seed);
        let other = disturb(&text, &mut d);
        let parsed = read(&other);
        assert!(parsed.diagnostics.is_empty(), "{other}\n{:#?}", parsed.diagnostics);
        assert_eq!(format(&parsed.tree, &other).unwrap(), text, "{other}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: many(800) as u32, failure_persistence: None, ..ProptestConfig::default() })]

    /// Edits of a well-formed file at random places, with the characters that matter.
    #[test]
    fn random_edits_never_panic_and_format_to_a_fixed_point(seed in 0_u64..5_000, edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..40, 0_usize..6), 0..8)) {
        let marks = ["{", "}", "\"", "\"\"\"", "\n", "(", ")", ",", ";", "#", " ", "\\", "and ", "> ", "“", "”", "\u{200B}", "\u{202E}", "，", "7days", "12,5", "\r\n", "\t", "🙂", ":", "=", "- ", "%", "for ", "journey x \"", "\u{301}", "'", "$", "\0", "\u{FEFF}", "™", "-", ".", "é", "1️⃣"];
        let mut text = grow::join(&grow::file(seed));
        for (place, mark, cut) in edits {
            let mut at = place.index(text.len() + 1);
            while !text.is_char_boundary(at) { at -= 1; }
            let mut end = (at + cut).min(text.len());
            while !text.is_char_boundary(end) { end += 1; }
            text.replace_range(at..end, marks[mark]);
        }
        let parsed = parse(SourceId::default(), &text);
        for finding in &parsed.diagnostics {
            prop_assert!(text.get(finding.primary.span.range()).is_some());
            for edit in finding.fix.iter().flat_map(|f| &f.edits) {
                prop_assert!(text.get(edit.span.range()).is_some());
            }
        }
        if parsed.diagnostics.is_empty() {
            prop_assert_eq!(left_out(&text, &parsed), "", "{}", text);
        }
        match format(&parsed.tree, &text) {
            Ok(neat) => {
                let again = read(&neat);
                prop_assert_eq!(format(&again.tree, &neat), Ok(neat.clone()));
                prop_assert_eq!(kinds(&neat).len(), kinds(&text).len());
            }
            Err(Unformatted::Broken) => prop_assert!(!parsed.diagnostics.is_empty()),
            Err(Unformatted::Unsound) => prop_assert!(false, "unsound:\n{}", text),
        }
    }
}
