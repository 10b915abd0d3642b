use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::Status;

rule! {
    /// A draft has restarts.
    ///
    /// What never ran cannot be restarted. Either the status was set back, which loses the record, or the restart was written
    /// too early: a draft may be changed freely.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { restart 2 from 2026-11-30 because "Another question first" }
    /// ```
    ///
    /// Better: change the draft, and write no restart.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { status draft }
    /// ```
    "restart-of-a-draft", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values().filter(|e| e.status == Status::Draft) {
        if let Some(restart) = experiment.restarts.first() {
            let message = format!("`{}` is a draft, and is restarted here", experiment.meta.id);
            let finding = RULE.at(restart.span, message).also(ctx.part(experiment.meta.span, "status"), "a draft");
            out.push(finding.help("take the restart out, or write `status running` if it had started"));
        }
    }
}
