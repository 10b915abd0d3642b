use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::logic;

rule! {
    /// A condition that nobody can satisfy.
    ///
    /// Its parts contradict each other: a dead audience, a persona without people, an event that never happens. Whatever is
    /// counted with it is zero.
    ///
    /// ```journey
    /// audience beginners "Beginners" { where level == "beginner" and level == "teacher" }
    /// ```
    ///
    /// Better: `or` where either is meant, or one of the parts.
    ///
    /// ```journey
    /// audience beginners "Beginners" { where level == "beginner" or level == "teacher" }
    /// ```
    "impossible-condition", Data, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (declaration, kind, id, condition) in ctx.conditions() {
        if !logic::possible(&[condition]) {
            let keyword = if kind == "event" { "named" } else { "where" };
            let message = format!("nothing can satisfy the condition of {kind} `{id}`");
            let finding = RULE.at(ctx.part(declaration, keyword), message);
            out.push(finding.help("its parts contradict each other; is `or` meant for `and`?"));
        }
    }
}
