use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A metric reads an event that stands nowhere on a map.
    ///
    /// No touchpoint or message is `seen by` it, no funnel or experiment names it. The number cannot be shown where it happens,
    /// and a reader of the map does not know that it exists.
    ///
    /// ```journey
    /// event called { named "Call Opened" }
    /// metric calls "Calls" { average of count called per unit within 14 days; lower is better }
    /// experiment quiz-on-guide "A quiz instead of ten options" { secondary calls }
    /// ```
    ///
    /// Better: the touchpoint where it happens.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint hotline "The hotline" { channel website; owner support; seen by called; may repeat }
    /// }
    /// event called { named "Call Opened" }
    /// metric calls "Calls" { average of count called per unit within 14 days; lower is better }
    /// experiment quiz-on-guide "A quiz instead of ten options" { secondary calls }
    /// ```
    "event-without-touchpoint", Data, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let usage = ctx.usage();
    for (id, event) in ctx.model.events.iter().filter(|(id, _)| usage.events.has(*id) && !usage.placed.has(*id)) {
        let _ = id;
        let message = format!("event `{}` is counted and stands nowhere on a map", event.meta.id);
        out.push(RULE.at(event.meta.span, message).help(format!("add `seen by {}` where it happens", event.meta.id)));
    }
}
