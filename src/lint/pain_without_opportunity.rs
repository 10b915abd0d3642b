use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A pain has no opportunity that solves it.
    ///
    /// A map that only lists what hurts is a complaint. An opportunity names what could help, with its worth and its cost, so
    /// that pains can be weighed against each other.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint delivery "The parcel" {
    ///     pain broken "The neck arrives broken" { kind delivery; severity medium }
    ///   }
    /// }
    /// ```
    ///
    /// Better: name what could help, even if it is only an idea.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint delivery "The parcel" {
    ///     pain broken "The neck arrives broken" { kind delivery; severity medium }
    ///     opportunity hard-case "Send it in a hard case" { solves broken; value 3; cost 4 }
    ///   }
    /// }
    /// ```
    "pain-without-opportunity", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, pain) in ctx.model.pains.iter() {
        if ctx.usage().solvers.get(id).is_empty() && pain.solved.is_none() {
            let message = format!("no opportunity solves pain `{}`", pain.meta.id);
            let help =
                format!("add `opportunity ID TEXT {{ solves {} … }}`, or `solved by` if it is healed", pain.meta.id);
            out.push(RULE.at(pain.meta.span, message).help(help));
        }
    }
}
