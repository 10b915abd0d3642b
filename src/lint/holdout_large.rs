use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::value::Percent;

rule! {
    /// Holdouts keep out a large part of everybody.
    ///
    /// People in a holdout enter no test, so every test has so many fewer. A few percent are enough to see what all tests
    /// together have brought.
    ///
    /// ```journey
    /// holdout global "Never in any experiment" { takes 30% }
    /// ```
    ///
    /// Better: a few percent.
    ///
    /// ```journey
    /// holdout global "Never in any experiment" { takes 5% }
    /// ```
    "holdout-large", Experiments, Warning; check
}

/// The largest part kept out that is not asked about.
const MOST: f64 = 0.2;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let total = Percent(ctx.model.holdouts.values().map(|h| h.takes.0).sum());
    let largest = ctx.model.holdouts.values().max_by_key(|h| h.takes);
    if let Some(largest) = largest.filter(|_| total.share() > MOST) {
        let message = format!("holdouts keep {total} of everybody out of every test");
        out.push(RULE.at(ctx.part(largest.meta.span, "takes"), message).help("a few percent are enough"));
    }
}
