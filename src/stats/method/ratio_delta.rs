//! Ratio metrics by the delta method, on the units that were randomised (Deng, Knoblich and Lu 2018, section 3; Kohavi,
//! Tang and Xu 2020, chapter 18).
use serde::{Deserialize, Serialize};

use super::welch_t::{Output as Test, compare};
use crate::stats::door::{five_percent, probability};
use crate::stats::special::{t_sf, t_upper};
use crate::stats::{Alternative, Arm, Status};
use crate::tally::{Exact, Mean, Pair};

/// Sums over the units of an arm: numerator m, denominator d.
#[derive(Clone, Debug, Deserialize)]
pub struct Sums {
    n: u64,
    sum_m: Exact,
    sum_m2: Exact,
    sum_d: Exact,
    sum_d2: Exact,
    sum_md: Exact,
}

impl From<Sums> for Pair {
    fn from(s: Sums) -> Self {
        let (m, d) = (Mean::from_exact(s.n, s.sum_m, s.sum_m2), Mean::from_exact(s.n, s.sum_d, s.sum_d2));
        Self::from_exact(m, d, s.sum_md)
    }
}

/// Two arms, `a` the control.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    a: Sums,
    b: Sums,
    #[serde(default = "five_percent")]
    alpha: f64,
}

/// The difference of two ratios.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// The control's ratio.
    pub ratio_a: Option<f64>,
    /// Its variance per unit.
    pub var_a: Option<f64>,
    /// The treatment's ratio.
    pub ratio_b: Option<f64>,
    /// Its variance per unit.
    pub var_b: Option<f64>,
    /// Welch's test of the difference; `denominator_zero` when a denominator sums to 0.
    #[serde(flatten)]
    pub test: Test,
    /// The difference over the control's ratio.
    pub lift: Option<f64>,
    /// Its standard error by the delta method.
    pub lift_se: Option<f64>,
    /// Its p-value by t.
    pub lift_p_value: Option<f64>,
    /// The lower limit of the lift by t.
    pub lift_ci_low: Option<f64>,
    /// The upper limit of the lift by t.
    pub lift_ci_high: Option<f64>,
}

/// Returns the ratio of totals of an arm with its variance per unit, s_m^2 / d^2 + s_d^2 m^2 / d^4 - 2 s_md m / d^3 at the
/// means m and d.
///
/// # Errors
/// When there are fewer than two units, a sum is unknown, or the denominator is 0: which of these.
pub fn arm(pair: &Pair) -> Result<Arm, Status> {
    let n = pair.n();
    if n < 2 {
        return Err(Status::NoData);
    }
    let (m, d) = (pair.y().sum(), pair.x().sum());
    let squares = pair.y().squares().zip(pair.x().squares());
    let (mm, dd) = squares.ok_or(Status::Unknown)?;
    if d.is_zero() {
        return Err(Status::DenominatorZero);
    }
    // the sum of (m_i - R d_i)^2 is (S_mm D^2 - 2 S_md M D + S_dd M^2) / D^2, and is centred already
    let mut spread = mm.times(d).times(d);
    spread.subtract(&pair.product().times(m).times(d).times(&Exact::from_u64(2)));
    spread.add(&dd.times(m).times(m));
    let (total, units) = (d.to_f64(), n as f64);
    let per_total = spread.to_f64() / (total * total) / (total * total);
    Ok(Arm { mean: m.to_f64() / total, var: (per_total * units * units / (units - 1.0)).max(0.0), n: units })
}

/// Returns the difference of two ratios of totals, b - a, rounded once; nothing when a denominator is 0.
pub fn difference(a: &Pair, b: &Pair) -> Option<f64> {
    let mut top = b.y().sum().times(a.x().sum());
    top.subtract(&a.y().sum().times(b.x().sum()));
    let below = a.x().sum().times(b.x().sum());
    (!below.is_zero()).then(|| top.to_f64() / below.to_f64())
}

/// Returns the comparison of two ratios.
///
/// # Errors
/// When the inputs cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    probability("alpha", input.alpha)?;
    let (pair_a, pair_b) = (Pair::from(input.a), Pair::from(input.b));
    let diff = difference(&pair_a, &pair_b).unwrap_or(0.0);
    let (a, b) = match (arm(&pair_a), arm(&pair_b)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(status), _) | (_, Err(status)) => return Ok(Output::without(status)),
    };
    let test = compare(&a, &b, diff, 0.0, input.alpha, Alternative::TwoSided);
    let mut output = Output { ratio_a: Some(a.mean), ratio_b: Some(b.mean), ..Output::without(test.status) };
    (output.var_a, output.var_b) = (Some(a.var), Some(b.var));
    if let (Some(df), true) = (test.df, a.mean != 0.0) {
        let (size, change) = (a.mean.abs(), b.mean / a.mean);
        let lift = diff / size;
        let se = (b.of_mean() + a.of_mean() * change * change).sqrt() / size;
        let half = t_upper(input.alpha / 2.0, df) * se;
        output.lift = Some(lift);
        output.lift_se = Some(se);
        output.lift_p_value = (se > 0.0).then(|| 2.0 * t_sf((lift / se).abs(), df));
        output.lift_ci_low = Some(lift - half);
        output.lift_ci_high = Some(lift + half);
    }
    output.test = test;
    Ok(output)
}

impl Output {
    fn without(status: Status) -> Self {
        Self {
            ratio_a: None,
            var_a: None,
            ratio_b: None,
            var_b: None,
            test: Test::without(status, None),
            lift: None,
            lift_se: None,
            lift_p_value: None,
            lift_ci_low: None,
            lift_ci_high: None,
        }
    }
}
