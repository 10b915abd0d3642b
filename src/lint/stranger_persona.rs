use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::lane::Place;
use crate::model::{Id, Journey, Persona};
use crate::source::Span;

rule! {
    /// Something is for a persona that does not travel in the journey.
    ///
    /// A line, a feeling or a touchpoint `for` somebody who is not in the journey's own `for` is drawn on nobody's map. Most
    /// often a persona was taken out of the journey, and what was written for it stayed.
    ///
    /// ```journey
    /// journey strings "Buying strings again" {
    ///   for tom
    ///   stage purchase "Purchase" {
    ///     phase sale
    ///     touchpoint reorder "Reorder" {
    ///       channel website
    ///       owner product
    ///       seen by order-paid
    ///       feels +1 "quick" for maya
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// Better: name a persona that travels here, or let the other one travel too.
    ///
    /// ```journey
    /// journey strings "Buying strings again" {
    ///   for tom, maya
    ///   stage purchase "Purchase" {
    ///     phase sale
    ///     touchpoint reorder "Reorder" {
    ///       channel website
    ///       owner product
    ///       seen by order-paid
    ///       feels +1 "quick" for maya
    ///     }
    ///   }
    /// }
    /// ```
    "stranger-persona", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for stage in ctx.model.stages.values() {
        place(ctx, stage.journey, &stage.place, out);
    }
    for touchpoint in ctx.model.touchpoints.values() {
        if !touchpoint.personas.is_empty() {
            let span = ctx.part(touchpoint.meta.span, "for");
            report(ctx, touchpoint.journey, &touchpoint.personas, span, out);
        }
        place(ctx, touchpoint.journey, &touchpoint.place, out);
    }
    for (id, journey) in ctx.model.journeys.iter() {
        for requirement in &journey.requirements {
            report(ctx, id, &requirement.personas, requirement.span, out);
        }
    }
}

fn place(ctx: &Context<'_>, journey: Id<Journey>, place: &Place, out: &mut Vec<Diagnostic>) {
    for line in &place.lines {
        report(ctx, journey, &line.personas, line.span, out);
    }
    for feeling in &place.feelings {
        report(ctx, journey, &feeling.personas, feeling.span, out);
    }
}

fn report(ctx: &Context<'_>, id: Id<Journey>, personas: &[Id<Persona>], span: Span, out: &mut Vec<Diagnostic>) {
    let journey = &ctx.model.journeys[id];
    let base = journey.ideal_of.map(|b| &ctx.model.journeys[b]);
    let travels = |p: &&Id<Persona>| journey.personas.contains(p) || base.is_some_and(|b| b.personas.contains(p));
    for persona in personas.iter().filter(|p| !travels(p)) {
        let persona = &ctx.model.personas[*persona].meta.id;
        let message = format!("`{persona}` does not travel in journey `{}`", journey.meta.id);
        let finding = RULE.at(ctx.within(span, persona), message);
        out.push(finding.help(format!("add `{persona}` to the journey's `for`, or take it out here")));
    }
}
