//! Sample ratio mismatch, looked at as often as one likes (Lindon and Malek 2020).
use serde::{Deserialize, Serialize};

use super::srm_chi2::arms;
use crate::stats::Status;
use crate::stats::special::{deviance, stirling_error};

/// Units by arm so far, the planned weights, and how sharply the alternative sits around them.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// Units by arm.
    pub counts: Vec<f64>,
    /// Planned weights, in any unit.
    pub weights: Vec<f64>,
    /// The Dirichlet prior's concentration.
    #[serde(default = "concentration")]
    pub concentration: f64,
}

/// The concentration where none is named.
fn concentration() -> f64 {
    10_000.0
}

/// The evidence so far.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// Always `ok`.
    pub status: Status,
    /// The logarithm of the Bayes factor against the planned weights.
    pub log_bayes_factor: f64,
    /// min(1, 1 / factor), valid at any time; the running minimum over looks is too.
    pub p_value: f64,
}

/// Returns the Bayes factor of a Dirichlet-multinomial around the weights against the weights themselves.
///
/// Gamma functions are written by Stirling's formula with its error, so that the large parts cancel on paper: what is left
/// are saddle-point distances, and a billion units lose no digits.
///
/// # Errors
/// When the inputs cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    let arms = arms(&input.counts, &input.weights)?;
    let k = input.concentration;
    if !(k > 0.0 && k.is_finite()) {
        return Err("expected `concentration` above 0".to_owned());
    }
    let total: f64 = arms.iter().map(|(c, _)| c).sum();
    let part = |(count, weight): &(f64, f64)| {
        let (before, after) = (k * weight, k * weight + count);
        let distance = after * deviance((total * weight - count) / after);
        distance - 0.5 * libm::log1p(count / before) + stirling_error(after) - stirling_error(before)
    };
    let whole = 0.5 * libm::log1p(total / k) + stirling_error(k) - stirling_error(k + total);
    let log = whole + arms.iter().map(part).sum::<f64>();
    Ok(Output { status: Status::Ok, log_bayes_factor: log, p_value: libm::exp(-log).min(1.0) })
}
