//! The list of rules and pages: sorted, complete, and every example true.

use super::project::{TODAY, shop};
use regex::Regex;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use waypost::diagnostic::{Safety, Severity};
use waypost::lint::{self, Group, Page, RULES};
use waypost::source::SourceId;
use waypost::syntax;

#[test]
fn rules_are_sorted_named_well_and_many() {
    assert!(RULES.windows(2).all(|w| w[0].code < w[1].code));
    for rule in RULES {
        assert!(rule.code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.code);
        assert_ne!(rule.severity, Severity::Error, "{}", rule.code);
        assert_eq!(lint::rule_of(rule.code).unwrap().code, rule.code);
    }
    let of = |group: Group| RULES.iter().filter(|r| r.group == group).count();
    assert!(RULES.len() >= 60 && of(Group::Journeys) >= 20 && of(Group::Experiments) >= 30);
}

#[test]
fn pages_say_what_why_and_how() {
    for page in lint::pages() {
        assert!(page.summary().ends_with('.') && page.summary().len() > 15, "{}: {}", page.code, page.summary());
        assert!(page.markdown().starts_with(&format!("# {}\n", page.code)));
    }
    for page in RULES.iter().map(lint::Rule::page) {
        let body = page.body();
        let (bad, good) = body.split_once("\nBetter: ").unwrap_or_else(|| panic!("{} has no better way", page.code));
        assert!(bad.contains("```") && good.contains("```"), "{}", page.code);
        assert!(bad.split("\n\n").count() >= 3, "{} does not say why", page.code);
        assert!(body.lines().all(|l| l.chars().count() <= 160), "{}", page.code);
    }
}

/// Returns the manifest part and the spec part of the code blocks in some Markdown.
fn blocks(markdown: &str) -> (String, String) {
    let (mut yaml, mut journey, mut into) = (String::new(), String::new(), None);
    for line in markdown.lines() {
        match (line, into) {
            ("```journey", _) => into = Some(false),
            ("```yaml", _) => into = Some(true),
            ("```", _) => into = None,
            (line, Some(true)) => yaml.push_str(&format!("{line}\n")),
            (line, Some(false)) => journey.push_str(&format!("{line}\n")),
            _ => (),
        }
    }
    (yaml, journey)
}

fn examples(page: &Page) -> [(String, String); 2] {
    let body = page.body();
    let (bad, good) = body.split_once("\nBetter: ").unwrap();
    [blocks(bad), blocks(good)]
}

#[test]
fn every_example_fires_and_every_better_way_does_not() {
    let shop = shop();
    let mut wrong = Vec::new();
    for rule in RULES {
        for ((yaml, journey), fires) in examples(&rule.page()).into_iter().zip([true, false]) {
            match shop.with(&yaml, &journey).lint(TODAY) {
                Err(errors) => wrong.push(format!(
                    "{} ({fires}): {}",
                    rule.code,
                    errors.lines().take(4).collect::<Vec<_>>().join("\n")
                )),
                Ok(linted) if linted.findings.iter().any(|d| d.code == rule.code) != fires => {
                    wrong.push(format!("{}: fires is {}, found:\n{}", rule.code, !fires, linted.shown()));
                }
                Ok(linted) => {
                    let found = linted.findings.iter().find(|d| d.code == rule.code);
                    wrong.extend(
                        found.and_then(|d| wording(d).map(|why| format!("{}: {why}: {}", rule.code, d.message))),
                    );
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), RULES.len() * 2, wrong.join("\n\n"));
}

/// Returns what is wrong with the words of a finding.
fn wording(finding: &waypost::diagnostic::Diagnostic) -> Option<&'static str> {
    let first = finding.message.chars().next().unwrap_or('A');
    match () {
        () if first.is_uppercase() => Some("starts with a capital"),
        () if finding.message.ends_with('.') => Some("ends with a full stop"),
        () if finding.message.contains('\n') => Some("has two lines"),
        () if finding.help.is_empty() && finding.fix.is_none() => Some("does not say what to do next"),
        () => None,
    }
}

#[test]
fn safe_fixes_mend_what_they_are_for() {
    let shop = shop();
    let mut count = 0;
    for rule in RULES {
        let [(yaml, journey), _] = examples(&rule.page());
        let project = shop.with(&yaml, &journey);
        let linted = project.lint(TODAY).unwrap();
        let own: Vec<_> = linted.findings.iter().filter(|d| d.code == rule.code).collect();
        for safety in [Safety::Safe, Safety::Unsafe] {
            let fixed = project.fixed(&linted, &own, safety);
            if fixed.spec == project.spec {
                continue;
            }
            count += 1;
            let after = fixed.lint(TODAY).unwrap_or_else(|e| panic!("{} fixed: {e}", rule.code));
            assert!(after.lines(rule.code).is_empty(), "{} is still there:\n{}", rule.code, after.shown());
            assert!(after.findings.len() < linted.findings.len() + 1, "{}:\n{}", rule.code, after.shown());
        }
    }
    assert!(count >= 15, "only {count} rules have a fix");
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        match path.is_dir() {
            true => rust_files(&path, found),
            false => found.extend(path.extension().is_some_and(|e| e == "rs").then_some(path)),
        }
    }
}

/// Returns every code that a source file gives a finding, tests left out.
fn codes_in_sources() -> BTreeSet<String> {
    let mut files = Vec::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let given = Regex::new(
        r#"(?:Diagnostic::(?:error|warning|note)|self\.error|wrong|finding|refusal)\(\s*"([a-z][a-z0-9-]+)""#,
    )
    .unwrap();
    let listed = Regex::new(r#"(?m)^    \(\s*"([a-z][a-z0-9-]+)",\s*""#).unwrap();
    let mut codes: BTreeSet<String> = syntax::CODES.iter().map(|(code, _)| (*code).to_owned()).collect();
    for file in files.iter().filter(|f| !f.components().any(|c| c.as_os_str() == "lint")) {
        let text = fs::read_to_string(file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        codes.extend(given.captures_iter(text).map(|c| c[1].to_owned()));
        if text.contains("const CODES: &[(&str, &str)]") && file.components().any(|c| c.as_os_str() == "project") {
            codes.extend(listed.captures_iter(text).map(|c| c[1].to_owned()));
        }
    }
    codes
}

#[test]
fn every_code_has_a_page() {
    let codes = codes_in_sources();
    assert!(codes.len() > 60, "{codes:?}");
    let missing: Vec<_> = codes.iter().filter(|c| lint::explain(c).is_none()).collect();
    assert!(missing.is_empty(), "no page in `language.md`: {missing:?}");
    let pages: Vec<_> = lint::pages().filter(|p| p.section == "language").collect();
    assert!(pages.windows(2).all(|w| w[0].code < w[1].code), "sort the pages");
    let stale: Vec<_> = pages.iter().map(|p| p.code).filter(|c| !codes.contains(*c)).collect();
    // `not-utf8` is found where files are opened
    assert!(stale.iter().all(|c| *c == "not-utf8"), "a page for nothing: {stale:?}");
}

#[test]
fn every_example_of_the_language_is_wrong_and_its_better_way_right() {
    let shop = shop();
    let mut wrong = Vec::new();
    for page in lint::pages().filter(|p| p.section == "language" && p.body().contains("```")) {
        for ((yaml, journey), fires) in examples(&page).into_iter().zip([true, false]) {
            let parsed = syntax::parse(SourceId::default(), &journey);
            let torn = parsed.diagnostics.iter().any(|d| d.code == page.code);
            let found = torn
                || (parsed.diagnostics.is_empty()
                    && match shop.with(&yaml, &journey).read() {
                        Ok(_) => false,
                        // an example may be a piece that cannot stand alone; only its own code counts
                        Err(errors) => {
                            errors.contains(&format!(": {} ", page.code))
                                || errors.contains(&format!("\"{}\"", page.code))
                        }
                    });
            if found != fires {
                let said: Vec<_> = parsed.diagnostics.iter().map(|d| (d.code, &d.message)).collect();
                let read = shop.with(&yaml, if parsed.diagnostics.is_empty() { &journey } else { "" }).read().err();
                wrong.push(format!(
                    "{} ({fires}): {said:?} {:?}",
                    page.code,
                    read.map(|e| e.lines().take(2).collect::<String>())
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
