//! Every metric of an experiment against the control: [`results`].
use super::capped;
use super::contrast::Contrast;
use super::judge::{Judge, Judged};
use super::report::{Comparison, Decision, Estimate, Inconclusive, MetricResult, Outcome, Role, Value};
use super::request::{Measured, Request};
use super::words::say;
use crate::stats::Interval;
use crate::stats::method::p_adjust::holm;
use crate::tally::Cut;

/// One treatment against the control on one measure: the contrast and what the judge says.
pub(super) struct Row<'r> {
    pub measured: Measured<'r>,
    pub arm: u32,
    pub contrast: Result<Contrast, Inconclusive>,
    pub judged: Option<Judged>,
}

/// Returns every comparison, primaries first.
pub(super) fn rows<'r>(request: &Request<'r>, judge: Option<&Judge>) -> Vec<Row<'r>> {
    let arms = || 1..request.arms();
    let measured = request.measured();
    let each = measured.into_iter().flat_map(|m| arms().map(move |arm| (m, arm)));
    each.map(|(measured, arm)| {
        let pair = request.pair(measured.place, arm, &Cut::Total).filter(|_| !request.reweighted());
        let contrast = request.compared(&measured, arm);
        let mut judged = judge.and_then(|judge| contrast.as_ref().ok().map(|c| judge.judge(c)));
        if let (Some(judge), Some(judged), Some((a, b))) = (judge, &mut judged, pair) {
            judged.notes.extend(capped::note(judge, a, b));
        }
        Row { measured, arm, contrast, judged }
    })
    .collect()
}

/// Returns the metrics with their values and comparisons; with a gate, comparisons and values are withheld for its reason.
pub(super) fn results(
    request: &Request,
    rows: &[Row],
    judge: Option<&Judge>,
    gate: Option<Inconclusive>,
) -> Vec<MetricResult> {
    let adjusted = adjusted(rows);
    let family = rows.iter().filter(|r| r.measured.role == Role::Primary && r.judged.is_some()).count();
    let mut results: Vec<MetricResult> = Vec::new();
    let mut last: Option<(Role, u32)> = None;
    for (row, p_adjusted) in rows.iter().zip(adjusted) {
        let m = &row.measured;
        if last != Some((m.role, m.place)) {
            results.push(without_comparisons(request, m, gate));
            last = Some((m.role, m.place));
        }
        let outcome = outcome(row, judge, gate, p_adjusted, family, request.spec().method.power.share());
        if let Some(result) = results.last_mut() {
            result.comparisons.push(Comparison { arm: row.arm as usize, outcome });
        }
    }
    results
}

fn without_comparisons(request: &Request, m: &Measured, gate: Option<Inconclusive>) -> MetricResult {
    let value = |arm: u32| {
        let shown = request.value(m, arm).unwrap_or(Value { n: 0, value: None, count: None });
        if gate.is_some() { Value { value: None, count: None, ..shown } } else { shown }
    };
    MetricResult {
        metric: m.metric.meta.id.clone(),
        title: m.title(request.model),
        role: m.role,
        higher_is_better: m.higher_is_better(),
        unit: m.unit(request.model),
        planned_change: m.change.map(|c| c.to_string()),
        values: (0..request.arms()).map(value).collect(),
        comparisons: Vec::new(),
    }
}

/// Holm's p-values of the primaries, in the order of the rows; nothing for the others.
fn adjusted(rows: &[Row]) -> Vec<Option<f64>> {
    let p = |row: &Row| row.judged.as_ref().and_then(|j| j.p).filter(|_| row.measured.role == Role::Primary);
    holm(&rows.iter().map(p).collect::<Vec<_>>())
}

fn outcome(
    row: &Row,
    judge: Option<&Judge>,
    gate: Option<Inconclusive>,
    p_adjusted: Option<f64>,
    family: usize,
    power: f64,
) -> Outcome {
    if let Some(reason) = gate {
        return Outcome::Inconclusive(reason);
    }
    match (&row.contrast, &row.judged, judge) {
        (Err(reason), ..) => Outcome::Inconclusive(*reason),
        (Ok(contrast), Some(judged), Some(judge)) => {
            let together = row.measured.role == Role::Primary && family > 1;
            let simultaneous = together.then(|| judge.interval_at(contrast, judge.level / family as f64));
            Outcome::Estimate(Box::new(estimate(row, contrast, judged, judge, (p_adjusted, simultaneous), power)))
        }
        _ => Outcome::Inconclusive(Inconclusive::NotYet),
    }
}

fn estimate(
    row: &Row,
    contrast: &Contrast,
    judged: &Judged,
    judge: &Judge,
    (p_adjusted, simultaneous): (Option<f64>, Option<Interval>),
    power: f64,
) -> Estimate {
    let m = &row.measured;
    let guard = m.shift().filter(|_| m.role == Role::Guardrail);
    let p_non_inferior = guard.and_then(|margin| judge.p_within(contrast, margin, !m.higher_is_better()));
    let mut notes = judged.notes.clone();
    if guard.is_some() && p_non_inferior.is_none() {
        notes.push(say("note-margin-base", Vec::new()));
    }
    let flipped = |chance: f64| if m.higher_is_better() { chance } else { 1.0 - chance };
    let loss =
        if m.higher_is_better() { judged.expected_loss } else { judged.expected_loss.map(|l| l + contrast.effect()) };
    Estimate {
        effect: contrast.effect(),
        interval: judged.interval,
        inner: judged.inner,
        lift: contrast.lift(),
        lift_interval: judged.lift_interval,
        p: judged.p,
        p_adjusted,
        simultaneous,
        se: contrast.se(),
        smallest_lift: contrast.lift().map(|_| judge.smallest(contrast, power) / contrast.base().abs()),
        p_non_inferior,
        margin: guard.map(|margin| margin.absolute(contrast.base())),
        chance_better: judged.chance_better.map(flipped),
        expected_loss: loss.map(|l| l.max(0.0)),
        method: judged.method,
        decision: decision(m, contrast.effect(), judged, judge, p_adjusted, p_non_inferior),
        notes,
    }
}

/// What an estimate says of its metric.
fn decision(
    m: &Measured,
    effect: f64,
    judged: &Judged,
    judge: &Judge,
    p_adjusted: Option<f64>,
    p_non_inferior: Option<f64>,
) -> Decision {
    if !judge.decides {
        return Decision::Open;
    }
    if m.role == Role::Guardrail {
        return match p_non_inferior {
            Some(p) if p < judge.level / 2.0 => Decision::WithinMargin,
            Some(p) if 1.0 - p < judge.level / 2.0 => Decision::BeyondMargin,
            _ => Decision::Open,
        };
    }
    let differs = match p_adjusted.or(judged.p) {
        Some(p) => p < judge.level,
        None => judged.interval.excludes(0.0),
    };
    match differs {
        false => Decision::Open,
        true if m.is_good(effect) => Decision::Better,
        true => Decision::Worse,
    }
}
