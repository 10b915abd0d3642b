use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::touchpoint::Ask;

rule! {
    /// A score is asked for, and not why.
    ///
    /// The number says that something is wrong, the sentence behind it says what. An open question right after the score is
    /// answered by many and costs nothing.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint delivery "The parcel" { survey csat 1 day after order-placed }
    /// }
    /// ```
    ///
    /// Better: ask why.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint delivery "The parcel" { survey csat 1 day after order-placed then "What went well, what did not?" }
    /// }
    /// ```
    "nps-without-why", Journeys, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for survey in ctx.model.touchpoints.values().flat_map(|t| &t.surveys) {
        if matches!(survey.ask, Ask::Nps | Ask::Csat) && survey.then.is_none() {
            out.push(
                RULE.at(survey.span, "this asks for a score, and not why").help("add `then \"Why this number?\"`"),
            );
        }
    }
}
