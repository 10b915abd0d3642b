use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Safety;
use crate::model::metric::MetricKind;

rule! {
    /// A cap on a metric that has no extremes.
    ///
    /// `cap at` cuts large values of an average or a ratio. A share, a time or a score has none to cut, so the line does
    /// nothing.
    ///
    /// ```journey
    /// metric order-rate "Order rate" { cap at percentile 99% }
    /// ```
    ///
    /// Better: a cap where values can be large, or none.
    ///
    /// ```journey
    /// metric revenue-per-visitor "Revenue per visitor" { cap at percentile 99% }
    /// ```
    "cap-without-effect", Data, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for metric in ctx.model.metrics.values().filter(|m| m.cap.is_some()) {
        if !matches!(metric.kind, MetricKind::Average(_) | MetricKind::Ratio(_)) {
            let span = ctx.part(metric.meta.span, "cap");
            let message = format!("`{}` has no extremes to cap", metric.meta.id);
            let mut finding = RULE.at(span, message).help("take the cap out");
            finding.fix = ctx.removal(span, "take the cap out", Safety::Safe);
            out.push(finding);
        }
    }
}
