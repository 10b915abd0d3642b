//! Sample ratio mismatch, looked at once (Pearson 1900; Fabijan et al. 2019). The alarm rings below 0.001.
use serde::{Deserialize, Serialize};

use crate::stats::Status;
use crate::stats::special::chi2_tails;

/// Units by arm and the planned weights.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// Units by arm.
    pub counts: Vec<f64>,
    /// Planned weights, in any unit.
    pub weights: Vec<f64>,
}

/// What the test says.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_data` without units or with fewer than two arms.
    pub status: Status,
    /// The statistic.
    pub stat: f64,
    /// Arms with weight, less one.
    pub df: f64,
    /// The p-value; 1 without units.
    pub p_value: f64,
}

/// Returns the arms that have a weight, as (count, share of the weights).
///
/// # Errors
/// When the lists differ in length or hold what cannot be.
pub(super) fn arms(counts: &[f64], weights: &[f64]) -> Result<Vec<(f64, f64)>, String> {
    let sound = |v: &f64| *v >= 0.0 && v.is_finite();
    if counts.len() != weights.len() || !counts.iter().chain(weights).all(sound) {
        return Err("expected as many `counts` as `weights`, none below zero".to_owned());
    }
    let whole: f64 = weights.iter().sum();
    Ok(counts.iter().zip(weights).filter(|(_, w)| **w > 0.0).map(|(c, w)| (*c, w / whole)).collect())
}

/// Returns the chi-square test of the counts against the weights, over the arms with weight. Units in an arm without weight
/// are an error of their own and not seen here.
///
/// # Errors
/// When the inputs cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    let arms = arms(&input.counts, &input.weights)?;
    let total: f64 = arms.iter().map(|(c, _)| c).sum();
    let df = (arms.len() as f64 - 1.0).max(0.0);
    if total == 0.0 || arms.len() < 2 {
        return Ok(Output { status: Status::NoData, stat: 0.0, df, p_value: 1.0 });
    }
    let stat = arms.iter().map(|(c, w)| (c - total * w) * (c - total * w) / (total * w)).sum();
    Ok(Output { status: Status::Ok, stat, df, p_value: chi2_tails(stat, df).upper })
}
