use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::calendar::overlap;
use crate::model::experiment::Status;

rule! {
    /// Two drafts are planned for one touchpoint at the same time, outside a layer.
    ///
    /// Started as planned, both would change what the same people see. There is still time to part them.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" {
    ///   # no layer
    ///   at guitar.comparison-guide
    ///   runs from 2026-11-30 to 2026-12-27
    ///   status draft
    /// }
    /// ```
    ///
    /// Better: a layer for both, or one after the other.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" {
    ///   # no layer
    ///   at guitar.comparison-guide
    ///   runs from 2027-01-11 to 2027-02-07
    ///   status draft
    /// }
    /// ```
    "drafts-collide", Experiments, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (place, touchpoint) in ctx.model.touchpoints.iter() {
        let here = ctx.usage().experiments_at.get(place).iter().map(|e| &ctx.model.experiments[*e]);
        let here: Vec<_> = here.filter(|e| e.status == Status::Draft).collect();
        for (i, second) in here.iter().enumerate() {
            for first in here.iter().take(i).rev().take(MOST) {
                let layered = first.layers.iter().any(|s| second.layers.iter().any(|t| t.layer == s.layer));
                let Some((from, to)) = overlap(first, second).filter(|_| !layered) else { continue };
                let (a, b, at) = (&first.meta.id, &second.meta.id, &touchpoint.meta.id);
                let message = format!("`{a}` and `{b}` are both planned at `{at}` from {from} to {to}");
                let finding = RULE.at(ctx.part(second.meta.span, "runs"), message);
                let finding = finding.also(ctx.part(first.meta.span, "runs"), "the other");
                out.push(finding.help("give each a slice of one layer, or plan one after the other"));
            }
        }
    }
}

/// How many before it each is compared with.
const MOST: usize = 64;
