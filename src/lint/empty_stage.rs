use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A stage has no touchpoint.
    ///
    /// A stage is a column of the map. Without a touchpoint nobody meets the company there, so nothing can be seen, owned
    /// or mended: the stage is a heading over nothing.
    ///
    /// ```journey
    /// stage evaluation "Evaluation" { phase pre-sale }
    /// ```
    ///
    /// Better: name at least one meeting, or take the stage out.
    ///
    /// ```journey
    /// stage evaluation "Evaluation" {
    ///   phase pre-sale
    ///   touchpoint trial-lesson "A free lesson" { channel website; owner content; seen by guide-read }
    /// }
    /// ```
    "empty-stage", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for stage in ctx.model.stages.values() {
        if stage.touchpoints.is_empty() && !ctx.is_ideal(stage.journey) {
            let message = format!("stage `{}` has no touchpoint", stage.meta.id);
            out.push(RULE.at(stage.meta.span, message).help("add a `touchpoint`, or take the stage out"));
        }
    }
}
