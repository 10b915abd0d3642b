use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// The ideal journey promises more time than is promised now.
    ///
    /// An ideal that is slower than what customers have already is no ideal, or the numbers were swapped.
    ///
    /// ```journey
    /// journey guitar-ideal "The same purchase, as we want it" {
    ///   stage retention "Retention" {
    ///     touchpoint delivery "The parcel" { promise within 9 days of order-placed }
    ///   }
    /// }
    /// ```
    ///
    /// Better: sooner.
    ///
    /// ```journey
    /// journey guitar-ideal "The same purchase, as we want it" {
    ///   stage retention "Retention" {
    ///     touchpoint delivery "The parcel" { promise within 2 days of order-placed }
    ///   }
    /// }
    /// ```
    "ideal-promises-later", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for touchpoint in ctx.model.touchpoints.values() {
        let base = touchpoint.pair.and_then(|p| ctx.model.touchpoints[p].promise.as_ref());
        let (Some(now), Some(ideal)) = (base, &touchpoint.promise) else { continue };
        if ideal.of == now.of && ideal.within > now.within {
            let message = format!(
                "`{}` is promised within {} in the ideal, and within {} now",
                touchpoint.meta.id, ideal.within, now.within
            );
            out.push(RULE.at(ideal.span, message).also(now.span, "now").help("mend one of the two"));
        }
    }
}
