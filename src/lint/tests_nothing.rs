use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// An experiment tests no opportunity of the map.
    ///
    /// `tests` ties the test to what it is to heal. Without it the map does not know that anybody works on the pain, and the
    /// result is written back nowhere.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   # no tests
    ///   status draft
    /// }
    /// ```
    ///
    /// Better: name the opportunity.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { tests quiz }
    /// ```
    "tests-nothing", Experiments, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values().filter(|e| e.tests.is_none() && !e.status.is_concluded()) {
        let message = format!("`{}` tests no opportunity of the map", experiment.meta.id);
        out.push(RULE.at(experiment.meta.span, message).help("add `tests OPPORTUNITY`"));
    }
}
