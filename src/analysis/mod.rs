//! Tallies to a report: which method decides, what must be checked first, and what the numbers allow one to do.
//!
//! [`analyse`] is one pure function: the same tallies give the same report, bit for bit.

mod ages;
mod blank;
mod capped;
mod checks;
mod contrast;
mod interactions;
pub mod journey;
mod judge;
mod methods;
mod over_time;
mod periods;
mod planned;
mod report;
mod request;
mod results;
mod segments;
mod shipped;
mod verdict;
mod walks;
mod words;

pub use blank::{Blank, Scale, p_value};
pub use report::{
    AgeEffect, Arm, ByAge, Check, CheckId, Comparison, Decision, Estimate, Finding, IfShipped, Inconclusive,
    Interaction, MetricResult, Moment, Outcome, OverTime, Phase, Planned, Provenance, Report, Role, SCHEMA, Segment,
    Sentence, StepDifference, Unit, Value, Verdict, Walk, WalkStep,
};
pub use request::{Calibration, Input, Settings};
pub use words::RULES;

use request::Request;
use verdict::Evidence;

/// Returns the report of an experiment; the same input gives the same report.
pub fn analyse(input: Input<'_>) -> Report {
    analyse_with(input, Settings::default())
}

/// Returns the report of an experiment, with what was asked of it beyond the numbers.
pub fn analyse_with(input: Input<'_>, settings: Settings) -> Report {
    let request = &Request::new(input, settings);
    let judge = judge::Judge::of(request);
    let rows = results::rows(request, judge.as_ref());
    let checks = checks::checks(request, &rows);
    let gate = gate(request, &checks, judge.is_some());
    let metrics = results::results(request, &rows, judge.as_ref(), gate);
    let verdict = verdict::verdict(&Evidence { request, judge: judge.as_ref(), metrics: &metrics, checks: &checks });
    let spec = request.spec();
    Report {
        schema: SCHEMA,
        experiment: spec.meta.id.clone(),
        title: spec.meta.title.clone(),
        status: spec.status.name(),
        phase: request.phase(),
        round: spec.round(),
        planned: planned::planned(request),
        days: request.days().map(|(first, last)| (first.to_string(), last.to_string())),
        arms: arms(request),
        over_time: over_time::over_time(request, gate),
        by_age: ages::by_age(request, gate),
        segments: segments::segments(request, judge.as_ref(), gate),
        funnels: walks::walks(request, judge.as_ref(), gate),
        interactions: interactions::interactions(request, gate),
        if_shipped: shipped::if_shipped(request, &metrics, &verdict),
        method: methods::methods(request, judge.as_ref(), &metrics),
        metrics,
        checks,
        verdict,
        provenance: input.provenance.clone(),
    }
}

/// Why no effect may be shown, if one may not.
fn gate(request: &Request, checks: &[Check], readable: bool) -> Option<Inconclusive> {
    if checks.iter().any(checks::closes_gate) && !request.settings().despite_mismatch {
        return Some(Inconclusive::Withheld);
    }
    (!readable).then_some(Inconclusive::NotYet)
}

fn arms(request: &Request) -> Vec<Arm> {
    let spec = request.spec();
    let control = spec.variants.iter().filter(|v| v.is_control());
    let ordered = control.chain(spec.variants.iter().filter(|v| !v.is_control()));
    let arm = |(place, variant): (u32, &crate::model::experiment::Variant)| Arm {
        key: variant.meta.id.clone(),
        title: variant.meta.title.clone(),
        weight: variant.weight.share(),
        units: request.units(place),
    };
    (0..).zip(ordered).map(arm).collect()
}
