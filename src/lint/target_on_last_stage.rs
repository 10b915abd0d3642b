use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Safety;

rule! {
    /// The last stage has a target to move on.
    ///
    /// `target 40% move on` is the share that reaches the *next* stage. Behind the last one there is none, so the number can
    /// never be met or missed.
    ///
    /// ```journey
    /// stage advocacy "Advocacy" { target 10% move on within 30 days }
    /// ```
    ///
    /// Better: put the target on the stage before.
    ///
    /// ```journey
    /// stage retention "Retention" { target 10% move on within 30 days }
    /// ```
    "target-on-last-stage", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for journey in ctx.model.journeys.values().filter(|j| j.ideal_of.is_none()) {
        let Some(stage) = journey.stages.last().map(|s| &ctx.model.stages[*s]) else { continue };
        let Some(target) = &stage.target else { continue };
        let message = format!("`{}` is the last stage of `{}`, and nobody can move on", stage.meta.id, journey.meta.id);
        let mut finding = RULE.at(target.span, message).help("put the target on the stage before, or take it out");
        finding.fix = ctx.removal(target.span, "take the target out", Safety::Safe);
        out.push(finding);
    }
}
