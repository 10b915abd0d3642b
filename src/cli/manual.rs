//! The manual: a page for every finding there is, whichever room makes it.

use super::project;
use crate::diagnostic::Severity;
use crate::diff::{RULES, Rule};
use crate::lint;
use crate::syntax;

/// The page of a finding, from whichever room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The finding's stable name.
    pub code: &'static str,
    /// What it is about.
    pub section: &'static str,
    /// How much it matters where the manifest does not say otherwise.
    pub severity: Severity,
    /// What is found, in one line.
    pub summary: String,
    /// The whole page in Markdown.
    pub page: String,
}

/// Returns every finding there is, sorted by code.
pub fn entries() -> Vec<Entry> {
    let mut all: Vec<Entry> = lint::pages().map(|page| of_page(&page)).collect();
    for (code, what) in syntax::CODES.iter().chain(project::CODES) {
        if !all.iter().any(|e| e.code == *code) {
            all.push(of_language(code, what));
        }
    }
    all.extend(RULES.iter().map(of_breaking));
    all.sort_by_key(|e| e.code);
    all
}

/// Returns the entry of a code.
pub fn entry(code: &str) -> Option<Entry> {
    entries().into_iter().find(|e| e.code == code)
}

/// Returns the code most likely meant by a misspelt one.
pub fn nearest(code: &str) -> Option<&'static str> {
    let limit = (code.chars().count() / 3).clamp(1, 4);
    let scored = entries().into_iter().map(|e| (strsim::damerau_levenshtein(code, e.code), e.code));
    scored.filter(|(distance, _)| *distance <= limit).min().map(|(_, code)| code)
}

fn of_page(page: &lint::Page) -> Entry {
    Entry {
        code: page.code,
        section: page.section,
        severity: page.severity,
        summary: page.summary().to_owned(),
        page: page.markdown(),
    }
}

fn of_language(code: &'static str, what: &str) -> Entry {
    let severity = Severity::Error;
    let page = format!("# {code}\n\n*{} of the language*\n\n{what}\n", severity.name());
    Entry { code, section: "language", severity, summary: what.to_owned(), page }
}

fn of_breaking(rule: &Rule) -> Entry {
    let (severity, summary) = (Severity::Error, format!("a change to a plan that runs: {}", rule.why));
    let page = format!(
        "# {}\n\n*{} of `diff --breaking` and `ci`, category {}*\n\n{}.\n\nA draft may change freely. Of an experiment that \
         runs, take the change back, or restart it (`restart 2 from DATE because TEXT`): a new seed, and what came before is \
         not comparable. The manifest's `breaking` says which categories are guarded: `record` (all), `analysis` or \
         `assignment`.\n",
        rule.id,
        severity.name(),
        rule.category.name(),
        upper(rule.why),
    );
    Entry { code: rule.id, section: "breaking", severity, summary, page }
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once_and_says_something() {
        let all = entries();
        assert!(all.windows(2).all(|w| w[0].code < w[1].code));
        assert!(all.iter().all(|e| !e.summary.is_empty() && e.page.starts_with(&format!("# {}\n", e.code))));
        assert_eq!(nearest("use-cicle"), Some("use-cycle"));
        assert_eq!(nearest("nothing-like-it-at-all"), None);
    }
}
