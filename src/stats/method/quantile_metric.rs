//! The variance of a quantile from two order statistics, and its inflation by clusters (Deng, Knoblich and Lu 2018,
//! section 4).
use serde::{Deserialize, Serialize};

use super::ratio_delta;
use crate::stats::special::normal_upper;
use crate::stats::{Arm, Status};
use crate::tally::{Exact, Mean, Pair, Values, quantile7};

/// What somebody counted: the quantile, the two order statistics around it, and sums over clusters.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    n: f64,
    n_star: f64,
    nu: f64,
    quantile_hat: f64,
    quantile_lower: f64,
    quantile_upper: f64,
    n_clusters: Option<u64>,
    main_sum: Option<Exact>,
    main_sum_squares: Option<Exact>,
    denominator_sum: Option<Exact>,
    denominator_sum_squares: Option<Exact>,
    main_denominator_sum_product: Option<Exact>,
}

/// A quantile with its variance per value.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `degenerate` where both order statistics are equal, `no_data` where there are too few values for them.
    pub status: Status,
    /// The quantile.
    pub quantile: f64,
    /// Variance per value if values are independent.
    pub var_iid: Option<f64>,
    /// Variance of the share of values up to the quantile, over clusters.
    pub cluster_variance: Option<f64>,
    /// That variance over the independent one.
    pub design_effect: Option<f64>,
    /// Variance per value with clusters.
    pub var_clustered: Option<f64>,
}

impl Input {
    fn clusters(&self) -> Option<Pair> {
        let n = self.n_clusters?;
        let main = Mean::from_exact(n, self.main_sum.clone()?, self.main_sum_squares.clone()?);
        let all = Mean::from_exact(n, self.denominator_sum.clone()?, self.denominator_sum_squares.clone()?);
        Some(Pair::from_exact(main, all, self.main_denominator_sum_product.clone()?))
    }
}

/// Returns the variance of the share of values up to the quantile, a ratio of totals over clusters.
fn cluster_variance(clusters: &Pair) -> Option<f64> {
    ratio_delta::arm(clusters).ok().map(|arm| arm.of_mean())
}

/// Returns whether `n` values are enough for the order statistics around the quantile `nu` to exist.
fn enough(n: f64, nu: f64) -> bool {
    let z = normal_upper(0.025);
    n > z * z * (nu / (1.0 - nu)).max((1.0 - nu) / nu)
}

/// Returns the variance per value, n* / n (n - 1) ((upper - lower) / (2 z))^2, with z for 95 %.
///
/// # Errors
/// When the inputs cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    crate::stats::door::probability("nu", input.nu)?;
    if !(input.n >= 1.0 && input.n_star >= 0.0 && input.quantile_upper >= input.quantile_lower) {
        return Err("expected `n` from 1, `n_star` from 0 and `quantile_upper` not below `quantile_lower`".to_owned());
    }
    let width = (input.quantile_upper - input.quantile_lower) / (2.0 * normal_upper(0.025));
    let var = input.n_star / input.n * (input.n - 1.0) * width * width;
    let cluster = input.clusters().as_ref().and_then(cluster_variance);
    let design = cluster.map(|c| c / (input.nu * (1.0 - input.nu) / input.n));
    let status = if var > 0.0 { Status::Ok } else { Status::Degenerate };
    Ok(Output {
        status,
        quantile: input.quantile_hat,
        var_iid: Some(var),
        cluster_variance: cluster,
        design_effect: design,
        var_clustered: design.map(|d| d * var),
    })
}

/// Returns the quantile `nu` of an arm with its variance per unit, `n` being the units that have values, from the order
/// statistics around it and the clusters that units are.
///
/// # Errors
/// When there are too few values, or the order statistics are equal.
pub fn arm(values: &Values, nu: f64) -> Result<Arm, Status> {
    let sorted = values.sorted();
    let n = sorted.len() as f64;
    if !(nu > 0.0 && nu < 1.0 && enough(n, nu)) {
        return Err(Status::NoData);
    }
    let estimate = quantile7(&sorted, nu).ok_or(Status::NoData)?;
    let z = normal_upper(0.025);
    let half = z * (nu * (1.0 - nu) / n).sqrt();
    let limits = quantile7(&sorted, nu - half).zip(quantile7(&sorted, nu + half));
    let (lower, upper) = limits.ok_or(Status::NoData)?;
    if upper <= lower {
        return Err(Status::Degenerate);
    }
    let clusters = values.up_to(estimate);
    let share = cluster_variance(&clusters).ok_or(Status::NoData)?;
    let width = (upper - lower) / (2.0 * z);
    // the variance of the quantile is that of the share over the squared density, which the width tells
    let of_quantile = width * width * share / (nu * (1.0 - nu) / n);
    let units = clusters.n() as f64;
    Ok(Arm { mean: estimate, var: of_quantile * units, n: units })
}
