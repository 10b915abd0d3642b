use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Safety;

rule! {
    /// A metric that nobody looks at.
    ///
    /// No experiment reads it and no place on a map is `measured by` it.
    ///
    /// ```journey
    /// metric guide-rate "Reads the guide" { share of guide-read within 7 days; higher is better }
    /// ```
    ///
    /// Better: show it where it happens, or take it out.
    ///
    /// ```journey
    /// metric guide-rate "Reads the guide" { share of guide-read within 7 days; higher is better }
    /// stage consideration "Consideration" { measured by guide-rate }
    /// ```
    "unused-metric", Names, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (_, metric) in ctx.model.metrics.iter().filter(|(id, _)| !ctx.usage().metrics.has(*id)) {
        let message = format!("nothing uses metric `{}`", metric.meta.id);
        let mut finding =
            RULE.at(metric.meta.span, message).help("name it in an experiment or a `measured by`, or take it out");
        finding.fix = ctx.removal(metric.meta.span, "take it out", Safety::Unsafe);
        out.push(finding);
    }
}
