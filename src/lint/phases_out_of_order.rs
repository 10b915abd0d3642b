use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// The phases of a journey's stages run backwards.
    ///
    /// Stages stand in the order people pass them: before the sale, at it, after it. A pre-sale stage behind the sale is
    /// either in the wrong place or has the wrong phase.
    ///
    /// ```journey
    /// stage loyalty "Loyalty" {
    ///   phase pre-sale
    ///   touchpoint club "The club" { channel website; owner support; seen by survey-answered }
    /// }
    /// ```
    ///
    /// Better: the phase that goes with its place.
    ///
    /// ```journey
    /// stage loyalty "Loyalty" {
    ///   phase post-sale
    ///   touchpoint club "The club" { channel website; owner support; seen by survey-answered }
    /// }
    /// ```
    "phases-out-of-order", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for journey in ctx.model.journeys.values() {
        let stages: Vec<_> =
            journey.stages.iter().map(|s| &ctx.model.stages[*s]).filter(|s| s.phase.is_some()).collect();
        for (before, stage) in stages.iter().zip(stages.iter().skip(1)) {
            let (Some(earlier), Some(phase)) = (before.phase, stage.phase) else { continue };
            if phase < earlier {
                let message = format!(
                    "stage `{}` is {} and follows `{}`, which is {}",
                    stage.meta.id,
                    phase.name(),
                    before.meta.id,
                    earlier.name()
                );
                let finding = RULE.at(ctx.part(stage.meta.span, "phase"), message);
                out.push(finding.also(before.meta.span, "the stage before").help("mend the phase, or move the stage"));
            }
        }
    }
}
