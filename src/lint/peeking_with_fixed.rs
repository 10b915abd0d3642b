use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::{MethodKind, Status};

rule! {
    /// A test with a fixed method was ended before its planned day.
    ///
    /// `fixed` means one look, at the planned end. Who ends the test earlier has looked earlier, and with five such looks a
    /// level of 5 % is one of 14 %: one in seven tests of nothing "wins".
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" {
    ///   status stopped on 2026-10-19 because "Clear enough"
    ///   method fixed with level 5% and power 80%
    /// }
    /// ```
    ///
    /// Better: a method that allows looks, chosen before the start.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" {
    ///   status stopped on 2026-10-19 because "Clear enough"
    ///   method sequential with level 5% and power 80%
    /// }
    /// ```
    "peeking-with-fixed", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values().filter(|e| e.method.kind == MethodKind::Fixed) {
        let (Status::Stopped(on, _) | Status::Shipped(_, on, _)) = &experiment.status else { continue };
        if *on < experiment.runs.1 {
            let (id, end) = (&experiment.meta.id, experiment.runs.1);
            let message = format!("`{id}` ended on {on}, before {end}, and its method is fixed: one look, at the end");
            let finding =
                RULE.at(ctx.part(experiment.meta.span, "status"), message).also(experiment.method.span, "the method");
            out.push(finding.help("plan `method sequential …` or `group-sequential N looks …` where looks are wanted"));
        }
    }
}
