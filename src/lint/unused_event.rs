use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Safety;

rule! {
    /// An event that nothing reads.
    ///
    /// No touchpoint is seen by it, no metric counts it, no funnel names it. What is not read need not be tracked.
    ///
    /// ```journey
    /// event hovered { named "Hovered" }
    /// ```
    ///
    /// Better: use it, or take it out.
    ///
    /// ```journey
    /// event hovered { named "Hovered" }
    /// stage awareness "Awareness" {
    ///   touchpoint friend "A friend plays" { seen by hovered }
    /// }
    /// ```
    "unused-event", Names, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (_, event) in ctx.model.events.iter().filter(|(id, _)| !ctx.usage().events.has(*id)) {
        let message = format!("nothing uses event `{}`", event.meta.id);
        let mut finding = RULE.at(event.meta.span, message).help("name it in a `seen by` or a metric, or take it out");
        finding.fix = ctx.removal(event.meta.span, "take it out", Safety::Unsafe);
        out.push(finding);
    }
}
