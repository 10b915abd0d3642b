use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::touchpoint::AskWhen;

rule! {
    /// A survey waits for a touchpoint that comes later on the map.
    ///
    /// A survey stands where it is asked. `7 days after delivery`, asked at the checkout, is asked of people who have left
    /// the checkout long ago.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint order-placed "Order placed" { survey csat 7 days after delivery }
    /// }
    /// ```
    ///
    /// Better: ask where people are by then.
    ///
    /// ```journey
    /// stage advocacy "Advocacy" {
    ///   touchpoint nps-survey "How likely are you to recommend us?" { survey csat 7 days after delivery }
    /// }
    /// ```
    "survey-before-its-place", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, touchpoint) in ctx.model.touchpoints.iter() {
        for survey in &touchpoint.surveys {
            let AskWhen::After(delay, after) = &survey.when else { continue };
            let anchor = &ctx.model.touchpoints[*after];
            if anchor.journey == touchpoint.journey && ctx.place(*after) > ctx.place(id) {
                let (here, there) = (&touchpoint.meta.id, &anchor.meta.id);
                let message = format!("at `{here}` this asks {delay} after `{there}`, which comes later");
                let finding = RULE.at(survey.span, message).also(anchor.meta.span, "it waits for this");
                out.push(
                    finding.help(format!("move the survey behind `{there}`, or ask after something before `{here}`")),
                );
            }
        }
    }
}
