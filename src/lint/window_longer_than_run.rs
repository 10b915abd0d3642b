use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::calendar::{days, later};

rule! {
    /// A metric's window is longer than the whole test.
    ///
    /// `within 30 days` counts what people do in the thirty days after they enter. In a test of two weeks nobody has had
    /// thirty days by its end: read on the last day, every number is too low.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { runs from 2026-10-05 to 2026-10-11; status stopped on 2026-10-12 because "Planned end" }
    /// ```
    ///
    /// Better: a test that is at least as long as its longest window, or a shorter window.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { runs from 2026-10-05 to 2026-11-01 }
    /// ```
    "window-longer-than-run", Experiments, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let length = days(experiment.runs.0, experiment.runs.1);
        for metric in experiment.metrics().into_iter().map(|m| &ctx.model.metrics[m]) {
            let Some(window) = metric.window(ctx.model).filter(|w| w.days() > length as f64) else { continue };
            let id = &metric.meta.id;
            let message = format!("`{id}` counts {window}, and `{}` runs for {length} days", experiment.meta.id);
            let finding = RULE.at(ctx.part(experiment.meta.span, "runs"), message).also(metric.meta.span, "the metric");
            let whole = later(experiment.runs.1, window.seconds() / 86_400);
            out.push(finding.help(format!("read it from {whole} on, run longer, or take a shorter window")));
        }
    }
}
