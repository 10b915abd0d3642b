use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::Experiment;
use crate::model::experiment::Status;

rule! {
    /// Very few people can enter an experiment.
    ///
    /// `traffic`, the slice of the layer and the holdouts multiply. Under one in a hundred, most tests never see enough
    /// people.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { traffic 2%; layer checkout-page takes 10% }
    /// ```
    ///
    /// Better: a slice or the traffic, not both.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { traffic 100%; layer checkout-page takes 10% }
    /// ```
    "tiny-slice", Experiments, Warning; check
}

/// The smallest part that is not asked about.
const LEAST: f64 = 0.01;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let held: f64 = ctx.model.holdouts.values().map(|h| h.takes.share()).sum();
    for experiment in ctx.model.experiments.values().filter(|e| !e.status.is_concluded()) {
        let share = enters(experiment) * (1.0 - held).max(0.0);
        if share < LEAST && (experiment.status != Status::Paused) {
            let percent = format!("{:.2}%", share * 100.0);
            let message = format!("only {percent} of its audience can enter `{}`", experiment.meta.id);
            let keyword = if ctx.child(experiment.meta.span, "traffic").is_some() { "traffic" } else { "layer" };
            let help = "take a larger slice, or let all traffic of a small slice in";
            out.push(RULE.at(ctx.part(experiment.meta.span, keyword), message).help(help));
        }
    }
}

fn enters(experiment: &Experiment) -> f64 {
    experiment.layers.iter().map(|s| s.takes.share()).fold(experiment.traffic.share(), |all, slice| all * slice)
}
