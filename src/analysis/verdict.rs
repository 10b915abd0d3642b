//! What the numbers allow one to do: an enumeration with a reason, by rules written before the start.

use super::Case;
use super::metrics::{ends, smallest};
use super::report::{
    Check, Decision, Estimate, Finding, Inconclusive, MetricResult, Outcome, Phase, Role, Sentence, Verdict,
};
use super::words::{percent, say};
use crate::model::experiment::MethodKind;
use crate::model::value::Change;

/// Returns the verdict.
pub(super) fn verdict(case: &Case<'_>, metrics: &[MetricResult], checks: &[Check]) -> Verdict {
    let end = case.experiment.runs.1;
    match case.phase {
        Phase::Draft => return Verdict::NotStarted { says: say("verdict-draft").done() },
        Phase::NoData => return Verdict::CannotTell { smallest: None, says: say("verdict-no-data").done() },
        Phase::Running | Phase::Complete | Phase::StoppedEarly => {}
    }
    if let Some(check) = checks.iter().find(|c| c.finding == Finding::Fail) {
        return Verdict::Invalid { says: say("verdict-check-failed").with("check", &check.says.text).done() };
    }
    let fixed = matches!(case.experiment.method.kind, MethodKind::Fixed | MethodKind::Bayesian);
    match (fixed, case.phase) {
        (true, Phase::Running) => {
            let says = say("verdict-fixed-running").with("end", end).done();
            Verdict::KeepRunning { days: days_left(case), says }
        }
        (true, Phase::StoppedEarly) => {
            Verdict::CannotTell { smallest: None, says: say("verdict-stopped-early").with("end", end).done() }
        }
        _ => decided(case, metrics),
    }
}

fn days_left(case: &Case<'_>) -> Option<u32> {
    let (_, last) = case.days()?;
    u32::try_from((case.experiment.runs.1 - last).get_days()).ok()
}

fn decided(case: &Case<'_>, metrics: &[MetricResult]) -> Verdict {
    let arms = 1..case.plan.variants.len();
    let mut winners: Vec<(f64, usize, Verdict)> = Vec::new();
    let mut losers: Vec<Verdict> = Vec::new();
    for arm in arms {
        match judge(case, metrics, arm) {
            Judgement::Ship(size, verdict) => winners.push((size, arm, verdict)),
            Judgement::Keep(verdict) => losers.push(verdict),
            Judgement::Open => {}
        }
    }
    winners.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    if let Some((.., verdict)) = winners.into_iter().next() {
        return verdict;
    }
    let all_lose = losers.len() + 1 == case.plan.variants.len();
    match losers.into_iter().next() {
        Some(verdict) if all_lose => verdict,
        _ => open(case, metrics),
    }
}

enum Judgement {
    /// May be shipped; by how much it is better, for choosing among several.
    Ship(f64, Verdict),
    /// The control is better, or something forbids it.
    Keep(Verdict),
    /// Nothing is decided.
    Open,
}

/// The rule that ships: a primary better, every guardrail inside its limit, nothing worse.
fn judge(case: &Case<'_>, metrics: &[MetricResult], arm: usize) -> Judgement {
    let of = |m: &MetricResult| m.comparisons.iter().find(|c| c.arm == arm).map(|c| c.outcome.clone());
    let estimate = |m: &MetricResult| match of(m) {
        Some(Outcome::Estimate(e)) => Some(*e),
        _ => None,
    };
    let decision = |m: &MetricResult| estimate(m).map_or(Decision::Open, |e| e.decision);
    let role = |role: Role| metrics.iter().filter(move |m| m.role == role);
    let keep = |says: Sentence| Judgement::Keep(Verdict::KeepControl { says });
    if let Some(worse) = role(Role::Primary).find(|m| decision(m) == Decision::Worse) {
        let (low, high) = estimate(worse).map(|e| shown(&e)).unwrap_or_default();
        return keep(say("verdict-worse").with("metric", &worse.title).with("low", low).with("high", high).done());
    }
    let better = role(Role::Primary).find(|m| decision(m) == Decision::Better);
    if let Some(beyond) = role(Role::Guardrail).find(|m| decision(m) == Decision::BeyondMargin) {
        return keep(say("verdict-guardrail-beyond").with("guardrail", &beyond.title).done());
    }
    let Some((better, e)) = better.and_then(|m| Some((m, estimate(m)?))) else { return Judgement::Open };
    if let Some(worse) = role(Role::Secondary).find(|m| decision(m) == Decision::Worse) {
        return keep(say("verdict-deteriorated").with("metric", &worse.title).done());
    }
    if let Some(unsure) = role(Role::Guardrail).find(|m| decision(m) != Decision::WithinMargin) {
        let says = say("verdict-guardrail-open").with("metric", &better.title).with("guardrail", &unsure.title).done();
        // with time the guardrail may be shown to hold: an open plan goes on
        return if case.phase == Phase::Running { Judgement::Open } else { keep(says) };
    }
    let (low, high) = shown(&e);
    let lift = e.lift.map_or_else(|| format!("{:.4}", e.effect), percent);
    let says = say("verdict-ship").with("variant", case.title(arm)).with("metric", &better.title);
    let says = says.with("lift", lift).with("low", low).with("high", high).done();
    Judgement::Ship(e.lift.unwrap_or(e.effect).abs(), Verdict::Ship { arm, says })
}

fn shown(estimate: &Estimate) -> (String, String) {
    match &estimate.lift_interval {
        Some(interval) => ends(interval),
        None => {
            let end = |v: Option<f64>| v.map_or("unbounded".to_owned(), |v| format!("{v:.4}"));
            (end(estimate.interval.low), end(estimate.interval.high))
        }
    }
}

/// Nothing won and nothing lost: not yet, no difference that matters, or too small a test.
fn open(case: &Case<'_>, metrics: &[MetricResult]) -> Verdict {
    if case.phase == Phase::Running {
        return Verdict::KeepRunning { days: days_left(case), says: say("verdict-looks-running").done() };
    }
    let Some(primary) = metrics.iter().find(|m| m.role == Role::Primary) else {
        return Verdict::CannotTell { smallest: None, says: say("verdict-no-data").done() };
    };
    let estimates: Vec<&Estimate> = primary
        .comparisons
        .iter()
        .filter_map(|c| if let Outcome::Estimate(e) = &c.outcome { Some(&**e) } else { None })
        .collect();
    let Some(widest) = estimates.iter().copied().max_by(|a, b| width(a).total_cmp(&width(b))) else {
        let why = primary.comparisons.iter().any(|c| c.outcome == Outcome::Inconclusive(Inconclusive::TooFew));
        let rule = if why { "verdict-too-few" } else { "verdict-no-data" };
        return Verdict::CannotTell { smallest: None, says: say(rule).with("metric", &primary.title).done() };
    };
    let expected = case.experiment.primaries.first().and_then(|p| p.expects);
    if let Some(expected) = expected.filter(|e| estimates.iter().all(|x| rules_out(x, *e, primary.higher_is_better))) {
        let (low, high) = shown(widest);
        let says = say("verdict-no-difference").with("metric", &primary.title).with("low", low).with("high", high);
        return Verdict::NoDifference { says: says.with("expected", expected).done() };
    }
    let small = smallest(case, widest);
    let text =
        small.map_or("unknown size".to_owned(), |(lift, diff)| lift.map_or_else(|| format!("{diff:.4}"), percent));
    let says = say("verdict-cannot-tell").with("metric", &primary.title).with("smallest", text).done();
    Verdict::CannotTell { smallest: small.and_then(|(lift, _)| lift), says }
}

fn width(e: &Estimate) -> f64 {
    e.interval.high.zip(e.interval.low).map_or(f64::MAX, |(h, l)| h - l)
}

/// Returns whether the interval rules out the effect that was planned for, in the good direction.
fn rules_out(e: &Estimate, expected: Change, higher: bool) -> bool {
    let (interval, size) = match expected {
        Change::Relative(p) => (e.lift_interval, p.share().abs()),
        Change::Points(d) => (Some(e.interval), (d.to_f64() / 100.0).abs()),
        Change::Money(m) => (Some(e.interval), m.to_f64().abs()),
        Change::Absolute(d, _) => (Some(e.interval), d.to_f64().abs()),
    };
    let best = interval.and_then(|i| if higher { i.high } else { i.low.map(|v| -v) });
    best.is_some_and(|best| best < size)
}
