use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// An experiment has many primary metrics.
    ///
    /// The level is shared among all that decide, so each of them needs a larger effect to be seen. With more than three,
    /// what the test is about has not been decided.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   # no guardrail
    ///   primary checkout-rate expects +4%
    ///   primary order-rate expects +4%
    ///   primary order-value expects +4%
    ///   primary revenue-per-visitor expects +4%
    /// }
    /// ```
    ///
    /// Better: one that decides, the others inform.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   # no guardrail
    ///   primary checkout-rate expects +4%
    ///   secondary order-rate, order-value, revenue-per-visitor
    /// }
    /// ```
    "many-primaries", Experiments, Warning; check
}

/// The most metrics that may decide.
const MOST: usize = 3;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        if let Some(extra) = experiment.primaries.get(MOST) {
            let message = format!("{} metrics decide `{}`", experiment.primaries.len(), experiment.meta.id);
            out.push(
                RULE.at(extra.span, message).help("keep the one that decides, and write `secondary` for the others"),
            );
        }
    }
}
