use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::value::Change;

rule! {
    /// A guardrail lets very much through.
    ///
    /// A margin of more than 20 % vetoes only a disaster. A guardrail is there for the harm that is easily overlooked.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { guardrail order-value tolerates -30% }
    /// ```
    ///
    /// Better: the largest loss that would still be worth it.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { guardrail order-value tolerates -2% }
    /// ```
    "guardrail-margin-wide", Experiments, Note; check
}

/// The widest margin that is not asked about.
const MOST: f64 = 0.2;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for guardrail in ctx.model.experiments.values().flat_map(|e| &e.guardrails) {
        if let Change::Relative(margin) = guardrail.tolerates
            && margin.share().abs() > MOST
        {
            let name = &ctx.model.metrics[guardrail.metric].meta.id;
            let message = format!("guardrail `{name}` lets a change of {margin} through");
            out.push(RULE.at(guardrail.span, message).help("write the largest loss that would still be worth it"));
        }
    }
}
