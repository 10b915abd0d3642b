use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::Status;

rule! {
    /// An experiment is running, and its planned start lies ahead.
    ///
    /// Who enters before the first planned day is not counted. Either the date or the status is wrong.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { runs from 2026-12-07 to 2027-01-31; status running }
    /// ```
    ///
    /// Better: a draft until its day.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { runs from 2026-12-07 to 2027-01-31; status draft }
    /// ```
    "running-before-its-start", Experiments, Warning, dated; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let running = |s: &Status| matches!(s, Status::Running | Status::Paused);
    for experiment in ctx.model.experiments.values().filter(|e| running(&e.status) && e.runs.0 > ctx.today) {
        let (id, status) = (&experiment.meta.id, experiment.status.name());
        let message = format!("`{id}` is {status}, and its planned start is {}", experiment.runs.0);
        let finding = RULE.at(ctx.part(experiment.meta.span, "status"), message);
        let finding = finding.also(ctx.part(experiment.meta.span, "runs"), "the plan");
        out.push(finding.help("mend the date, or leave it a `draft` until its day"));
    }
}
