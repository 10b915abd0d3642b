//! Two tallies of one measure become a [`Contrast`]: what is compared, and by which method.
use super::blank::Blank;
use super::report::{Inconclusive, Value};
use super::words::say;
use super::{report::Sentence, request::Measured};
use crate::plan::ReadPlan;
use crate::stats::method::prop_diff_miettinen_nurminen::Table;
use crate::stats::method::rel_lift::Relative;
use crate::stats::method::{cuped, logrank, nps_diff, quantile_metric, ratio_delta, welch_t};
use crate::stats::{Arm, Status};
use crate::tally::{Mean, Nps, Pair, Share, Tally};

/// A treatment against the control, ready for a method.
#[derive(Clone, Debug)]
pub(super) enum Contrast {
    /// Two shares.
    Shares {
        /// The counts.
        table: Table,
        /// The treatment's planned weight among the two.
        weight_b: f64,
    },
    /// Two numbers whose difference is close to normal.
    Normal(Normal),
}

/// A difference with its variance, its base, and the method that made them.
#[derive(Clone, Debug)]
pub(super) struct Normal {
    /// The difference, its variance, and what it is relative to.
    pub relative: Relative,
    /// Degrees of freedom; the normal where there are none.
    pub df: Option<f64>,
    /// Units in both arms.
    pub n: f64,
    /// Whether an effect relative to the control means something.
    pub has_lift: bool,
    /// The method's name in `waypost stats`.
    pub method: &'static str,
    /// What to know beside it.
    pub notes: Vec<Sentence>,
}

/// A change of the variance that is below this is not told.
const WORTH_TELLING: f64 = 0.005;
/// The fewest units an arm may have for a p-value.
pub(super) const FEWEST_UNITS: u64 = 100;
/// The fewest conversions both arms may have together for a p-value.
pub(super) const FEWEST_CONVERSIONS: u64 = 10;

impl From<Status> for Inconclusive {
    fn from(status: Status) -> Self {
        match status {
            Status::NoData | Status::NoConversions => Self::NoData,
            Status::Degenerate | Status::EmptyInterval | Status::BaselineZero | Status::Ok => Self::Degenerate,
            Status::DenominatorZero => Self::DenominatorZero,
            Status::Unknown => Self::Unknown,
        }
    }
}

/// Returns how many units did anything at all, where the tally knows.
fn conversions(tally: &Tally) -> Option<u64> {
    match tally {
        Tally::Share(t) => Some(t.x),
        Tally::Mean(t) => t.non_zero(),
        Tally::Pair(t) => t.y().non_zero(),
        Tally::Values(t) => Some(t.len()),
        Tally::Nps(t) => Some(t.n()),
        Tally::Times(t) => Some(t.events()),
    }
}

/// Returns whether there are too few units or conversions for any p-value.
pub(super) fn too_few(control: &Tally, treatment: &Tally) -> bool {
    let few = |t: &Tally| t.units() < FEWEST_UNITS;
    let both = conversions(control).zip(conversions(treatment)).map(|(a, b)| a + b);
    few(control) || few(treatment) || both.is_some_and(|n| n < FEWEST_CONVERSIONS)
}

/// Returns the contrast of two tallies of one measure.
///
/// This is the one place that chooses a method by the shape of a tally.
///
/// # Errors
/// Why nothing can be said.
pub(super) fn contrast(
    m: &Measured,
    control: &Tally,
    treatment: &Tally,
    weight_b: f64,
) -> Result<Contrast, Inconclusive> {
    if control.units() == 0 || treatment.units() == 0 {
        return Err(Inconclusive::NoData);
    }
    if too_few(control, treatment) {
        return Err(Inconclusive::TooFew);
    }
    varies(compare(m, control, treatment, weight_b)?)
}

/// Returns the contrast, unless nothing varies in it.
///
/// # Errors
/// When nothing varies.
pub(super) fn varies(contrast: Contrast) -> Result<Contrast, Inconclusive> {
    let varied = matches!(&contrast, Contrast::Normal(normal) if normal.relative.var_diff > 0.0);
    let shares = matches!(&contrast, Contrast::Shares { .. });
    if varied || shares { Ok(contrast) } else { Err(Inconclusive::Degenerate) }
}

/// Returns the contrast of two tallies of one measure, however few units they count.
///
/// # Errors
/// Why nothing can be said.
pub(super) fn compare(
    m: &Measured,
    control: &Tally,
    treatment: &Tally,
    weight_b: f64,
) -> Result<Contrast, Inconclusive> {
    let normal = match (control, treatment) {
        (Tally::Share(a), Tally::Share(b)) => return Ok(shares(a, b, weight_b)),
        (Tally::Mean(a), Tally::Mean(b)) => means(a, b)?,
        (Tally::Pair(a), Tally::Pair(b)) if m.adjusted() => adjusted(a, b)?,
        (Tally::Pair(a), Tally::Pair(b)) => ratios(a, b)?,
        (Tally::Values(a), Tally::Values(b)) => {
            let level = m.quantile();
            let arms = (quantile_metric::arm(a, level)?, quantile_metric::arm(b, level)?);
            independent(arms.0, arms.1, None, "quantile_metric")
        }
        (Tally::Nps(a), Tally::Nps(b)) => scores(a, b)?,
        (Tally::Times(a), Tally::Times(b)) => {
            let tau = m.window_days();
            let (a, b) = (logrank::restricted(&logrank::rows(a), tau), logrank::restricted(&logrank::rows(b), tau));
            independent(a, b, None, "logrank")
        }
        _ => return Err(Inconclusive::Unknown),
    };
    Ok(Contrast::Normal(normal))
}

/// Returns the contrast of two shares.
pub(super) fn shares(a: &Share, b: &Share, weight_b: f64) -> Contrast {
    let table = Table { x_a: a.x as f64, n_a: a.n as f64, x_b: b.x as f64, n_b: b.n as f64 };
    Contrast::Shares { weight_b: held(&table, weight_b), table }
}

/// The weight by which units fell to the treatment: the planned one, unless the split is so broken that it cannot have been
/// in force (six deviations); what is shown then is shown against advice.
fn held(table: &Table, planned: f64) -> f64 {
    let n = table.n_a + table.n_b;
    let deviations = (table.n_b - planned * n) / (planned * (1.0 - planned) * n).sqrt();
    if deviations.abs() > 6.0 { table.n_b / n } else { planned }
}

/// The difference of two independent arms.
fn independent(a: Arm, b: Arm, diff: Option<f64>, method: &'static str) -> Normal {
    let diff = diff.unwrap_or(b.mean - a.mean);
    let relative = Relative::of_means(diff, a.mean, a.of_mean(), b.of_mean());
    Normal { relative, df: None, n: a.n + b.n, has_lift: true, method, notes: Vec::new() }
}

/// Returns Welch's contrast of two arms.
pub(super) fn from_arms(a: Arm, b: Arm) -> Normal {
    let df = Some(welch_t::degrees(&a, &b)).filter(|df| df.is_finite());
    Normal { df, ..independent(a, b, None, "welch_t") }
}

fn means(a: &Mean, b: &Mean) -> Result<Normal, Inconclusive> {
    let arms = Arm::of(a).zip(Arm::of(b)).ok_or(Inconclusive::Unknown)?;
    let df = welch_t::degrees(&arms.0, &arms.1);
    Ok(Normal { df: Some(df).filter(|df| df.is_finite()), ..independent(arms.0, arms.1, a.to(b), "welch_t") })
}

fn ratios(a: &Pair, b: &Pair) -> Result<Normal, Inconclusive> {
    let arms = (ratio_delta::arm(a)?, ratio_delta::arm(b)?);
    let df = welch_t::degrees(&arms.0, &arms.1);
    let diff = ratio_delta::difference(a, b);
    Ok(Normal { df: Some(df).filter(|df| df.is_finite()), ..independent(arms.0, arms.1, diff, "ratio_delta") })
}

fn adjusted(a: &Pair, b: &Pair) -> Result<Normal, Inconclusive> {
    let x = cuped::adjust(a, b).ok_or(Inconclusive::Unknown)?;
    let relative = x.relative();
    let raw = x.raw_a.of_mean() + x.raw_b.of_mean();
    let df = Some(welch_t::degrees(&x.a, &x.b)).filter(|df| df.is_finite());
    let ratio = if raw > 0.0 { relative.var_diff / raw } else { 1.0 };
    let rule = if ratio < 1.0 { "note-adjusted" } else { "note-adjusted-worse" };
    // What would be told as "100.0 %" tells nothing.
    let told = (ratio - 1.0).abs() >= WORTH_TELLING;
    let notes = if told { vec![say(rule, vec![("ratio", Blank::Share(ratio))])] } else { Vec::new() };
    Ok(Normal { relative, df, n: x.a.n + x.b.n, has_lift: true, method: "cuped", notes })
}

fn scores(a: &Nps, b: &Nps) -> Result<Normal, Inconclusive> {
    let counts = |t: &Nps| [t.promoters as f64, t.passives as f64, t.detractors as f64];
    let arm = |t: &Nps| {
        nps_diff::score(counts(t)).map(|(mean, se)| Arm { mean, var: se * se * t.n() as f64, n: t.n() as f64 })
    };
    let arms = arm(a).zip(arm(b)).ok_or(Inconclusive::NoData)?;
    Ok(Normal { has_lift: false, ..independent(arms.0, arms.1, None, "nps_diff") })
}

/// Returns one arm's value of a measure.
pub(super) fn value(m: &Measured, tally: &Tally) -> Value {
    let n = tally.units();
    let plain = |value: Option<f64>| Value { n, value, count: None };
    match tally {
        Tally::Share(t) => Value { n, value: t.share(), count: Some(t.x) },
        Tally::Mean(t) => plain(t.mean()),
        Tally::Pair(t) if m.adjusted() => plain(t.y().mean()),
        Tally::Pair(t) => plain(ratio_delta::arm(t).ok().map(|arm| arm.mean)),
        Tally::Values(t) => plain(crate::tally::quantile7(&t.sorted(), m.quantile())),
        Tally::Nps(t) => {
            plain(nps_diff::score([t.promoters as f64, t.passives as f64, t.detractors as f64]).map(|s| s.0))
        }
        Tally::Times(t) => plain((n > 0).then(|| logrank::describe(&logrank::rows(t), m.window_days()).rmst)),
    }
}

impl Measured<'_> {
    /// Whether the tally is a pair of outcome and covariate.
    fn adjusted(&self) -> bool {
        self.plan.before.is_some()
    }

    fn quantile(&self) -> f64 {
        if let ReadPlan::All(_, level) = self.plan.reads { level } else { 0.5 }
    }

    fn window_days(&self) -> f64 {
        self.plan.window as f64 / 86_400e6
    }
}

impl Contrast {
    /// Returns the difference, treatment minus control.
    pub(super) fn effect(&self) -> f64 {
        match self {
            Self::Shares { table, .. } => table.difference(),
            Self::Normal(normal) => normal.relative.diff,
        }
    }

    /// Returns the difference's standard error.
    pub(super) fn se(&self) -> f64 {
        match self {
            Self::Shares { table, .. } => table.se(),
            Self::Normal(normal) => normal.relative.var_diff.sqrt(),
        }
    }

    /// Returns the control's value.
    pub(super) fn base(&self) -> f64 {
        match self {
            Self::Shares { table, .. } => table.x_a / table.n_a,
            Self::Normal(normal) => normal.relative.base,
        }
    }

    /// Returns the effect relative to the size of the control's value, where that means something.
    pub(super) fn lift(&self) -> Option<f64> {
        let has = match self {
            Self::Shares { .. } => true,
            Self::Normal(normal) => normal.has_lift,
        };
        (has && self.base() != 0.0).then(|| self.effect() / self.base().abs())
    }

    /// Returns the logarithm of the ratio of treatment to control with its variance, where both are above 0.
    pub(super) fn log_ratio(&self) -> Option<(f64, f64)> {
        let (a, b) = (self.base(), self.base() + self.effect());
        let (var_a, var_b) = match self {
            Self::Shares { table, .. } => (a * (1.0 - a) / table.n_a, b * (1.0 - b) / table.n_b),
            Self::Normal(normal) => (normal.relative.var_base, normal.relative.var_diff - normal.relative.var_base),
        };
        (a > 0.0 && b > 0.0).then(|| (libm::log(b / a), var_a / (a * a) + var_b / (b * b)))
    }
}
