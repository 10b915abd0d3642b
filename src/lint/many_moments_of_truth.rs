use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// More than half of a journey's touchpoints are moments of truth.
    ///
    /// The mark says where to look first. On most of the map it says nothing.
    ///
    /// ```journey
    /// journey strings "Buying strings again" {
    ///   for tom
    ///   sale at reorder
    ///   stage purchase "Purchase" {
    ///     phase sale
    ///     touchpoint letter "The newsletter" { channel email; owner content; seen by guide-read; moment of truth }
    ///     touchpoint basket "Basket" { channel website; owner product; seen by checkout-viewed; moment of truth }
    ///     touchpoint reorder "Reorder" { channel website; owner product; seen by order-paid; moment of truth }
    ///   }
    /// }
    /// ```
    ///
    /// Better: the one or two that decide.
    ///
    /// ```journey
    /// journey strings "Buying strings again" {
    ///   for tom
    ///   sale at reorder
    ///   stage purchase "Purchase" {
    ///     phase sale
    ///     touchpoint letter "The newsletter" { channel email; owner content; seen by guide-read }
    ///     touchpoint basket "Basket" { channel website; owner product; seen by checkout-viewed }
    ///     touchpoint reorder "Reorder" { channel website; owner product; seen by order-paid; moment of truth }
    ///   }
    /// }
    /// ```
    "many-moments-of-truth", Journeys, Note; check
}

/// With fewer moments nothing is said, however small the journey.
const ENOUGH: usize = 3;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for journey in ctx.model.journeys.values().filter(|j| j.ideal_of.is_none()) {
        let all = ctx.walk(journey).count();
        let moments: Vec<_> =
            ctx.walk(journey).map(|t| &ctx.model.touchpoints[t]).filter(|t| t.moment_of_truth).collect();
        if moments.len() >= ENOUGH && moments.len() * 2 > all {
            let message =
                format!("{} of {all} touchpoints of `{}` are moments of truth", moments.len(), journey.meta.id);
            out.push(RULE.at(journey.meta.span, message).help("keep the mark for the one or two that decide"));
        }
    }
}
