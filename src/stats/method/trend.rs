//! Whether an effect rises or falls with time: a straight line through effects, weighted by their precision (Aitken 1935).
use serde::{Deserialize, Serialize};

use crate::stats::Status;
use crate::stats::special::normal_sf;

/// Effects over time with their standard errors.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// The times.
    pub t: Vec<f64>,
    /// The effect at each.
    pub effects: Vec<f64>,
    /// Its standard error, above 0.
    pub ses: Vec<f64>,
}

/// The line.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_data` below three times, `degenerate` when all times are one.
    pub status: Status,
    /// The change of the effect in one unit of time.
    pub slope: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// The p-value of "no change".
    pub p_value: Option<f64>,
}

/// Returns the line's slope with its z test.
///
/// # Errors
/// When the lists differ in length or a standard error is not above 0.
pub fn run(input: Input) -> Result<Output, String> {
    let sound = input.t.len() == input.effects.len() && input.t.len() == input.ses.len();
    if !sound || input.ses.iter().any(|s| !(*s > 0.0 && s.is_finite())) {
        return Err("expected as many `t` as `effects` and `ses`, each `se` above 0".to_owned());
    }
    let points = || input.t.iter().zip(&input.effects).zip(&input.ses).map(|((t, d), s)| (*t, *d, 1.0 / (s * s)));
    let sum = |f: &dyn Fn(f64, f64) -> f64| points().map(|(t, d, w)| w * f(t, d)).sum::<f64>();
    let whole = sum(&|_, _| 1.0);
    let (centre, level) = (sum(&|t, _| t) / whole, sum(&|_, d| d) / whole);
    let spread = sum(&|t, _| (t - centre) * (t - centre));
    let status = match (input.t.len() < 3, spread > 0.0) {
        (true, _) => Status::NoData,
        (_, false) => Status::Degenerate,
        _ => Status::Ok,
    };
    if status != Status::Ok {
        return Ok(Output { status, slope: None, se: None, p_value: None });
    }
    let slope = sum(&|t, d| (t - centre) * (d - level)) / spread;
    let se = 1.0 / spread.sqrt();
    Ok(Output {
        status,
        slope: Some(slope),
        se: Some(se),
        p_value: Some((2.0 * normal_sf((slope / se).abs())).min(1.0)),
    })
}
