//! The two-proportion z test (Fleiss, Levin and Paik 2003, chapter 3; Agresti 2013, section 3).
use serde::{Deserialize, Serialize};

use crate::stats::door::{counts, five_percent, probability};
use crate::stats::special::normal_upper;
use crate::stats::{Alternative, Status};

/// Two arms of counts, `a` the control.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Input {
    /// Units of the control that did it.
    pub x_a: f64,
    /// Units of the control.
    pub n_a: f64,
    /// Units of the treatment that did it.
    pub x_b: f64,
    /// Units of the treatment.
    pub n_b: f64,
    /// The two-sided level of the interval.
    #[serde(default = "five_percent")]
    pub alpha: f64,
    /// Which way the test looks.
    #[serde(default)]
    pub alternative: Alternative,
}

impl Input {
    /// Refuses what cannot be.
    pub(crate) fn check(&self) -> Result<(), String> {
        counts(self.x_a, self.n_a)?;
        counts(self.x_b, self.n_b)?;
        probability("alpha", self.alpha)
    }

    /// p_b - p_a, rounded once however close the shares are.
    pub(crate) fn difference(&self) -> f64 {
        let product = self.x_a * self.n_b;
        let rest = libm::fma(self.x_a, self.n_b, -product);
        (libm::fma(self.x_b, self.n_a, -product) - rest) / (self.n_a * self.n_b)
    }
}

/// What the test says.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_data` without units in an arm, `degenerate` when nobody or everybody did it.
    pub status: Status,
    /// The control's share.
    pub p_a: Option<f64>,
    /// The treatment's share.
    pub p_b: Option<f64>,
    /// Treatment minus control.
    pub diff: Option<f64>,
    /// Standard error if both shares are equal.
    pub se_pooled: Option<f64>,
    /// Standard error if they are not.
    pub se_unpooled: Option<f64>,
    /// Wald's lower limit; may disagree with the test at the margin.
    pub ci_low: Option<f64>,
    /// Wald's upper limit.
    pub ci_high: Option<f64>,
    /// The statistic; its square is Pearson's chi-square.
    pub z: Option<f64>,
    /// The p-value; 1 when nobody or everybody did it.
    pub p_value: Option<f64>,
}

/// Returns z = (p_b - p_a) / sqrt(p (1 - p) (1 / n_a + 1 / n_b)), its p-value, and Wald's interval.
///
/// # Errors
/// When the counts cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    input.check()?;
    let Input { x_a, n_a, x_b, n_b, alpha, alternative } = input;
    if n_a == 0.0 || n_b == 0.0 {
        return Ok(Output {
            status: Status::NoData,
            p_a: None,
            p_b: None,
            diff: None,
            se_pooled: None,
            se_unpooled: None,
            ci_low: None,
            ci_high: None,
            z: None,
            p_value: None,
        });
    }
    let (p_a, p_b, pooled) = (x_a / n_a, x_b / n_b, (x_a + x_b) / (n_a + n_b));
    let failures = (n_a - x_a + n_b - x_b) / (n_a + n_b);
    let diff = input.difference();
    let se_pooled = (pooled * failures * (1.0 / n_a + 1.0 / n_b)).sqrt();
    let se_unpooled = (p_a * ((n_a - x_a) / n_a) / n_a + p_b * ((n_b - x_b) / n_b) / n_b).sqrt();
    let half = normal_upper(alpha / 2.0) * se_unpooled;
    let z = (se_pooled > 0.0).then(|| diff / se_pooled);
    Ok(Output {
        status: if z.is_some() { Status::Ok } else { Status::Degenerate },
        p_a: Some(p_a),
        p_b: Some(p_b),
        diff: Some(diff),
        se_pooled: Some(se_pooled),
        se_unpooled: Some(se_unpooled),
        ci_low: Some(diff - half),
        ci_high: Some(diff + half),
        z,
        p_value: Some(z.map_or(1.0, |z| alternative.p_normal(z))),
    })
}
