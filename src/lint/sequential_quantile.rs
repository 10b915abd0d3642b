use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::MethodKind;
use crate::model::metric::MetricKind;

rule! {
    /// A sequential test is to be decided by a quantile.
    ///
    /// The methods that allow looks at any time are made for shares, averages and ratios. For a quantile there is one look,
    /// at the end; as a guardrail it is read that way in any test.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" {
    ///   # no guardrail
    ///   primary load-p95 expects -5%
    /// }
    /// ```
    ///
    /// Better: a share or an average decides, or the method is fixed.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" {
    ///   # no guardrail
    ///   primary load-p95 expects -5%
    ///   method fixed with level 5% and power 80%
    /// }
    /// ```
    "sequential-quantile", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        if !matches!(experiment.method.kind, MethodKind::Sequential | MethodKind::GroupSequential { .. }) {
            continue;
        }
        for primary in &experiment.primaries {
            let metric = &ctx.model.metrics[primary.metric];
            if matches!(metric.kind, MetricKind::Quantile(_) | MetricKind::TimeTo(_)) {
                let method = experiment.method.kind.name();
                let message = format!("`{}` cannot be looked at early, and the method is {method}", metric.meta.id);
                let finding = RULE.at(primary.span, message).also(experiment.method.span, "the method");
                out.push(finding.help("let a share or an average decide, or write `method fixed …`"));
            }
        }
    }
}
