//! Non-inferiority of a share: Wald beside the score test (Farrington and Manning 1990), which decides.
use serde::{Deserialize, Serialize};

use super::prop_diff_miettinen_nurminen::Table;
use crate::stats::Status;
use crate::stats::door::{counts, extended, probability};
use crate::stats::special::{normal_sf, normal_upper};

/// Two arms of counts and a margin: higher is better, the treatment may lose less than the margin.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Input {
    /// Control: who did it.
    pub x_a: f64,
    /// Control: all.
    pub n_a: f64,
    /// Treatment: who did it.
    pub x_b: f64,
    /// Treatment: all.
    pub n_b: f64,
    /// The loss that is not tolerated, above 0.
    pub margin: f64,
    /// The one-sided level.
    #[serde(default = "half_of_five")]
    pub alpha: f64,
}

/// The one-sided level where none is named.
pub(super) fn half_of_five() -> f64 {
    0.025
}

/// What the tests say.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_data` without units in an arm.
    pub status: Status,
    /// Treatment minus control.
    pub diff: Option<f64>,
    /// Wald's statistic; nothing when neither arm varies.
    pub z_wald: Option<f64>,
    /// Its p-value.
    pub p_wald: Option<f64>,
    /// Wald's lower bound of the difference.
    pub lower_wald: Option<f64>,
    /// The score statistic; unbounded when nothing varies at the margin.
    #[serde(serialize_with = "extended")]
    pub z_score: Option<f64>,
    /// Its p-value.
    pub p_score: Option<f64>,
    /// Whether the score test rejects "worse by the margin or more".
    pub non_inferior_score: Option<bool>,
}

/// Returns both tests of "the treatment is worse by at least the margin".
///
/// # Errors
/// When the counts cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    let Input { x_a, n_a, x_b, n_b, margin, alpha } = input;
    counts(x_a, n_a)?;
    counts(x_b, n_b)?;
    probability("alpha", alpha)?;
    if n_a == 0.0 || n_b == 0.0 {
        return Ok(Output {
            status: Status::NoData,
            diff: None,
            z_wald: None,
            p_wald: None,
            lower_wald: None,
            z_score: None,
            p_score: None,
            non_inferior_score: None,
        });
    }
    let table = Table { x_a, n_a, x_b, n_b };
    let (p_a, p_b, diff) = (x_a / n_a, x_b / n_b, table.difference());
    let se = (p_a * ((n_a - x_a) / n_a) / n_a + p_b * ((n_b - x_b) / n_b) / n_b).sqrt();
    let z_wald = (se > 0.0).then(|| (diff + margin) / se);
    let z_score = table.z_difference(-margin, false);
    let p_score = normal_sf(z_score);
    Ok(Output {
        status: Status::Ok,
        diff: Some(diff),
        z_wald,
        p_wald: z_wald.map(normal_sf),
        lower_wald: Some(diff - normal_upper(alpha) * se),
        z_score: Some(z_score),
        p_score: Some(p_score),
        non_inferior_score: Some(p_score <= alpha),
    })
}
