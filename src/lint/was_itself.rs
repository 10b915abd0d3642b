use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Safety;
use crate::model::Meta;

rule! {
    /// `was` names the id that the thing has now.
    ///
    /// `was` tells `diff` the former id after a rename. The same id is no rename.
    ///
    /// ```journey
    /// metric nps "Net promoter score" { was nps }
    /// ```
    ///
    /// Better: the former id, or nothing.
    ///
    /// ```journey
    /// metric nps "Net promoter score" { was recommendation-score }
    /// ```
    "was-itself", Names, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = ctx.model;
    let mut report = |meta: &Meta| {
        if meta.was.as_deref() == Some(meta.id.as_str()) {
            let span = ctx.part(meta.span, "was");
            let mut finding = RULE
                .at(span, format!("`{}` is the id it has now", meta.id))
                .help("write the former id, or take it out");
            finding.fix = ctx.removal(span, "take it out", Safety::Safe);
            out.push(finding);
        }
    };
    model.journeys.values().for_each(|x| report(&x.meta));
    model.stages.values().for_each(|x| report(&x.meta));
    model.touchpoints.values().for_each(|x| report(&x.meta));
    model.personas.values().for_each(|x| report(&x.meta));
    model.events.values().for_each(|x| report(&x.meta));
    model.metrics.values().for_each(|x| report(&x.meta));
    model.audiences.values().for_each(|x| report(&x.meta));
    model.layers.values().for_each(|x| report(&x.meta));
    model.experiments.values().for_each(|x| report(&x.meta));
    model.experiments.values().flat_map(|e| &e.variants).for_each(|x| report(&x.meta));
}
