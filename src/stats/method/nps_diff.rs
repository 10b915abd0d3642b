//! The difference of two net promoter scores (trinomial variance; Rowe 2012).
use serde::{Deserialize, Serialize};

use crate::stats::Status;
use crate::stats::door::{five_percent, probability};
use crate::stats::special::{normal_sf, normal_upper};

/// Promoters, passives and detractors of two arms, `a` the control.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Input {
    /// The control.
    pub a: [f64; 3],
    /// The treatment.
    pub b: [f64; 3],
    /// The two-sided level.
    #[serde(default = "five_percent")]
    pub alpha: f64,
}

/// Scores from -100 to 100, their difference, and its test.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_data` without answers in an arm, `degenerate` when neither arm varies.
    pub status: Status,
    /// The control's score.
    pub nps_a: Option<f64>,
    /// The treatment's score.
    pub nps_b: Option<f64>,
    /// Treatment minus control.
    pub diff: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// The control's standard error.
    pub se_a: Option<f64>,
    /// The treatment's standard error.
    pub se_b: Option<f64>,
    /// The lower limit.
    pub ci_low: Option<f64>,
    /// The upper limit.
    pub ci_high: Option<f64>,
    /// The statistic.
    pub z: Option<f64>,
    /// The p-value; 1 when degenerate and equal.
    pub p_value: Option<f64>,
}

/// Returns the score in -100 to 100 and its standard error, 100 sqrt((p + d - (p - d)^2) / n); nothing without answers.
pub fn score([promoters, passives, detractors]: [f64; 3]) -> Option<(f64, f64)> {
    let n = promoters + passives + detractors;
    let net = (promoters - detractors) / n;
    // p + d - (p - d)^2 = (4 p d + s (p + d)) / n^2 in counts: no cancellation
    let spread = (4.0 * promoters * detractors + passives * (promoters + detractors)) / (n * n);
    (n > 0.0).then(|| (100.0 * net, 100.0 * (spread / n).sqrt()))
}

/// Returns the difference with its z test.
///
/// # Errors
/// When a count is below zero.
pub fn run(input: Input) -> Result<Output, String> {
    probability("alpha", input.alpha)?;
    if input.a.iter().chain(&input.b).any(|v| !(*v >= 0.0 && v.is_finite())) {
        return Err("expected counts not below zero".to_owned());
    }
    let (a, b) = (score(input.a), score(input.b));
    let both = a.zip(b);
    let diff = both.map(|((a, _), (b, _))| b - a);
    let se = both.map(|((_, a), (_, b))| (a * a + b * b).sqrt());
    let half = se.map(|se| normal_upper(input.alpha / 2.0) * se);
    let z = diff.zip(se).filter(|(_, se)| *se > 0.0).map(|(d, se)| d / se);
    let equal = diff.filter(|d| *d == 0.0).map(|_| 1.0);
    let status = match (both, z) {
        (None, _) => Status::NoData,
        (_, None) => Status::Degenerate,
        _ => Status::Ok,
    };
    Ok(Output {
        status,
        nps_a: a.map(|a| a.0),
        nps_b: b.map(|b| b.0),
        diff,
        se,
        se_a: a.map(|a| a.1),
        se_b: b.map(|b| b.1),
        ci_low: diff.zip(half).map(|(d, h)| d - h),
        ci_high: diff.zip(half).map(|(d, h)| d + h),
        z,
        p_value: z.map(|z| 2.0 * normal_sf(z.abs())).or(equal),
    })
}
