use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A journey asks people many times.
    ///
    /// Each survey costs answers to the next. More than four on one way are answered by the angry and the bored.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint delivery "The parcel" {
    ///     survey csat 1 day after order-placed then "Why?"
    ///     survey "What was in the parcel?" on leaving
    ///     survey "Who opened it?" 2 days after order-placed
    ///   }
    /// }
    /// ```
    ///
    /// Better: the one or two questions whose answers change something.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint delivery "The parcel" { survey csat 1 day after order-placed then "Why?" }
    /// }
    /// ```
    "survey-fatigue", Journeys, Note; check
}

/// The most surveys a journey may have.
const MOST: usize = 4;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for journey in ctx.model.journeys.values() {
        let surveys: Vec<_> = ctx.walk(journey).flat_map(|t| &ctx.model.touchpoints[t].surveys).collect();
        if let Some(extra) = surveys.get(MOST) {
            let message = format!("journey `{}` asks people {} times", journey.meta.id, surveys.len());
            out.push(RULE.at(extra.span, message).help("keep the questions whose answers change something"));
        }
    }
}
