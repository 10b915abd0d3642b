//! Manual pages of what the language asks for: the findings of everybody who reads specs before the rules do.
//!
//! They stand in `language.md`, one after the other under a heading with the code, sorted.

use super::Page;
use crate::diagnostic::Severity;

const PAGES: &str = include_str!("language.md");

/// Returns the page of a finding of the language.
pub(super) fn page(code: &str) -> Option<Page> {
    pages().find(|p| p.code == code)
}

/// Returns all pages, sorted by code.
pub(super) fn pages() -> impl Iterator<Item = Page> {
    let after_first = PAGES.strip_prefix("# ").unwrap_or(PAGES);
    after_first.split("\n# ").filter_map(|part| {
        let (heading, doc) = part.split_once('\n')?;
        let (code, severity) = match heading.strip_suffix(" (warning)") {
            Some(code) => (code, Severity::Warning),
            None => (heading, Severity::Error),
        };
        Some(Page { code, section: "language", severity, dated: false, doc })
    })
}
