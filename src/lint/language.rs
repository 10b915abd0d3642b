//! Manual pages of what the language asks for: the findings of `syntax` and `resolve`.

use super::Page;

/// Returns the page of a finding of the language.
pub(super) fn page(code: &str) -> Option<Page> {
    pages().find(|p| p.code == code)
}

/// Returns all pages, sorted by code.
pub(super) fn pages() -> impl Iterator<Item = Page> {
    std::iter::empty()
}
