//! The asymptotic confidence sequence: an interval that may be looked at all the time (Waudby-Smith, Arbour, Sinha,
//! Kennedy and Ramdas 2021, arXiv:2103.06476, equations 9, 134, 155 and 161).
use serde::{Deserialize, Serialize};

use crate::stats::Status;
use crate::stats::door::probability;

/// An effect so far.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Input {
    /// The difference.
    pub diff: f64,
    /// Its standard error.
    pub se: f64,
    /// Units in both arms.
    pub n: f64,
    /// The level.
    pub alpha: f64,
    /// The number of units at which the band is tightest; fixed before the start.
    pub tuning: f64,
}

/// The interval so far.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `degenerate` when the standard error is 0.
    pub status: Status,
    /// The tuning parameter.
    pub rho: f64,
    /// Half the width.
    pub halfwidth: f64,
    /// The lower limit.
    pub ci_low: f64,
    /// The upper limit.
    pub ci_high: f64,
    /// The logarithm of the evidence against "no difference".
    pub log_e_value: Option<f64>,
    /// The p-value, valid at any time.
    pub p_value: Option<f64>,
    /// Half the width of the one-sided bound, for levels below one half.
    pub one_sided_halfwidth: Option<f64>,
    /// The one-sided lower bound.
    pub one_sided_lower: Option<f64>,
    /// The one-sided p-value of "greater".
    pub p_greater: Option<f64>,
}

/// rho squared for a level and a tuning.
fn rho_squared(alpha: f64, tuning: f64) -> f64 {
    let double = -2.0 * libm::log(alpha);
    (double + libm::log1p(double)) / tuning
}

/// The units, in both arms, at which Waypost's intervals for averages are tightest; fixed, so that it cannot follow the data.
pub const TIGHTEST_AT: f64 = 5000.0;

/// A confidence sequence whose tuning is fixed: the level it is tuned for, and the units at which it is tightest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tuned {
    /// The level it is tuned for.
    pub level: f64,
    /// The units, in both arms, at which it is tightest.
    pub units: f64,
}

impl Tuned {
    /// Returns how many standard errors the interval at `alpha` reaches to each side after `n` units in both arms.
    pub fn critical(&self, n: f64, alpha: f64) -> f64 {
        let square = rho_squared(self.level, self.units);
        let k = n * square + 1.0;
        (2.0 * k / (n * square) * (libm::log(k) / 2.0 - libm::log(alpha))).sqrt()
    }

    /// Returns the two-sided p-value of an effect `z` standard errors from the null after `n` units; below `alpha` exactly
    /// when |z| exceeds [`Self::critical`].
    pub fn p(&self, n: f64, z: f64) -> f64 {
        let square = rho_squared(self.level, self.units);
        let k = n * square + 1.0;
        libm::exp(libm::log(k) / 2.0 - square * n * z * z / (2.0 * k)).min(1.0)
    }
}

/// Returns the two-sided interval and p-value, and the one-sided ones where the level is below one half.
///
/// # Errors
/// When the inputs cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    let Input { diff, se, n, alpha, tuning } = input;
    probability("alpha", alpha)?;
    if !(se >= 0.0 && n > 0.0 && tuning > 0.0 && diff.is_finite()) {
        return Err("expected `se` not below 0, `n` and `tuning` above 0".to_owned());
    }
    let square = rho_squared(alpha, tuning);
    let k = n * square + 1.0;
    // sigma^2 = se^2 n, so half = se sqrt(2 k / (n rho^2) ln(sqrt(k) / alpha))
    let half = |square: f64, log: f64| se * (2.0 * (n * square + 1.0) / (n * square) * log).sqrt();
    let halfwidth = half(square, libm::log(k) / 2.0 - libm::log(alpha));
    let exponent = (se > 0.0).then(|| square * n * (diff / se) * (diff / se) / (2.0 * k));
    let log_e = exponent.map(|e| e - libm::log(k) / 2.0);
    let one = (alpha < 0.5).then(|| {
        let square = rho_squared(2.0 * alpha, tuning);
        let k = n * square + 1.0;
        let width = half(square, libm::log1p(k.sqrt() / (2.0 * alpha)));
        let evidence = libm::expm1(diff * diff * n * square / (se * se * 2.0 * k));
        let p = if diff <= 0.0 { 1.0 } else { (k.sqrt() / (2.0 * evidence)).min(1.0) };
        (width, p)
    });
    Ok(Output {
        status: if se > 0.0 { Status::Ok } else { Status::Degenerate },
        rho: square.sqrt(),
        halfwidth,
        ci_low: diff - halfwidth,
        ci_high: diff + halfwidth,
        log_e_value: log_e,
        p_value: log_e.map(|e| libm::exp(-e).min(1.0)),
        one_sided_halfwidth: one.map(|o| o.0),
        one_sided_lower: one.map(|o| diff - o.0),
        p_greater: one.filter(|_| se > 0.0).map(|o| o.1),
    })
}
