//! A JUnit test report: one suite a file, one case a finding; a run without findings is one case that passed.

use super::{Finding, Findings};
use crate::cli::World;
use crate::diagnostic::Severity;
use std::fmt::Write;
use std::io;

/// Writes the report.
pub(super) fn write(findings: &Findings<'_>, world: &mut World<'_>) -> io::Result<()> {
    let mut suites: Vec<(String, Vec<&Finding<'_>>)> = Vec::new();
    for finding in &findings.list {
        let path = finding.path();
        match suites.last_mut().filter(|(last, _)| *last == path) {
            Some((_, list)) => list.push(finding),
            None => suites.push((path, vec![finding])),
        }
    }
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (cases, failures) = (findings.list.len().max(1), failed(&findings.list));
    let _ = writeln!(xml, "<testsuites name=\"waypost\" tests=\"{cases}\" failures=\"{failures}\">");
    if suites.is_empty() {
        xml.push_str("  <testsuite name=\"waypost\" tests=\"1\" failures=\"0\">\n");
        let _ = writeln!(xml, "    <testcase classname=\"waypost\" name=\"{}\"/>", escape(&findings.tally()));
        xml.push_str("  </testsuite>\n");
    }
    suites.iter().for_each(|(path, list)| suite(&mut xml, path, list));
    xml.push_str("</testsuites>\n");
    world.out.write_all(xml.as_bytes())
}

fn failed<'a, F: std::borrow::Borrow<Finding<'a>>>(list: &[F]) -> usize {
    list.iter().filter(|f| (*f).borrow().diagnostic.severity != Severity::Note).count()
}

fn suite(xml: &mut String, path: &str, list: &[&Finding<'_>]) {
    let path = escape(path);
    let failures = list.iter().filter(|f| f.diagnostic.severity != Severity::Note).count();
    let _ = writeln!(xml, "  <testsuite name=\"{path}\" tests=\"{}\" failures=\"{failures}\">", list.len());
    for finding in list {
        let (place, d) = (finding.place(), finding.diagnostic);
        let name = escape(&format!("{} at {}:{}", d.code, place.start.line, place.start.column));
        let text = escape(&std::iter::once(finding.message()).chain(finding.help()).collect::<Vec<_>>().join("\n"));
        let message = escape(&finding.message());
        let _ = writeln!(xml, "    <testcase classname=\"{path}\" name=\"{name}\" line=\"{}\">", place.start.line);
        let _ = match d.severity {
            Severity::Note => writeln!(xml, "      <system-out>{text}</system-out>"),
            severity => {
                writeln!(xml, "      <failure type=\"{}\" message=\"{message}\">{text}</failure>", severity.name())
            }
        };
        xml.push_str("    </testcase>\n");
    }
    xml.push_str("  </testsuite>\n");
}

/// Escapes for XML; hidden characters are no part of the text here any more.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\n', "&#10;")
}
