//! Student's t distribution, at any degrees of freedom.
use super::beta::beta_kernel;
use super::{incomplete_beta, newton, normal_upper};

/// Returns P(T > t) with `df` > 0 degrees of freedom.
pub fn t_sf(t: f64, df: f64) -> f64 {
    let upper = tail(t.abs(), df);
    if t < 0.0 { 1.0 - upper } else { upper }
}

/// Returns P(T <= t).
pub fn t_cdf(t: f64, df: f64) -> f64 {
    t_sf(-t, df)
}

/// P(T > t) for t >= 0.
fn tail(t: f64, df: f64) -> f64 {
    let square = t * t;
    if square == f64::INFINITY {
        return 0.0;
    }
    let whole = df + square;
    incomplete_beta(df / 2.0, 0.5, df / whole, square / whole).lower / 2.0
}

/// P(0 < T < t) for t >= 0, with its own relative precision.
fn central(t: f64, df: f64) -> f64 {
    let whole = df + t * t;
    incomplete_beta(df / 2.0, 0.5, df / whole, t * t / whole).upper / 2.0
}

/// Returns the t with P(T <= t) = p.
pub fn t_inv(p: f64, df: f64) -> f64 {
    -t_upper(p, df)
}

/// Returns the t with P(T > t) = p; infinite at 0 and 1.
pub fn t_upper(p: f64, df: f64) -> f64 {
    if p <= 0.0 {
        return f64::INFINITY;
    }
    if p >= 1.0 {
        return f64::NEG_INFINITY;
    }
    if p > 0.5 { -upper_half(1.0 - p, p - 0.5, df) } else { upper_half(p, 0.5 - p, df) }
}

/// The positive t with tail `p` up to one half, `mass` = one half minus `p`; solved in ln t.
fn upper_half(p: f64, mass: f64, df: f64) -> f64 {
    if mass == 0.0 {
        return 0.0;
    }
    let z = normal_upper(p);
    let guess = z + (z * z * z + z) / (4.0 * df);
    let f = |u: f64| {
        let t = libm::exp(u);
        let whole = df + t * t;
        let slope = beta_kernel(df / 2.0, 0.5, df / whole, t * t / whole);
        if mass < 0.25 {
            let inside = central(t, df);
            (libm::log(inside / mass), slope / inside)
        } else {
            let outside = tail(t, df);
            (libm::log(p / outside), slope / outside)
        }
    };
    libm::exp(newton(-745.0, 350.0, start(guess, p, df), f))
}

/// A first guess of ln t: near the normal, or from the tail's power law where that is heavier.
fn start(guess: f64, p: f64, df: f64) -> f64 {
    if df > 20.0 || p > 0.05 {
        return libm::log(guess);
    }
    // P(T > t) ~ (sqrt(df) / t)^df / (df B(df / 2, 1/2))
    let power = -(libm::log(p) + libm::log(df) + super::ln_beta(df / 2.0, 0.5)) / df + libm::log(df) / 2.0;
    power.max(libm::log(guess))
}
