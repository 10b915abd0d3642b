//! The binomial and the hypergeometric distribution.
use super::saddle::{deviance, stirling_error};
use super::{Tails, incomplete_beta};
use std::f64::consts::PI;

/// Returns the tails of the binomial distribution: P(X <= k) and P(X > k) for `n` trials of probability `p`.
pub fn binomial_tails(k: f64, n: f64, p: f64) -> Tails {
    if k < 0.0 {
        return Tails::BELOW;
    }
    if k >= n {
        return Tails::ABOVE;
    }
    incomplete_beta(k + 1.0, n - k, p, 1.0 - p).swapped()
}

/// An urn: `size` things, `marked` of them marked, `drawn` of them drawn without looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Urn {
    /// Things in the urn.
    pub size: u64,
    /// Marked things.
    pub marked: u64,
    /// Things drawn.
    pub drawn: u64,
}

impl Urn {
    /// Returns the fewest marked things one can draw.
    pub fn least(&self) -> u64 {
        (self.marked + self.drawn).saturating_sub(self.size)
    }

    /// Returns the most marked things one can draw.
    pub fn most(&self) -> u64 {
        self.marked.min(self.drawn)
    }

    /// Returns the likeliest number of marked things.
    pub fn mode(&self) -> u64 {
        let mode = u128::from(self.marked + 1) * u128::from(self.drawn + 1) / u128::from(self.size + 2);
        (mode as u64).clamp(self.least(), self.most())
    }

    /// P(k + 1) / P(k).
    pub(crate) fn growth(&self, k: u64) -> f64 {
        let (marked, drawn) = ((self.marked - k) as f64, (self.drawn - k) as f64);
        let rest = (self.size - self.marked + k + 1 - self.drawn) as f64;
        marked * drawn / ((k + 1) as f64 * rest)
    }
}

/// ln of the binomial probability of `x` in `n`, when the expected number is `x + off` and the probability is `p`, its
/// complement `q` (Loader 2000).
fn ln_binomial(x: f64, n: f64, off: f64, p: f64, q: f64) -> f64 {
    let y = n - x;
    if x == 0.0 || y == 0.0 {
        return n * if x == 0.0 { libm::log1p(-p) } else { libm::log1p(-q) };
    }
    let stirling = stirling_error(n) - stirling_error(x) - stirling_error(y);
    stirling - x * deviance(off / x) - y * deviance(-off / y) + 0.5 * libm::log(n / (2.0 * PI * x * y))
}

/// Returns ln P(X = k) for the number of marked things among those drawn; minus infinity where that cannot be.
///
/// The product of three binomial probabilities, whose distances from the mean are exact integers over the urn's size.
pub fn ln_hypergeometric(k: u64, urn: Urn) -> f64 {
    if k < urn.least() || k > urn.most() {
        return f64::NEG_INFINITY;
    }
    if urn.drawn == 0 || urn.drawn == urn.size {
        return 0.0;
    }
    let (size, marked, drawn) = (i128::from(urn.size), i128::from(urn.marked), i128::from(urn.drawn));
    let off = (marked * drawn - i128::from(k) * size) as f64 / size as f64;
    let (p, q) = (drawn as f64 / size as f64, (size - drawn) as f64 / size as f64);
    let in_marked = ln_binomial(k as f64, marked as f64, off, p, q);
    let in_rest = ln_binomial((urn.drawn - k) as f64, (size - marked) as f64, -off, p, q);
    in_marked + in_rest - ln_binomial(drawn as f64, size as f64, 0.0, p, q)
}

/// Returns the tails of the hypergeometric distribution, P(X <= k) and P(X > k), by the recursion of neighbouring terms
/// from `k` outwards, away from the mode.
pub fn hypergeometric_tails(k: i64, urn: Urn) -> Tails {
    if k < 0 || (k as u64) < urn.least() {
        return Tails::BELOW;
    }
    let k = k as u64;
    if k >= urn.most() {
        return Tails::ABOVE;
    }
    if k < urn.mode() { Tails::of_lower(at_most(k, urn)) } else { Tails::of_upper(at_least(k + 1, urn)) }
}

/// P(X <= k), summed downwards from `k`, which should not lie above the mode.
pub(crate) fn at_most(k: u64, urn: Urn) -> f64 {
    let steps = (urn.least()..k).rev().map(|j| 1.0 / urn.growth(j));
    libm::exp(ln_hypergeometric(k, urn)) * outward(steps)
}

/// P(X >= k), summed upwards from `k`, which should not lie below the mode.
pub(crate) fn at_least(k: u64, urn: Urn) -> f64 {
    let steps = (k..urn.most()).map(|j| urn.growth(j));
    libm::exp(ln_hypergeometric(k, urn)) * outward(steps)
}

/// 1 + s1 + s1 s2 + ..., until a term adds nothing.
fn outward(steps: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for step in steps {
        term *= step;
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    sum
}
