//! The distributions themselves, by name.
use serde::{Deserialize, Serialize};

use crate::stats::special::{
    Urn, beta_inv, beta_tails, binomial_tails, chi2_inv, chi2_tails, f_tails, hypergeometric_tails, ln_beta, ln_gamma,
    normal_cdf, normal_inv, normal_sf, t_cdf, t_inv, t_sf,
};

/// A function, its parameters and the point.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// For example `t_sf`.
    pub function: String,
    /// Its parameters, in the usual order.
    #[serde(default)]
    pub params: Vec<f64>,
    /// The point.
    #[serde(default)]
    pub x: f64,
}

/// The value.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// The value.
    pub value: f64,
}

/// Returns the value of a distribution's function.
///
/// # Errors
/// When there is no such function, or its parameters are out of range.
pub fn run(input: Input) -> Result<Output, String> {
    let Input { function, params, x } = input;
    let value = match *params.as_slice() {
        [] => plain(&function, x),
        [df] if df > 0.0 => one(&function, x, df),
        [a, b] if a > 0.0 && b >= 0.0 => two(&function, x, a, b),
        [size, marked, drawn] if marked >= 0.0 && drawn >= 0.0 && size >= marked.max(drawn) => {
            let urn = Urn { size: size as u64, marked: marked as u64, drawn: drawn as u64 };
            three(&function, x, urn)
        }
        _ => None,
    };
    match value.filter(|v| v.is_finite()) {
        Some(value) => Ok(Output { value }),
        None => Err(format!("`{function}` is not defined for `{params:?}` at `{x}`")),
    }
}

fn plain(function: &str, x: f64) -> Option<f64> {
    Some(match function {
        "norm_cdf" => normal_cdf(x),
        "norm_sf" => normal_sf(x),
        "norm_inv" => normal_inv(x),
        "ln_gamma" => ln_gamma(x),
        _ => return None,
    })
}

fn one(function: &str, x: f64, df: f64) -> Option<f64> {
    Some(match function {
        "t_cdf" => t_cdf(x, df),
        "t_sf" => t_sf(x, df),
        "t_inv" => t_inv(x, df),
        "chi2_cdf" => chi2_tails(x, df).lower,
        "chi2_sf" => chi2_tails(x, df).upper,
        "chi2_inv" => chi2_inv(x, df),
        _ => return None,
    })
}

fn two(function: &str, x: f64, a: f64, b: f64) -> Option<f64> {
    Some(match function {
        "beta_cdf" => beta_tails(x, a, b).lower,
        "beta_sf" => beta_tails(x, a, b).upper,
        "beta_inv" => beta_inv(x, a, b),
        "ln_beta" => ln_beta(a, b),
        "f_cdf" => f_tails(x, a, b).lower,
        "f_sf" => f_tails(x, a, b).upper,
        "binom_cdf" => binomial_tails(x, a, b).lower,
        "binom_sf" => binomial_tails(x, a, b).upper,
        _ => return None,
    })
}

fn three(function: &str, x: f64, urn: Urn) -> Option<f64> {
    Some(match function {
        "hyper_cdf" => hypergeometric_tails(x as i64, urn).lower,
        "hyper_sf" => hypergeometric_tails(x as i64, urn).upper,
        _ => return None,
    })
}
