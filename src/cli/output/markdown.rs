//! A table for a comment on a pull request or the summary of a run.

use super::{Findings, counted};
use crate::cli::World;
use std::fmt::Write;
use std::io;

/// Writes the table.
pub(super) fn write(findings: &Findings<'_>, world: &mut World<'_>) -> io::Result<()> {
    world.out.write_all(summary(findings).as_bytes())
}

/// Returns the count and a row for each finding.
pub fn summary(findings: &Findings<'_>) -> String {
    let mut page = format!("**Waypost**: {}\n", findings.tally());
    let (list, more) = findings.capped();
    if !list.is_empty() {
        page.push_str("\n| | where | what | next |\n|---|---|---|---|\n");
    }
    for finding in &list {
        let (place, d) = (finding.place(), finding.diagnostic);
        let at = code(&format!("{}:{}:{}", place.path, place.start.line, place.start.column));
        let help: Vec<String> = finding.help().iter().map(|h| prose(h)).collect();
        let (what, next) = (prose(&finding.message()), help.join("<br>"));
        let _ = writeln!(page, "| {} | {at} | {what} ({}) | {next} |", d.severity.name(), code(d.code));
    }
    for (path, n) in more {
        let _ = writeln!(page, "\n{}: {} not shown", code(&path), counted(n, "more finding"));
    }
    page
}

/// Returns a message as Markdown: what stands in backticks as code, the rest as plain words.
fn prose(message: &str) -> String {
    let parts: Vec<&str> = message.split('`').collect();
    let even = parts.len() % 2 == 1;
    let part = |(i, part): (usize, &&str)| match i % 2 == 1 && even {
        true => code(part),
        false => plain(part),
    };
    parts.iter().enumerate().map(part).collect()
}

/// Returns text as code that nothing in it can end, fit for a cell.
fn code(text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!("`{}`", text.replace('`', "'").replace('|', "\\|")),
    }
}

/// Returns text with every mark of Markdown taken literally, and nobody called by name.
fn plain(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '&' => safe.push_str("&amp;"),
            '@' => safe.push_str("&#64;"),
            c if "\\`*_{}[]#|~!".contains(c) => safe.extend(['\\', c]),
            // A bare address would become a link.
            ':' => safe.push_str("&#58;"),
            c => safe.push(c),
        }
    }
    safe
}
