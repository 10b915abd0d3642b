use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::Status;

rule! {
    /// The reason for an end or a restart says next to nothing.
    ///
    /// Whoever reads the record in a year wants to know why. A single word does not tell.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { status stopped on 2026-11-02 because "ok" }
    /// ```
    ///
    /// Better: a few words.
    ///
    /// ```journey
    /// experiment guest-checkout "Guest checkout" { status stopped on 2026-11-02 because "Planned end, no clear winner" }
    /// ```
    "short-reason", Experiments, Note; check
}

/// Fewer characters than this are no reason, unless the script needs few.
const LEAST: usize = 8;

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for experiment in ctx.model.experiments.values() {
        if let Status::Stopped(_, because) | Status::Shipped(_, _, because) = &experiment.status
            && is_short(because)
        {
            let span = ctx.part(experiment.meta.span, "status");
            out.push(RULE.at(span, "this end has next to no reason").help("write a few words behind `because`"));
        }
        for restart in experiment.restarts.iter().filter(|r| is_short(&r.because)) {
            out.push(
                RULE.at(restart.span, "this restart has next to no reason").help("write a few words behind `because`"),
            );
        }
    }
}

fn is_short(text: &str) -> bool {
    text.chars().map(|c| if c >= '\u{2E80}' { 3 } else { 1 }).sum::<usize>() < LEAST
}
