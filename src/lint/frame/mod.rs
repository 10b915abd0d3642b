//! What every rule stands on: the rule and its page, what it may read, severities, silencing comments.

mod allow;
pub(in crate::lint) mod calendar;
mod context;
pub(in crate::lint) mod digits;
pub(in crate::lint) mod logic;
mod page;
mod rule;
pub(in crate::lint) mod texts;
mod usage;

pub(super) use context::Context;
pub use page::Page;
pub(super) use rule::rule;
pub use rule::{Group, Rule};

use super::{RULES, language};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::manifest::LintLevel;
use crate::model::value::Date;
use crate::model::{Manifest, Model};
use crate::source::Sources;
use crate::syntax::tree::Tree;
use rayon::prelude::*;

/// From this many files on, the rules are shared among threads.
const WORTH_SHARING: usize = 8;

/// Returns what the rules find in a project, with the severities of its manifest, silenced findings left out, in
/// reading order.
///
/// `trees` are those the model was resolved from, and `sources` hold their texts; the manifest's text, if it is among
/// them, is named `waypost.yaml`. `today` is the day that findings about age and delay are counted from.
pub fn run(model: &Model, trees: &[Tree], sources: &Sources, today: Date) -> Vec<Diagnostic> {
    let ctx = Context::new(model, trees, sources, today);
    let rules = || RULES.iter().filter(|r| level(&model.manifest, r.code) != Some(LintLevel::Off));
    let of = |rule: &Rule| {
        let mut findings = Vec::new();
        (rule.check)(&ctx, &mut findings);
        findings
    };
    let mut findings: Vec<Diagnostic> = match trees.len() {
        n if n < WORTH_SHARING => rules().flat_map(of).collect(),
        _ => rules().collect::<Vec<_>>().into_par_iter().flat_map_iter(of).collect(),
    };
    allow::silence(&ctx, &mut findings);
    findings.retain_mut(|finding| weigh(&model.manifest, finding));
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings.dedup();
    findings
}

/// Gives a finding the severity of the manifest; returns whether it is said at all.
fn weigh(manifest: &Manifest, finding: &mut Diagnostic) -> bool {
    let dated = rule_of(finding.code).is_some_and(|r| r.dated);
    match level(manifest, finding.code) {
        Some(LintLevel::Off) => return false,
        Some(LintLevel::Error) if !dated => finding.severity = Severity::Error,
        Some(LintLevel::Error | LintLevel::Warn) => finding.severity = Severity::Warning,
        Some(LintLevel::Note) => finding.severity = Severity::Note,
        None => {}
    }
    true
}

/// Returns the level a manifest gives a code.
fn level(manifest: &Manifest, code: &str) -> Option<LintLevel> {
    manifest.lint.get(code).copied()
}

/// Returns the rule of a code.
pub fn rule_of(code: &str) -> Option<&'static Rule> {
    RULES.binary_search_by(|r| r.code.cmp(code)).ok().and_then(|i| RULES.get(i))
}

/// Returns the manual page of a finding, be it of a rule or of the language.
pub fn explain(code: &str) -> Option<Page> {
    rule_of(code).map(Rule::page).or_else(|| language::page(code))
}

/// Returns every manual page: first the rules, then what the language asks for, each sorted by code.
pub fn pages() -> impl Iterator<Item = Page> {
    RULES.iter().map(Rule::page).chain(language::pages())
}

/// Returns the code most likely meant by a misspelt one.
pub fn nearest_code(code: &str) -> Option<&'static str> {
    let limit = (code.chars().count() / 3).clamp(1, 4);
    let scored = pages().map(|p| (strsim::damerau_levenshtein(code, p.code), p.code));
    scored.filter(|(distance, _)| *distance <= limit && !code.is_empty()).min().map(|(_, c)| c)
}
