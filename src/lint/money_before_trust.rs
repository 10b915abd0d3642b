use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// Money is asked for before anything smaller.
    ///
    /// Nothing ahead of the sale point earns trust or counts a micro-conversion: no `earns trust`, no message that `counts
    /// as` an event. People who are warmed up first, with a newsletter, a guide or a trial, buy more easily.
    ///
    /// ```journey
    /// journey strings "Buying strings again" {
    ///   for tom
    ///   sale at reorder
    ///   stage purchase "Purchase" {
    ///     phase sale
    ///     touchpoint reorder "Reorder" { channel website; owner product; seen by order-paid }
    ///   }
    /// }
    /// ```
    ///
    /// Better: something small before it.
    ///
    /// ```journey
    /// journey strings "Buying strings again" {
    ///   for tom
    ///   sale at reorder
    ///   stage reminder "Reminder" {
    ///     phase pre-sale
    ///     touchpoint letter "The newsletter" { channel email; owner content; seen by guide-read; earns trust }
    ///   }
    ///   stage purchase "Purchase" {
    ///     phase sale
    ///     touchpoint reorder "Reorder" { channel website; owner product; seen by order-paid }
    ///   }
    /// }
    /// ```
    "money-before-trust", Journeys, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for journey in ctx.model.journeys.values().filter(|j| j.ideal_of.is_none()) {
        let Some(sale) = journey.sale_at else { continue };
        let warms = |t: &_| {
            let touchpoint = &ctx.model.touchpoints[*t];
            touchpoint.earns_trust || touchpoint.messages.iter().any(|m| ctx.model.messages[*m].counts_as.is_some())
        };
        let mut before = ctx.walk(journey).take_while(|t| *t != sale);
        if !before.any(|t| warms(&t)) {
            let sale = &ctx.model.touchpoints[sale].meta.id;
            let message = format!("money is asked for at `{sale}` before anything smaller");
            let help = "let a touchpoint before it say `earns trust`, or a message there `counts as EVENT`";
            out.push(RULE.at(ctx.part(journey.meta.span, "sale"), message).help(help));
        }
    }
}
