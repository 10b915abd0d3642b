use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::calendar::days;

rule! {
    /// An experiment runs for less than a week.
    ///
    /// It sees some weekdays and not others, and mostly people who come often. What holds for them need not hold for the
    /// rest.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { runs from 2026-11-16 to 2026-11-19 }
    /// ```
    ///
    /// Better: two whole weeks or more.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { runs from 2026-11-16 to 2026-11-29 }
    /// ```
    "runs-short", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let length = days(experiment.runs.0, experiment.runs.1);
        if length < 7 {
            let message = format!("`{}` runs for {length} days, less than a week", experiment.meta.id);
            out.push(RULE.at(ctx.part(experiment.meta.span, "runs"), message).help("plan two whole weeks or more"));
        }
    }
}
