use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::value::Change;

rule! {
    /// A guardrail tolerates nothing.
    ///
    /// No test can prove that a metric has not moved at all. With a margin of zero the guardrail can only fail or stay open,
    /// and nothing will ever ship.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { guardrail order-value tolerates -0% }
    /// ```
    ///
    /// Better: the largest loss that would still be worth it.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { guardrail order-value tolerates -2% }
    /// ```
    "guardrail-without-margin", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for guardrail in ctx.model.experiments.values().flat_map(|e| &e.guardrails) {
        let zero = match guardrail.tolerates {
            Change::Relative(p) => p.0.is_zero(),
            Change::Points(d) | Change::Absolute(d, _) => d.is_zero(),
            Change::Money(m) => m.minor == 0,
        };
        if zero {
            let name = &ctx.model.metrics[guardrail.metric].meta.id;
            let message = format!("guardrail `{name}` has no margin, and no test can prove a change of nothing");
            out.push(RULE.at(guardrail.span, message).help("write the largest loss that would still be worth it"));
        }
    }
}
