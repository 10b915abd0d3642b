use super::frame::{Context, rule};
use crate::diagnostic::{Diagnostic, Safety};
use crate::lint::frame::calendar::{days, later};

rule! {
    /// An experiment does not run for whole weeks.
    ///
    /// People buy differently on Mondays and on Sundays. A test over ten days counts some weekdays twice and tells how
    /// weekdays differ as much as how variants do.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { runs from 2026-10-05 to 2026-10-30 }
    /// ```
    ///
    /// Better: 14, 21 or 28 days; both days are included.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { runs from 2026-10-05 to 2026-11-01 }
    /// ```
    "not-whole-weeks", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let length = days(experiment.runs.0, experiment.runs.1);
        let more = length.rem_euclid(7);
        if length < 7 || more == 0 {
            continue;
        }
        let span = ctx.part(experiment.meta.span, "runs");
        let end = later(experiment.runs.1, 7 - more);
        let message = format!("`{}` runs for {length} days, which are no whole weeks", experiment.meta.id);
        let help = format!("end it on {end} ({} days); both days are included", length + 7 - more);
        let old = ctx.within(span, &format!("to {}", experiment.runs.1));
        let fix = (Safety::Unsafe, format!("write `to {end}`"), old, format!("to {end}"));
        out.push(RULE.at(span, message).help(help).fix(fix.0, fix.1, fix.2, fix.3));
    }
}
