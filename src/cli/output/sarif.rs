//! SARIF 2.1.0, the form of code scanning. Its fingerprints hold no line numbers: the declaration a finding belongs to,
//! its code, and its number among the same there.

use super::entity::owner;
use super::{Finding, Findings};
use crate::cli::{World, manual};
use crate::source::Span;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Writes the log.
pub(super) fn write(findings: &Findings<'_>, world: &mut World<'_>) -> io::Result<()> {
    let rules = rules(findings);
    let ids: Vec<&str> = rules.iter().filter_map(|r| r.get("id")?.as_str()).collect();
    let prints = fingerprints(findings);
    let results: Vec<Value> = findings.list.iter().zip(prints).map(|(f, print)| result(f, &print, &ids)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "waypost",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    super::write_json(&log, world)
}

/// Returns every rule there is, sorted by code, and whatever was found besides.
fn rules(findings: &Findings<'_>) -> Vec<Value> {
    let mut rules: BTreeMap<&str, Value> = BTreeMap::new();
    for finding in &findings.list {
        let code = finding.diagnostic.code;
        rules.entry(code).or_insert_with(|| json!({ "id": code, "shortDescription": { "text": code } }));
    }
    for entry in manual::entries() {
        let rule = json!({
            "id": entry.code,
            "shortDescription": { "text": entry.summary },
            "help": { "text": entry.page, "markdown": entry.page },
            "defaultConfiguration": { "level": entry.severity.name() },
            "properties": { "tags": [entry.section] },
        });
        rules.insert(entry.code, rule);
    }
    rules.into_values().collect()
}

fn result(finding: &Finding<'_>, print: &str, ids: &[&str]) -> Value {
    let d = finding.diagnostic;
    let text = std::iter::once(finding.message()).chain(finding.help()).collect::<Vec<_>>().join("\n");
    let related: Vec<Value> = d.secondary.iter().map(|l| location(finding, l.span, Some(&l.text))).collect();
    let mut result = json!({
        "ruleId": d.code,
        "ruleIndex": ids.iter().position(|id| *id == d.code),
        "level": d.severity.name(),
        "message": { "text": text },
        "locations": [location(finding, d.primary.span, None)],
        "partialFingerprints": { "waypostEntity/v1": print },
    });
    if let Some(result) = result.as_object_mut().filter(|_| !related.is_empty()) {
        result.insert("relatedLocations".to_owned(), Value::from(related));
    }
    result
}

fn location(finding: &Finding<'_>, span: Span, text: Option<&str>) -> Value {
    let spot = finding.spot(span);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&finding.project.path(span.source)) },
            "region": {
                "startLine": spot.start.line,
                "startColumn": spot.start.column,
                "endLine": spot.end.line,
                "endColumn": spot.end.column,
            },
        },
    });
    let said = text.filter(|t| !t.is_empty());
    if let (Some(location), Some(text)) = (location.as_object_mut(), said) {
        location.insert("message".to_owned(), json!({ "text": super::text::shown(text) }));
    }
    location
}

/// Returns a path as a relative reference of RFC 3986.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

/// Returns one fingerprint a finding, in order: a hash of what it belongs to, its code and its number among the same.
pub(super) fn fingerprints(findings: &Findings<'_>) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let print = |finding: &Finding<'_>| {
        let key = format!("{}\n{}", finding.diagnostic.code, owner(finding));
        let number = seen.entry(key.clone()).and_modify(|n| *n += 1).or_insert(1);
        let digest = Sha256::digest(format!("{key}\n{number}"));
        digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    };
    findings.list.iter().map(print).collect()
}
