//! Units, power, smallest detectable effect and duration for two shares (Fleiss 1981; Cohen 1988 for the arcsine).
use serde::{Deserialize, Serialize};

use crate::stats::Status;
use crate::stats::door::probability;
use crate::stats::special::{bisect, normal_cdf, normal_upper};

/// What is planned; arm 1 is the control, arm 2 gets `ratio` times its units.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Input {
    /// The control's share.
    pub p1: f64,
    /// The treatment's share.
    pub p2: f64,
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
    /// Units a day in both arms.
    #[serde(default)]
    pub daily: Option<f64>,
}

/// Both arms alike.
pub(super) fn one() -> f64 {
    1.0
}

/// Both sides.
pub(super) fn two() -> f64 {
    2.0
}

/// Three formulas, three numbers: each is named.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// Always `ok`.
    pub status: Status,
    /// Units of the control, pooled variance under "no effect" (Fleiss); what Waypost plans with.
    pub n1: f64,
    /// Rounded up.
    pub n1_ceil: f64,
    /// Units of the treatment, rounded up.
    pub n2_ceil: f64,
    /// With Fleiss's correction for continuity.
    pub n1_fleiss_cc: f64,
    /// With unpooled variances.
    pub n1_unpooled: f64,
    /// By the arcsine transformation.
    pub n1_arcsine: f64,
    /// The power of the rounded units.
    pub power_at_ceil: f64,
    /// The smallest difference that `mde_n` units find.
    pub mde_abs: Option<f64>,
    /// The same, relative to the control.
    pub mde_rel: Option<f64>,
    /// Days for the rounded units.
    pub duration_days: Option<f64>,
}

/// A design without its size.
#[derive(Clone, Copy, Debug)]
pub struct Design {
    /// The level.
    pub alpha: f64,
    /// The power.
    pub power: f64,
    /// Units of the treatment for one of the control.
    pub ratio: f64,
    /// 2 or 1.
    pub sides: f64,
}

impl Design {
    fn z(&self) -> (f64, f64) {
        (normal_upper(self.alpha / self.sides), normal_upper(1.0 - self.power))
    }

    /// Returns the control's units by Fleiss's formula, a real number; infinite when the shares are equal.
    pub fn units(&self, p1: f64, p2: f64) -> f64 {
        let ((z_a, z_b), r) = (self.z(), self.ratio);
        let pooled = (p1 + r * p2) / (r + 1.0);
        let null = z_a * ((r + 1.0) * pooled * (1.0 - pooled)).sqrt();
        let other = z_b * (r * p1 * (1.0 - p1) + p2 * (1.0 - p2)).sqrt();
        let d = p2 - p1;
        (null + other) * (null + other) / (r * d * d)
    }

    /// Returns the power of `n1` units of the control, by the same formula (the far tail is left out).
    pub fn power_of(&self, n1: f64, p1: f64, p2: f64) -> f64 {
        let (z, r) = (self.z().0, self.ratio);
        let pooled = (p1 + r * p2) / (r + 1.0);
        let null = z * ((1.0 + 1.0 / r) * pooled * (1.0 - pooled)).sqrt();
        let spread = (p1 * (1.0 - p1) + p2 * (1.0 - p2) / r).sqrt();
        let lead = (p2 - p1).abs() * n1.sqrt() - null;
        if spread > 0.0 { normal_cdf(lead / spread) } else { f64::from(u8::from(lead > 0.0)) }
    }

    /// Returns the smallest higher share that `n1` units of the control find with this power; nothing when not even 1 is.
    pub fn detectable(&self, n1: f64, p1: f64) -> Option<f64> {
        let (_, found) = bisect(p1, 1.0, |p2| self.power_of(n1, p1, p2) < self.power);
        (found < 1.0).then_some(found)
    }
}

/// Returns the sizes.
///
/// # Errors
/// When a share is not between 0 and 1, both are equal, or a level is none.
pub fn run(input: Input) -> Result<Output, String> {
    let Input { p1, p2, alpha, power, ratio, sides, .. } = input;
    [("p1", p1), ("p2", p2), ("alpha", alpha), ("power", power)].iter().try_for_each(|(n, v)| probability(n, *v))?;
    if ratio <= 0.0 || !(sides == 1.0 || sides == 2.0) || p1 == p2 {
        return Err("expected different shares, `ratio` above 0 and `sides` 1 or 2".to_owned());
    }
    let design = Design { alpha, power, ratio, sides };
    let ((z_a, z_b), d, n) = (design.z(), (p2 - p1).abs(), design.units(p1, p2));
    let corrected = 1.0 + (1.0 + 2.0 * (ratio + 1.0) / (n * ratio * d)).sqrt();
    let both = (z_a + z_b) * (z_a + z_b);
    let h = 2.0 * (libm::asin(p2.sqrt()) - libm::asin(p1.sqrt()));
    let (n1, n2) = (n.ceil(), (ratio * n).ceil());
    let mde = input.mde_n.and_then(|n| design.detectable(n, p1));
    Ok(Output {
        status: Status::Ok,
        n1: n,
        n1_ceil: n1,
        n2_ceil: n2,
        n1_fleiss_cc: n / 4.0 * corrected * corrected,
        n1_unpooled: both * (p1 * (1.0 - p1) + p2 * (1.0 - p2) / ratio) / (d * d),
        n1_arcsine: both * (1.0 + 1.0 / ratio) / (h * h),
        power_at_ceil: design.power_of(n1, p1, p2),
        mde_abs: mde.map(|m| m - p1),
        mde_rel: mde.map(|m| (m - p1) / p1),
        duration_days: input.daily.filter(|d| *d > 0.0).map(|daily| ((n1 + n2) / daily).ceil()),
    })
}
