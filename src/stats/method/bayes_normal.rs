//! A normal effect with a normal prior: chance to win and expected loss. Does not protect against peeking.
use serde::{Deserialize, Serialize};

use crate::stats::Status;
use crate::stats::door::probability;
use crate::stats::special::{normal_cdf, normal_density, normal_sf, normal_upper};

/// An effect and what was believed before.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Input {
    /// The difference.
    pub diff: f64,
    /// Its standard error.
    pub se: f64,
    /// The mass of the interval.
    #[serde(default = "most")]
    pub credible: f64,
    /// The prior's mean.
    #[serde(default)]
    pub prior_mean: Option<f64>,
    /// The prior's standard deviation; nothing is a flat prior.
    #[serde(default)]
    pub prior_sd: Option<f64>,
}

/// The mass of an interval where none is named.
pub(super) fn most() -> f64 {
    0.95
}

/// The posterior.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `degenerate` when nothing is uncertain.
    pub status: Status,
    /// The posterior mean.
    pub mean: f64,
    /// The posterior standard deviation.
    pub sd: f64,
    /// Chance that the treatment is better.
    pub chance_to_win: Option<f64>,
    /// The lower credible limit.
    pub ci_low: f64,
    /// The upper credible limit.
    pub ci_high: f64,
    /// What is lost on average by choosing the control.
    pub loss_choose_a: Option<f64>,
    /// What is lost on average by choosing the treatment.
    pub loss_choose_b: Option<f64>,
}

/// Returns E max(Z - u, 0) for a standard normal Z, without cancellation for large u.
fn excess(u: f64) -> f64 {
    if u < 3.0 {
        return normal_density(u) - u * normal_sf(u);
    }
    // Mills' ratio is 1 / (u + k) with k = 1 / (u + 2 / (u + 3 / ...)), so 1 - u M(u) = k / (u + k)
    let k = 1.0 / (2..=400).rev().fold(u, |rest, j| u + f64::from(j) / rest);
    normal_density(u) * k / (u + k)
}

/// Returns the posterior with the chance to win and both expected losses.
///
/// # Errors
/// When the inputs cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    probability("credible", input.credible)?;
    if !(input.se >= 0.0 && input.diff.is_finite()) || input.prior_sd.is_some_and(|sd| sd <= 0.0) {
        return Err("expected a finite `diff`, `se` not below 0 and `prior_sd` above 0".to_owned());
    }
    let var = input.se * input.se;
    let (mean, sd) = match input.prior_sd {
        None => (input.diff, input.se),
        Some(prior) => {
            let (prior_var, prior_mean) = (prior * prior, input.prior_mean.unwrap_or(0.0));
            let weight = prior_var / (prior_var + var);
            (prior_mean + weight * (input.diff - prior_mean), (weight * var).sqrt())
        }
    };
    let half = normal_upper((1.0 - input.credible) / 2.0) * sd;
    let u = (sd > 0.0).then(|| mean / sd);
    Ok(Output {
        status: if u.is_some() { Status::Ok } else { Status::Degenerate },
        mean,
        sd,
        chance_to_win: u.map(normal_cdf),
        ci_low: mean - half,
        ci_high: mean + half,
        loss_choose_a: u.map(|u| sd * excess(-u)),
        loss_choose_b: u.map(|u| sd * excess(u)),
    })
}
