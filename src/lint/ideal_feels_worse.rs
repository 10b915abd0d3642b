use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::touchpoint::Touchpoint;

rule! {
    /// In the ideal journey people feel worse than now.
    ///
    /// The ideal says what the journey should become. A lower feeling there is most often a slip of the sign.
    ///
    /// ```journey
    /// journey guitar-ideal "The same purchase, as we want it" {
    ///   stage purchase "Purchase" {
    ///     touchpoint order-placed "Order placed" { feels +1 "relieved" }
    ///   }
    /// }
    /// ```
    ///
    /// Better: at least as good as now.
    ///
    /// ```journey
    /// journey guitar-ideal "The same purchase, as we want it" {
    ///   stage purchase "Purchase" {
    ///     touchpoint order-placed "Order placed" { feels +3 "relieved" }
    ///   }
    /// }
    /// ```
    "ideal-feels-worse", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for touchpoint in ctx.model.touchpoints.values() {
        let Some(now) = touchpoint.pair.map(|p| &ctx.model.touchpoints[p]) else { continue };
        out.extend(worse(touchpoint, now));
    }
}

fn worse(ideal: &Touchpoint, now: &Touchpoint) -> Option<Diagnostic> {
    let lowest = ideal.place.feelings.iter().min_by_key(|f| f.value)?;
    let same = now.place.feelings.iter().filter(|f| f.personas == lowest.personas);
    let today = same.max_by_key(|f| f.value).filter(|f| f.value > lowest.value)?;
    let message = format!("`{}` feels {:+} in the ideal and {:+} now", ideal.meta.id, lowest.value, today.value);
    Some(RULE.at(lowest.span, message).also(today.span, "now").help("mend one of the two"))
}
