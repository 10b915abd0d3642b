use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::{MethodKind, Status};

rule! {
    /// A test with a Bayesian method was ended before its planned day.
    ///
    /// A posterior chance is not protected against looking often: a test that is ended the day the chance crosses 95 % is
    /// wrong more often than one time in twenty.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" {
    ///   status stopped on 2026-10-19 because "The chance was 96%"
    ///   method bayesian with level 5% and power 80%
    /// }
    /// ```
    ///
    /// Better: let it run to its end, or plan a sequential method.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" {
    ///   status stopped on 2026-11-02 because "Planned end, the chance was 96%"
    ///   method bayesian with level 5% and power 80%
    /// }
    /// ```
    "bayesian-stopped-early", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values().filter(|e| e.method.kind == MethodKind::Bayesian) {
        let (Status::Stopped(on, _) | Status::Shipped(_, on, _)) = &experiment.status else { continue };
        if *on < experiment.runs.1 {
            let (id, end) = (&experiment.meta.id, experiment.runs.1);
            let message = format!("`{id}` ended on {on}, before {end}, and a bayesian method does not allow for looks");
            let finding =
                RULE.at(ctx.part(experiment.meta.span, "status"), message).also(experiment.method.span, "the method");
            out.push(finding.help("let such a test run to its end, or plan `method sequential …`"));
        }
    }
}
