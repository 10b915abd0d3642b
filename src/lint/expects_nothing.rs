use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::value::Change;

rule! {
    /// A primary metric is expected not to change.
    ///
    /// An effect of zero would need a test without end. If the hope is that nothing gets worse, that is a guardrail with a
    /// margin.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { primary checkout-rate expects +0% }
    /// ```
    ///
    /// Better: the smallest effect worth acting on.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { primary checkout-rate expects +4% }
    /// ```
    "expects-nothing", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for primary in ctx.model.experiments.values().flat_map(|e| &e.primaries) {
        if primary.expects.is_some_and(is_zero) {
            let message = format!("`{}` is expected not to change", ctx.model.metrics[primary.metric].meta.id);
            let help = "write the smallest effect worth acting on, or make it a `guardrail METRIC tolerates …`";
            out.push(RULE.at(primary.span, message).help(help));
        }
    }
}

fn is_zero(change: Change) -> bool {
    match change {
        Change::Relative(p) => p.0.is_zero(),
        Change::Points(d) | Change::Absolute(d, _) => d.is_zero(),
        Change::Money(m) => m.minor == 0,
    }
}
