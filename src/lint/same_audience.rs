use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use std::collections::HashMap;

rule! {
    /// Two audiences have the same condition.
    ///
    /// One of them will be changed and the other forgotten.
    ///
    /// ```journey
    /// audience novices "Novices" { where level == "beginner" }
    /// experiment quiz-on-guide "A quiz instead of ten options" { audience novices }
    /// ```
    ///
    /// Better: one audience, named in both places.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { audience beginners }
    /// ```
    "same-audience", Data, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut seen = HashMap::new();
    for audience in ctx.model.audiences.values() {
        if let Some(first) = seen.insert(&audience.condition, audience) {
            let message = format!("audience `{}` is the same as `{}`", audience.meta.id, first.meta.id);
            let finding = RULE.at(ctx.part(audience.meta.span, "where"), message);
            out.push(finding.also(first.meta.span, "the other").help("keep one, and name it where the other is named"));
        }
    }
}
