//! The words of the documents in one language: labels, plurals, numbers, dates.
//!
//! A language is one labels file (`en.yaml` is the reference): a key, and a text or one text a plural category. A
//! project brings its own by `theme: { labels: FILE }`; what it leaves out is said in English. The sentences of a report
//! stand under `rule.` and the id of the rule; English has them from the analysis itself.

mod number;
mod sentence;

pub use number::Unit;

use super::rich::{Piece, Rich};
use std::collections::BTreeMap;

/// The languages that ship, and their labels.
const SHIPPED: [(&str, &str); 3] =
    [("en", include_str!("en.yaml")), ("pl", include_str!("pl.yaml")), ("zh", include_str!("zh.yaml"))];

/// A label: a text, or one text a plural category (`one`, `few`, `many`, `other`).
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(untagged)]
enum Label {
    Text(String),
    Plural(BTreeMap<String, String>),
}

type Labels = BTreeMap<String, Label>;

/// All words of one language. Every key has a label: the language's own, else the English one.
#[derive(Clone, Debug)]
pub struct Words {
    /// The language's tag, for the page's `lang`.
    pub tag: String,
    labels: Labels,
    currency: Option<String>,
}

/// A labels file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLabels(String);

impl std::fmt::Display for BadLabels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the labels file cannot be read: {}", self.0)
    }
}

impl std::error::Error for BadLabels {}

impl Words {
    /// Returns the words of a language; English where it does not ship.
    pub fn of(language: &str) -> Self {
        let base = language.split(['-', '_']).next().unwrap_or_default();
        let own = SHIPPED.iter().find(|(tag, _)| *tag == base);
        let mut labels = read(SHIPPED[0].1).unwrap_or_default();
        labels.extend(own.and_then(|(_, text)| read(text).ok()).unwrap_or_default());
        Self { tag: own.map_or("en", |(tag, _)| tag).to_owned(), labels, currency: None }
    }

    /// Returns the words of a language with those of a labels file over them.
    ///
    /// # Errors
    /// When the file is no table of texts, or has a key that no document uses.
    pub fn with_file(language: &str, file: &str) -> Result<Self, BadLabels> {
        let mut words = Self::of(language);
        let own = read(file).map_err(|e| BadLabels(e.to_string()))?;
        let unknown = |k: &&String| !words.labels.contains_key(*k) && !k.starts_with("rule.");
        if let Some(key) = own.keys().find(unknown) {
            return Err(BadLabels(format!("no document uses the label `{key}`")));
        }
        words.labels.extend(own);
        words.tag = language.to_owned();
        Ok(words)
    }

    /// Returns the words with this currency for amounts.
    #[must_use]
    pub fn money_in(mut self, currency: Option<&str>) -> Self {
        self.currency = currency.map(str::to_owned);
        self
    }

    /// Returns every key, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.labels.keys().map(String::as_str)
    }

    /// Returns the languages that ship.
    pub fn shipped() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(tag, _)| *tag)
    }

    /// Returns the keys that a shipped language says itself, for the test of completeness.
    pub fn own_keys(language: &str) -> Vec<String> {
        let own = SHIPPED.iter().find(|(tag, _)| *tag == language);
        own.and_then(|(_, text)| read(text).ok()).unwrap_or_default().into_keys().collect()
    }

    /// Returns a label; nothing where there is none, which a test rules out for every key that is asked for.
    pub fn t(&self, key: &str) -> &str {
        match self.labels.get(key) {
            Some(Label::Text(text)) => text,
            Some(Label::Plural(forms)) => forms.get("other").map_or("", String::as_str),
            None => "",
        }
    }

    /// Returns a label in the form for a count.
    fn form(&self, key: &str, count: u64) -> &str {
        match self.labels.get(key) {
            Some(Label::Plural(forms)) => {
                let category = plural(self.t("plural.rule"), count);
                forms.get(category).or_else(|| forms.get("other")).map_or("", String::as_str)
            }
            _ => self.t(key),
        }
    }

    /// Returns a label with `{name}` places filled.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.t(key), values)
    }

    /// Returns a label in the form for a count, with `{n}` and other places filled.
    pub fn count(&self, key: &str, count: u64, values: &[(&str, &str)]) -> String {
        let n = self.integer(count);
        let text = fill(self.form(key, count), values);
        text.replace("{n}", &n)
    }

    /// Returns a sentence: a label whose `{name}` places are filled with pieces, in the form for a count.
    pub fn say(&self, key: &str, count: u64, values: &[(&str, Piece)]) -> Rich {
        let mut out = Rich::new();
        let mut rest = self.form(key, count);
        while let Some((head, tail)) = rest.split_once('{') {
            let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
            out.push(Piece::text(head));
            match values.iter().find(|(n, _)| *n == name) {
                Some((_, piece)) => out.push(piece.clone()),
                None => out.push(Piece::figure(self.integer(count))),
            }
            rest = after;
        }
        out.push(Piece::text(rest));
        out.retain(|p| !p.text.is_empty());
        out
    }
}

fn read(text: &str) -> Result<Labels, serde_yaml::Error> {
    serde_yaml::from_str(text)
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once('{') {
        let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
        out.push_str(head);
        match values.iter().find(|(n, _)| *n == name) {
            Some((_, value)) => out.push_str(value),
            None => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Returns the plural category of a whole number by a rule of the Unicode CLDR.
fn plural(rule: &str, n: u64) -> &'static str {
    let (ten, hundred) = (n % 10, n % 100);
    match rule {
        "none" => "other",
        "polish" if n == 1 => "one",
        "polish" if (2..=4).contains(&ten) && !(12..=14).contains(&hundred) => "few",
        "polish" => "many",
        "french" if n < 2 => "one",
        "east-slavic" if ten == 1 && hundred != 11 => "one",
        "east-slavic" if (2..=4).contains(&ten) && !(12..=14).contains(&hundred) => "few",
        "east-slavic" => "many",
        _ if rule != "french" && n == 1 => "one",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polish_counts() {
        let forms: Vec<_> = [1, 2, 5, 12, 22, 25, 112].map(|n| plural("polish", n)).to_vec();
        assert_eq!(forms, ["one", "few", "many", "many", "few", "many", "many"]);
    }

    #[test]
    fn every_language_says_every_label() {
        let reference = Words::own_keys("en");
        for language in Words::shipped() {
            let own = Words::own_keys(language);
            let missing: Vec<_> = reference.iter().filter(|k| !own.contains(k)).collect();
            assert!(missing.is_empty(), "{language} lacks {missing:?}");
            let extra: Vec<_> = own.iter().filter(|k| !reference.contains(k) && !k.starts_with("rule.")).collect();
            assert!(extra.is_empty(), "{language} has unknown {extra:?}");
        }
    }

    #[test]
    fn a_labels_file_goes_over_the_shipped_words() {
        let words = Words::with_file("de", "map.title: Landkarte\n").unwrap();
        assert_eq!((words.t("map.title"), words.tag.as_str()), ("Landkarte", "de"));
        assert!(Words::with_file("de", "no.such: x\n").is_err());
    }
}
