use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::Status;

rule! {
    /// An experiment ships its control.
    ///
    /// `shipped` says that a variant goes to everybody. The control is what everybody had: nothing ships.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { status shipped control on 2026-11-02 because "No difference was seen" }
    /// ```
    ///
    /// Better: say that it was stopped.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { status stopped on 2026-11-02 because "No difference was seen" }
    /// ```
    "shipped-the-control", Experiments, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let Status::Shipped(variant, on, _) = &experiment.status else { continue };
        if experiment.variants.get(*variant).is_some_and(|v| v.is_control()) {
            let message = format!("`{}` ships its control, which everybody had already", experiment.meta.id);
            let help = format!("write `status stopped on {on} because …`");
            out.push(RULE.at(ctx.part(experiment.meta.span, "status"), message).help(help));
        }
    }
}
