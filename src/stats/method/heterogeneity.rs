//! Effects over segments: whether they differ (Cochran 1954), how much (DerSimonian and Laird 1986), and what each is after
//! shrinkage towards the common effect (Morris 1983).
use serde::{Deserialize, Serialize};

use crate::stats::Status;
use crate::stats::special::chi2_tails;

/// Effects with their standard errors.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// The effect in each segment.
    pub effects: Vec<f64>,
    /// Its standard error, above 0.
    pub ses: Vec<f64>,
}

/// Whether segments differ.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_data` below two segments.
    pub status: Status,
    /// Cochran's Q, on one degree of freedom less than there are segments.
    pub q: Option<f64>,
    /// Its p-value.
    pub p_value: Option<f64>,
    /// The variance of true effects between segments.
    pub tau2: f64,
    /// The common effect.
    pub mean: Option<f64>,
    /// The effects after shrinkage.
    pub shrunken: Vec<f64>,
    /// Their standard errors, that of the common effect included.
    pub shrunken_ses: Vec<f64>,
}

/// Returns the test of equal effects, and each effect shrunken to the common one by as much as it is uncertain.
///
/// # Errors
/// When the lists differ in length or a standard error is not above 0.
pub fn run(input: Input) -> Result<Output, String> {
    let arms: Vec<(f64, f64)> = input.effects.iter().copied().zip(input.ses.iter().map(|s| s * s)).collect();
    if input.effects.len() != input.ses.len() || input.ses.iter().any(|s| !(*s > 0.0 && s.is_finite())) {
        return Err("expected as many `effects` as `ses`, each `se` above 0".to_owned());
    }
    if arms.len() < 2 {
        let status = if arms.is_empty() { Status::NoData } else { Status::Ok };
        let mean = input.effects.first().copied();
        return Ok(Output {
            status,
            q: None,
            p_value: None,
            tau2: 0.0,
            mean,
            shrunken: input.effects,
            shrunken_ses: input.ses,
        });
    }
    let sum = |f: &dyn Fn(f64, f64) -> f64| arms.iter().map(|(d, v)| f(*d, *v)).sum::<f64>();
    let whole = sum(&|_, v| 1.0 / v);
    let fixed = sum(&|d, v| d / v) / whole;
    let q = sum(&|d, v| (d - fixed) * (d - fixed) / v);
    let df = arms.len() as f64 - 1.0;
    let tau2 = ((q - df) / (whole - sum(&|_, v| 1.0 / (v * v)) / whole)).max(0.0);
    let precision = sum(&|_, v| 1.0 / (v + tau2));
    let mean = sum(&|d, v| d / (v + tau2)) / precision;
    let shrink = |(d, v): &(f64, f64)| {
        let own = tau2 / (tau2 + v);
        let var = own * v + (1.0 - own) * (1.0 - own) / precision;
        (mean + own * (d - mean), var.sqrt())
    };
    let (shrunken, shrunken_ses) = arms.iter().map(shrink).unzip();
    Ok(Output {
        status: Status::Ok,
        q: Some(q),
        p_value: Some(chi2_tails(q, df).upper),
        tau2,
        mean: Some(mean),
        shrunken,
        shrunken_ses,
    })
}
