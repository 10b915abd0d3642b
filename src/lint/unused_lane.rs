use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Safety;

rule! {
    /// A lane of the team's own that no line stands in.
    ///
    /// It is an empty row on the map.
    ///
    /// ```journey
    /// lane legal "Legal"
    /// ```
    ///
    /// Better: a line in it, or no lane.
    ///
    /// ```journey
    /// lane legal "Legal"
    /// stage purchase "Purchase" { note legal "Right of withdrawal, 14 days" }
    /// ```
    "unused-lane", Names, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (_, lane) in ctx.model.lanes.iter().filter(|(id, _)| !ctx.usage().lanes.has(*id)) {
        let message = format!("nothing uses lane `{}`", lane.meta.id);
        let mut finding =
            RULE.at(lane.meta.span, message).help("write `note LANE TEXT` at a stage or touchpoint, or take it out");
        finding.fix = ctx.removal(lane.meta.span, "take it out", Safety::Unsafe);
        out.push(finding);
    }
}
