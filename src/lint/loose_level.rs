use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A test is planned with a loose level.
    ///
    /// The level is the chance to see an effect that is not there. At 20 % one test of nothing in five "wins".
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { method fixed with level 20% and power 80% }
    /// ```
    ///
    /// Better: 10 % at most; 5 % is customary.
    ///
    /// ```journey
    /// experiment quiz-on-guide "A quiz instead of ten options" { method fixed with level 5% and power 80% }
    /// ```
    "loose-level", Experiments, Warning; check
}

/// The loosest level that is not asked about.
const MOST: f64 = 0.1;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values().filter(|e| e.method.level.share() > MOST) {
        let level = experiment.method.level;
        let message =
            format!("at a level of {level}, `{}` sees effects that are not there too often", experiment.meta.id);
        out.push(RULE.at(experiment.method.span, message).help("plan with `level 5%`"));
    }
}
