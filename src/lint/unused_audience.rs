use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Safety;

rule! {
    /// An audience that nobody is chosen by.
    ///
    /// No experiment and no message names it.
    ///
    /// ```journey
    /// audience teachers "Teachers" { where level == "teacher" }
    /// ```
    ///
    /// Better: name it, or take it out.
    ///
    /// ```journey
    /// audience teachers "Teachers" { where level == "teacher" }
    /// experiment quiz-on-guide "A quiz instead of ten options" { audience teachers }
    /// ```
    "unused-audience", Names, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (_, audience) in ctx.model.audiences.iter().filter(|(id, _)| !ctx.usage().audiences.has(*id)) {
        let message = format!("nothing uses audience `{}`", audience.meta.id);
        let mut finding =
            RULE.at(audience.meta.span, message).help("name it in an experiment or a message, or take it out");
        finding.fix = ctx.removal(audience.meta.span, "take it out", Safety::Unsafe);
        out.push(finding);
    }
}
