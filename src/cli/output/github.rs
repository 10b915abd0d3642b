//! Annotations of a GitHub workflow. GitHub shows ten errors and ten warnings a step, so errors come first and what is
//! too much comes as plain lines; everything goes to the step's summary.

use super::{Finding, Findings, concise, markdown};
use crate::cli::World;
use crate::diagnostic::Severity;
use std::io::{self, Write};

/// How many annotations of a kind GitHub shows for a step.
const SHOWN: usize = 10;

/// Writes the annotations to the output, and the summary to the file that GitHub names.
pub(super) fn write(findings: &Findings<'_>, world: &mut World<'_>) -> io::Result<()> {
    let (list, _) = findings.capped();
    let mut rest = Vec::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let mut of_kind = list.iter().filter(|f| f.diagnostic.severity == severity);
        for finding in of_kind.by_ref().take(SHOWN) {
            writeln!(world.out, "{}", annotation(finding))?;
        }
        rest.extend(of_kind);
    }
    for finding in rest {
        writeln!(world.out, "{}", concise::line(finding))?;
    }
    if !findings.list.is_empty() {
        writeln!(world.out, "{}", findings.tally())?;
    }
    match world.env.get("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
        Some(path) => {
            let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path)?;
            file.write_all(markdown::summary(findings).as_bytes())
        }
        None => Ok(()),
    }
}

fn annotation(finding: &Finding<'_>) -> String {
    let kind = match finding.diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let (place, code) = (finding.place(), finding.diagnostic.code);
    let (start, end) = (place.start, place.end);
    let mut message = finding.message();
    for help in finding.help() {
        message.push_str("\nhelp: ");
        message.push_str(&help);
    }
    let (path, message) = (property(&place.path), data(&message));
    format!(
        "::{kind} file={path},line={},col={},endLine={},endColumn={},title={code}::{message}",
        start.line, start.column, end.line, end.column
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
