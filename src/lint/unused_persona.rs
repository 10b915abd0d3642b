use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Safety;

rule! {
    /// A persona that travels in no journey.
    ///
    /// Nobody walks its way, so it stands on no map. It was left over, or a journey forgot it in `for`.
    ///
    /// ```journey
    /// persona ines "Inês, who teaches" {
    ///   behavioural "Buys for her pupils"
    ///   evidence "Talks" { kind interview; people 9; on 2026-10-04 }
    /// }
    /// ```
    ///
    /// Better: let it travel, or take it out.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" { for maya, tom, ines }
    /// persona ines "Inês, who teaches" {
    ///   behavioural "Buys for her pupils"
    ///   evidence "Talks" { kind interview; people 9; on 2026-10-04 }
    /// }
    /// ```
    "unused-persona", Names, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (_, persona) in ctx.model.personas.iter().filter(|(id, _)| !ctx.usage().personas.has(*id)) {
        let message = format!("nothing uses persona `{}`", persona.meta.id);
        let mut finding = RULE.at(persona.meta.span, message).help("name it in a journey's `for`, or take it out");
        finding.fix = ctx.removal(persona.meta.span, "take it out", Safety::Unsafe);
        out.push(finding);
    }
}
