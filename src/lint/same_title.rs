use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use std::collections::HashMap;

rule! {
    /// Two touchpoints of a journey have the same title.
    ///
    /// People read titles, not ids. Two boxes with the same words cannot be told apart on the map or in a report.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint second-checkout "Checkout" { channel website; owner product; seen by checkout-viewed }
    /// }
    /// ```
    ///
    /// Better: say what is different.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint second-checkout "Checkout, delivery" { channel website; owner product; seen by checkout-viewed }
    /// }
    /// ```
    "same-title", Journeys, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for journey in ctx.model.journeys.values() {
        let mut seen = HashMap::new();
        for touchpoint in ctx.walk(journey).map(|t| &ctx.model.touchpoints[t]) {
            if let Some(first) = seen.insert(touchpoint.meta.title.to_lowercase(), touchpoint.meta.span) {
                let message =
                    format!("two touchpoints of `{}` are called \"{}\"", journey.meta.id, touchpoint.meta.title);
                out.push(RULE.at(touchpoint.meta.span, message).also(first, "the other").help("say what is different"));
            }
        }
    }
}
