use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Safety;

rule! {
    /// A channel where nothing happens.
    ///
    /// No touchpoint is in it. Either a meeting is missing on the map, or the channel is history.
    ///
    /// ```journey
    /// channel fair "Fairs" { kind offline }
    /// ```
    ///
    /// Better: a touchpoint there, or no channel.
    ///
    /// ```journey
    /// stage awareness "Awareness" {
    ///   touchpoint friend "A friend plays" { channel fair }
    /// }
    /// channel fair "Fairs" { kind offline }
    /// channel word-of-mouth "A friend" { kind offline }
    /// stage retention "Retention" {
    ///   touchpoint nod "A nod" { channel word-of-mouth; owner support }
    /// }
    /// ```
    "unused-channel", Names, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (_, channel) in ctx.model.channels.iter().filter(|(id, _)| !ctx.usage().channels.has(*id)) {
        let message = format!("nothing uses channel `{}`", channel.meta.id);
        let mut finding = RULE.at(channel.meta.span, message).help("let a touchpoint be in it, or take it out");
        finding.fix = ctx.removal(channel.meta.span, "take it out", Safety::Unsafe);
        out.push(finding);
    }
}
