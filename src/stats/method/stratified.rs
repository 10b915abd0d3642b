//! A difference of means within strata, put together by the share of units in each: post-stratification (Miratrix, Sekhon
//! and Yu 2013), and the remedy when weights changed while a test ran (Simpson's paradox).
use serde::{Deserialize, Serialize};

use super::welch_t::{Output, compare};
use crate::stats::door::{arm, five_percent, probability};
use crate::stats::{Alternative, Arm, Status};

/// The two arms of one stratum, `a` the control.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Stratum {
    /// The control.
    pub a: Arm,
    /// The treatment.
    pub b: Arm,
}

/// All strata.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// The strata: periods of allocation, or what was known of units before.
    pub strata: Vec<Stratum>,
    /// The two-sided level of the interval.
    #[serde(default = "five_percent")]
    pub alpha: f64,
}

/// Returns one arm as a whole: its mean is the weighted sum over strata; the variance per unit is that of the estimate times
/// the units, and the degrees of freedom ride in `n` (Satterthwaite 1946).
fn whole(strata: &[Stratum], total: f64, of: fn(&Stratum) -> &Arm) -> Arm {
    let parts = || strata.iter().map(|s| ((s.a.n + s.b.n) / total, of(s)));
    let mean = parts().map(|(w, arm)| w * arm.mean).sum();
    let var: f64 = parts().map(|(w, arm)| w * w * arm.of_mean()).sum();
    let fourth: f64 = parts().map(|(w, arm)| (w * w * arm.of_mean()) * (w * w * arm.of_mean()) / (arm.n - 1.0)).sum();
    let n = if fourth > 0.0 { 1.0 + var * var / fourth } else { parts().map(|(_, arm)| arm.n).sum() };
    Arm { mean, var: var * n, n }
}

/// Returns Welch's test of the difference, stratum by stratum; each stratum weighs as many units as it has.
///
/// # Errors
/// When an arm cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    probability("alpha", input.alpha)?;
    input.strata.iter().try_for_each(|s| arm(&s.a).and_then(|()| arm(&s.b)))?;
    if input.strata.is_empty() || input.strata.iter().any(|s| s.a.n < 2.0 || s.b.n < 2.0) {
        return Ok(Output::without(Status::NoData, None));
    }
    let total = input.strata.iter().map(|s| s.a.n + s.b.n).sum();
    let (a, b) = (whole(&input.strata, total, |s| &s.a), whole(&input.strata, total, |s| &s.b));
    let diff = input.strata.iter().map(|s| (s.a.n + s.b.n) / total * (s.b.mean - s.a.mean)).sum();
    Ok(compare(&a, &b, diff, 0.0, input.alpha, Alternative::TwoSided))
}
