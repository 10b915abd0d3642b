use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::value::Change;

rule! {
    /// A primary metric is expected to change by more than half.
    ///
    /// Changes of that size are almost always a mistake in the data. A test planned for one is far too small for the effects
    /// that happen, and will most likely end with "cannot tell".
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { primary checkout-rate expects +80% }
    /// ```
    ///
    /// Better: what tests like this one have brought, which is a few percent.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { primary checkout-rate expects +4% }
    /// ```
    "expects-much", Experiments, Warning; check
}

/// The largest relative change that is not asked about.
const MOST: f64 = 0.5;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for primary in ctx.model.experiments.values().flat_map(|e| &e.primaries) {
        if let Some(Change::Relative(change)) = primary.expects
            && change.share().abs() > MOST
        {
            let name = &ctx.model.metrics[primary.metric].meta.id;
            let message = format!("`{name}` is expected to change by {change}, more than half");
            out.push(RULE.at(primary.span, message).help("plan for what tests like this one have brought"));
        }
    }
}
