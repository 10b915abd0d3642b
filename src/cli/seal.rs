//! What a page was made from, written into the page itself: [`Seal`], which `waypost verify` reads again.
//!
//! A page of HTML holds it in a `meta` element, Markdown in a comment at its end; neither is shown. The digest of the page is
//! taken with its own place filled with zeros.

use super::project::Project;
use crate::analysis::Provenance;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The name and version of the seal's form.
const SCHEMA: &str = "waypost/seal/1";
const META: &str = "<meta name=\"waypost-seal\" content='";
const META_END: &str = "'>\n";
const COMMENT: &str = "\n<!-- waypost-seal ";
const COMMENT_END: &str = " -->\n";
/// After which a page of HTML holds its seal.
const HEAD: &str = "<meta charset=\"utf-8\">\n";

/// What a page was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    schema: String,
    /// The program's version.
    pub program: String,
    /// What it shows.
    pub page: Shows,
    /// The day it was, ISO 8601.
    pub today: String,
    /// SHA-256 of the specs and the manifest.
    pub specs: String,
    /// The warehouse that counted, without who asked it; nothing where files were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warehouse: Option<String>,
    /// SHA-256 of each data file, by its path from the project's root; nothing where a warehouse counted.
    pub data: Option<BTreeMap<String, String>>,
    /// SHA-256 of the page, with zeros here.
    pub bytes: String,
}

/// What a page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shows {
    /// The map of this journey.
    Map(String),
    /// The report of this experiment.
    Report(String),
    /// All of the project.
    Index,
}

/// What every page of a run is made from.
#[derive(Clone, Debug)]
pub struct Ink {
    today: String,
    specs: String,
    warehouse: Option<String>,
    data: Option<BTreeMap<String, String>>,
}

impl Ink {
    /// Returns what pages of a project are made from on a day; `made` tells of the data.
    pub fn new(project: &Project, today: crate::model::value::Date, made: Option<&Provenance>) -> Self {
        let files = made.map(|p| p.files.as_slice()).unwrap_or_default();
        let warehouse = made.and_then(|p| p.warehouse.clone());
        let data = files.iter().map(|(name, digest, _)| (name.clone(), digest.clone())).collect();
        let data = warehouse.is_none().then_some(data);
        Self { today: today.to_string(), specs: digest(project), warehouse, data }
    }

    fn seal(&self, page: Shows) -> Seal {
        Seal {
            schema: SCHEMA.to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            page,
            today: self.today.clone(),
            specs: self.specs.clone(),
            warehouse: self.warehouse.clone(),
            data: self.data.clone(),
            bytes: blank(),
        }
    }

    /// Returns a page of HTML with its seal.
    pub fn html(&self, page: &str, shows: Shows) -> String {
        let meta = format!("{META}{}{META_END}", self.seal(shows).written());
        sealed(match page.split_once(HEAD) {
            Some((before, after)) => format!("{before}{HEAD}{meta}{after}"),
            None => format!("{page}{meta}"),
        })
    }

    /// Returns a page of Markdown with its seal.
    pub fn markdown(&self, page: &str, shows: Shows) -> String {
        sealed(format!("{page}{COMMENT}{}{COMMENT_END}", self.seal(shows).written()))
    }

    /// Returns both pages of a document with their seals.
    pub fn document(&self, page: crate::render::Document, shows: &Shows) -> crate::render::Document {
        let html = self.html(&page.html, shows.clone());
        crate::render::Document { html, markdown: self.markdown(&page.markdown, shows.clone()) }
    }
}

impl Seal {
    /// Returns the seal of a page; nothing where it has none that can be read.
    #[cfg(feature = "engine")]
    pub fn of(page: &str) -> Option<Self> {
        let (text, _) = found(page)?;
        serde_json::from_str(text).ok().filter(|s: &Self| s.schema == SCHEMA)
    }

    /// Returns whether a page is as it was when it was sealed.
    #[cfg(feature = "engine")]
    pub fn holds(&self, page: &str) -> bool {
        let Some((_, at)) = found(page) else { return false };
        let (before, after) = page.split_at(at);
        let blanked = format!("{before}{}", after.replacen(&self.bytes, &blank(), 1));
        hex(&Sha256::digest(blanked)) == self.bytes
    }

    /// Returns it as it stands in a page: no sign of it ends an attribute or a comment.
    fn written(&self) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        let signs = [('\'', "\\u0027"), ('<', "\\u003c"), ('>', "\\u003e"), ('&', "\\u0026")];
        let safe = signs.iter().fold(text, |text, (sign, code)| text.replace(*sign, code));
        safe.replace("--", "\\u002d\\u002d")
    }
}

/// Returns the seal's text in a page and where it begins.
fn found(page: &str) -> Option<(&str, usize)> {
    let between = |start: &str, end: &str| {
        let at = page.rfind(start)? + start.len();
        let text = page.get(at..)?;
        Some((text.get(..text.find(end)?)?, at))
    };
    if page.starts_with("<!doctype html>") { between(META, META_END) } else { between(COMMENT, COMMENT_END) }
}

fn sealed(page: String) -> String {
    let digest = hex(&Sha256::digest(&page));
    let Some((text, at)) = found(&page) else { return page };
    let (before, after) = page.split_at(at);
    let (seal, rest) = after.split_at(text.len());
    format!("{before}{}{rest}", seal.replacen(&blank(), &digest, 1))
}

fn blank() -> String {
    "0".repeat(64)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the SHA-256 of every file of the specs that was read, with its name.
pub fn digest(project: &Project) -> String {
    let mut digest = Sha256::new();
    for (_, source) in project.sources.iter() {
        // Lengths keep two files from reading like one.
        digest.update(format!("{} {} ", source.name(), source.text().len()));
        digest.update(source.text());
    }
    hex(&digest.finalize())
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    fn ink(file: &str) -> Ink {
        let data = BTreeMap::from([(file.to_owned(), "ab".repeat(32))]);
        Ink { today: "2026-11-02".into(), specs: "cd".repeat(32), warehouse: None, data: Some(data) }
    }

    #[test]
    fn a_page_holds_until_a_byte_changes() {
        let ink = ink("it's <a> & --> b.csv");
        let page = format!("<!doctype html>\n<head>\n{HEAD}</head>\n<p>42 % buy</p>\n");
        for sealed in [ink.html(&page, Shows::Map("m".into())), ink.markdown("# Map\n\n42 % buy\n", Shows::Index)] {
            let seal = Seal::of(&sealed).unwrap();
            assert!(seal.data.as_ref().unwrap().contains_key("it's <a> & --> b.csv"));
            assert!(seal.holds(&sealed), "{sealed}");
            let other = sealed.replace("42 %", "43 %");
            assert!(!Seal::of(&other).unwrap().holds(&other));
            let other = sealed.replace("2026-11-02", "2026-11-03");
            assert!(!Seal::of(&other).unwrap().holds(&other));
        }
        assert_eq!(Seal::of(&page), None);
    }
}
