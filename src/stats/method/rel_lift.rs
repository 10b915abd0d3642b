//! Relative lift of a mean: delta method (Deng, Knoblich and Lu 2018), logarithm (Katz et al. 1978), Fieller (1954).
use serde::{Deserialize, Serialize};

use super::welch_t::degrees;
use crate::stats::door::{arm, extended, five_percent, probability};
use crate::stats::special::{normal_sf, normal_upper, t_sf, t_upper};
use crate::stats::{Arm, Interval, Status};

/// Two arms, `a` the control.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Input {
    /// The control.
    pub a: Arm,
    /// The treatment.
    pub b: Arm,
    /// The two-sided level.
    #[serde(default = "five_percent")]
    pub alpha: f64,
}

/// The lift with three intervals.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Output {
    /// `baseline_zero` when the control's mean is 0.
    pub status: Option<Status>,
    /// (m_b - m_a) / |m_a|.
    pub lift: Option<f64>,
    /// Its standard error by the delta method.
    pub se: Option<f64>,
    /// Welch's degrees of freedom, of the absolute difference.
    pub df: Option<f64>,
    /// lift / se.
    pub t: Option<f64>,
    /// Two-sided p by t.
    pub p_value_t: Option<f64>,
    /// Delta method, t.
    pub ci_t_low: Option<f64>,
    /// Delta method, t.
    pub ci_t_high: Option<f64>,
    /// Two-sided p by the normal.
    pub p_value_z: Option<f64>,
    /// Delta method, normal.
    pub ci_z_low: Option<f64>,
    /// Delta method, normal.
    pub ci_z_high: Option<f64>,
    /// ln(m_b / m_a), when both are above 0.
    pub log_ratio: Option<f64>,
    /// Its standard error.
    pub se_log: Option<f64>,
    /// Limit on the logarithm, as a lift.
    pub log_ci_low: Option<f64>,
    /// Limit on the logarithm, as a lift.
    pub log_ci_high: Option<f64>,
    /// Two-sided p on the logarithm.
    pub p_value_log: Option<f64>,
    /// Fieller's limit; nothing where it is unbounded.
    #[serde(serialize_with = "extended")]
    pub fieller_low: Option<f64>,
    /// Fieller's limit; nothing where it is unbounded.
    #[serde(serialize_with = "extended")]
    pub fieller_high: Option<f64>,
}

/// A difference relative to a base, both uncertain.
#[derive(Clone, Copy, Debug)]
pub struct Relative {
    /// The difference.
    pub diff: f64,
    /// What it is relative to.
    pub base: f64,
    /// Variance of the difference.
    pub var_diff: f64,
    /// Variance of the base.
    pub var_base: f64,
    /// Covariance of difference and base.
    pub covariance: f64,
}

impl Relative {
    /// Returns the difference of two independent means relative to the first.
    pub fn of_means(diff: f64, base: f64, var_a: f64, var_b: f64) -> Self {
        Self { diff, base, var_diff: var_a + var_b, var_base: var_a, covariance: -var_a }
    }

    /// Returns the difference over |base|; nothing when the base is 0.
    pub fn lift(&self) -> Option<f64> {
        (self.base != 0.0).then(|| self.diff / self.base.abs())
    }

    /// Returns Fieller's interval of the lift at `critical` deviations: every lift r for which (diff - r |base|) lies within
    /// `critical` of its own standard errors of 0. It excludes 0 exactly when |diff| exceeds `critical` standard errors.
    /// Nothing where the base is not clearly different from 0, for then no bound can be given.
    pub fn fieller(&self, critical: f64) -> Option<Interval> {
        let (base, covariance) =
            if self.base < 0.0 { (-self.base, -self.covariance) } else { (self.base, self.covariance) };
        let square = critical * critical;
        let a = base * base - square * self.var_base;
        let b = base * self.diff - square * covariance;
        let c = self.diff * self.diff - square * self.var_diff;
        if a <= 0.0 {
            return None;
        }
        let root = (b * b - a * c).max(0.0).sqrt();
        // the root of larger size first; the other from the product of both, c / a
        let large = if b >= 0.0 { (b + root) / a } else { (b - root) / a };
        let small = if large == 0.0 { 0.0 } else { c / a / large };
        Some(Interval::new(large.min(small), large.max(small)))
    }
}

/// Returns the lift with its intervals.
///
/// # Errors
/// When the inputs cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    let Input { a, b, alpha } = input;
    arm(&a)?;
    arm(&b)?;
    probability("alpha", alpha)?;
    if a.n < 2.0 || b.n < 2.0 {
        return Ok(Output { status: Some(Status::NoData), ..Output::default() });
    }
    if a.mean == 0.0 {
        return Ok(Output { status: Some(Status::BaselineZero), ..Output::default() });
    }
    let mut output = delta(&a, &b, alpha);
    logarithm(&mut output, &a, &b, alpha);
    let z = normal_upper(alpha / 2.0);
    if let Some(limits) = Relative::of_means(b.mean - a.mean, a.mean, a.of_mean(), b.of_mean()).fieller(z) {
        (output.fieller_low, output.fieller_high) = if a.mean > 0.0 { (limits.low, limits.high) } else { (None, None) };
    }
    Ok(output)
}

/// The delta method: its p differs from the absolute test's, and it is lopsided; for comparison only.
fn delta(a: &Arm, b: &Arm, alpha: f64) -> Output {
    let (v_a, v_b, size) = (a.of_mean(), b.of_mean(), a.mean.abs());
    let lift = (b.mean - a.mean) / size;
    let ratio = b.mean / a.mean;
    let se = (v_b + v_a * ratio * ratio).sqrt() / size;
    if se == 0.0 {
        return Output { status: Some(Status::Degenerate), lift: Some(lift), ..Output::default() };
    }
    let (df, t, z) = (degrees(a, b), lift / se, normal_upper(alpha / 2.0));
    let half = t_upper(alpha / 2.0, df) * se;
    Output {
        status: Some(Status::Ok),
        lift: Some(lift),
        se: Some(se),
        df: Some(df),
        t: Some(t),
        p_value_t: Some(2.0 * t_sf(t.abs(), df)),
        ci_t_low: Some(lift - half),
        ci_t_high: Some(lift + half),
        p_value_z: Some(2.0 * normal_sf(t.abs())),
        ci_z_low: Some(lift - z * se),
        ci_z_high: Some(lift + z * se),
        ..Output::default()
    }
}

/// Katz's interval, where both means are above 0.
fn logarithm(output: &mut Output, a: &Arm, b: &Arm, alpha: f64) {
    let se = (a.of_mean() / (a.mean * a.mean) + b.of_mean() / (b.mean * b.mean)).sqrt();
    if !(a.mean > 0.0 && b.mean > 0.0 && se > 0.0) {
        return;
    }
    let ratio = libm::log1p((b.mean - a.mean) / a.mean);
    let half = normal_upper(alpha / 2.0) * se;
    output.log_ratio = Some(ratio);
    output.se_log = Some(se);
    output.log_ci_low = Some(libm::expm1(ratio - half));
    output.log_ci_high = Some(libm::expm1(ratio + half));
    output.p_value_log = Some(2.0 * normal_sf((ratio / se).abs()));
}
