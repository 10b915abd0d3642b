//! The normal distribution.
use statrs::distribution::{ContinuousCDF, Normal};
use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

use super::newton;

/// 1 / sqrt(2 pi).
const FRAC_1_SQRT_2PI: f64 = 0.398_942_280_401_432_7;

/// Returns the density at `z`.
pub fn normal_density(z: f64) -> f64 {
    FRAC_1_SQRT_2PI * libm::exp(-z * z / 2.0)
}

/// Returns P(Z <= z).
pub fn normal_cdf(z: f64) -> f64 {
    normal_sf(-z)
}

/// Returns P(Z > z), right down to 5e-324.
pub fn normal_sf(z: f64) -> f64 {
    libm::erfc(z * FRAC_1_SQRT_2) / 2.0
}

/// Returns Mills' ratio P(Z > z) / density(z) for z > 0, also where both underflow (continued fraction, Laplace 1805).
pub fn mills(z: f64) -> f64 {
    if z < 10.0 {
        return normal_sf(z) / normal_density(z);
    }
    let tail = (1..=60).rev().fold(z, |rest, k| z + f64::from(k) / rest);
    1.0 / tail
}

/// Returns the z with P(Z <= z) = p; infinite at 0 and 1.
pub fn normal_inv(p: f64) -> f64 {
    -normal_upper(p)
}

/// Returns the z with P(Z > z) = p; infinite at 0 and 1, 0 when `p` is no probability.
///
/// Starts from statrs, whose last bits depend on the platform's logarithm and are therefore cut off, and ends with
/// Newton's method on our own tail: relative to the tail's logarithm far out, to the central mass near one half.
pub fn normal_upper(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::INFINITY;
    }
    if p >= 1.0 {
        return f64::NEG_INFINITY;
    }
    if p > 0.5 {
        return -upper_half(1.0 - p, p - 0.5);
    }
    if p.is_nan() { 0.0 } else { upper_half(p, 0.5 - p) }
}

/// The positive z with tail `p` up to one half; `central` is one half minus `p`, exact when `p` is close to it.
fn upper_half(p: f64, central: f64) -> f64 {
    if central == 0.0 {
        return 0.0;
    }
    if central < 0.25 {
        let mass = |z: f64| (libm::erf(z * FRAC_1_SQRT_2) / 2.0 - central, normal_density(z));
        return newton(0.0, SQRT_2, central / FRAC_1_SQRT_2PI, mass);
    }
    let start = -Normal::standard().inverse_cdf(p);
    let target = libm::log(p);
    let tail = |z: f64| (target - libm::log(normal_sf(z)), 1.0 / mills(z.max(1e-3)));
    newton(0.0, 40.0, f64::from(start as f32), tail)
}
