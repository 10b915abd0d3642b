//! Ids for what a diagram names only by its words.

use crate::model::vocabulary::CONNECTING;
use crate::source::SourceId;
use crate::syntax::parse;
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization;

/// How long an id made from words may be, in characters.
const LONGEST: usize = 24;

/// Ids handed out so far, each once.
#[derive(Debug, Default)]
pub(super) struct Ids {
    taken: BTreeSet<String>,
    /// The number to try next for words that came before: a diagram may repeat one task thousands of times.
    next: BTreeMap<String, usize>,
}

impl Ids {
    /// Returns an id made from words, or from `instead` where they make none; a number is added to one already taken.
    pub(super) fn make(&mut self, words: &str, instead: &str) -> String {
        let slug = slug(words);
        let base = if is_id(&slug) { slug } else { instead.to_owned() };
        let mut id = base.clone();
        let number = self.next.entry(folded(&base)).or_insert(2);
        while !self.taken.insert(folded(&id)) {
            id = format!("{base}-{number}");
            *number += 1;
        }
        id
    }
}

/// Names that look alike count as one.
fn folded(id: &str) -> String {
    id.nfkc().collect::<String>().to_lowercase()
}

/// Returns words joined by hyphens, lower case, letters of any script kept.
fn slug(words: &str) -> String {
    let lower: String = words.nfc().collect::<String>().to_lowercase();
    let parts = lower.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty());
    let mut id = String::new();
    for part in parts {
        if id.chars().count() + part.chars().count() >= LONGEST && !id.is_empty() {
            break;
        }
        if !id.is_empty() {
            id.push('-');
        }
        id.extend(part.chars().take(LONGEST));
    }
    id
}

/// Returns whether the language takes it for an id: a name that is no number and no connecting word.
fn is_id(id: &str) -> bool {
    if !id.starts_with(char::is_alphabetic) {
        return false;
    }
    let parsed = parse(SourceId::default(), &format!("team {id} \"\"\n"));
    parsed.diagnostics.is_empty() && !CONNECTING.contains(&id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_from_the_words() {
        let mut ids = Ids::default();
        assert_eq!(ids.make("Go to work", "step"), "go-to-work");
        assert_eq!(ids.make("Go to work!", "step"), "go-to-work-2");
        assert_eq!(ids.make("结算", "step"), "结算");
        assert_eq!(ids.make("404 page", "step"), "step");
        assert_eq!(ids.make("then", "step"), "step-2");
        assert_eq!(ids.make("---", "step"), "step-3");
    }
}
