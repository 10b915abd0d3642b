//! One JSON object a line, one line a finding.

use super::{Findings, json, text};
use crate::cli::World;
use serde_json::{Map, Value};
use std::io;

/// Writes the lines.
pub(super) fn write(findings: &Findings<'_>, world: &mut World<'_>) -> io::Result<()> {
    for finding in &findings.list {
        let mut line = Map::new();
        line.insert("schema".to_owned(), Value::from(json::SCHEMA));
        if let Value::Object(rest) = json::finding(finding) {
            line.extend(rest);
        }
        writeln!(world.out, "{}", text::json(&Value::Object(line).to_string()))?;
    }
    Ok(())
}
