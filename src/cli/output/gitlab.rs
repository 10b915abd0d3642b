//! A code quality report of GitLab: a JSON list.

use super::{Findings, sarif};
use crate::cli::World;
use crate::diagnostic::Severity;
use serde_json::{Value, json};
use std::io;

/// Writes the list.
pub(super) fn write(findings: &Findings<'_>, world: &mut World<'_>) -> io::Result<()> {
    let prints = sarif::fingerprints(findings);
    let list: Vec<Value> = findings
        .list
        .iter()
        .zip(prints)
        .map(|(finding, fingerprint)| {
            let (place, d) = (finding.place(), finding.diagnostic);
            json!({
                "description": finding.message(),
                "check_name": d.code,
                "fingerprint": fingerprint,
                "severity": severity(d.severity),
                "location": { "path": place.path, "lines": { "begin": place.start.line, "end": place.end.line } },
            })
        })
        .collect();
    super::write_json(&Value::from(list), world)
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Note => "info",
    }
}
