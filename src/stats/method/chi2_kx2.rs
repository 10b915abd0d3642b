//! The omnibus chi-square test of k shares (Pearson 1900), with Cramer's V.
use serde::{Deserialize, Serialize};

use crate::stats::Status;
use crate::stats::door::counts;
use crate::stats::special::chi2_tails;

/// Counts of k arms.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// Who did it, by arm.
    pub x: Vec<f64>,
    /// All, by arm.
    pub n: Vec<f64>,
}

/// What the test says.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `degenerate` when nobody or everybody did it, or fewer than two arms have units.
    pub status: Status,
    /// The statistic.
    pub stat: Option<f64>,
    /// Arms with units, less one.
    pub df: f64,
    /// The p-value; 1 when degenerate.
    pub p_value: f64,
    /// The smallest expected count; below 5 the p-value is rough.
    pub min_expected: Option<f64>,
    /// Cramer's V.
    pub cramers_v: Option<f64>,
}

/// Returns the test over the arms that have units.
///
/// # Errors
/// When the lists differ in length or the counts cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    if input.x.len() != input.n.len() {
        return Err("expected as many `x` as `n`".to_owned());
    }
    let arms: Vec<(f64, f64)> =
        input.x.iter().copied().zip(input.n.iter().copied()).filter(|(_, n)| *n > 0.0).collect();
    input.x.iter().zip(&input.n).try_for_each(|(x, n)| counts(*x, *n))?;
    let (did, all) = arms.iter().fold((0.0, 0.0), |(x, n), arm| (x + arm.0, n + arm.1));
    let df = arms.len() as f64 - 1.0;
    if did == 0.0 || did == all || arms.len() < 2 {
        return Ok(Output {
            status: Status::Degenerate,
            stat: None,
            df,
            p_value: 1.0,
            min_expected: None,
            cramers_v: None,
        });
    }
    let (p, q) = (did / all, (all - did) / all);
    // x - n p = (x (N - n) - n (X - x)) / N, without cancellation for whole numbers
    let term = |(x, n): &(f64, f64)| {
        let off = (x * (all - n) - n * (did - x)) / all;
        off * off / (n * p * q)
    };
    let stat: f64 = arms.iter().map(term).sum();
    let least = arms.iter().map(|(_, n)| n * p.min(q)).fold(f64::INFINITY, f64::min);
    Ok(Output {
        status: Status::Ok,
        stat: Some(stat),
        df,
        p_value: chi2_tails(stat, df).upper,
        min_expected: Some(least),
        cramers_v: Some((stat / all).sqrt()),
    })
}
