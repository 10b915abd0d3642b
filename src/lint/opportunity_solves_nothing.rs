use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// An opportunity solves only pains that are healed already.
    ///
    /// Every pain it names says `solved by`. The idea has done its work, or somebody else's did: keeping it among the open
    /// ones distorts what to do next.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint checkout "Checkout" {
    ///     pain forced-account "An account is forced before payment" { solved by guest-checkout on 2026-11-02 }
    ///     opportunity later-account "Offer the account afterwards" { solves forced-account; value 2; cost 2 }
    ///   }
    /// }
    /// ```
    ///
    /// Better: point it at a pain that is open.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint checkout "Checkout" {
    ///     pain no-choice "Only one way to pay" { kind leaving; severity low }
    ///     opportunity wallets "Take wallets" { solves no-choice; value 2; cost 2 }
    ///   }
    /// }
    /// ```
    "opportunity-solves-nothing", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, opportunity) in ctx.model.opportunities.iter() {
        let open = |p: &_| ctx.model.pains[*p].solved.is_none();
        let healer = ctx.usage().testers.get(id);
        let own = |p: &_| ctx.model.pains[*p].solved.is_some_and(|(e, _)| healer.contains(&e));
        if !opportunity.solves.iter().any(|p| open(p) || own(p)) {
            let message = format!("all that opportunity `{}` solves is healed already", opportunity.meta.id);
            let span = ctx.part(opportunity.meta.span, "solves");
            out.push(RULE.at(span, message).help("name a pain that is open, or take the opportunity out"));
        }
    }
}
