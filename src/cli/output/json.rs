//! One JSON object: the counts and every finding. Its form is `schema`.

use super::{Finding, Findings, Spot};
use crate::cli::World;
use crate::diagnostic::{Safety, Severity};
use crate::source::Span;
use serde_json::{Value, json};
use std::io;

/// The name and version of the form.
pub(super) const SCHEMA: &str = "waypost/findings/1";

/// Writes the object.
pub(super) fn write(findings: &Findings<'_>, world: &mut World<'_>) -> io::Result<()> {
    let list: Vec<Value> = findings.list.iter().map(finding).collect();
    let whole = json!({
        "schema": SCHEMA,
        "files": findings.files,
        "errors": findings.count(Severity::Error),
        "warnings": findings.count(Severity::Warning),
        "notes": findings.count(Severity::Note),
        "findings": list,
    });
    super::write_json(&whole, world)
}

/// Returns one finding as JSON.
pub(super) fn finding(finding: &Finding<'_>) -> Value {
    let d = finding.diagnostic;
    let related: Vec<Value> =
        d.secondary.iter().map(|l| with(place(finding, l.span), "text", Value::from(l.text.as_str()))).collect();
    let fix = d.fix.as_ref().map(|fix| {
        let edit = |e: &crate::diagnostic::Edit| with(place(finding, e.span), "text", Value::from(e.text.as_str()));
        json!({
            "title": fix.title,
            "safe": fix.safety == Safety::Safe,
            "edits": fix.edits.iter().map(edit).collect::<Vec<_>>(),
        })
    });
    let mut whole = json!({ "code": d.code, "severity": d.severity.name(), "message": d.message });
    if let (Some(whole), Value::Object(place)) = (whole.as_object_mut(), place(finding, d.primary.span)) {
        whole.extend(place);
        whole.extend([
            ("label".to_owned(), Value::from(d.primary.text.as_str())),
            ("related".to_owned(), Value::from(related)),
            ("help".to_owned(), Value::from(d.help.clone())),
            ("fix".to_owned(), fix.unwrap_or(Value::Null)),
        ]);
    }
    whole
}

fn with(mut object: Value, key: &str, value: Value) -> Value {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
    object
}

fn place(finding: &Finding<'_>, span: Span) -> Value {
    let Spot { start, end, .. } = finding.spot(span);
    json!({
        "path": finding.project.path(span.source),
        "start": { "line": start.line, "column": start.column, "byte": span.start },
        "end": { "line": end.line, "column": end.column, "byte": span.end },
    })
}
