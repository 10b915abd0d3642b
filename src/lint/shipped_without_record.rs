use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::Status;

rule! {
    /// An experiment has shipped, and the map does not say what it healed.
    ///
    /// The loop ends on the map: the pain that the tested opportunity solves says `solved by`. Until then it stays open, and
    /// somebody will plan for it again.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { status shipped guest on 2026-11-02 because "5% more orders" }
    /// ```
    ///
    /// Better: write it back to the map.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { status shipped guest on 2026-11-02 because "5% more orders" }
    /// stage purchase "Purchase" {
    ///   touchpoint checkout "Checkout" {
    ///     pain forced-account "An account is forced before payment" { solved by guest-checkout on 2026-11-02 }
    ///   }
    /// }
    /// ```
    "shipped-without-record", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        let Status::Shipped(variant, on, _) = &experiment.status else { continue };
        let control = experiment.variants.get(*variant).is_some_and(|v| v.is_control());
        let Some(opportunity) = experiment.tests.filter(|_| !control).map(|o| &ctx.model.opportunities[o]) else {
            continue;
        };
        let mut pains = opportunity.solves.iter().map(|p| &ctx.model.pains[*p]);
        if let Some(open) = pains.find(|p| p.solved.is_none()) {
            let (id, pain) = (&experiment.meta.id, &open.meta.id);
            let message = format!("`{id}` has shipped, and pain `{pain}` is still open on the map");
            let finding = RULE.at(ctx.part(experiment.meta.span, "status"), message).also(open.meta.span, "the pain");
            out.push(finding.help(format!("write `solved by {id} on {on}` in `{pain}`, if it is")));
        }
    }
}
