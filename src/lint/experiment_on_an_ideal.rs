use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// An experiment runs on an ideal journey.
    ///
    /// An ideal says how things should be; nobody passes there yet. The test belongs to the journey as it is.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { at guitar-ideal.checkout; exposed by checkout-viewed }
    /// ```
    ///
    /// Better: the touchpoint of the journey as it is.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { at guitar.checkout; exposed by checkout-viewed }
    /// ```
    "experiment-on-an-ideal", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let journey = &ctx.model.journeys[experiment.journey];
        if let Some(base) = journey.ideal_of {
            let base = &ctx.model.journeys[base].meta.id;
            let message = format!("`{}` is an ideal, and nobody passes there yet", journey.meta.id);
            let help = format!("name the touchpoint in `{base}`");
            out.push(RULE.at(ctx.part(experiment.meta.span, "at"), message).help(help));
        }
    }
}
