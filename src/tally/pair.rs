//! Units, and the moments and the co-moment of two numbers a unit.
use super::{Exact, Mean, NotFinite};

/// Exact moments of two numbers a unit: numerator and denominator of a ratio metric, or the outcome `y` and what is known
/// from before, `x`, for CUPED.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pair {
    y: Mean,
    x: Mean,
    product: Exact,
}

impl Pair {
    /// Returns the pair of these sums: `n` units, the moments of `y` and `x`, and the sum of `y * x`.
    ///
    /// # Errors
    /// When a sum is not finite.
    pub fn from_sums(n: u64, y: [f64; 2], x: [f64; 2], product: f64) -> Result<Self, NotFinite> {
        let [y1, y2] = y;
        let [x1, x2] = x;
        let (y, x) = (Mean::from_sums(n, y1, Some(y2))?, Mean::from_sums(n, x1, Some(x2))?);
        Ok(Self { y, x, product: Exact::from_f64(product)? })
    }

    /// Returns the pair of these moments, both over the same units, and the exact sum of `y * x`.
    pub fn from_exact(y: Mean, x: Mean, product: Exact) -> Self {
        Self { y, x, product }
    }

    /// Counts one unit.
    ///
    /// # Errors
    /// When a number is not finite; nothing is counted then.
    pub fn push(&mut self, y: f64, x: f64) -> Result<(), NotFinite> {
        if !(y.is_finite() && x.is_finite()) {
            return Err(NotFinite);
        }
        if y != 0.0 && x != 0.0 {
            self.product.add_product(y, x)?;
        }
        self.y.push(y)?;
        self.x.push(x)
    }

    /// Counts `units` more units with both numbers 0.
    pub fn push_nothing(&mut self, units: u64) {
        self.y.push_nothing(units);
        self.x.push_nothing(units);
    }

    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.y.merge(&other.y);
        self.x.merge(&other.x);
        self.product.add(&other.product);
    }

    /// Returns how many units it counts.
    pub fn n(&self) -> u64 {
        self.y.n()
    }

    /// Returns the moments of the first number (numerator, outcome).
    pub fn y(&self) -> &Mean {
        &self.y
    }

    /// Returns the moments of the second number (denominator, covariate).
    pub fn x(&self) -> &Mean {
        &self.x
    }

    /// Returns the exact sum of the products.
    pub fn product(&self) -> &Exact {
        &self.product
    }

    /// Returns the covariance per unit (divisor n - 1); nothing below two units.
    pub fn covariance(&self) -> Option<f64> {
        let n = self.n();
        if n < 2 {
            return None;
        }
        let mut top = Exact::from_u64(n).times(&self.product);
        top.subtract(&self.y.sum().times(self.x.sum()));
        Some(top.to_f64() / (n as f64 * (n - 1) as f64))
    }
}
