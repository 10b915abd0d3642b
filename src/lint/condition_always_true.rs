use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::logic;

rule! {
    /// A condition that everybody satisfies.
    ///
    /// It looks like a choice and is none.
    ///
    /// ```journey
    /// audience beginners "Beginners" { where level != "beginner" or level != "teacher" }
    /// ```
    ///
    /// Better: `and` where both are meant; for everybody leave the audience out.
    ///
    /// ```journey
    /// audience beginners "Beginners" { where level != "beginner" and level != "teacher" }
    /// ```
    "condition-always-true", Data, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (declaration, kind, id, condition) in ctx.conditions() {
        if logic::always(condition) {
            let keyword = if kind == "event" { "named" } else { "where" };
            let message = format!("everything satisfies the condition of {kind} `{id}`");
            let finding = RULE.at(ctx.part(declaration, keyword), message);
            out.push(finding.help("is `and` meant for `or`? for everybody, leave the condition out"));
        }
    }
}
