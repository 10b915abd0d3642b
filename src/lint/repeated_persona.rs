use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Safety;
use crate::model::{Id, Persona};
use crate::source::Span;

rule! {
    /// A persona stands twice in one list.
    ///
    /// `for maya, maya` says no more than `for maya`; most often the second should have been somebody else.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" { for maya, tom, maya }
    /// ```
    ///
    /// Better: each once.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" { for maya, tom }
    /// ```
    "repeated-persona", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for journey in ctx.model.journeys.values() {
        report(ctx, &journey.personas, journey.meta.span, out);
    }
    for touchpoint in ctx.model.touchpoints.values() {
        report(ctx, &touchpoint.personas, touchpoint.meta.span, out);
    }
}

fn report(ctx: &Context<'_>, personas: &[Id<Persona>], declaration: Span, out: &mut Vec<Diagnostic>) {
    let again = personas.iter().enumerate().find(|(i, p)| personas.iter().take(*i).any(|q| q == *p));
    let Some((_, twice)) = again else { return };
    let span = ctx.part(declaration, "for");
    let mut once: Vec<&str> = Vec::new();
    for id in personas.iter().map(|p| ctx.model.personas[*p].meta.id.as_str()) {
        if !once.contains(&id) {
            once.push(id);
        }
    }
    let message = format!("`{}` stands here twice", ctx.model.personas[*twice].meta.id);
    let list = format!("for {}", once.join(", "));
    out.push(RULE.at(span, message).fix(Safety::Safe, format!("write `{list}`"), span, list));
}
