use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::calendar::days;

rule! {
    /// An experiment runs for more than eight weeks.
    ///
    /// Cookies are lost, people come back on another device and enter twice, seasons change. After two months the two arms
    /// are no longer the two groups that were drawn.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { runs from 2026-11-16 to 2027-02-28 }
    /// ```
    ///
    /// Better: a larger effect, a metric that moves sooner, more traffic; eight weeks at most.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { runs from 2026-11-16 to 2027-01-10 }
    /// ```
    "runs-long", Experiments, Warning; check
}

/// Eight weeks.
const MOST: i64 = 56;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let length = days(experiment.runs.0, experiment.runs.1);
        if length > MOST {
            let message = format!("`{}` runs for {length} days, more than eight weeks", experiment.meta.id);
            let help = "plan for a larger effect, a metric that moves sooner, or more traffic";
            out.push(RULE.at(ctx.part(experiment.meta.span, "runs"), message).help(help));
        }
    }
}
