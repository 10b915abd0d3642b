use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A map that nobody has promised to look at again.
    ///
    /// A map is true on the day it is drawn. `review every 3 months since DATE` makes `check` remind the team.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" {
    ///   # no review
    /// }
    /// ```
    ///
    /// Better: a rhythm.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" { review every 6 months since 2026-10-01 }
    /// ```
    "map-without-review", Journeys, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for journey in ctx.model.journeys.values().filter(|j| j.ideal_of.is_none() && j.review.is_none()) {
        let message = format!("nobody is to look at `{}` again", journey.meta.id);
        out.push(RULE.at(journey.meta.span, message).help("add `review every 3 months since DATE`"));
    }
}
