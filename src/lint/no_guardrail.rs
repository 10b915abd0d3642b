use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::Status;

rule! {
    /// An experiment has no guardrail.
    ///
    /// A variant can win its metric and lose elsewhere: slower pages, smaller orders, more returns. A guardrail says what
    /// must not get worse, and by how much.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" {
    ///   # no guardrail
    ///   status draft
    /// }
    /// ```
    ///
    /// Better: one number that must hold.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { guardrail order-value tolerates -2% }
    /// ```
    "no-guardrail", Experiments, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let open = ctx.model.experiments.values().filter(|e| e.guardrails.is_empty() && !e.status.is_concluded());
    for experiment in open {
        let when = if experiment.status == Status::Draft { "before it starts" } else { "with a restart" };
        let message = format!("`{}` has no guardrail", experiment.meta.id);
        let help = format!("add `guardrail METRIC tolerates CHANGE` {when}");
        out.push(RULE.at(experiment.meta.span, message).help(help));
    }
}
