use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::metric::MetricKind;

rule! {
    /// A primary metric counts the event by which people enter.
    ///
    /// Who is counted in has done it already, so the share is 100 % in every arm and nothing can be seen.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { primary checkout-rate expects +5% }
    /// ```
    ///
    /// Better: what people do afterwards.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { primary order-rate expects +5% }
    /// ```
    "primary-is-exposure", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let Some(exposure) = ctx.model.exposure_event(experiment) else { continue };
        for primary in &experiment.primaries {
            let metric = &ctx.model.metrics[primary.metric];
            let counted = match &metric.kind {
                MetricKind::Share(share) => share.event == exposure,
                MetricKind::ShareWithout(share) => share.event == exposure,
                MetricKind::TimeTo(time) => time.event == exposure,
                _ => false,
            };
            if counted {
                let event = &ctx.model.events[exposure].meta.id;
                let message = format!("`{}` counts `{event}`, by which people enter", metric.meta.id);
                let finding = RULE.at(primary.span, message).also(metric.meta.span, "the metric");
                out.push(finding.help("count what people do afterwards"));
            }
        }
    }
}
