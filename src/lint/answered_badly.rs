use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::lane::{LaneKind, Place, Quality};

rule! {
    /// The company answers badly, and neither a pain nor an opportunity follows from it.
    ///
    /// `answers badly` is a finding of the team about itself. Left alone it stays a line on a map.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint returns "Sending it back" {
    ///     channel parcel
    ///     owner support
    ///     seen by delivered
    ///     asks "Who pays for it?"
    ///     answers badly "A page of small print"
    ///   }
    /// }
    /// ```
    ///
    /// Better: name the pain, and what could help.
    ///
    /// ```journey
    /// stage retention "Retention" {
    ///   touchpoint returns "Sending it back" {
    ///     channel parcel
    ///     owner support
    ///     seen by delivered
    ///     asks "Who pays for it?"
    ///     answers badly "A page of small print"
    ///     pain small-print "Nobody understands who pays" { kind service; severity low }
    ///     opportunity one-line "Say it in one line" { solves small-print; value 2; cost 1 }
    ///   }
    /// }
    /// ```
    "answered-badly", Journeys, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let stages = ctx.model.stages.values().map(|s| (&s.meta.id, &s.place));
    for (id, place) in stages.chain(ctx.model.touchpoints.values().map(|t| (&t.meta.id, &t.place))) {
        out.extend(unmet(id, place));
    }
}

fn unmet(id: &str, place: &Place) -> Option<Diagnostic> {
    if !place.pains.is_empty() || !place.opportunities.is_empty() {
        return None;
    }
    let line = place.lines.iter().find(|l| l.lane == LaneKind::Answers(Some(Quality::Badly)))?;
    let message = format!("`{id}` answers badly, and no pain or opportunity follows from it");
    Some(RULE.at(line.span, message).help("add a `pain` and an `opportunity` here"))
}
