//! Two shares, exact and valid at any time from the first unit: e-values for 2 x 2 tables (Turner, Ly and Grünwald 2021;
//! intervals by Turner and Grünwald 2023).
//!
//! Each unit falls to the control or the treatment by planned weights. For a pair of shares off the null line, the
//! likelihood of the data over that of the pair's projection on the line is a martingale with mean 1 whatever the true point
//! of the line is: the projection minimises a weighted Kullback-Leibler distance, and its first-order condition makes the
//! mean the same all along a straight line. An average over pairs fixed beforehand is one too, and depends on the counts
//! only. By Ville's inequality it ever exceeds 1 / alpha with a chance of at most alpha.
use serde::{Deserialize, Serialize};

use super::prop_diff_miettinen_nurminen::Table;
use crate::stats::Status;
use crate::stats::door::{counts, five_percent, probability};

/// Counts so far, and the weights by which units fall to the arms.
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
    /// The planned weight of the treatment among the two arms.
    #[serde(default = "half")]
    pub weight_b: f64,
    /// The level.
    #[serde(default = "five_percent")]
    pub alpha: f64,
}

fn half() -> f64 {
    0.5
}

/// What may be concluded now.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_data` without units in an arm.
    pub status: Status,
    /// Treatment minus control.
    pub diff: Option<f64>,
    /// The logarithm of the evidence against "no difference".
    pub log_e_value: Option<f64>,
    /// min(1, 1 / evidence), valid at any time.
    pub p_value: Option<f64>,
    /// The lower limit of the difference, valid at any time.
    pub ci_low: Option<f64>,
    /// The upper limit of the difference, valid at any time.
    pub ci_high: Option<f64>,
}

/// A straight line of pairs of shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Null {
    /// The treatment's share is this much more.
    Difference(f64),
    /// The treatment's share is this many times the control's.
    Ratio(f64),
}

impl Null {
    /// The control's shares for which both are between 0 and 1.
    fn range(self) -> (f64, f64) {
        match self {
            Self::Difference(d) => ((-d).max(0.0), (1.0 - d).min(1.0)),
            Self::Ratio(r) => (0.0, (1.0 / r).min(1.0)),
        }
    }

    fn partner(self, p: f64) -> f64 {
        match self {
            Self::Difference(d) => p + d,
            Self::Ratio(r) => p * r,
        }
    }

    /// The point of the line nearest to a pair, by weighted Kullback-Leibler distance.
    fn project(self, a: f64, b: f64, weight_b: f64) -> f64 {
        let table = Table { x_a: (1.0 - weight_b) * a, n_a: 1.0 - weight_b, x_b: weight_b * b, n_b: weight_b };
        match self {
            Self::Difference(d) => table.constrained(d),
            Self::Ratio(r) => table.constrained_ratio(r),
        }
    }
}

/// The pairs of shares whose evidence is averaged, as what each unit adds to the logarithm: control did, control did not,
/// treatment did, treatment did not.
pub struct Mixture(Vec<[f64; 4]>);

/// Base rates, as the logarithm of their odds within the line.
const BASES: std::ops::RangeInclusive<i32> = -8..=8;
/// Effects, as the logarithm of an odds ratio: 0.01 times powers of 1.6.
const EFFECTS: std::ops::Range<i32> = 0..13;

fn logistic(u: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-u))
}

fn logit(p: f64) -> f64 {
    libm::log(p / (1.0 - p))
}

impl Mixture {
    /// Returns the pairs for a null line, when the treatment has this weight among the two arms: base rates from 1 in 160,000
    /// up, each with effects of either sign around the line.
    pub fn new(null: Null, weight_b: f64) -> Self {
        let (low, high) = null.range();
        let halves: Vec<f64> = EFFECTS.map(|effect| 0.005 * libm::pow(1.6, f64::from(effect))).collect();
        let mut pairs = Vec::with_capacity(2 * BASES.count() * halves.len());
        for base in BASES {
            let p = low + (high - low) * logistic(1.5 * f64::from(base));
            let q = null.partner(p).clamp(1e-12, 1.0 - 1e-12);
            let (u, v) = (logit(p), logit(q));
            for half in &halves {
                for sign in [-1.0, 1.0] {
                    let (a, b) = (logistic(u - sign * half), logistic(v + sign * half));
                    pairs.extend(Self::pair(null, a, b, weight_b));
                }
            }
        }
        Self(pairs)
    }

    /// What each unit adds; nothing for a pair that does not project inside the line.
    fn pair(null: Null, a: f64, b: f64, weight_b: f64) -> Option<[f64; 4]> {
        let p = null.project(a, b, weight_b);
        let q = null.partner(p);
        let inside = |v: f64| v > 0.0 && v < 1.0;
        let terms = [a / p, (1.0 - a) / (1.0 - p), b / q, (1.0 - b) / (1.0 - q)].map(libm::log);
        (inside(p) && inside(q) && terms.iter().all(|t| t.is_finite())).then_some(terms)
    }

    /// Returns the logarithm of the averaged evidence against the line.
    pub fn log_e(&self, x_a: f64, n_a: f64, x_b: f64, n_b: f64) -> f64 {
        let (y_a, y_b) = (n_a - x_a, n_b - x_b);
        let log = |[a, not_a, b, not_b]: &[f64; 4]| x_a * a + y_a * not_a + x_b * b + y_b * not_b;
        let top = self.0.iter().map(log).fold(f64::NEG_INFINITY, f64::max);
        if top == f64::NEG_INFINITY {
            return 0.0;
        }
        let near = |pair: &[f64; 4]| {
            let below = log(pair) - top;
            if below < -40.0 { 0.0 } else { libm::exp(below) }
        };
        top + libm::log(self.0.iter().map(near).sum::<f64>() / self.0.len() as f64)
    }
}

/// Returns the logarithm of the evidence against a line.
pub fn log_e(input: &Input, null: Null) -> f64 {
    Mixture::new(null, input.weight_b).log_e(input.x_a, input.n_a, input.x_b, input.n_b)
}

/// Returns the p-value of "no difference", valid at any time.
pub fn p_value(input: &Input) -> f64 {
    libm::exp(-log_e(input, Null::Difference(0.0))).min(1.0)
}

/// Returns where the evidence beyond the limit, `excess`, turns positive, between a value that is `kept` and one far off
/// that may not be; `step` is about how far apart values are that the data can tell.
///
/// Steps that double find a bracket, which then shrinks by interpolation, truncated and projected so that it is never slower
/// than halving but for one step (Oliveira and Takahashi 2021).
fn edge(kept: f64, far: f64, step: f64, excess: impl Fn(f64) -> f64) -> f64 {
    let end = excess(far);
    if !matches!(end.partial_cmp(&0.0), Some(std::cmp::Ordering::Greater)) {
        return far;
    }
    let narrow = (far - kept).abs() / (1_u64 << 46) as f64;
    let (mut kept, mut gone) = ((kept, excess(kept)), (far, end));
    let mut step = if step > narrow { step } else { f64::INFINITY };
    while 2.0 * step < (gone.0 - kept.0).abs() {
        let next = kept.0 + step.copysign(far - kept.0);
        let found = (next, excess(next));
        if found.1 > 0.0 {
            gone = found;
        } else {
            (kept, step) = (found, 2.0 * step);
        }
    }
    let first = (gone.0 - kept.0).abs();
    let mut slack = narrow;
    while slack < first {
        slack *= 2.0;
    }
    while (gone.0 - kept.0).abs() > narrow {
        let (width, middle) = ((gone.0 - kept.0).abs(), (kept.0 + gone.0) / 2.0);
        let straight = kept.0 + (gone.0 - kept.0) * (kept.1 / (kept.1 - gone.1));
        let next = match straight.is_finite() && kept.1 <= 0.0 {
            true => {
                let (away, nudge) = (middle - straight, 0.2 * width * width / first);
                let truncated = if nudge <= away.abs() { straight + nudge.copysign(away) } else { middle };
                let reach = (slack - width / 2.0).max(0.0);
                if (truncated - middle).abs() <= reach { truncated } else { middle - reach.copysign(away) }
            }
            false => middle,
        };
        if next == kept.0 || next == gone.0 {
            break;
        }
        slack /= 2.0;
        let found = (next, excess(next));
        if found.1 > 0.0 { gone = found } else { kept = found }
    }
    // the rejected side is no narrower than doubles can tell; but what the test excludes must lie outside
    if gone.0 == far { kept.0 } else { gone.0 }
}

/// Returns the differences that are not rejected at `alpha`; 0 is outside exactly when [`p_value`] is below `alpha`.
pub fn difference_interval(input: &Input, alpha: f64) -> (f64, f64) {
    let estimate = input.x_b / input.n_b - input.x_a / input.n_a;
    let excess = |d: f64| log_e(input, Null::Difference(d)) + libm::log(alpha);
    let against = excess(0.0) > 0.0;
    let share = |x: f64, n: f64| (x + 0.5) * (n - x + 0.5) / ((n + 1.0) * (n + 1.0) * n);
    let step = 2.0 * (share(input.x_a, input.n_a) + share(input.x_b, input.n_b)).sqrt();
    let centre = estimate.clamp(-1.0 + 1e-9, 1.0 - 1e-9);
    let far = |side: f64| if against && estimate * side < 0.0 { 0.0 } else { side * (1.0 - 1e-9) };
    (edge(centre, far(-1.0), step, excess).min(estimate), edge(centre, far(1.0), step, excess).max(estimate))
}

/// Returns the ratios that are not rejected at `alpha`, the upper end infinite when nobody in the control did it; 1 is outside
/// exactly when [`p_value`] is below `alpha`.
pub fn ratio_interval(input: &Input, alpha: f64) -> (f64, f64) {
    let excess = |u: f64| log_e(input, Null::Ratio(libm::exp(u))) + libm::log(alpha);
    let against = excess(0.0) > 0.0;
    let share = |x: f64, n: f64| (n - x + 0.5) / ((x + 0.5) * n);
    let step = 2.0 * (share(input.x_a, input.n_a) + share(input.x_b, input.n_b)).sqrt();
    let (p_a, p_b) = (input.x_a / input.n_a, input.x_b / input.n_b);
    let estimate = libm::log(p_b / p_a).clamp(-30.0, 30.0);
    let estimate = if estimate.is_nan() { 0.0 } else { estimate };
    let far = |side: f64| if against && estimate * side < 0.0 { 0.0 } else { side * 30.0 };
    let low = if input.x_b == 0.0 { 0.0 } else { libm::exp(edge(estimate, far(-1.0), step, excess)) };
    let high = if input.x_a == 0.0 { f64::INFINITY } else { libm::exp(edge(estimate, far(1.0), step, excess)) };
    (low, high)
}

/// Returns evidence, p-value and interval so far.
///
/// # Errors
/// When the counts cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    counts(input.x_a, input.n_a)?;
    counts(input.x_b, input.n_b)?;
    probability("alpha", input.alpha)?;
    probability("weight_b", input.weight_b)?;
    if input.n_a == 0.0 || input.n_b == 0.0 {
        let none = Output {
            status: Status::NoData,
            diff: None,
            log_e_value: None,
            p_value: None,
            ci_low: None,
            ci_high: None,
        };
        return Ok(none);
    }
    let (low, high) = difference_interval(&input, input.alpha);
    Ok(Output {
        status: Status::Ok,
        diff: Some(input.x_b / input.n_b - input.x_a / input.n_a),
        log_e_value: Some(log_e(&input, Null::Difference(0.0))),
        p_value: Some(p_value(&input)),
        ci_low: Some(low),
        ci_high: Some(high),
    })
}
