//! Welch's t test for two means (Welch 1947; degrees of freedom by Satterthwaite 1946).
use serde::{Deserialize, Serialize};

use crate::stats::door::{arm, five_percent, probability};
use crate::stats::special::t_upper;
use crate::stats::{Alternative, Arm, Status};

/// Two arms, `a` the control.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Input {
    /// The control.
    pub a: Arm,
    /// The treatment.
    pub b: Arm,
    /// The two-sided level of the interval.
    #[serde(default = "five_percent")]
    pub alpha: f64,
    /// Which way the test looks.
    #[serde(default)]
    pub alternative: Alternative,
}

/// What the test says.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_data` below two units an arm, `degenerate` when neither arm varies.
    pub status: Status,
    /// Treatment minus control.
    pub diff: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// The statistic.
    pub t: Option<f64>,
    /// The degrees of freedom, a real number.
    pub df: Option<f64>,
    /// The p-value.
    pub p_value: Option<f64>,
    /// The lower limit.
    pub ci_low: Option<f64>,
    /// The upper limit.
    pub ci_high: Option<f64>,
}

impl Output {
    /// Returns an answer without a test.
    pub(super) fn without(status: Status, diff: Option<f64>) -> Self {
        Self { status, diff, se: None, t: None, df: None, p_value: None, ci_low: None, ci_high: None }
    }
}

/// Returns the degrees of freedom of a difference of two means.
pub fn degrees(a: &Arm, b: &Arm) -> f64 {
    let (e_a, e_b) = (a.of_mean(), b.of_mean());
    let whole = e_a + e_b;
    let (s_a, s_b) = (e_a / whole, e_b / whole);
    1.0 / (s_a * s_a / (a.n - 1.0) + s_b * s_b / (b.n - 1.0))
}

/// Returns the test of "the difference is `null`", given the difference itself, which may be known better than by
/// subtracting means.
pub fn compare(a: &Arm, b: &Arm, diff: f64, null: f64, alpha: f64, alternative: Alternative) -> Output {
    if a.n < 2.0 || b.n < 2.0 {
        return Output::without(Status::NoData, None);
    }
    let se = (a.of_mean() + b.of_mean()).sqrt();
    if se == 0.0 {
        return Output::without(Status::Degenerate, Some(diff));
    }
    let (df, t) = (degrees(a, b), (diff - null) / se);
    let half = t_upper(alpha / 2.0, df) * se;
    Output {
        status: Status::Ok,
        diff: Some(diff),
        se: Some(se),
        t: Some(t),
        df: Some(df),
        p_value: Some(alternative.p_student(t, df)),
        ci_low: Some(diff - half),
        ci_high: Some(diff + half),
    }
}

/// Returns t = (m_b - m_a) / sqrt(v_a / n_a + v_b / n_b), its p-value and interval.
///
/// # Errors
/// When the inputs cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    arm(&input.a)?;
    arm(&input.b)?;
    probability("alpha", input.alpha)?;
    Ok(compare(&input.a, &input.b, input.b.mean - input.a.mean, 0.0, input.alpha, input.alternative))
}
