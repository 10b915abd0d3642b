use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A requirement runs against the order of the map.
    ///
    /// `require at least 35% from checkout to order-placed` is a share of those at the first who reach the second. With the
    /// two swapped it is near 100 % always, or near none.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" { require at least 35% from order-placed to checkout for maya }
    /// ```
    ///
    /// Better: from the earlier to the later.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" { require at least 35% from checkout to order-placed for maya }
    /// ```
    "requirement-backwards", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for requirement in ctx.model.journeys.values().flat_map(|j| &j.requirements) {
        let (from, to) = (&ctx.model.touchpoints[requirement.from], &ctx.model.touchpoints[requirement.to]);
        if from.journey == to.journey && ctx.place(requirement.from) >= ctx.place(requirement.to) {
            let message = format!("`{}` does not come before `{}` on the map", from.meta.id, to.meta.id);
            out.push(RULE.at(requirement.span, message).help("write `from` the earlier `to` the later touchpoint"));
        }
    }
}
