//! One treatment against the control: which method for which shape of tally, one exhaustive choice.

use super::report::{Inconclusive, Unit, Value};
use crate::stats::method::prop_diff_miettinen_nurminen::Table;
use crate::stats::method::rel_lift::Relative;
use crate::stats::method::{cuped, logrank, nps_diff, quantile_metric, ratio_delta, seq_asymptotic_cs, welch_t};
use crate::stats::special::{normal_sf, normal_upper, t_upper};
use crate::stats::{Alternative, Arm, Interval, Status};
use crate::tally::{Share, Tally};

/// How a pair of values a unit is meant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    /// As the shape says; a pair is a ratio of totals.
    Plain,
    /// A pair is an outcome and what is known from before (CUPED).
    Adjusted,
    /// Values are judged by this quantile.
    Quantile(f64),
    /// Times count up to so many days.
    TimesWithin(f64),
}

/// How sure an interval must be, and whether it may be looked at early.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Looks {
    /// Once: the two-sided level.
    Once(f64),
    /// At any time: the level, and the number of units at which the band is tightest.
    Always(f64, f64),
    /// At a planned look: the bound on |z|.
    Bound(f64),
}

/// What is made of two tallies before any interval is drawn.
pub(super) enum Effect {
    /// Two shares, judged by the score test.
    Shares(Table),
    /// Two estimates with standard errors.
    Arms {
        a: Arm,
        b: Arm,
        diff: f64,
        relative: Relative,
        method: &'static str,
        /// The spread is of an estimate, not of units: the normal serves instead of t.
        normal: bool,
    },
}

/// An interval with its test, for one way of looking.
pub(super) struct Judged {
    pub interval: Interval,
    pub lift_interval: Option<Interval>,
    pub p: Option<f64>,
    pub excludes_zero: bool,
    pub method: &'static str,
}

/// Returns the effect of two tallies of one shape, or why there is none.
pub(super) fn effect(a: &Tally, b: &Tally, meaning: Meaning) -> Result<Effect, Inconclusive> {
    match (a, b) {
        (Tally::Share(a), Tally::Share(b)) => shares(a, b),
        (Tally::Mean(a), Tally::Mean(b)) => {
            let (diff, arms) = (a.to(b), Arm::of(a).zip(Arm::of(b)));
            let (a, b) =
                arms.ok_or(if a.n() < 2 || b.n() < 2 { Inconclusive::NoData } else { Inconclusive::Unknown })?;
            means(a, b, diff.unwrap_or(b.mean - a.mean), "welch_t", false)
        }
        (Tally::Pair(a), Tally::Pair(b)) if meaning == Meaning::Adjusted => {
            let adjusted = cuped::adjust(a, b).ok_or(Inconclusive::NoData)?;
            let relative = adjusted.relative();
            check(&adjusted.a, &adjusted.b)?;
            Ok(Effect::Arms {
                a: adjusted.a,
                b: adjusted.b,
                diff: adjusted.diff,
                relative,
                method: "cuped",
                normal: false,
            })
        }
        (Tally::Pair(a), Tally::Pair(b)) => {
            let (a, b) = (ratio_delta::arm(a).map_err(why)?, ratio_delta::arm(b).map_err(why)?);
            means(a, b, b.mean - a.mean, "ratio_delta", false)
        }
        (Tally::Values(a), Tally::Values(b)) => {
            let level = if let Meaning::Quantile(level) = meaning { level } else { 0.5 };
            let (a, b) = (quantile_metric::arm(a, level).map_err(why)?, quantile_metric::arm(b, level).map_err(why)?);
            means(a, b, b.mean - a.mean, "quantile_metric", true)
        }
        (Tally::Nps(a), Tally::Nps(b)) => {
            let arm = |t: &crate::tally::Nps| {
                let n = t.n() as f64;
                let (score, se) = nps_diff::score([t.promoters as f64, t.passives as f64, t.detractors as f64])?;
                Some(Arm { mean: score, var: se * se * n, n })
            };
            let (a, b) = arm(a).zip(arm(b)).ok_or(Inconclusive::NoData)?;
            means(a, b, b.mean - a.mean, "nps_diff", true)
        }
        (Tally::Times(a), Tally::Times(b)) => {
            let days = if let Meaning::TimesWithin(days) = meaning { days } else { 30.0 };
            let arm = |t| logrank::restricted(&logrank::rows(t), days);
            let (a, b) = (arm(a), arm(b));
            means(a, b, b.mean - a.mean, "logrank", true)
        }
        _ => Err(Inconclusive::Unknown),
    }
}

fn why(status: Status) -> Inconclusive {
    match status {
        Status::NoData | Status::NoConversions => Inconclusive::NoData,
        Status::DenominatorZero => Inconclusive::DenominatorZero,
        Status::Unknown => Inconclusive::Unknown,
        Status::Ok | Status::Degenerate | Status::BaselineZero | Status::EmptyInterval => Inconclusive::Degenerate,
    }
}

/// Shares with fewer than 10 who did it, or 10 who did not, or 100 units in an arm are too few to judge.
fn shares(a: &Share, b: &Share) -> Result<Effect, Inconclusive> {
    if a.n == 0 || b.n == 0 {
        return Err(Inconclusive::NoData);
    }
    let few = |s: &Share| s.n < 100 || s.x < 10 || s.n - s.x < 10;
    if few(a) || few(b) {
        return Err(Inconclusive::TooFew);
    }
    Ok(Effect::Shares(Table { x_a: a.x as f64, n_a: a.n as f64, x_b: b.x as f64, n_b: b.n as f64 }))
}

fn check(a: &Arm, b: &Arm) -> Result<(), Inconclusive> {
    if a.n < 2.0 || b.n < 2.0 {
        return Err(Inconclusive::NoData);
    }
    if a.n < 100.0 || b.n < 100.0 {
        return Err(Inconclusive::TooFew);
    }
    if a.of_mean() + b.of_mean() <= 0.0 { Err(Inconclusive::Degenerate) } else { Ok(()) }
}

fn means(a: Arm, b: Arm, diff: f64, method: &'static str, normal: bool) -> Result<Effect, Inconclusive> {
    check(&a, &b)?;
    let relative = Relative::of_means(diff, a.mean, a.of_mean(), b.of_mean());
    Ok(Effect::Arms { a, b, diff, relative, method, normal })
}

impl Effect {
    /// Returns treatment minus control.
    pub(super) fn difference(&self) -> f64 {
        match self {
            Effect::Shares(table) => table.difference(),
            Effect::Arms { diff, .. } => *diff,
        }
    }

    /// Returns the difference relative to the control's value, which must not be 0.
    pub(super) fn lift(&self) -> Option<f64> {
        match self {
            Effect::Shares(t) => (t.x_a > 0.0).then(|| (t.x_b / t.n_b) / (t.x_a / t.n_a) - 1.0),
            Effect::Arms { relative, .. } => relative.lift(),
        }
    }

    /// Returns the standard error of the difference.
    pub(super) fn se(&self) -> f64 {
        match self {
            Effect::Shares(t) => {
                let (p, q) = (t.x_a / t.n_a, t.x_b / t.n_b);
                (p * (1.0 - p) / t.n_a + q * (1.0 - q) / t.n_b).sqrt()
            }
            Effect::Arms { relative, .. } => relative.var_diff.sqrt(),
        }
    }

    fn units(&self) -> f64 {
        match self {
            Effect::Shares(t) => t.n_a + t.n_b,
            Effect::Arms { a, b, .. } => a.n + b.n,
        }
    }

    /// Returns the interval, and the test it inverts.
    pub(super) fn judge(&self, looks: Looks) -> Judged {
        match (self, looks) {
            (Effect::Shares(table), Looks::Once(level)) => shares_once(table, level),
            (Effect::Shares(_), _) => self.by_normal(looks),
            (Effect::Arms { normal: true, .. }, _) | (_, Looks::Always(..) | Looks::Bound(_)) => self.by_normal(looks),
            (Effect::Arms { a, b, diff, method, .. }, Looks::Once(level)) => {
                let test = welch_t::compare(a, b, *diff, 0.0, level, Alternative::TwoSided);
                let critical = test.df.map_or(normal_upper(level / 2.0), |df| t_upper(level / 2.0, df));
                self.around(critical, test.p_value, method)
            }
        }
    }

    fn by_normal(&self, looks: Looks) -> Judged {
        let (se, diff) = (self.se(), self.difference());
        match looks {
            Looks::Once(level) => self.around(
                normal_upper(level / 2.0),
                Some((2.0 * normal_sf((diff / se).abs())).min(1.0)),
                self.method(),
            ),
            Looks::Bound(bound) => {
                self.around(bound, Some((2.0 * normal_sf((diff / se).abs())).min(1.0)), "group_sequential")
            }
            Looks::Always(alpha, tuning) => {
                let input = seq_asymptotic_cs::Input { diff, se, n: self.units(), alpha, tuning };
                match seq_asymptotic_cs::run(input) {
                    Ok(out) => self.around(out.halfwidth / se, out.p_value, "seq_asymptotic_cs"),
                    Err(_) => self.around(f64::MAX, None, "seq_asymptotic_cs"),
                }
            }
        }
    }

    fn method(&self) -> &'static str {
        match self {
            Effect::Shares(_) => "score",
            Effect::Arms { method, .. } => method,
        }
    }

    /// Returns the interval of so many standard errors around the difference.
    fn around(&self, critical: f64, p: Option<f64>, method: &'static str) -> Judged {
        let (diff, half) = (self.difference(), critical * self.se());
        let interval = Interval::around(diff, half);
        let relative = match self {
            Effect::Arms { relative, .. } => *relative,
            Effect::Shares(t) => {
                let (p, q) = (t.x_a / t.n_a, t.x_b / t.n_b);
                Relative::of_means(q - p, p, p * (1.0 - p) / t.n_a, q * (1.0 - q) / t.n_b)
            }
        };
        Judged { interval, lift_interval: relative.fieller(critical), p, excludes_zero: interval.excludes(0.0), method }
    }
}

fn shares_once(table: &Table, level: f64) -> Judged {
    let (low, high) = table.difference_interval(level);
    let (ratio_low, ratio_high) = table.ratio_interval(level);
    let p = table.score_test().1;
    let interval = Interval::new(low, high);
    let lift_interval = (table.x_a > 0.0).then(|| Interval::new(ratio_low - 1.0, ratio_high - 1.0));
    Judged { interval, lift_interval, p: Some(p), excludes_zero: p < level, method: "prop_diff_miettinen_nurminen" }
}

/// Returns one arm's value as it is shown.
pub(super) fn value(tally: Option<&Tally>, meaning: Meaning, unit: &Unit) -> Value {
    let Some(tally) = tally else { return Value { n: 0, value: None, count: None } };
    let n = tally.units();
    let value = match (tally, meaning) {
        (Tally::Share(t), _) => return Value { n, value: t.share(), count: Some(t.x) },
        (Tally::Mean(t), _) => t.mean(),
        (Tally::Pair(t), Meaning::Adjusted) => t.y().mean(),
        (Tally::Pair(t), _) => {
            t.x().mean().filter(|d| *d != 0.0).and_then(|_| ratio_delta::arm(t).ok()).map(|a| a.mean)
        }
        (Tally::Values(t), Meaning::Quantile(level)) => crate::tally::quantile7(&t.sorted(), level),
        (Tally::Values(_), _) => None,
        (Tally::Nps(t), _) => {
            nps_diff::score([t.promoters as f64, t.passives as f64, t.detractors as f64]).map(|s| s.0)
        }
        (Tally::Times(t), Meaning::TimesWithin(days)) if t.n() > 0 => {
            Some(logrank::restricted(&logrank::rows(t), days).mean)
        }
        (Tally::Times(_), _) => None,
    };
    // an adjusted share is a share still
    let count = match (tally, unit) {
        (Tally::Pair(t), Unit::Share) => Some(t.y().sum().to_f64().max(0.0) as u64),
        _ => None,
    };
    Value { n, value: value.filter(|v| v.is_finite()), count }
}
