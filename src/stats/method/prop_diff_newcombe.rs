//! Newcombe's hybrid score interval for a difference of shares (Newcombe 1998, method 10).
use super::prop_ci_single::wilson;
use super::prop_z_test::Input;
use crate::stats::Status;
use crate::stats::special::normal_upper;
use serde::Serialize;

/// A difference of shares with its limits.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_data` without units in an arm.
    pub status: Status,
    /// Treatment minus control.
    pub diff: Option<f64>,
    /// The lower limit.
    pub ci_low: Option<f64>,
    /// The upper limit.
    pub ci_high: Option<f64>,
}

impl Output {
    /// Returns the answer when an arm has no units.
    pub(super) fn no_data() -> Self {
        Self { status: Status::NoData, diff: None, ci_low: None, ci_high: None }
    }

    /// Returns a difference with its limits.
    pub(super) fn ok(diff: f64, ci_low: f64, ci_high: f64) -> Self {
        Self { status: Status::Ok, diff: Some(diff), ci_low: Some(ci_low), ci_high: Some(ci_high) }
    }
}

/// Returns the interval; defined from one unit an arm on.
///
/// # Errors
/// When the counts cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    input.check()?;
    if input.n_a == 0.0 || input.n_b == 0.0 {
        return Ok(Output::no_data());
    }
    let z = normal_upper(input.alpha / 2.0);
    let (low_a, high_a) = wilson(input.x_a, input.n_a, z);
    let (low_b, high_b) = wilson(input.x_b, input.n_b, z);
    let (p_a, p_b, diff) = (input.x_a / input.n_a, input.x_b / input.n_b, input.difference());
    let down = ((p_b - low_b) * (p_b - low_b) + (high_a - p_a) * (high_a - p_a)).sqrt();
    let up = ((high_b - p_b) * (high_b - p_b) + (p_a - low_a) * (p_a - low_a)).sqrt();
    Ok(Output::ok(diff, diff - down, diff + up))
}
