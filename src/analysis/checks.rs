//! The named checks: each stands in every report as pass, warn, fail or skipped, with its sentence.

use super::metrics::smallest;
use super::report::{Check, CheckId, Estimate, Finding, Inconclusive, MetricResult, Outcome, Phase, Role, Sentence};
use super::words::{p_value, percent, say};
use super::{Case, day};
use crate::model::experiment::{MethodKind, Status};
use crate::model::value::Change;
use crate::stats::Alternative;
use crate::stats::Arm;
use crate::stats::method::{chi2_kx2, srm_chi2, srm_sequential, welch_t};
use crate::tally::{Cut, Mean, Tally};

/// Below this p-value the split is broken.
const SRM_FAIL: f64 = 0.001;
/// Below this one it is worth watching.
const SRM_WARN: f64 = 0.01;

/// Returns every check, in the order of [`CheckId`].
pub(super) fn all(case: &Case<'_>, metrics: &[MetricResult]) -> Vec<Check> {
    use CheckId::*;
    let one = |id, (finding, says): (Finding, Sentence)| Check { id, finding, says };
    vec![
        one(SrmTotal, srm(case)),
        one(SrmDay, srm_day(case)),
        one(TwoVariants, two_variants(case)),
        one(UnknownVariant, unknown_variant(case)),
        one(Recomputed, recomputed(case)),
        one(ExposureGaps, gaps(case)),
        one(EventsBefore, events_before(case)),
        one(Duplicates, duplicates(case)),
        one(ClockSkew, counted(case.tallies.ledger.clock_skew, "clock-skew-pass", "clock-skew-warn", "events")),
        one(Bots, counted(case.tallies.ledger.bots, "bots-pass", "bots-warn", "units")),
        one(Outliers, outliers(case)),
        one(TooFew, too_few(metrics)),
        one(Skewness, skewness(case)),
        one(WholeWeeks, whole_weeks(case)),
        one(Underpowered, underpowered(case, metrics)),
        one(Novelty, (Finding::Skipped, say("novelty-skipped").done())),
        one(PrePeriod, pre_period(case)),
        one(Twyman, twyman(case, metrics)),
        one(SegmentsExploratory, segments(case)),
        one(PlanChanged, (Finding::Skipped, say("plan-changed-skipped").done())),
        one(StoppedEarly, stopped_early(case)),
        one(Consent, consent(case)),
    ]
}

/// Returns whether results must be withheld: the split is broken, or too many units are in two variants.
pub(super) fn gate(case: &Case<'_>) -> bool {
    srm(case).0 == Finding::Fail || two_variants(case).0 == Finding::Fail
}

fn pass(rule: &'static str) -> (Finding, Sentence) {
    (Finding::Pass, say(rule).done())
}

fn counts(case: &Case<'_>, cut: &Cut) -> Vec<f64> {
    let arms = 0..u32::try_from(case.plan.variants.len()).unwrap_or(0);
    arms.map(|arm| case.tallies.exposed(arm, cut) as f64).collect()
}

fn weights(case: &Case<'_>) -> Vec<f64> {
    case.plan.weights.iter().map(|w| w / 100.0).collect()
}

/// Once, by chi-square; while a test may be looked at on any day, by the sequential test over the days (Lindon and Malek).
fn srm_p(case: &Case<'_>) -> Option<f64> {
    let weights = weights(case);
    let once =
        |counts: Vec<f64>| srm_chi2::run(srm_chi2::Input { counts, weights: weights.clone() }).ok().map(|o| o.p_value);
    if case.phase != Phase::Running {
        return once(counts(case, &Cut::Total));
    }
    let days: Vec<Cut> = case.tallies.cuts().into_iter().filter(|c| matches!(c, Cut::Day(_))).collect();
    if days.is_empty() {
        return once(counts(case, &Cut::Total));
    }
    let (mut so_far, mut least) = (vec![0.0; weights.len()], 1.0_f64);
    for cut in &days {
        so_far.iter_mut().zip(counts(case, cut)).for_each(|(all, today)| *all += today);
        let input = srm_sequential::Input { counts: so_far.clone(), weights: weights.clone(), concentration: 10_000.0 };
        least = least.min(srm_sequential::run(input).ok()?.p_value);
    }
    Some(least)
}

fn srm(case: &Case<'_>) -> (Finding, Sentence) {
    let shown: Vec<String> = counts(case, &Cut::Total).iter().map(|c| format!("{c:.0}")).collect();
    let p = if case.units() == 0 { None } else { srm_p(case) };
    let p = p.unwrap_or(1.0);
    let (finding, rule) = match p {
        p if p < SRM_FAIL => (Finding::Fail, "srm-fail"),
        p if p < SRM_WARN => (Finding::Warn, "srm-warn"),
        _ => (Finding::Pass, "srm-pass"),
    };
    (finding, say(rule).with("counts", shown.join(" / ")).with("p", p_value(p)).done())
}

fn srm_day(case: &Case<'_>) -> (Finding, Sentence) {
    let days: Vec<i32> =
        case.tallies.cuts().iter().filter_map(|c| if let Cut::Day(d) = c { Some(*d) } else { None }).collect();
    let weights = weights(case);
    let broken: Vec<i32> = days
        .iter()
        .copied()
        .filter(|d| {
            let input = srm_chi2::Input { counts: counts(case, &Cut::Day(*d)), weights: weights.clone() };
            srm_chi2::run(input).is_ok_and(|o| o.p_value * (days.len() as f64) < SRM_FAIL)
        })
        .collect();
    match broken.first().and_then(|d| day(*d)) {
        None => pass("srm-day-pass"),
        Some(first) => {
            (Finding::Warn, say("srm-day-warn").with("days", number(broken.len(), "day")).with("first", first).done())
        }
    }
}

fn number(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn two_variants(case: &Case<'_>) -> (Finding, Sentence) {
    let crossed: u64 = case.tallies.ledger.crossed.values().sum();
    let all = case.units() + crossed;
    if crossed == 0 {
        return pass("two-variants-pass");
    }
    let share = crossed as f64 / all as f64;
    let fill = |rule| say(rule).with("units", crossed).with("share", percent(share)).done();
    match share {
        s if s >= 0.05 => (Finding::Fail, fill("two-variants-fail")),
        s if s >= 0.01 && crossed >= 10 => (Finding::Warn, fill("two-variants-some")),
        _ => (Finding::Pass, fill("two-variants-some")),
    }
}

fn unknown_variant(case: &Case<'_>) -> (Finding, Sentence) {
    let unknown = &case.tallies.ledger.unknown_variants;
    let units: u64 = unknown.values().sum();
    if units == 0 {
        return pass("unknown-variant-pass");
    }
    let names: Vec<&str> = unknown.keys().take(5).map(String::as_str).collect();
    (Finding::Warn, say("unknown-variant-warn").with("units", units).with("names", names.join(", ")).done())
}

fn recomputed(case: &Case<'_>) -> (Finding, Sentence) {
    let (all, wrong) = (case.tallies.ledger.compared, case.tallies.ledger.disagreed);
    if all == 0 {
        return (Finding::Skipped, say("recomputed-skipped").done());
    }
    let share = wrong as f64 / all as f64;
    match wrong {
        0 => (Finding::Pass, say("recomputed-pass").with("units", all).done()),
        _ if share >= 0.05 => (Finding::Fail, say("recomputed-fail").with("share", percent(share)).done()),
        _ => (Finding::Warn, say("recomputed-warn").with("units", wrong).with("all", all).done()),
    }
}

fn gaps(case: &Case<'_>) -> (Finding, Sentence) {
    let Some((first, last)) = case.days() else { return pass("exposure-gaps-pass") };
    let length = (last - first).get_days();
    let origin = crate::model::value::Date::constant(1970, 1, 1);
    let from = (first - origin).get_days();
    // the first and the last day may be cut
    let inner: Vec<(i32, f64)> =
        (from + 1..from + length).map(|d| (d, counts(case, &Cut::Day(d)).iter().sum())).collect();
    let mut sorted: Vec<f64> = inner.iter().map(|(_, n)| *n).collect();
    sorted.sort_by(f64::total_cmp);
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
    let low: Vec<i32> = inner.iter().filter(|(_, n)| *n < median / 2.0).map(|(d, _)| *d).collect();
    match low.first().and_then(|d| day(*d)) {
        None => pass("exposure-gaps-pass"),
        Some(first) => (
            Finding::Warn,
            say("exposure-gaps-warn").with("days", number(low.len(), "day")).with("first", first).done(),
        ),
    }
}

fn events_before(case: &Case<'_>) -> (Finding, Sentence) {
    let ledger = &case.tallies.ledger;
    let share = if ledger.events == 0 { 0.0 } else { ledger.before_exposure as f64 / ledger.events as f64 };
    match share {
        0.0 => pass("events-before-pass"),
        s if s < 0.01 => (Finding::Pass, say("events-before-warn").with("share", percent(s)).done()),
        s => (Finding::Warn, say("events-before-warn").with("share", percent(s)).done()),
    }
}

fn duplicates(case: &Case<'_>) -> (Finding, Sentence) {
    let ledger = &case.tallies.ledger;
    let share = if ledger.rows == 0 { 0.0 } else { ledger.duplicates as f64 / ledger.rows as f64 };
    let (finding, rule) =
        if share > 0.01 { (Finding::Warn, "duplicates-warn") } else { (Finding::Pass, "duplicates-pass") };
    (finding, say(rule).with("share", percent(share)).done())
}

fn counted(n: u64, fine: &'static str, odd: &'static str, what: &'static str) -> (Finding, Sentence) {
    if n == 0 { pass(fine) } else { (Finding::Warn, say(odd).with(what, n).done()) }
}

/// Calls `visit` with the title and the moments of every metric that has them, arm by arm.
fn means<'c>(case: &'c Case<'_>, cut: &Cut) -> Vec<(&'c str, usize, &'c Mean)> {
    let mut all = Vec::new();
    for (place, measure) in case.plan.measures.iter().enumerate() {
        let title = case.model.metrics[measure.metric].meta.title.as_str();
        for arm in 0..case.plan.variants.len() {
            let (Ok(p), Ok(a)) = (u32::try_from(place), u32::try_from(arm)) else { continue };
            match case.tallies.get(p, a, cut) {
                Some(Tally::Mean(m)) => all.push((title, arm, m)),
                Some(Tally::Pair(pair)) if measure.before.is_some() => all.push((title, arm, pair.y())),
                _ => {}
            }
        }
    }
    all
}

fn outliers(case: &Case<'_>) -> (Finding, Sentence) {
    let mut worst: Option<(&str, f64)> = None;
    for (title, _, mean) in means(case, &Cut::Total) {
        let (Some(top), Some(variance), Some(centre)) = (mean.top(), mean.variance(), mean.mean()) else { continue };
        let few = (mean.n() as f64 / 1000.0).ceil() as usize;
        let held: f64 = top.iter().take(few).map(|v| (v - centre) * (v - centre)).sum();
        let share = held / (variance * (mean.n().max(2) - 1) as f64);
        if variance > 0.0 && share > 0.2 && worst.is_none_or(|(_, s)| share > s) {
            worst = Some((title, share));
        }
    }
    match worst {
        None => pass("outliers-pass"),
        Some((metric, share)) => {
            (Finding::Warn, say("outliers-warn").with("metric", metric).with("share", percent(share.min(1.0))).done())
        }
    }
}

fn too_few(metrics: &[MetricResult]) -> (Finding, Sentence) {
    let few =
        |m: &&MetricResult| m.comparisons.iter().any(|c| c.outcome == Outcome::Inconclusive(Inconclusive::TooFew));
    match metrics.iter().find(few) {
        None => pass("too-few-pass"),
        Some(m) => (Finding::Warn, say("too-few-warn").with("metric", &m.title).done()),
    }
}

/// An arm needs 355 times the squared skewness in units for its interval to be right (Kohavi and others 2014).
fn skewness(case: &Case<'_>) -> (Finding, Sentence) {
    for (title, _, mean) in means(case, &Cut::Total) {
        let Some(skewness) = mean.skewness() else { continue };
        let needed = 355.0 * skewness * skewness;
        if (mean.n() as f64) < needed {
            return (
                Finding::Warn,
                say("skewness-warn").with("metric", title).with("units", format!("{:.0}", needed.ceil())).done(),
            );
        }
    }
    pass("skewness-pass")
}

fn whole_weeks(case: &Case<'_>) -> (Finding, Sentence) {
    let (from, to) = (case.experiment.counts_from(), case.experiment.runs.1);
    let days = (to - from).get_days() + 1;
    if days % 7 == 0 {
        pass("whole-weeks-pass")
    } else {
        (Finding::Warn, say("whole-weeks-warn").with("days", days).done())
    }
}

fn estimates(metrics: &[MetricResult]) -> impl Iterator<Item = (&MetricResult, &Estimate)> {
    metrics.iter().flat_map(|m| {
        m.comparisons
            .iter()
            .filter_map(move |c| if let Outcome::Estimate(e) = &c.outcome { Some((m, &**e)) } else { None })
    })
}

fn underpowered(case: &Case<'_>, metrics: &[MetricResult]) -> (Finding, Sentence) {
    let mut judged = false;
    for (metric, estimate) in estimates(metrics).filter(|(m, _)| m.role == Role::Primary) {
        let planned = case.experiment.primaries.iter().find(|p| case.model.metrics[p.metric].meta.id == metric.metric);
        let Some(expected) = planned.and_then(|p| p.expects) else { continue };
        let Some((lift, diff)) = smallest(case, estimate) else { continue };
        judged = true;
        let (seen, wanted) = match expected {
            Change::Relative(p) => (lift.unwrap_or(f64::MAX), p.share().abs()),
            Change::Points(d) => (diff, (d.to_f64() / 100.0).abs()),
            Change::Money(m) => (diff, m.to_f64().abs()),
            Change::Absolute(d, _) => (diff, d.to_f64().abs()),
        };
        if seen > wanted {
            let text = lift.map_or_else(|| format!("{diff:.4}"), percent);
            let says = say("underpowered-warn").with("metric", &metric.title).with("smallest", text);
            return (Finding::Warn, says.with("expected", expected).done());
        }
    }
    if judged { pass("underpowered-pass") } else { (Finding::Skipped, say("underpowered-skipped").done()) }
}

/// What the units did before exposure cannot be an effect of it.
fn pre_period(case: &Case<'_>) -> (Finding, Sentence) {
    let mut looked = false;
    for (place, measure) in case.plan.measures.iter().enumerate().filter(|(_, m)| m.before.is_some()) {
        let arm = |arm: usize| {
            let tally = case.tallies.get(u32::try_from(place).ok()?, u32::try_from(arm).ok()?, &Cut::Total)?;
            if let Tally::Pair(pair) = tally { Arm::of(pair.x()) } else { None }
        };
        let Some(control) = arm(0) else { continue };
        for treatment in (1..case.plan.variants.len()).filter_map(arm) {
            looked = true;
            let test =
                welch_t::compare(&control, &treatment, treatment.mean - control.mean, 0.0, 0.05, Alternative::TwoSided);
            if let Some(p) = test.p_value.filter(|p| *p < 0.001) {
                let title = &case.model.metrics[measure.metric].meta.title;
                return (Finding::Warn, say("pre-period-warn").with("metric", title).with("p", p_value(p)).done());
            }
        }
    }
    if looked { pass("pre-period-pass") } else { (Finding::Skipped, say("pre-period-skipped").done()) }
}

/// Any figure that looks interesting is usually wrong (Twyman's law).
fn twyman(case: &Case<'_>, metrics: &[MetricResult]) -> (Finding, Sentence) {
    for (metric, estimate) in estimates(metrics) {
        let planned = case.experiment.primaries.iter().find(|p| case.model.metrics[p.metric].meta.id == metric.metric);
        let expected = planned
            .and_then(|p| p.expects)
            .and_then(|c| if let Change::Relative(p) = c { Some(p.share().abs()) } else { None });
        let limit = expected.map_or(0.5, |e| (5.0 * e).min(0.5));
        let Some(lift) = estimate.lift.filter(|l| l.abs() > limit) else { continue };
        if estimate.interval.excludes(0.0) {
            return (
                Finding::Warn,
                say("twyman-warn").with("lift", percent(lift)).with("metric", &metric.title).done(),
            );
        }
    }
    pass("twyman-pass")
}

fn segments(case: &Case<'_>) -> (Finding, Sentence) {
    let cuts = case.tallies.cuts().iter().filter(|c| matches!(c, Cut::Segment { .. })).count();
    match cuts {
        0 => pass("segments-none"),
        n => (Finding::Pass, say("segments-note").with("cuts", n).done()),
    }
}

fn stopped_early(case: &Case<'_>) -> (Finding, Sentence) {
    let on = match &case.experiment.status {
        Status::Stopped(on, _) | Status::Shipped(_, on, _) if case.phase == Phase::StoppedEarly => on,
        _ => return pass("stopped-early-pass"),
    };
    let says = say("stopped-early-warn").with("on", on).with("end", case.experiment.runs.1).done();
    let allowed = matches!(case.experiment.method.kind, MethodKind::Sequential | MethodKind::GroupSequential { .. });
    (if allowed { Finding::Pass } else { Finding::Warn }, says)
}

fn consent(case: &Case<'_>) -> (Finding, Sentence) {
    let without = &case.tallies.ledger.without_consent;
    if without.values().sum::<u64>() == 0 {
        return (Finding::Skipped, say("consent-skipped").done());
    }
    let arms = 0..u32::try_from(case.plan.variants.len()).unwrap_or(0);
    let x: Vec<f64> = arms.clone().map(|a| without.get(&a).copied().unwrap_or(0) as f64).collect();
    let n: Vec<f64> = arms.zip(&x).map(|(a, x)| case.tallies.exposed(a, &Cut::Total) as f64 + x).collect();
    match chi2_kx2::run(chi2_kx2::Input { x, n }).ok().map(|o| o.p_value).filter(|p| *p < 0.001) {
        Some(p) => (Finding::Warn, say("consent-warn").with("p", p_value(p)).done()),
        None => pass("consent-pass"),
    }
}
