use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::calendar::later;
use crate::model::Experiment;
use crate::model::experiment::{MethodKind, Primary};
use crate::sizing;

rule! {
    /// An experiment ends before it has seen enough people.
    ///
    /// With the traffic of its exposure event, the present value of its primary metric (both from `waypost.yaml`), its
    /// expected effect, level and power, the number of people needed is known before the start (for shares: Fleiss, 1981).
    /// If they take longer to come than the test runs, it will most likely end with "cannot tell". The level is shared among
    /// primaries and variants; the audience is not known here and can only make it longer.
    ///
    /// ```yaml
    /// traffic: { guide-read: 900 a day }
    /// baseline: { checkout-rate: 12% }
    /// ```
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { primary checkout-rate expects +4% }
    /// ```
    ///
    /// Better: a larger effect, more people, a metric that moves more, or more weeks.
    ///
    /// ```yaml
    /// traffic: { guide-read: 900 a day }
    /// baseline: { checkout-rate: 12% }
    /// ```
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { primary checkout-rate expects +8% }
    /// ```
    "underpowered", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    if ctx.manifest().traffic.is_empty() || ctx.manifest().baseline.is_empty() {
        return;
    }
    for experiment in ctx.model.experiments.values().filter(|e| !e.status.is_concluded()) {
        let Some(a_day) = sizing::traffic(ctx.model, experiment).entering() else { continue };
        for primary in &experiment.primaries {
            out.extend(short(ctx, experiment, primary, a_day));
        }
    }
}

fn short(ctx: &Context<'_>, experiment: &Experiment, primary: &Primary, a_day: f64) -> Option<Diagnostic> {
    let (expects, metric) = (primary.expects?, &ctx.model.metrics[primary.metric]);
    let people = sizing::one_look(ctx.model, experiment, primary)?;
    let (length, needed) = (sizing::days(experiment), libm::ceil(people / a_day));
    if !needed.is_finite() || needed <= length as f64 {
        return None;
    }
    let id = &experiment.meta.id;
    let message =
        format!("`{id}` needs {needed} days to see {expects} of `{}`, and ends after {length}", metric.meta.id);
    let finding = RULE.at(primary.span, message).also(ctx.part(experiment.meta.span, "runs"), "the plan");
    let finding = finding.help(format!("{} people are needed, and {} enter a day", people.ceil(), libm::round(a_day)));
    let finding = match experiment.method.kind {
        MethodKind::Fixed => finding,
        _ => finding.help(format!("this is counted for one look; `{}` needs more", experiment.method.kind.name())),
    };
    let weeks = libm::ceil(needed / 7.0);
    Some(match weeks <= 8.0 {
        true => finding
            .help(format!("run it for {weeks} weeks, to {}", later(experiment.counts_from(), weeks as i64 * 7 - 1))),
        false => finding.help("plan for a larger effect, let more people in, or decide by a metric that moves more"),
    })
}
