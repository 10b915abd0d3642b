//! Checks of who is in which arm.
use super::Found;
use crate::analysis::blank::Blank;
use crate::analysis::periods::Period;
use crate::analysis::report::{Finding, Phase};
use crate::analysis::request::{Request, date};
use crate::analysis::results::Row;
use crate::model::experiment::MethodKind;
use crate::stats::method::{srm_chi2, srm_sequential};
use crate::stats::special::chi2_tails;
use crate::tally::Cut;

/// Below this the split is broken.
const ALARM: f64 = 0.001;
/// Below this it is unlikely.
const UNLIKELY: f64 = 0.01;

/// The chi-square p-value of counts against the planned weights.
fn once(counts: &[f64], weights: &[f64]) -> f64 {
    let input = srm_chi2::Input { counts: counts.to_vec(), weights: weights.to_vec() };
    srm_chi2::run(input).map_or(1.0, |o| o.p_value)
}

/// The p-value of the split of a period so far: always valid while the test is looked at again and again, else read once.
fn p_of(request: &Request, counts: &[f64], period: &Period) -> f64 {
    let read_once = request.spec().method.kind == MethodKind::Fixed && request.phase() != Phase::Running;
    if read_once {
        return once(counts, &period.weights);
    }
    let so_far = |counts: Vec<f64>| {
        let input = srm_sequential::Input { counts, weights: period.weights.clone(), concentration: 10_000.0 };
        srm_sequential::run(input).map_or(1.0, |o| o.p_value)
    };
    let mut running = vec![0.0; counts.len()];
    let within = |day: &Cut| !request.reweighted() || period.cuts.contains(day);
    let days = request.tallies.cuts().into_iter().filter(|c| matches!(c, Cut::Day(_))).filter(within);
    let at_each_day = days.map(|day| {
        (0..).zip(&mut running).for_each(|(arm, sum)| *sum += request.tallies.exposed(arm, &day) as f64);
        so_far(running.clone())
    });
    at_each_day.fold(so_far(counts.to_vec()), f64::min)
}

/// The split of the period whose split is the least likely, corrected for how many there are.
pub(super) fn total(request: &Request, _: &[Row]) -> Found {
    let periods = request.periods();
    let of = |period: &Period| {
        let counts = request.exposed_in(period);
        let p = (p_of(request, &counts, period) * periods.len() as f64).min(1.0);
        (counts.iter().sum::<f64>() > 0.0 && counts.len() > 1).then_some((p, counts, period.weights.clone()))
    };
    let Some((p, counts, weights)) = periods.iter().filter_map(of).min_by(|a, b| a.0.total_cmp(&b.0)) else {
        return Found::skipped();
    };
    let finding = match p {
        p if p < ALARM => Finding::Fail,
        p if p < UNLIKELY => Finding::Warn,
        _ => Finding::Pass,
    };
    Found::new(finding, vec![("counts", Blank::Ratio(counts)), ("weights", Blank::Ratio(weights)), ("p", Blank::P(p))])
}

/// The part with the smallest p-value, corrected for how many parts there are.
fn worst(request: &Request, parts: &[Cut]) -> Option<(Cut, f64)> {
    let p = |cut: &Cut| {
        let weights = match cut {
            Cut::Day(day) => date(*day).map_or_else(|| request.weights(), |day| request.weights_on(day)),
            _ => request.weights(),
        };
        let counts: Vec<f64> = (0..request.arms()).map(|arm| request.tallies.exposed(arm, cut) as f64).collect();
        (once(&counts, &weights) * parts.len() as f64).min(1.0)
    };
    parts.iter().map(|cut| (cut.clone(), p(cut))).min_by(|a, b| a.1.total_cmp(&b.1))
}

pub(super) fn days(request: &Request, _: &[Row]) -> Found {
    let days: Vec<Cut> = request.tallies.cuts().into_iter().filter(|c| matches!(c, Cut::Day(_))).collect();
    let Some((Cut::Day(day), p)) = worst(request, &days) else { return Found::skipped() };
    let day = date(day).map_or_else(|| Blank::name(""), Blank::Day);
    let blanks = vec![("day", day), ("p", Blank::P(p)), ("days", Blank::Count(days.len() as u64))];
    Found::new(if p < ALARM { Finding::Fail } else { Finding::Pass }, blanks)
}

/// Where weights changed, the split of a segment hangs on when its units came, which is no fault.
pub(super) fn segments(request: &Request, _: &[Row]) -> Found {
    if request.reweighted() {
        return Found::skipped();
    }
    let segments: Vec<Cut> = request.tallies.cuts().into_iter().filter(|c| matches!(c, Cut::Segment { .. })).collect();
    let Some((Cut::Segment { value, .. }, p)) = worst(request, &segments) else { return Found::skipped() };
    let blanks =
        vec![("segment", Blank::Name(value)), ("p", Blank::P(p)), ("segments", Blank::Count(segments.len() as u64))];
    Found::new(if p < ALARM { Finding::Fail } else { Finding::Pass }, blanks)
}

pub(super) fn two_variants(request: &Request, _: &[Row]) -> Found {
    let crossed: u64 = request.tallies.ledger.crossed.values().sum();
    let all = (crossed + request.all_units()).max(1);
    let share = crossed as f64 / all as f64;
    let finding = match share {
        s if s >= 0.05 && crossed >= 10 => Finding::Fail,
        s if s >= 0.01 && crossed >= 10 => Finding::Warn,
        _ => Finding::Pass,
    };
    Found::new(finding, vec![("units", Blank::Count(crossed)), ("share", Blank::Share(share))])
}

pub(super) fn unknown_variant(request: &Request, _: &[Row]) -> Found {
    let unknown = &request.tallies.ledger.unknown_variants;
    let units: u64 = unknown.values().sum();
    let names = unknown.keys().take(3).map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    Found::warn_if(units > 0, vec![("units", Blank::Count(units)), ("names", Blank::Name(names))])
}

pub(super) fn recomputed(request: &Request, _: &[Row]) -> Found {
    let ledger = &request.tallies.ledger;
    if request.provenance.warehouse.is_some() {
        return Found::skipped_as("recomputed-elsewhere");
    }
    if ledger.compared == 0 {
        return Found::skipped();
    }
    let share = ledger.disagreed as f64 / ledger.compared as f64;
    let finding = match share {
        s if s >= 0.05 => Finding::Fail,
        s if s > 0.001 => Finding::Warn,
        _ => Finding::Pass,
    };
    Found::new(finding, vec![("compared", Blank::Count(ledger.compared)), ("share", Blank::Share(share))])
}

/// The share of consent must not depend on the arm: a chi-square test of units with and without, by arm.
pub(super) fn consent(request: &Request, _: &[Row]) -> Found {
    let without = |arm: u32| request.tallies.ledger.without_consent.get(&arm).copied().unwrap_or(0) as f64;
    let arms: Vec<(f64, f64)> = (0..request.arms()).map(|arm| (without(arm), request.units(arm) as f64)).collect();
    let (none, some) = arms.iter().fold((0.0, 0.0), |sum, arm| (sum.0 + arm.0, sum.1 + arm.1));
    if none == 0.0 || some == 0.0 {
        return Found::skipped();
    }
    let share = none / (none + some);
    let term = |(without, with): &(f64, f64)| {
        let off = without - (without + with) * share;
        off * off / ((without + with) * share * (1.0 - share)).max(f64::MIN_POSITIVE)
    };
    let p = chi2_tails(arms.iter().map(term).sum(), arms.len() as f64 - 1.0).upper;
    Found::warn_if(p < ALARM, vec![("p", Blank::P(p))])
}
