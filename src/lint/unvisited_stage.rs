use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::Journey;
use crate::model::journey::Stage;

rule! {
    /// No persona of the journey passes a stage.
    ///
    /// Every touchpoint of the stage says `for` somebody who does not travel in this journey. The column would be empty on
    /// each persona's map, and a funnel through it counts nobody.
    ///
    /// ```journey
    /// journey strings "Buying strings again" {
    ///   for tom
    ///   sale at reorder
    ///   stage purchase "Purchase" {
    ///     phase sale
    ///     touchpoint reorder "Reorder" { channel website; owner product; seen by order-paid; for maya }
    ///   }
    /// }
    /// ```
    ///
    /// Better: let a persona of the journey pass.
    ///
    /// ```journey
    /// journey strings "Buying strings again" {
    ///   for tom
    ///   sale at reorder
    ///   stage purchase "Purchase" {
    ///     phase sale
    ///     touchpoint reorder "Reorder" { channel website; owner product; seen by order-paid; for tom }
    ///   }
    /// }
    /// ```
    "unvisited-stage", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for stage in ctx.model.stages.values().filter(|s| !s.touchpoints.is_empty()) {
        let journey = &ctx.model.journeys[stage.journey];
        if journey.ideal_of.is_none() && !visited(ctx, stage, journey) {
            let message = format!("no persona of `{}` passes stage `{}`", journey.meta.id, stage.meta.id);
            out.push(
                RULE.at(stage.meta.span, message).help("let one of its touchpoints be `for` a persona of the journey"),
            );
        }
    }
}

fn visited(ctx: &Context<'_>, stage: &Stage, journey: &Journey) -> bool {
    let passes = |personas: &[_]| personas.is_empty() || personas.iter().any(|p| journey.personas.contains(p));
    stage.touchpoints.iter().any(|t| passes(&ctx.model.touchpoints[*t].personas))
}
