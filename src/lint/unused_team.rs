use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Safety;

rule! {
    /// A team that owns nothing.
    ///
    /// It answers for no touchpoint, no experiment and no survey. Either work is not on the map, or the team is
    /// history.
    ///
    /// ```journey
    /// team finance "Finance"
    /// ```
    ///
    /// Better: let it own what it answers for.
    ///
    /// ```journey
    /// stage purchase "Purchase" {
    ///   touchpoint order-placed "Order placed" { owner product 2%, finance 3% }
    /// }
    /// team finance "Finance"
    /// ```
    "unused-team", Names, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (_, team) in ctx.model.teams.iter().filter(|(id, _)| !ctx.usage().teams.has(*id)) {
        let message = format!("nothing uses team `{}`", team.meta.id);
        let mut finding =
            RULE.at(team.meta.span, message).help("name it as `owner` of what it answers for, or take it out");
        finding.fix = ctx.removal(team.meta.span, "take it out", Safety::Unsafe);
        out.push(finding);
    }
}
