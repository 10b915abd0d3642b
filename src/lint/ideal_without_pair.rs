use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// An ideal journey shares no stage and no touchpoint with the journey it is the ideal of.
    ///
    /// The gap between two maps is read by ids: what has the same id in both is the same place, now and as it should be. If
    /// nothing has, there is no gap to read, only two maps.
    ///
    /// ```journey
    /// journey dream "As we dream it" {
    ///   ideal of guitar
    ///   stage buying "Buying" { touchpoint one-click "One click" { feels +2 } }
    /// }
    /// ```
    ///
    /// Better: use the ids of the journey it belongs to.
    ///
    /// ```journey
    /// journey dream "As we dream it" {
    ///   ideal of guitar
    ///   stage purchase "Purchase" { touchpoint checkout "One click" { feels +2 } }
    /// }
    /// ```
    "ideal-without-pair", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for journey in ctx.model.journeys.values() {
        let Some(base) = journey.ideal_of else { continue };
        let paired = journey.stages.iter().any(|s| ctx.model.stages[*s].pair.is_some())
            || ctx.walk(journey).any(|t| ctx.model.touchpoints[t].pair.is_some())
            || !journey.without.is_empty();
        if !paired && !journey.stages.is_empty() {
            let base = &ctx.model.journeys[base].meta;
            let message = format!("ideal `{}` pairs with nothing in `{}`", journey.meta.id, base.id);
            let finding =
                RULE.at(ctx.part(journey.meta.span, "ideal"), message).also(base.span, "the journey it is for");
            out.push(finding.help(format!("give its stages and touchpoints the ids they have in `{}`", base.id)));
        }
    }
}
