use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::logic;
use crate::model::{Audience, Experiment, Id};

rule! {
    /// An experiment's audience leaves out everybody who passes its touchpoint.
    ///
    /// The audience and the conditions of the personas there contradict each other, so on the map nobody can enter.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint checkout "Checkout" { for maya }
    /// }
    /// audience iberia "Iberian shoppers" { where age < 30 }
    /// ```
    ///
    /// Better: an audience that some of them belong to.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint checkout "Checkout" { for maya }
    /// }
    /// audience iberia "Iberian shoppers" { where age < 40 }
    /// ```
    "audience-misses-personas", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        if let Some(audience) = experiment.audience {
            out.extend(missed(ctx, experiment, audience));
        }
    }
}

fn missed(ctx: &Context<'_>, experiment: &Experiment, audience: Id<Audience>) -> Option<Diagnostic> {
    let audience = &ctx.model.audiences[audience];
    let place = &ctx.model.touchpoints[ctx.model.place(experiment)];
    let personas = match place.personas.as_slice() {
        [] => &ctx.model.journeys[place.journey].personas,
        some => some,
    };
    let meets = |p: &_| match &ctx.model.personas[*p].condition {
        Some(condition) => logic::possible(&[condition, &audience.condition]),
        None => true,
    };
    if personas.is_empty() || personas.iter().any(meets) || !logic::possible(&[&audience.condition]) {
        return None;
    }
    let message = format!("audience `{}` leaves out everybody who passes `{}`", audience.meta.id, place.meta.id);
    let finding = RULE.at(ctx.part(experiment.meta.span, "audience"), message);
    let finding =
        finding.also(ctx.part(audience.meta.span, "where"), "the audience").also(place.meta.span, "the touchpoint");
    Some(finding.help("mend the audience, or let another persona pass there"))
}
