use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::touchpoint::PainSeverity;

rule! {
    /// A pain of high severity has no experiment.
    ///
    /// What hurts most should be tried to be healed first. Nothing that solves this pain is tested, so the map knows of a
    /// great loss and nobody works on it.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint delivery "The parcel" {
    ///     pain late "It comes a week late" { kind delivery; severity high }
    ///     opportunity courier "Send it by courier" { solves late; value 4; cost 3 }
    ///   }
    /// }
    /// ```
    ///
    /// Better: test the opportunity, even as a draft (`tests courier` in an experiment), or lower the severity.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint delivery "The parcel" {
    ///     pain late "It comes a week late" { kind delivery; severity high }
    ///     opportunity courier "Send it by courier" { solves late; value 4; cost 3 }
    ///   }
    /// }
    /// experiment quiz-on-guide "Courier" { at guitar.delivery; tests courier }
    /// ```
    "severe-pain-untested", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, pain) in ctx.model.pains.iter() {
        let solvers = ctx.usage().solvers.get(id);
        let tested = solvers.iter().any(|o| !ctx.usage().testers.get(*o).is_empty());
        if pain.severity == PainSeverity::High && pain.solved.is_none() && !tested {
            let message = format!("pain `{}` is of high severity, and no experiment tries to heal it", pain.meta.id);
            let help = "let an experiment say `tests OPPORTUNITY` for one that solves it, or lower the severity";
            out.push(
                RULE.at(ctx.part(pain.meta.span, "severity"), message).also(pain.meta.span, "the pain").help(help),
            );
        }
    }
}
