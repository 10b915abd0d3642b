//! `--fix`: the safe fixes of findings, applied to texts.

use super::project::Project;
use crate::diagnostic::{Diagnostic, Edit, Safety};
use crate::source::SourceId;
use std::collections::BTreeMap;

/// Returns the new text of each source that safe fixes change, and how many were applied. Fixes that overlap one already
/// taken wait for the next round.
pub fn apply(project: &Project, diagnostics: &[Diagnostic]) -> (BTreeMap<SourceId, String>, usize) {
    let mut taken: Vec<&Edit> = Vec::new();
    let mut applied = 0;
    for fix in diagnostics.iter().filter_map(|d| d.fix.as_ref()).filter(|f| f.safety == Safety::Safe) {
        if !fix.edits.is_empty() && fix.edits.iter().all(|edit| taken.iter().all(|other| apart(edit, other))) {
            taken.extend(&fix.edits);
            applied += 1;
        }
    }
    let mut texts = BTreeMap::new();
    taken.sort_by_key(|e| e.span);
    for (id, source) in project.sources.iter() {
        let edits: Vec<&Edit> = taken.iter().copied().filter(|e| e.span.source == id).collect();
        if !edits.is_empty() {
            texts.insert(id, edited(source.text(), &edits));
        }
    }
    (texts, applied)
}

/// Returns whether two edits may be applied together: they touch nowhere.
fn apart(a: &Edit, b: &Edit) -> bool {
    a.span.source != b.span.source || a.span.end < b.span.start || b.span.end < a.span.start
}

fn edited(text: &str, edits: &[&Edit]) -> String {
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        new.push_str(text.get(at..range.start).unwrap_or(""));
        new.push_str(&edit.text);
        at = range.end;
    }
    new.push_str(text.get(at..).unwrap_or(""));
    new
}
