//! Case files: a text, a line of dashes, and what reading it finds.
//!
//! Each finding is `line:column code: message`, then `  at` the text it points to, `  see` other places, `  help`, and
//! `  fix` with what the fix makes of its lines. `WAYPOST_CASES=write cargo test cases` writes the second part anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use waypost::diagnostic::{Diagnostic, Fix, Safety};

use super::{line_of, read};

const RULE: &str = "\n----------------------------------------\n";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax/cases")
}

pub fn texts() -> Vec<(String, String, String)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| split(&path)).collect()
}

fn split(path: &Path) -> (String, String, String) {
    let whole = std::fs::read_to_string(path).unwrap();
    let (text, expected) = whole.split_once(RULE).unwrap_or((whole.trim_end_matches('\n'), ""));
    (path.file_name().unwrap().to_string_lossy().into_owned(), format!("{text}\n"), expected.to_owned())
}

/// Applies a fix; its edits stand in order and do not overlap.
pub fn apply(text: &str, fix: &Fix) -> String {
    let mut out = text.to_owned();
    for edit in fix.edits.iter().rev() {
        out.replace_range(edit.span.range(), &edit.text);
    }
    out
}

fn show(text: &str, finding: &Diagnostic) -> String {
    let mut out = String::new();
    let place = |at: usize| {
        let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
        format!("{}:{}", line_of(text, at), text[start..at].chars().count() + 1)
    };
    let at = finding.primary.span.range();
    writeln!(out, "{} {} {}: {}", place(at.start), finding.severity.name(), finding.code, finding.message).unwrap();
    writeln!(out, "  at   {:?}", &text[at]).unwrap();
    for label in &finding.secondary {
        writeln!(out, "  see  {} {:?}: {}", place(label.span.range().start), &text[label.span.range()], label.text)
            .unwrap();
    }
    for help in &finding.help {
        writeln!(out, "  help {help}").unwrap();
    }
    if let Some(fix) = &finding.fix {
        let kind = if fix.safety == Safety::Safe { "fix " } else { "fix?" };
        let edit = &fix.edits[0];
        let after = apply(text, fix);
        let start = text[..edit.span.range().start].rfind('\n').map_or(0, |n| n + 1);
        let end = edit.span.range().start + edit.text.len();
        let end = after[end..].find('\n').map_or(after.len(), |n| end + n);
        writeln!(out, "  {kind} {}: {:?}", fix.title, after[start..end].trim_start()).unwrap();
    }
    out
}

fn shown(text: &str) -> String {
    read(text).diagnostics.iter().map(|d| show(text, d)).collect()
}

#[test]
fn every_case_is_found_as_it_says() {
    let write = std::env::var_os("WAYPOST_CASES").is_some();
    let mut wrong = String::new();
    for (name, text, expected) in texts() {
        let found = shown(&text);
        if write {
            std::fs::write(folder().join(&name), format!("{}{RULE}{found}", text.trim_end_matches('\n'))).unwrap();
        } else if found != expected {
            writeln!(wrong, "{name} finds\n{found}\nand should find\n{expected}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_fix_mends_its_finding_and_adds_none() {
    let mut count = 0;
    for (name, text, _) in texts() {
        let before = read(&text).diagnostics;
        for finding in &before {
            let Some(fix) = &finding.fix else { continue };
            let after = read(&apply(&text, fix)).diagnostics;
            assert!(after.len() < before.len(), "{name}: {} leaves {after:#?}", show(&text, finding));
            count += 1;
        }
    }
    assert!(count > 50, "only {count} fixes tried");
}

#[test]
fn every_code_has_a_case_and_is_listed() {
    let mut seen: Vec<&str> = Vec::new();
    for (name, text, _) in texts() {
        for finding in read(&text).diagnostics {
            assert!(
                waypost::syntax::CODES.iter().any(|(code, _)| *code == finding.code),
                "{name}: {} is not listed",
                finding.code
            );
            seen.push(finding.code);
        }
    }
    // Refusals of a whole file have tests of their own.
    let whole_file = ["too-deep", "too-large", "too-tangled", "too-long", "too-many-findings"];
    for (code, _) in waypost::syntax::CODES {
        assert!(seen.contains(code) || whole_file.contains(code), "no case for {code}");
    }
}
