use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::value::Percent;

rule! {
    /// The owners' influence does not add to 100 % over a journey.
    ///
    /// The percentages behind the owners say how the whole journey rests on the teams. A sum other than 100 % means that one
    /// touchpoint was forgotten, or counted twice, and every team's share is wrong.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint checkout "Checkout" { owner product 25% }
    /// }
    /// ```
    ///
    /// Better: shares that add to the whole.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint checkout "Checkout" { owner product 15% }
    /// }
    /// ```
    "influence-not-whole", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for journey in ctx.model.journeys.values().filter(|j| j.ideal_of.is_none()) {
        let owners = ctx.walk(journey).flat_map(|t| &ctx.model.touchpoints[t].owners);
        let shares: Vec<_> = owners.filter_map(|o| Some((o.influence?, o.span))).collect();
        let total = Percent(shares.iter().map(|(share, _)| share.0).sum());
        let (Some(first), false) = (shares.first(), total == Percent::WHOLE) else { continue };
        let message = format!("the owners' influence on `{}` adds to {total}, not 100%", journey.meta.id);
        let finding = RULE.at(first.1, message).label("counted from here").also(journey.meta.span, "in this journey");
        out.push(finding.help("share 100% among the owners of its touchpoints, or leave all percentages out"));
    }
}
