use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::lane::Place;

rule! {
    /// One persona feels two ways at one place.
    ///
    /// The curve has one height for each persona at each place. Two feelings of one person in one place are most often two
    /// moments: two touchpoints show both.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint delivery "The parcel" {
    ///     feels +3 "delighted"
    ///     feels -1 "impatient"
    ///   }
    /// }
    /// ```
    ///
    /// Better: one line a persona, or two touchpoints.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint delivery "The parcel" {
    ///     feels +3 "delighted" for maya
    ///     feels -1 "impatient" for tom
    ///   }
    /// }
    /// ```
    "feelings-contradict", Journeys, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for place in ctx.spots() {
        pairs(ctx, place, out);
    }
}

fn pairs(ctx: &Context<'_>, place: &Place, out: &mut Vec<Diagnostic>) {
    for (i, second) in place.feelings.iter().enumerate() {
        let before = place.feelings.iter().take(i).rev().take(MOST);
        let shared = |f: &&crate::model::lane::Feeling| {
            (f.personas.is_empty() && second.personas.is_empty())
                || f.personas.iter().any(|p| second.personas.contains(p))
        };
        let Some(first) = before.filter(shared).find(|f| f.value != second.value) else { continue };
        let whose =
            first.personas.iter().find(|p| second.personas.contains(p)).map(|p| &ctx.model.personas[*p].meta.id);
        let who = whose.map_or("everybody".to_owned(), |id| format!("`{id}`"));
        let message = format!("{who} feels both {:+} and {:+} here", first.value, second.value);
        out.push(
            RULE.at(second.span, message).also(first.span, "the other").help("keep one line a persona, with `for`"),
        );
    }
}

/// How many before it each is compared with.
const MOST: usize = 64;
