//! The effect by time since exposure: what happens on each whole day of a unit, treatment against control.
use super::contrast;
use super::report::{AgeEffect, ByAge, Inconclusive, Phase, Role};
use super::request::{Measured, Request};
use crate::stats::Interval;
use crate::stats::special::normal_upper;
use crate::tally::{Cut, Key};

/// One day since exposure: which, the logarithm of the ratio of treatment to control, and its variance, above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Age {
    pub day: u32,
    pub log: f64,
    pub var: f64,
}

/// Returns the days since exposure of a treatment, in order; a day with too few units is left out. Where weights changed
/// there are none: ages are not counted within times of equal weights.
///
/// The logarithm of the ratio, because what happens becomes less with age in both arms, and a change by a tenth stays one.
pub(super) fn ages(request: &Request, measured: &Measured, arm: u32) -> Vec<Age> {
    let here = |key: &&Key| key.measure == measured.place && key.variant == arm;
    let of = |cut: &Cut| {
        let Cut::Age(day) = cut else { return None };
        let (a, b) = request.pair(measured.place, arm, cut)?;
        let (log, var) = contrast::contrast(measured, a, b, 0.5).ok()?.log_ratio()?;
        (var > 0.0).then_some(Age { day: *day, log, var })
    };
    let mut out: Vec<Age> = match request.reweighted() {
        true => Vec::new(),
        false => request.tallies.iter().map(|(key, _)| key).filter(here).filter_map(|key| of(&key.cut)).collect(),
    };
    out.sort_by_key(|age| age.day);
    out
}

/// Returns the effect of each treatment on the first primary by days since exposure, relative to the control; none while
/// enrolment runs or nothing may be read. The intervals hold for all days of a treatment together (Bonferroni).
pub(super) fn by_age(request: &Request, gate: Option<Inconclusive>) -> Vec<ByAge> {
    let first = request.measured().into_iter().find(|m| m.role == Role::Primary);
    let readable = gate.is_none() && request.phase() != Phase::Running;
    let Some(measured) = first.filter(|_| readable) else { return Vec::new() };
    let level = request.spec().method.level.share();
    let series = |arm: u32| {
        let all = ages(request, &measured, arm);
        let critical = normal_upper(level / 2.0 / all.len().max(1) as f64);
        let lift = |log: f64| libm::exp(log) - 1.0;
        let effect = |age: &Age| {
            let reach = critical * age.var.sqrt();
            AgeEffect {
                day: age.day,
                lift: lift(age.log),
                interval: Interval::new(lift(age.log - reach), lift(age.log + reach)),
            }
        };
        ByAge { arm: arm as usize, metric: measured.metric.meta.id.clone(), days: all.iter().map(effect).collect() }
    };
    (1..request.arms()).map(series).filter(|s| s.days.len() > 1).collect()
}
