use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::place::ChannelKind;

rule! {
    /// An online touchpoint that no event shows.
    ///
    /// What happens online can be seen. Without `seen by` the touchpoint stands on the map and in no number: no funnel can
    /// pass it, and no test can run there.
    ///
    /// ```journey
    /// stage consideration "Consideration" {
    ///   touchpoint size-chart "Which size?" { channel blog; owner content }
    /// }
    /// ```
    ///
    /// Better: name the event that shows it.
    ///
    /// ```journey
    /// stage consideration "Consideration" {
    ///   touchpoint size-chart "Which size?" { channel blog; owner content; seen by guide-read }
    /// }
    /// ```
    "touchpoint-without-event", Journeys, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for touchpoint in ctx.model.touchpoints.values().filter(|t| t.seen_by.is_none() && !ctx.is_ideal(t.journey)) {
        let kind = touchpoint.channel.and_then(|c| ctx.model.channels[c].kind);
        if matches!(kind, Some(ChannelKind::Online | ChannelKind::SelfService)) {
            let message = format!("`{}` is online, and no event shows who was there", touchpoint.meta.id);
            out.push(RULE.at(touchpoint.meta.span, message).help("add `seen by EVENT`"));
        }
    }
}
