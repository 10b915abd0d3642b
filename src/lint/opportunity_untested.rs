use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// An opportunity that no experiment tests.
    ///
    /// An opportunity is a guess until it has been tried. This note is the list of guesses that wait.
    ///
    /// ```journey
    /// stage consideration "Consideration" {
    ///   touchpoint comparison-guide "Ten guitars for beginners" {
    ///     opportunity video "A video of each guitar" { solves too-many-choices; value 2; cost 4 }
    ///   }
    /// }
    /// ```
    ///
    /// Better: when its turn comes, let an experiment name it with `tests`.
    ///
    /// ```journey
    /// stage consideration "Consideration" {
    ///   touchpoint comparison-guide "Ten guitars for beginners" {
    ///     opportunity quiz "A three-question quiz that recommends two guitars" { value 2 }
    ///   }
    /// }
    /// experiment quiz-on-guide "A quiz instead of ten options" { tests quiz }
    /// ```
    "opportunity-untested", Journeys, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, opportunity) in ctx.model.opportunities.iter() {
        let open = opportunity.solves.iter().any(|p| ctx.model.pains[*p].solved.is_none());
        if ctx.usage().testers.get(id).is_empty() && open {
            let message = format!("no experiment tests opportunity `{}`", opportunity.meta.id);
            let help = format!("write `tests {}` in an experiment when its turn comes", opportunity.meta.id);
            out.push(RULE.at(opportunity.meta.span, message).help(help));
        }
    }
}
