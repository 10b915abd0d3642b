use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// An ideal journey both drops a touchpoint and says how it should be.
    ///
    /// `without checkout` takes the touchpoint out; a block for it says how it should be. Only one of them can be meant.
    ///
    /// ```journey
    /// journey guitar-ideal "The same purchase, as we want it" { without checkout }
    /// ```
    ///
    /// Better: drop what should go, and name what should stay.
    ///
    /// ```journey
    /// journey guitar-ideal "The same purchase, as we want it" { without instagram-ad }
    /// ```
    "ideal-drops-and-names", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for journey in ctx.model.journeys.values().filter(|j| j.ideal_of.is_some()) {
        for touchpoint in ctx.walk(journey).map(|t| &ctx.model.touchpoints[t]) {
            let own =
                |d: &_| Some(*d) == touchpoint.pair || ctx.model.touchpoints[*d].meta.span == touchpoint.meta.span;
            if journey.without.iter().any(own) {
                let message = format!("`{}` is dropped by `without` and named here", touchpoint.meta.id);
                let place = ctx.part(journey.meta.span, "without");
                out.push(RULE.at(touchpoint.meta.span, message).also(place, "dropped").help("keep one of the two"));
            }
        }
    }
}
