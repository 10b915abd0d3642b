//! CUPED: less variance from what is known of each unit before (Deng, Xu, Kohavi and Walker, WSDM 2013).
use serde::{Deserialize, Serialize};

use super::rel_lift::Relative;
use super::welch_t::{Output as Test, compare};
use crate::stats::door::{five_percent, probability};
use crate::stats::{Alternative, Arm, Status};
use crate::tally::{Exact, Mean, Pair};

/// Sums over the units of an arm: outcome y, covariate x from before.
#[derive(Clone, Debug, Deserialize)]
pub struct Sums {
    n: u64,
    sum_y: Exact,
    sum_y2: Exact,
    sum_x: Exact,
    sum_x2: Exact,
    sum_xy: Exact,
}

impl From<Sums> for Pair {
    fn from(s: Sums) -> Self {
        let (y, x) = (Mean::from_exact(s.n, s.sum_y, s.sum_y2), Mean::from_exact(s.n, s.sum_x, s.sum_x2));
        Self::from_exact(y, x, s.sum_xy)
    }
}

/// Two arms, `a` the control.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    a: Sums,
    b: Sums,
    #[serde(default = "five_percent")]
    alpha: f64,
}

/// The adjusted comparison beside the plain one.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// Welch's test of the adjusted difference.
    #[serde(flatten)]
    pub test: Test,
    /// Slope of outcome on covariate in both arms together.
    pub theta: Option<f64>,
    /// Adjusted variance per unit of the control.
    pub var_a: Option<f64>,
    /// Adjusted variance per unit of the treatment.
    pub var_b: Option<f64>,
    /// The difference without adjustment.
    pub unadjusted_diff: Option<f64>,
    /// Its standard error.
    pub unadjusted_se: Option<f64>,
    /// Adjusted over plain variance of the difference; may exceed 1.
    pub variance_ratio: Option<f64>,
}

/// Both arms with the adjustment made.
#[derive(Clone, Copy, Debug)]
pub struct Adjusted {
    /// The slope.
    pub theta: f64,
    /// The adjusted control; its mean is y - theta x, uncentred.
    pub a: Arm,
    /// The adjusted treatment.
    pub b: Arm,
    /// The adjusted difference.
    pub diff: f64,
    /// The plain control.
    pub raw_a: Arm,
    /// The plain treatment.
    pub raw_b: Arm,
    /// The plain difference.
    pub raw_diff: f64,
    /// Covariance per unit of adjusted and plain outcome in the control.
    covariance_a: f64,
}

impl Adjusted {
    /// Returns the difference relative to the control's plain mean.
    pub fn relative(&self) -> Relative {
        Relative {
            diff: self.diff,
            base: self.raw_a.mean,
            var_diff: self.a.of_mean() + self.b.of_mean(),
            var_base: self.raw_a.of_mean(),
            covariance: -self.covariance_a / self.raw_a.n,
        }
    }
}

/// The moments of one arm that the adjustment needs.
fn moments(pair: &Pair) -> Option<(Arm, Arm, f64)> {
    Some((Arm::of(pair.y())?, Arm::of(pair.x())?, pair.covariance()?))
}

/// One arm, adjusted.
fn adjusted(y: &Arm, x: &Arm, covariance: f64, theta: f64) -> Arm {
    let var = y.var + theta * theta * x.var - 2.0 * theta * covariance;
    Arm { mean: y.mean - theta * x.mean, var: var.max(0.0), n: y.n }
}

/// Returns both arms adjusted by the slope theta = cov(y, x) / var(x) of both together; 0 when either does not vary, which
/// leaves the plain test. Nothing below two units an arm or when a sum is unknown.
pub fn adjust(a: &Pair, b: &Pair) -> Option<Adjusted> {
    let mut both = a.clone();
    both.merge(b);
    let (y, x, covariance) = moments(&both)?;
    let theta = if y.var == 0.0 || x.var == 0.0 { 0.0 } else { covariance / x.var };
    let ((y_a, x_a, c_a), (y_b, x_b, c_b)) = (moments(a)?, moments(b)?);
    let raw_diff = a.y().to(b.y())?;
    Some(Adjusted {
        theta,
        a: adjusted(&y_a, &x_a, c_a, theta),
        b: adjusted(&y_b, &x_b, c_b, theta),
        diff: raw_diff - theta * a.x().to(b.x())?,
        raw_a: y_a,
        raw_b: y_b,
        raw_diff,
        covariance_a: y_a.var - theta * c_a,
    })
}

/// Returns the adjusted comparison.
///
/// # Errors
/// When the inputs cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    probability("alpha", input.alpha)?;
    let Some(x) = adjust(&input.a.into(), &input.b.into()) else {
        return Ok(Output {
            test: Test::without(Status::NoData, None),
            theta: None,
            var_a: None,
            var_b: None,
            unadjusted_diff: None,
            unadjusted_se: None,
            variance_ratio: None,
        });
    };
    let adjusted = x.a.of_mean() + x.b.of_mean();
    let raw = x.raw_a.of_mean() + x.raw_b.of_mean();
    Ok(Output {
        test: compare(&x.a, &x.b, x.diff, 0.0, input.alpha, Alternative::TwoSided),
        theta: Some(x.theta),
        var_a: Some(x.a.var),
        var_b: Some(x.b.var),
        unadjusted_diff: Some(x.raw_diff),
        unadjusted_se: Some(raw.sqrt()),
        variance_ratio: (raw > 0.0).then(|| adjusted / raw),
    })
}
