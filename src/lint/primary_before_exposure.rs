use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A primary metric counts what people do before they enter.
    ///
    /// Its event is seen only at touchpoints that lie before the experiment's on the map. The variant comes too late to change
    /// it.
    ///
    /// ```journey
    /// metric checkout-rate "Reads the guide" { share of guide-read within 7 days }
    /// experiment guest-checkout "Guest checkout" { primary checkout-rate expects +5% }
    /// ```
    ///
    /// Better: something behind it on the map.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { primary order-rate expects +5% }
    /// ```
    "primary-before-exposure", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let at = ctx.model.place(experiment);
        let before = |t: &_| ctx.model.touchpoints[*t].journey == experiment.journey && ctx.place(*t) < ctx.place(at);
        for primary in &experiment.primaries {
            let metric = &ctx.model.metrics[primary.metric];
            let events = metric.events(ctx.model);
            let early = |e: &_| {
                let seen = ctx.usage().seen_at.get(*e);
                !seen.is_empty() && seen.iter().all(before)
            };
            if !events.is_empty() && events.iter().all(early) {
                let place = &ctx.model.touchpoints[at].meta.id;
                let message = format!("`{}` counts what people do before `{place}`", metric.meta.id);
                let finding =
                    RULE.at(primary.span, message).also(ctx.part(experiment.meta.span, "at"), "the test is here");
                out.push(finding.help("count something behind it on the map"));
            }
        }
    }
}
