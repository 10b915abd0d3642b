use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A persona that nothing but guesses stands behind.
    ///
    /// A persona without evidence is an assumption. The map says so; this note is the list of people to go and ask.
    ///
    /// ```journey
    /// persona ines "Inês, who teaches" { behavioural "Buys for her pupils" }
    /// ```
    ///
    /// Better: evidence of any kind but a guess.
    ///
    /// ```journey
    /// persona ines "Inês, who teaches" {
    ///   behavioural "Buys for her pupils"
    ///   evidence "Talks with teachers" { kind interview; people 9; on 2026-10-04 }
    /// }
    /// ```
    "assumed-persona", Journeys, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for persona in ctx.model.personas.values().filter(|p| p.is_assumption()) {
        let message = format!("persona `{}` is an assumption", persona.meta.id);
        out.push(
            RULE.at(persona.meta.span, message).help("add `evidence TEXT { kind … }` when somebody has been asked"),
        );
    }
}
