use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A handover from a device or channel to the same one.
    ///
    /// A handover counts the people who go on elsewhere. From `phone` to `phone` nobody goes anywhere.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" { handover from "phone" to "phone" by device at checkout }
    /// ```
    ///
    /// Better: two places.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" { handover from "phone" to "laptop" by device at checkout }
    /// ```
    "handover-to-itself", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for handover in ctx.model.journeys.values().flat_map(|j| &j.handovers).filter(|h| h.from == h.to) {
        let message = format!("a handover from \"{}\" to itself", handover.from);
        out.push(RULE.at(handover.span, message).help("name where people go on"));
    }
}
