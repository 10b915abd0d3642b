use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A restart lies outside the planned time, or not behind the one before.
    ///
    /// A restart draws the arms anew from a day on, and the report counts from that day. Before the start, after the end or
    /// before an earlier restart it counts nothing, or counts twice.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { restart 2 from 2026-11-20 because "The button was missing on phones" }
    /// ```
    ///
    /// Better: a day of the plan; move the plan's end if the time is short.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { restart 2 from 2026-10-12 because "The button was missing on phones" }
    /// ```
    "restart-outside-the-plan", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let (mut earliest, end) = experiment.runs;
        for restart in &experiment.restarts {
            let problem = match (restart.from < earliest, restart.from > end) {
                (true, _) => format!("this restart is on {}, before {earliest}", restart.from),
                (_, true) => format!("this restart is on {}, after the planned end on {end}", restart.from),
                _ => String::new(),
            };
            if !problem.is_empty() {
                let finding = RULE.at(restart.span, problem).also(ctx.part(experiment.meta.span, "runs"), "the plan");
                out.push(finding.help("mend the day, or the plan"));
            }
            earliest = restart.from.max(earliest);
        }
    }
}
