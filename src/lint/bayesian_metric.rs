use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::MethodKind;
use crate::model::metric::MetricKind;

rule! {
    /// A Bayesian test is to be decided by a metric it has no posterior for.
    ///
    /// Posterior chances are worked out for shares and for averages. For a quantile, a time or a net promoter score there is
    /// none, and the report would say that it cannot tell.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   primary nps expects +5%
    ///   method bayesian with level 5% and power 80%
    /// }
    /// ```
    ///
    /// Better: a share or an average decides.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   primary checkout-rate expects +4%
    ///   secondary nps
    ///   method bayesian with level 5% and power 80%
    /// }
    /// ```
    "bayesian-metric", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values().filter(|e| e.method.kind == MethodKind::Bayesian) {
        for primary in &experiment.primaries {
            let metric = &ctx.model.metrics[primary.metric];
            if matches!(metric.kind, MetricKind::Quantile(_) | MetricKind::TimeTo(_) | MetricKind::Nps(_)) {
                let message =
                    format!("there is no posterior chance for `{}`, and the method is bayesian", metric.meta.id);
                let finding = RULE.at(primary.span, message).also(experiment.method.span, "the method");
                out.push(finding.help("let a share or an average decide, or take another method"));
            }
        }
    }
}
