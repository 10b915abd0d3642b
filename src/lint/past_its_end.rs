use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::Status;

rule! {
    /// An experiment runs on past its planned end.
    ///
    /// The day it was to be decided has passed. A test that is left running costs the people in its worse arm, and with a
    /// fixed method each look from now on is one too many.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { status running }
    /// ```
    ///
    /// Better: read the report, then stop it or ship a variant.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { status stopped on 2026-11-02 because "Planned end, no clear winner" }
    /// ```
    "past-its-end", Experiments, Warning, dated; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let open = |s: &Status| matches!(s, Status::Running | Status::Paused);
    for experiment in ctx.model.experiments.values().filter(|e| open(&e.status) && e.runs.1 < ctx.today) {
        let (id, status) = (&experiment.meta.id, experiment.status.name());
        let message = format!("`{id}` is {status}, and its planned end was {}", experiment.runs.1);
        let finding = RULE.at(ctx.part(experiment.meta.span, "status"), message);
        let finding = finding.also(ctx.part(experiment.meta.span, "runs"), "the plan");
        out.push(finding.help("read the report, then write `status stopped …` or `status shipped …`"));
    }
}
