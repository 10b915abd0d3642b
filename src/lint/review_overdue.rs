use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A map's review is overdue.
    ///
    /// `review every 3 months since 2026-10-01` is a promise of the team to itself. Its day has passed.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" { review every 3 months since 2026-06-01 }
    /// ```
    ///
    /// Better: look at the map, mend it, and write the day it was looked at.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" { review every 3 months since 2026-11-20 }
    /// ```
    "review-overdue", Journeys, Warning, dated; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for journey in ctx.model.journeys.values() {
        let Some(review) = &journey.review else { continue };
        let Some(due) = review.every.after(review.since).filter(|due| *due < ctx.today) else { continue };
        let message = format!("the review of `{}` was due on {due}", journey.meta.id);
        out.push(RULE.at(review.span, message).help("look at the map, then write the day it was done behind `since`"));
    }
}
