//! The mixture sequential probability ratio test (Robbins 1970; Johari, Koomen, Pekelis and Walsh 2017, 2022).
use serde::{Deserialize, Serialize};

use crate::stats::Status;
use crate::stats::door::probability;

/// One look at an effect.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Look {
    /// The difference so far.
    pub diff: f64,
    /// Its standard error.
    pub se: f64,
}

/// All looks so far, in order.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// The level.
    pub alpha: f64,
    /// The variance of the mixture over effects; fixed before the start.
    pub tau2: f64,
    /// The looks.
    pub looks: Vec<Look>,
}

/// What may be concluded after the last look.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `empty_interval` when the looks contradict each other.
    pub status: Status,
    /// The logarithm of the likelihood ratio at each look.
    pub log_lambda: Vec<f64>,
    /// The running p-value at each look.
    pub p_values: Vec<f64>,
    /// The last of them.
    pub p_value: f64,
    /// The lower limit, over all looks.
    pub ci_low: Option<f64>,
    /// The upper limit, over all looks.
    pub ci_high: Option<f64>,
}

/// Returns the running minimum of p = 1 / likelihood ratio, and the intersection of the intervals.
///
/// # Errors
/// When the inputs cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    probability("alpha", input.alpha)?;
    if input.tau2 <= 0.0 || input.looks.iter().any(|l| !(l.se > 0.0 && l.diff.is_finite())) {
        return Err("expected `tau2` and each `se` above 0".to_owned());
    }
    let (mut low, mut high, mut p) = (f64::NEG_INFINITY, f64::INFINITY, 1.0_f64);
    let (mut log_lambda, mut p_values) = (Vec::new(), Vec::new());
    for Look { diff, se } in input.looks {
        let v = se * se;
        let whole = v + input.tau2;
        let growth = libm::log1p(input.tau2 / v);
        let log = input.tau2 * diff * diff / (2.0 * v * whole) - growth / 2.0;
        let half = (v * whole / input.tau2 * (growth - 2.0 * libm::log(input.alpha))).sqrt();
        p = p.min(libm::exp(-log));
        (low, high) = (low.max(diff - half), high.min(diff + half));
        log_lambda.push(log);
        p_values.push(p);
    }
    let finite = |v: f64| v.is_finite().then_some(v);
    Ok(Output {
        status: if low <= high { Status::Ok } else { Status::EmptyInterval },
        log_lambda,
        p_values,
        p_value: p,
        ci_low: finite(low),
        ci_high: finite(high),
    })
}
