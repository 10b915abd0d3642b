use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A test is planned with little power.
    ///
    /// Power is the chance to see the effect if it is there. Under 80 % more than one good idea in five is thrown away.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { method fixed with level 5% and power 60% }
    /// ```
    ///
    /// Better: 80 % or more.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { method fixed with level 5% and power 80% }
    /// ```
    "low-power", Experiments, Warning; check
}

/// What is customary.
const LEAST: f64 = 0.8;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values().filter(|e| e.method.power.share() < LEAST) {
        let power = experiment.method.power;
        let message =
            format!("with a power of {power}, `{}` overlooks an effect that is there too often", experiment.meta.id);
        out.push(RULE.at(experiment.method.span, message).help("plan with `power 80%` or more"));
    }
}
