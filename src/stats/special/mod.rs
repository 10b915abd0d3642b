//! Distributions to 1e-10 or better, each inverse bounded in its iterations.
//!
//! Tails are computed as tails (never as one minus the rest), so a p-value of 1e-300 keeps its digits. The platform's
//! logarithm never reaches a printed number: everything goes through `libm`.
mod beta;
mod discrete;
mod gamma;
mod normal;
mod quadrature;
mod saddle;
mod solve;
mod student;

pub use beta::{beta_density, beta_inv, beta_tails, f_tails, incomplete_beta, ln_beta};
pub use discrete::{Urn, binomial_tails, hypergeometric_tails, ln_hypergeometric};
pub use gamma::{chi2_inv, chi2_tails, incomplete_gamma, ln_gamma, ln_gamma_ratio};
pub use normal::{mills, normal_cdf, normal_density, normal_inv, normal_sf, normal_upper};
pub use quadrature::{Rule, panels, rule16, rule40, rule48};
pub use saddle::{deviance, stirling_error};
pub use solve::{bisect, falling, newton};
pub use student::{t_cdf, t_inv, t_sf, t_upper};

/// The two tails of a distribution at a point: `lower + upper = 1`, each with its own full relative precision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tails {
    /// P(X <= x).
    pub lower: f64,
    /// P(X > x).
    pub upper: f64,
}

impl Tails {
    /// The tails of a point below everything.
    pub const BELOW: Self = Self { lower: 0.0, upper: 1.0 };
    /// The tails of a point above everything.
    pub const ABOVE: Self = Self { lower: 1.0, upper: 0.0 };

    /// Returns the tails of which the lower is known.
    fn of_lower(lower: f64) -> Self {
        let lower = lower.clamp(0.0, 1.0);
        Self { lower, upper: 1.0 - lower }
    }

    /// Returns the tails of which the upper is known.
    fn of_upper(upper: f64) -> Self {
        Self::of_lower(upper).swapped()
    }

    /// Returns the tails of the mirrored variable.
    pub fn swapped(self) -> Self {
        Self { lower: self.upper, upper: self.lower }
    }
}
