use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Safety;
use crate::model::metric::MetricKind;

rule! {
    /// An adjustment by the past, on a metric that cannot be adjusted.
    ///
    /// `adjust with 14 days before` compares each unit with its own past (CUPED) and is made for averages and shares. On a
    /// ratio, a quantile, a time, a score or the steps of a funnel it does nothing.
    ///
    /// ```journey
    /// metric load-p95 "Checkout load time, 95th percentile" { adjust with 14 days before }
    /// ```
    ///
    /// Better: on an average, or not at all.
    ///
    /// ```journey
    /// metric revenue-per-visitor "Revenue per visitor" { adjust with 14 days before }
    /// ```
    "adjust-without-effect", Data, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for metric in ctx.model.metrics.values().filter(|m| m.adjust.is_some()) {
        let kind = &metric.kind;
        if !matches!(kind, MetricKind::Share(_) | MetricKind::Average(_)) {
            let span = ctx.part(metric.meta.span, "adjust");
            let message = format!("`{}` cannot be adjusted by the past", metric.meta.id);
            let mut finding = RULE.at(span, message).help("take the adjustment out");
            finding.fix = ctx.removal(span, "take the adjustment out", Safety::Safe);
            out.push(finding);
        }
    }
}
