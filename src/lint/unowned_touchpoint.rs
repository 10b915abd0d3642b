use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A touchpoint has no owner.
    ///
    /// When something goes wrong where nobody answers for it, nobody hears of it. The map lists who owns what; a touchpoint
    /// without an owner is a gap between teams.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint basket "Basket" { channel website; seen by checkout-viewed }
    /// }
    /// ```
    ///
    /// Better: name the team that answers for it.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint basket "Basket" { channel website; owner product; seen by checkout-viewed }
    /// }
    /// ```
    "unowned-touchpoint", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for touchpoint in ctx.model.touchpoints.values() {
        if touchpoint.owners.is_empty() && !ctx.is_ideal(touchpoint.journey) {
            let message = format!("nobody owns touchpoint `{}`", touchpoint.meta.id);
            out.push(RULE.at(touchpoint.meta.span, message).help("add `owner TEAM`"));
        }
    }
}
