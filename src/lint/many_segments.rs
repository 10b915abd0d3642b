use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// Results are cut in many ways.
    ///
    /// Each cut asks the same question of fewer people. Segments are exploratory: with six of them and a few values each,
    /// some segment looks different by luck.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { segments persona, country, device, level, network, list }
    /// ```
    ///
    /// Better: those that somebody would act on.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { segments persona, device }
    /// ```
    "many-segments", Experiments, Note; check
}

/// The most ways of cutting that are not asked about.
const MOST: usize = 5;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        if experiment.segments.len() > MOST {
            let message = format!("`{}` is cut in {} ways", experiment.meta.id, experiment.segments.len());
            let span = ctx.part(experiment.meta.span, "segments");
            out.push(RULE.at(span, message).help("keep those that somebody would act on"));
        }
    }
}
