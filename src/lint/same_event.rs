use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use std::collections::HashMap;

rule! {
    /// Two events are the same thing in the data.
    ///
    /// They have the same name in the data and the same condition, so each such row counts for both, and nobody can tell
    /// which one a metric means.
    ///
    /// ```journey
    /// event bought { named "Order Completed" where status == "paid" }
    /// metric order-rate "Order rate" { share of bought within 7 days }
    /// ```
    ///
    /// Better: one event, or conditions that part them.
    ///
    /// ```journey
    /// event bought { named "Order Completed" where status == "open" }
    /// metric order-rate "Order rate" { share of bought within 7 days }
    /// ```
    "same-event", Data, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut seen = HashMap::new();
    for event in ctx.model.events.values() {
        for name in &event.names {
            let Some(first) = seen.insert((name.name.as_str(), name.condition.as_ref()), event) else { continue };
            let message = match first.meta.span == event.meta.span {
                true => format!("event `{}` is \"{}\" twice", event.meta.id, name.name),
                false => format!("`{}` and `{}` are both \"{}\" in the data", first.meta.id, event.meta.id, name.name),
            };
            let span = ctx.part(event.meta.span, "named");
            out.push(
                RULE.at(span, message).also(first.meta.span, "the other").help("keep one, or part them by `where`"),
            );
        }
    }
}
