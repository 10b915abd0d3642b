use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::Status;

rule! {
    /// An experiment ended before it started.
    ///
    /// The day it was stopped or shipped lies before the first planned day, so nobody was counted. One of the dates is wrong.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { status stopped on 2026-09-02 because "Planned end" }
    /// ```
    ///
    /// Better: the day it ended.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { status stopped on 2026-11-02 because "Planned end" }
    /// ```
    "ended-before-its-start", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let (Status::Stopped(on, _) | Status::Shipped(_, on, _)) = &experiment.status else { continue };
        if *on < experiment.runs.0 {
            let message = format!("`{}` ended on {on}, before its start on {}", experiment.meta.id, experiment.runs.0);
            let finding = RULE.at(ctx.part(experiment.meta.span, "status"), message);
            out.push(finding.also(ctx.part(experiment.meta.span, "runs"), "the plan").help("mend one of the dates"));
        }
    }
}
