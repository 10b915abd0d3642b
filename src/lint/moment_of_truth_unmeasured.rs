use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A moment of truth that nothing measures.
    ///
    /// It decides whether people stay, says the map, and neither an event nor a metric shows how it goes.
    ///
    /// ```journey
    /// stage awareness "Awareness" {
    ///   touchpoint friend "A friend plays" { moment of truth }
    /// }
    /// ```
    ///
    /// Better: a metric, an event or at least a survey there.
    ///
    /// ```journey
    /// stage awareness "Awareness" {
    ///   touchpoint friend "A friend plays" { moment of truth; survey "Who told you?" on leaving }
    /// }
    /// ```
    "moment-of-truth-unmeasured", Journeys, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for touchpoint in ctx.model.touchpoints.values().filter(|t| t.moment_of_truth && !ctx.is_ideal(t.journey)) {
        let measured =
            touchpoint.seen_by.is_some() || !touchpoint.place.measured_by.is_empty() || !touchpoint.surveys.is_empty();
        if !measured {
            let message = format!("`{}` is a moment of truth, and nothing measures it", touchpoint.meta.id);
            let span = ctx.part(touchpoint.meta.span, "moment");
            out.push(RULE.at(span, message).help("add `seen by EVENT`, `measured by METRIC` or a `survey`"));
        }
    }
}
