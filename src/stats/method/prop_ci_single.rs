//! Intervals for one share (Wilson 1927; Agresti and Coull 1998; Clopper and Pearson 1934; Brown, Cai and DasGupta 2001).
use serde::{Deserialize, Serialize};

use crate::stats::Status;
use crate::stats::door::{counts, five_percent, probability};
use crate::stats::special::{beta_inv, normal_upper};

/// One arm of counts.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Input {
    /// Units that did it.
    pub x: f64,
    /// Units.
    pub n: f64,
    /// The two-sided level.
    #[serde(default = "five_percent")]
    pub alpha: f64,
}

/// Three intervals.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_data` without units.
    pub status: Status,
    /// The share.
    pub p: Option<f64>,
    /// Wilson's lower limit.
    pub wilson_low: Option<f64>,
    /// Wilson's upper limit.
    pub wilson_high: Option<f64>,
    /// Agresti and Coull's lower limit, not cut to 0.
    pub agresti_coull_low: Option<f64>,
    /// Agresti and Coull's upper limit, not cut to 1.
    pub agresti_coull_high: Option<f64>,
    /// Clopper and Pearson's lower limit.
    pub clopper_pearson_low: Option<f64>,
    /// Clopper and Pearson's upper limit.
    pub clopper_pearson_high: Option<f64>,
}

/// Returns Wilson's score interval of `x` in `n` > 0 at `z` deviations: exactly 0 at x = 0 and exactly 1 at x = n.
pub fn wilson(x: f64, n: f64, z: f64) -> (f64, f64) {
    let (square, failures) = (z * z, n - x);
    let root = z * (x * failures / n + square / 4.0).sqrt();
    let whole = n + square;
    // each limit from the side where nothing cancels: their product is x^2 / (n (n + z^2))
    let high = (x + square / 2.0 + root) / whole;
    let low = x * x / (n * whole) / high;
    let not_high = failures * failures / (n * whole) / ((failures + square / 2.0 + root) / whole);
    (low, 1.0 - not_high)
}

/// Returns the three intervals.
///
/// # Errors
/// When the counts cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    let Input { x, n, alpha } = input;
    counts(x, n)?;
    probability("alpha", alpha)?;
    let z = normal_upper(alpha / 2.0);
    let some = |v: f64| (n > 0.0).then_some(v);
    let (low, high) = wilson(x, n, z);
    let more = n + z * z;
    let centre = (x + z * z / 2.0) / more;
    let half = z * (centre * (1.0 - centre) / more).sqrt();
    let exact_low = if x == 0.0 { 0.0 } else { beta_inv(alpha / 2.0, x, n - x + 1.0) };
    let exact_high = if x == n { 1.0 } else { 1.0 - beta_inv(alpha / 2.0, n - x, x + 1.0) };
    Ok(Output {
        status: if n > 0.0 { Status::Ok } else { Status::NoData },
        p: some(x / n),
        wilson_low: some(low),
        wilson_high: some(high),
        agresti_coull_low: some(centre - half),
        agresti_coull_high: some(centre + half),
        clopper_pearson_low: some(exact_low),
        clopper_pearson_high: some(exact_high),
    })
}
