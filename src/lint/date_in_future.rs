use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::experiment::Status;
use crate::model::value::Date;
use crate::source::Span;

rule! {
    /// Something that has happened is dated in the future.
    ///
    /// Evidence was learnt, a pain was found or healed, a test was stopped or shipped: all of that lies behind us. A day to
    /// come is most often a slip in the year.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" {
    ///   evidence "Beginners 2026" { kind survey; people 212; on 2027-08-20 }
    /// }
    /// ```
    ///
    /// Better: the day it was.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" {
    ///   evidence "Beginners 2026" { kind survey; people 212; on 2026-08-20 }
    /// }
    /// ```
    "date-in-future", Journeys, Warning, dated; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = ctx.model;
    let mut report = |day: Date, declaration: Span, keyword: &str, what: &str| {
        if day > ctx.today {
            let message = format!("{what} on {day}, which is still to come");
            out.push(RULE.at(ctx.part(declaration, keyword), message).help("mend the date"));
        }
    };
    ctx.evidence().for_each(|e| report(e.on, e.span, "on", "this was learnt"));
    for pain in model.pains.values() {
        if let Some(on) = pain.found_in_data {
            report(on, pain.meta.span, "found", "this pain was found");
        }
        if let Some((_, on)) = pain.solved {
            report(on, pain.meta.span, "solved", "this pain was solved");
        }
    }
    for experiment in model.experiments.values() {
        if let Status::Stopped(on, _) | Status::Shipped(_, on, _) = experiment.status {
            let what = format!("this test was {}", experiment.status.name());
            report(on, experiment.meta.span, "status", &what);
        }
    }
}
