//! The gamma function, the incomplete gamma function and the chi-square distribution.
use super::saddle::{deviance_of, stirling_error};
use super::{Tails, newton, normal_inv};

/// Returns ln Gamma(x) for x > 0.
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Returns ln Gamma(x + n) - ln Gamma(x) for x > 0, n >= 0, without the cancellation of two large logarithms.
pub fn ln_gamma_ratio(x: f64, n: f64) -> f64 {
    if n == 0.0 {
        return 0.0;
    }
    if x + n < 20.0 {
        return libm::lgamma(x + n) - libm::lgamma(x);
    }
    // Gamma(y) = sqrt(2 pi / y) y^y e^-y e^error(y)
    let grown = (x - 0.5) * libm::log1p(n / x) + n * (libm::log(x + n) - 1.0);
    grown + stirling_error(x + n) - stirling_error(x)
}

/// Returns x^a e^-x / Gamma(a).
fn kernel(a: f64, x: f64) -> f64 {
    let off = -a * deviance_of((x - a) / a, x / a) - stirling_error(a);
    libm::exp(off) * (a / (2.0 * std::f64::consts::PI)).sqrt()
}

/// Returns the tails of the gamma distribution of shape `a` > 0 and scale 1 at `x` (series and continued fraction, Gautschi
/// 1979; prefactor by Loader 2000).
pub fn incomplete_gamma(a: f64, x: f64) -> Tails {
    if x <= 0.0 {
        return Tails::BELOW;
    }
    if x == f64::INFINITY {
        return Tails::ABOVE;
    }
    let steps = (40.0 * a.sqrt()) as usize + 2000;
    if x < a + 1.0 {
        Tails::of_lower(kernel(a, x) * series(a, x, steps))
    } else {
        Tails::of_upper(kernel(a, x) * fraction(a, x, steps))
    }
}

/// Sum of x^k / (a (a + 1) ... (a + k)).
fn series(a: f64, x: f64, steps: usize) -> f64 {
    let (mut term, mut sum, mut at) = (1.0 / a, 1.0 / a, a);
    for _ in 0..steps {
        at += 1.0;
        term *= x / at;
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum
}

/// Legendre's continued fraction of the upper tail, by Lentz's method.
fn fraction(a: f64, x: f64, steps: usize) -> f64 {
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1e300, 1.0 / b);
    let mut h = d;
    for i in 1..=steps {
        let i = i as f64;
        let an = -i * (i - a);
        b += 2.0;
        d = 1.0 / (an * d + b);
        c = b + an / c;
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    h
}

/// Returns the tails of the chi-square distribution with `k` > 0 degrees of freedom.
pub fn chi2_tails(x: f64, k: f64) -> Tails {
    incomplete_gamma(k / 2.0, x / 2.0)
}

/// Returns the x with P(X <= x) = p for a chi-square variable with `k` > 0 degrees of freedom.
pub fn chi2_inv(p: f64, k: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let a = k / 2.0;
    let f = |u: f64| {
        let x = libm::exp(u);
        let tails = incomplete_gamma(a, x);
        let slope = kernel(a, x);
        if p < 0.5 {
            (libm::log(tails.lower / p), slope / tails.lower)
        } else {
            (libm::log((1.0 - p) / tails.upper), slope / tails.upper)
        }
    };
    2.0 * libm::exp(newton(-745.0, 709.0, start(p, a), f))
}

/// A first guess of ln x: Wilson and Hilferty (1931), or the first term of the series where that is no good.
fn start(p: f64, a: f64) -> f64 {
    let c = 1.0 / (9.0 * a);
    let cube_root = 1.0 - c + normal_inv(p) * c.sqrt();
    if cube_root > 0.3 {
        return libm::log(a) + 3.0 * libm::log(cube_root);
    }
    (libm::log(p) + libm::lgamma(a + 1.0)) / a
}
