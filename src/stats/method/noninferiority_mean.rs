//! Non-inferiority of a mean: Welch's test, shifted by the margin.
use serde::{Deserialize, Serialize};

use super::noninferiority_prop::half_of_five;
use super::welch_t::compare;
use crate::stats::door::{arm, probability};
use crate::stats::{Alternative, Arm, Status};

/// Two arms and a margin: higher is better.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Input {
    /// The control.
    pub a: Arm,
    /// The treatment.
    pub b: Arm,
    /// The loss that is not tolerated, above 0.
    pub margin: f64,
    /// The one-sided level.
    #[serde(default = "half_of_five")]
    pub alpha: f64,
}

/// What the test says.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// As for Welch's test.
    pub status: Status,
    /// Treatment minus control.
    pub diff: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// (diff + margin) / se.
    pub t: Option<f64>,
    /// The degrees of freedom.
    pub df: Option<f64>,
    /// The p-value of "worse by the margin or more".
    pub p_value: Option<f64>,
    /// The lower bound of the difference.
    pub lower: Option<f64>,
    /// Whether the test rejects.
    pub non_inferior: Option<bool>,
}

/// Returns the test of "the treatment is worse by at least the margin".
///
/// # Errors
/// When the inputs cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    let Input { a, b, margin, alpha } = input;
    arm(&a)?;
    arm(&b)?;
    probability("alpha", 2.0 * alpha)?;
    let test = compare(&a, &b, b.mean - a.mean, -margin, 2.0 * alpha, Alternative::Greater);
    Ok(Output {
        status: test.status,
        diff: test.diff,
        se: test.se,
        t: test.t,
        df: test.df,
        p_value: test.p_value,
        lower: test.ci_low,
        non_inferior: test.p_value.map(|p| p <= alpha),
    })
}
