use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::Status;

rule! {
    /// A draft's whole planned time has passed.
    ///
    /// It was to run and end, and was never started. Plan it anew, or let it go.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { runs from 2026-09-07 to 2026-11-01 }
    /// ```
    ///
    /// Better: days to come.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { runs from 2026-12-07 to 2027-01-31 }
    /// ```
    "draft-past-its-end", Experiments, Warning, dated; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let drafts = ctx.model.experiments.values().filter(|e| e.status == Status::Draft);
    for experiment in drafts.filter(|e| e.runs.1 < ctx.today) {
        let message = format!("draft `{}` was to end on {} and never started", experiment.meta.id, experiment.runs.1);
        out.push(RULE.at(ctx.part(experiment.meta.span, "runs"), message).help("plan new days, or take the draft out"));
    }
}
