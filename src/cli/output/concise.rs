//! One line a finding: `path:line:column: severity[code] message`.

use super::{Finding, Findings, counted};
use crate::cli::World;
use std::io;

/// Writes the findings, what was left out, and the count.
pub(super) fn write(findings: &Findings<'_>, world: &mut World<'_>) -> io::Result<()> {
    let (list, more) = findings.capped();
    for finding in &list {
        writeln!(world.out, "{}", line(finding))?;
    }
    for (path, n) in more {
        writeln!(world.out, "{path}: {} not shown", counted(n, "more finding"))?;
    }
    if !findings.list.is_empty() {
        writeln!(world.out, "{}", findings.tally())?;
    }
    Ok(())
}

/// Returns one finding as one line.
pub(super) fn line(finding: &Finding<'_>) -> String {
    let (place, d) = (finding.place(), finding.diagnostic);
    let (path, start) = (place.path, place.start);
    format!("{path}:{}:{}: {}[{}] {}", start.line, start.column, d.severity.name(), d.code, finding.message())
}
