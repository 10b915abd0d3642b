//! Units, power and smallest detectable effect for two means, by the normal and by the exact noncentral t (Cohen 1988).
use serde::{Deserialize, Serialize};

use super::power_prop::{one, two};
use crate::stats::Status;
use crate::stats::door::probability;
use crate::stats::special::{
    bisect, deviance, normal_cdf, normal_sf, normal_upper, panels, rule40, stirling_error, t_upper,
};

/// What is planned; arm 1 is the control, arm 2 gets `ratio` times its units.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Input {
    /// The difference to find.
    pub delta: f64,
    /// The standard deviation of a unit.
    pub sd: f64,
    /// The level.
    pub alpha: f64,
    /// The power.
    pub power: f64,
    /// Units of the treatment for one of the control.
    #[serde(default = "one")]
    pub ratio: f64,
    /// 2 or 1.
    #[serde(default = "two")]
    pub sides: f64,
    /// Units of the control for which the smallest detectable effect is wanted.
    #[serde(default)]
    pub mde_n: Option<f64>,
}

/// Two formulas, two numbers.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// Always `ok`.
    pub status: Status,
    /// Units of the control by the normal.
    pub n1_z: f64,
    /// Rounded up.
    pub n1_z_ceil: f64,
    /// Units of the control by the noncentral t, a real number.
    pub n1_t: f64,
    /// The power of those units, rounded up.
    pub power_t_at_ceil: f64,
    /// The smallest difference that `mde_n` units find, by the normal.
    pub mde_z: Option<f64>,
}

/// Returns the control's units by the normal: (z + z)^2 sd^2 (1 + 1 / ratio) / delta^2.
pub fn units(input: &Input) -> f64 {
    let both = normal_upper(input.alpha / input.sides) + normal_upper(1.0 - input.power);
    let standard = both * input.sd / input.delta;
    standard * standard * (1.0 + 1.0 / input.ratio)
}

/// Returns the exact power of a two-sample t test with `n1` units in the control: the normal power averaged over the chi
/// distribution of the standard deviation, both tails when two-sided.
fn power_t(input: &Input, n1: f64, n2: f64) -> f64 {
    let df = n1 + n2 - 2.0;
    let critical = t_upper(input.alpha / input.sides, df);
    let shift = input.delta.abs() / (input.sd * (1.0 / n1 + 1.0 / n2).sqrt());
    let a = df / 2.0;
    let constant = 0.5 * libm::log(2.0 * a / std::f64::consts::PI) - stirling_error(a);
    let chance = |u: f64| {
        let far = if input.sides == 2.0 { normal_cdf(-critical * u - shift) } else { 0.0 };
        normal_sf(critical * u - shift) + far
    };
    let density = |u: f64| libm::exp(constant - libm::log(u) - a * deviance(u * u - 1.0));
    let sd = 1.0 / (2.0 * df).sqrt();
    let mut edges: Vec<f64> = [0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 12.0, 16.0, 30.0]
        .iter()
        .flat_map(|c| [1.0 - c * sd, 1.0 + c * sd])
        .chain([1.0, 0.0])
        .filter(|e| *e >= 0.0)
        .collect();
    edges.sort_by(f64::total_cmp);
    panels(rule40(), &edges).into_iter().map(|(u, w)| w * chance(u) * density(u)).sum()
}

/// Returns the sizes.
///
/// # Errors
/// When a level is none, or a number that must be above 0 is not.
pub fn run(input: Input) -> Result<Output, String> {
    probability("alpha", input.alpha)?;
    probability("power", input.power)?;
    if !(input.sd > 0.0 && input.delta != 0.0 && input.delta.is_finite() && input.ratio > 0.0) {
        return Err("expected `sd` and `ratio` above 0 and a `delta` other than 0".to_owned());
    }
    if !(input.sides == 1.0 || input.sides == 2.0) {
        return Err(format!("expected `sides` to be 1 or 2, not `{}`", input.sides));
    }
    let n = units(&input);
    let short = |n1: f64| power_t(&input, n1, input.ratio * n1) < input.power;
    let least = 2.0_f64.max((2.0 + 1e-6) / (1.0 + input.ratio));
    let (_, n_t) = bisect(least, n + 50.0, short);
    let both = normal_upper(input.alpha / input.sides) + normal_upper(1.0 - input.power);
    Ok(Output {
        status: Status::Ok,
        n1_z: n,
        n1_z_ceil: n.ceil(),
        n1_t: n_t,
        power_t_at_ceil: power_t(&input, n_t.ceil(), (input.ratio * n_t).ceil()),
        mde_z: input.mde_n.filter(|n| *n > 0.0).map(|n| both * input.sd * ((1.0 + 1.0 / input.ratio) / n).sqrt()),
    })
}
