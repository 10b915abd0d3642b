use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::lint::frame::calendar::overlap;
use crate::model::Experiment;
use crate::model::experiment::Status;

rule! {
    /// Two experiments run at one touchpoint at the same time, outside a layer.
    ///
    /// The same people see both. What one changes shows in the numbers of the other, and neither can say what its own variant
    /// did. A layer gives each person to at most one of them.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { status running }
    /// experiment quiz-on-guide "Fewer fields" { at guitar.checkout; runs from 2026-10-05 to 2026-11-29; status running }
    /// ```
    ///
    /// Better: let both take their slice of one layer, or run one after the other.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { status running }
    /// experiment quiz-on-guide "Fewer fields" {
    ///   at guitar.checkout
    ///   runs from 2026-10-05 to 2026-11-29
    ///   status running
    ///   layer checkout-page takes 50%
    /// }
    /// ```
    "overlapping-tests", Experiments, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (place, touchpoint) in ctx.model.touchpoints.iter() {
        let here = ctx.usage().experiments_at.get(place).iter().map(|e| &ctx.model.experiments[*e]);
        let here: Vec<&Experiment> = here.filter(|e| !e.status.is_concluded()).collect();
        for (i, second) in here.iter().enumerate() {
            let others = here.iter().take(i).rev().take(MOST).filter(|first| !apart(first, second));
            for (first, (from, to)) in others.filter_map(|first| Some((first, overlap(first, second)?))) {
                let (a, b, at) = (&first.meta.id, &second.meta.id, &touchpoint.meta.id);
                let message = format!("`{a}` and `{b}` both run at `{at}` from {from} to {to}, outside a layer");
                let finding = RULE.at(second.meta.span, message).also(first.meta.span, "the other");
                out.push(
                    finding
                        .help("give each a slice of one layer (`layer LAYER takes 50%`), or run one after the other"),
                );
            }
        }
    }
}

/// How many before it each is compared with.
const MOST: usize = 64;

/// Returns whether nobody can be in both, or both are still drafts.
fn apart(a: &Experiment, b: &Experiment) -> bool {
    let layered = a.layers.iter().any(|s| b.layers.iter().any(|t| t.layer == s.layer));
    layered || (a.status == Status::Draft && b.status == Status::Draft)
}
