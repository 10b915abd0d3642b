use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Safety;

rule! {
    /// A consent that no experiment needs.
    ///
    /// People are asked for something that nobody uses. Ask for less.
    ///
    /// ```journey
    /// consent adverts "Personal adverts" { policy "/privacy" }
    /// ```
    ///
    /// Better: name it where it is needed, or do not ask.
    ///
    /// ```journey
    /// consent adverts "Personal adverts" { policy "/privacy" }
    /// experiment quiz-on-guide "A quiz instead of ten options" { consent adverts }
    /// ```
    "unused-consent", Names, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (_, consent) in ctx.model.consents.iter().filter(|(id, _)| !ctx.usage().consents.has(*id)) {
        let message = format!("nothing uses consent `{}`", consent.meta.id);
        let mut finding = RULE
            .at(consent.meta.span, message)
            .help("write `consent CONSENT` in the experiments that need it, or take it out");
        finding.fix = ctx.removal(consent.meta.span, "take it out", Safety::Unsafe);
        out.push(finding);
    }
}
