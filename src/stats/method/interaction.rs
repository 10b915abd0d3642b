//! Whether two experiments that run at once change each other's effect: the difference of differences over the four cells of
//! the two (Fisher 1935; Kohavi, Tang and Xu 2020, chapter 21).
use serde::{Deserialize, Serialize};

use crate::stats::door::{arm, five_percent, probability};
use crate::stats::special::{t_sf, t_upper};
use crate::stats::{Arm, Status};

/// The four cells: neither treatment, the first only, the second only, both.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Input {
    /// Control in both.
    pub neither: Arm,
    /// Treated by the first experiment only.
    pub first: Arm,
    /// Treated by the second experiment only.
    pub second: Arm,
    /// Treated by both.
    pub both: Arm,
    /// The two-sided level.
    #[serde(default = "five_percent")]
    pub alpha: f64,
}

/// The interaction.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_data` below two units a cell, `degenerate` when nothing varies.
    pub status: Status,
    /// (both - second) - (first - neither): how much the second experiment adds to the effect of the first.
    pub interaction: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// The degrees of freedom (Satterthwaite 1946).
    pub df: Option<f64>,
    /// The p-value of "none".
    pub p_value: Option<f64>,
    /// The lower limit.
    pub ci_low: Option<f64>,
    /// The upper limit.
    pub ci_high: Option<f64>,
}

/// Returns the interaction with its t test.
///
/// # Errors
/// When a cell cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    let cells = [input.neither, input.first, input.second, input.both];
    cells.iter().try_for_each(arm)?;
    probability("alpha", input.alpha)?;
    let var: f64 = cells.iter().map(Arm::of_mean).sum();
    let status = match (cells.iter().any(|c| c.n < 2.0), var > 0.0) {
        (true, _) => Status::NoData,
        (_, false) => Status::Degenerate,
        _ => Status::Ok,
    };
    if status != Status::Ok {
        let none = Output { status, interaction: None, se: None, df: None, p_value: None, ci_low: None, ci_high: None };
        return Ok(none);
    }
    let effect = (input.both.mean - input.second.mean) - (input.first.mean - input.neither.mean);
    let df = var * var / cells.iter().map(|c| c.of_mean() * c.of_mean() / (c.n - 1.0)).sum::<f64>();
    let half = t_upper(input.alpha / 2.0, df) * var.sqrt();
    Ok(Output {
        status,
        interaction: Some(effect),
        se: Some(var.sqrt()),
        df: Some(df),
        p_value: Some((2.0 * t_sf((effect / var.sqrt()).abs(), df)).min(1.0)),
        ci_low: Some(effect - half),
        ci_high: Some(effect + half),
    })
}
