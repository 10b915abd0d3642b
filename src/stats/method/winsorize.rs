//! Winsorisation: cutting extremes at one quantile of both arms together (Dixon 1960; quantile of type 7, Hyndman and Fan
//! 1996).
use serde::{Deserialize, Serialize};

use crate::stats::Status;
use crate::tally::{Mean, quantile7};

/// Values of both arms.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// All values.
    pub values: Vec<f64>,
    /// The level of the cap, 0 to 1.
    pub percentile: f64,
    /// Whether zeros are left out when the cap is sought.
    #[serde(default)]
    pub ignore_zeros: bool,
}

/// The cap and what it leaves.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_data` without values.
    pub status: Status,
    /// The cap; 0 when all values are left out.
    pub cap: f64,
    /// Mean of the cut values.
    pub mean: Option<f64>,
    /// Variance of the cut values (divisor n - 1); 0 for one value.
    pub var: Option<f64>,
    /// How many values were cut.
    pub n_capped: u64,
}

/// Returns the cap at the quantile `level` of the values, which need no order; 0 without values.
pub fn cap(values: &[f64], level: f64, ignore_zeros: bool) -> f64 {
    let mut base: Vec<f64> = values.iter().copied().filter(|v| !ignore_zeros || *v != 0.0).collect();
    base.sort_by(f64::total_cmp);
    quantile7(&base, level).unwrap_or(0.0)
}

/// Returns the cap and the moments under it.
///
/// # Errors
/// When a value is not finite or the level lies outside 0 to 1.
pub fn run(input: Input) -> Result<Output, String> {
    if !(0.0..=1.0).contains(&input.percentile) {
        return Err(format!("expected `percentile` between 0 and 1, not `{}`", input.percentile));
    }
    let cap = cap(&input.values, input.percentile, input.ignore_zeros);
    let mut moments = Mean::default();
    input.values.iter().try_for_each(|v| moments.push(v.min(cap))).map_err(|e| e.to_string())?;
    Ok(Output {
        status: if moments.n() > 0 { Status::Ok } else { Status::NoData },
        cap,
        mean: moments.mean(),
        var: if moments.n() == 1 { Some(0.0) } else { moments.variance() },
        n_capped: input.values.iter().filter(|v| **v > cap).count() as u64,
    })
}
