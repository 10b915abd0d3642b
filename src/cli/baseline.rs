//! Findings a team has decided to live with for now: [`Baseline`]. They are known by their declaration and code, not by
//! their line.

use super::Failure;
use super::output::{Findings, finding_key};
use crate::diagnostic::Severity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

const SCHEMA: &str = "waypost/baseline/1";

/// How many findings of each code each declaration may have.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    schema: String,
    /// Code, then declaration, then how many.
    findings: BTreeMap<String, BTreeMap<String, usize>>,
}

impl Baseline {
    /// Returns the baseline of a file.
    ///
    /// # Errors
    /// The file cannot be read, or is none.
    pub fn read(path: &Path, shown: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|e| {
            Failure::file("read", shown, &e).help("`waypost check --baseline FILE --write-baseline` makes one")
        })?;
        let wrong = || Failure::new(format!("`{}` is no baseline", shown.display()));
        let read: Self = serde_json::from_str(&text).map_err(|_| wrong())?;
        if read.schema == SCHEMA { Ok(read) } else { Err(wrong()) }
    }

    /// Returns the baseline that hides these findings; an error is never hidden.
    pub fn of(findings: &Findings<'_>) -> Self {
        let mut of: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for finding in findings.list.iter().filter(|f| f.diagnostic.severity != Severity::Error) {
            let owner = finding_key(finding);
            *of.entry(finding.diagnostic.code.to_owned()).or_default().entry(owner).or_default() += 1;
        }
        Self { schema: SCHEMA.to_owned(), findings: of }
    }

    /// Returns its file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Drops the findings it knows, the first of each declaration and code first, and returns how many.
    pub fn hide(&self, findings: &mut Findings<'_>) -> usize {
        let mut left = self.findings.clone();
        let before = findings.list.len();
        findings.list.retain(|finding| {
            let of_code = left.get_mut(finding.diagnostic.code);
            let slot = of_code.and_then(|of| of.get_mut(&finding_key(finding)));
            match slot.filter(|n| **n > 0 && finding.diagnostic.severity != Severity::Error) {
                Some(n) => {
                    *n -= 1;
                    false
                }
                None => true,
            }
        });
        before - findings.list.len()
    }
}
