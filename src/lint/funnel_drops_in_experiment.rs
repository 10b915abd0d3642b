use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::funnel::ExclusionVerb;
use crate::model::metric::MetricKind;

rule! {
    /// An experiment measures the steps of a funnel that takes people out of its base.
    ///
    /// The treatment may cause what they are taken out for, and then the arms are no longer alike: a change that makes more
    /// people ask for help would look better for it.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" {
    ///   funnel buying "Buying" {
    ///     steps comparison-guide > checkout > order-placed
    ///     drop people who delivered between comparison-guide and checkout
    ///   }
    /// }
    /// metric depth "How far they come" { steps buying; higher is better }
    /// experiment quiz-on-guide "A quiz instead of ten options" { secondary depth }
    /// ```
    ///
    /// Better: they stay in the base and are lost at the step before.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" {
    ///   funnel buying "Buying" {
    ///     steps comparison-guide > checkout > order-placed
    ///     fail people who delivered between comparison-guide and checkout
    ///   }
    /// }
    /// metric depth "How far they come" { steps buying; higher is better }
    /// experiment quiz-on-guide "A quiz instead of ten options" { secondary depth }
    /// ```
    "funnel-drops-in-experiment", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        for metric in experiment.metrics() {
            let metric = &ctx.model.metrics[metric];
            let MetricKind::Steps(steps) = &metric.kind else { continue };
            let funnel = &ctx.model.funnels[steps.funnel];
            if funnel.exclusions.iter().any(|x| x.verb == ExclusionVerb::Drop) {
                let (metric, funnel) = (&metric.meta.id, &funnel.meta.id);
                let message = format!(
                    "`{metric}` measures `{funnel}`, which drops people from its base, and a variant may cause what they are dropped for"
                );
                let help = format!("write `fail people who` instead of `drop people who` in `{funnel}`");
                out.push(RULE.at(experiment.meta.span, message).help(help));
            }
        }
    }
}
