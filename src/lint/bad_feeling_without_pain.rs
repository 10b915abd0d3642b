use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::lane::Place;
use crate::model::{Id, Stage};

rule! {
    /// People feel bad where no pain is named.
    ///
    /// A feeling of -2 or -3 is where people leave. The reason is missing: a pain says what hurts, of which kind, how badly,
    /// and opens the way to something that helps.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint returns "Sending it back" { channel parcel; owner support; seen by delivered; feels -3 "helpless" }
    /// }
    /// ```
    ///
    /// Better: say what hurts.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint returns "Sending it back" {
    ///     channel parcel
    ///     owner support
    ///     seen by delivered
    ///     feels -3 "helpless"
    ///     pain no-label "There is no label in the box" { kind delivery; severity medium }
    ///     opportunity label "Put a label in" { solves no-label; value 3; cost 1 }
    ///   }
    /// }
    /// ```
    "bad-feeling-without-pain", Journeys, Warning; check
}

/// The feeling from which on a pain is asked for.
const BAD: i8 = -2;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for stage in ctx.model.stages.values().filter(|s| !ctx.is_ideal(s.journey)) {
        let inside = stage.touchpoints.iter().any(|t| !ctx.model.touchpoints[*t].place.pains.is_empty());
        report(&stage.meta.id, &stage.place, inside, out);
    }
    for touchpoint in ctx.model.touchpoints.values().filter(|t| !ctx.is_ideal(t.journey)) {
        report(&touchpoint.meta.id, &touchpoint.place, at_stage(ctx, touchpoint.stage), out);
    }
}

fn at_stage(ctx: &Context<'_>, stage: Id<Stage>) -> bool {
    !ctx.model.stages[stage].place.pains.is_empty()
}

fn report(id: &str, place: &Place, elsewhere: bool, out: &mut Vec<Diagnostic>) {
    if elsewhere || !place.pains.is_empty() {
        return;
    }
    for feeling in place.feelings.iter().filter(|f| f.value <= BAD) {
        let message = format!("a feeling of {} at `{id}`, and no pain says why", feeling.value);
        out.push(RULE.at(feeling.span, message).help("add a `pain` here, or to its stage"));
    }
}
