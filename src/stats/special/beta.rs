//! The beta function, the incomplete beta function, and the F distribution.
use super::saddle::{deviance, deviance_of, stirling_error};
use super::{Tails, newton, normal_inv, rule16};
use std::f64::consts::PI;

/// From here on, for both parameters, the tail is integrated instead of expanded.
const LARGE: f64 = 1000.0;

/// Returns ln B(a, b) for a, b > 0.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (p, q) = (a.min(b), a.max(b));
    if q < 10.0 {
        return libm::lgamma(p) + libm::lgamma(q) - libm::lgamma(p + q);
    }
    let n = p + q;
    if p < 10.0 {
        let correction = stirling_error(q) - stirling_error(n);
        return libm::lgamma(p) + correction + p - p * libm::log(n) + (q - 0.5) * libm::log1p(-p / n);
    }
    let correction = stirling_error(p) + stirling_error(q) - stirling_error(n);
    0.5 * libm::log(2.0 * PI / q) + correction + (p - 0.5) * libm::log(p / n) + q * libm::log1p(-p / n)
}

/// A point of the unit interval with its complement, seen from the parameters: `off` is (a + b) x - a.
struct Point {
    a: f64,
    b: f64,
    x: f64,
    y: f64,
    off: f64,
}

impl Point {
    fn new(a: f64, b: f64, x: f64, y: f64) -> Self {
        let off = if x <= y { libm::fma(a + b, x, -a) } else { -libm::fma(a + b, y, -b) };
        Self { a, b, x, y, off }
    }

    /// x^a y^b / B(a, b), by Loader's saddle point.
    fn kernel(&self) -> f64 {
        let n = self.a + self.b;
        let stirling = stirling_error(n) - stirling_error(self.a) - stirling_error(self.b);
        let (ratio_a, ratio_b) = (n * self.x / self.a, n * self.y / self.b);
        let exponent =
            -self.a * deviance_of(self.off / self.a, ratio_a) - self.b * deviance_of(-self.off / self.b, ratio_b);
        libm::exp(exponent + stirling) * (self.a * self.b / (2.0 * PI * n)).sqrt()
    }

    /// a ln(x (a + b) / a) + b ln(y (a + b) / b) at the point that lies `off` from the mean.
    fn exponent(&self, off: f64) -> f64 {
        -self.a * deviance(off / self.a) - self.b * deviance(-off / self.b)
    }

    fn mirrored(&self) -> Self {
        Self { a: self.b, b: self.a, x: self.y, y: self.x, off: -self.off }
    }

    /// The lower tail, for a point below the mean.
    fn lower(&self) -> f64 {
        if self.a > LARGE && self.b > LARGE { self.integrated() } else { self.kernel() * self.fraction() }
    }

    /// The continued fraction of DiDonato and Morris (1992, equation 9), whose terms hold the distance from the mean and not
    /// its parts, by Lentz's method; the number of terms it needs grows as the root of the larger parameter.
    fn fraction(&self) -> f64 {
        let (a, b, x) = (self.a, self.b, self.x);
        let steps = (10.0 * a.max(b).sqrt()) as usize + 500;
        let numerator = |n: f64| {
            let scale = x / (a + 2.0 * n - 1.0);
            (a + n - 1.0) * (a + b + n - 1.0) * n * (b - n) * scale * scale
        };
        let denominator = |n: f64| {
            let share = (a + n) / (a + 2.0 * n + 1.0);
            n + n * (b - n) * x / (a + 2.0 * n - 1.0) + share * (1.0 - self.off + n * (1.0 + self.y))
        };
        let first = a / (a + 1.0) * (1.0 - self.off);
        let (mut c, mut d, mut h) = (first, 0.0, first);
        for n in 1..=steps {
            let (up, down) = (numerator(n as f64), denominator(n as f64));
            d = 1.0 / (down + up * d);
            c = down + up / c;
            h *= c * d;
            if (c * d - 1.0).abs() < 1e-16 {
                break;
            }
        }
        1.0 / h
    }

    /// The lower tail by Gauss-Legendre panels from the point downwards, until nothing more comes: for large parameters the
    /// density is close to a normal one, and ten panels give every digit.
    fn integrated(&self) -> f64 {
        let n = self.a + self.b;
        let sd = (self.a * self.b / (n + 1.0)).sqrt() / n;
        let deviations = -self.off / (n * sd);
        let width = 2.0 * sd / (1.0 + deviations);
        let here = self.exponent(self.off);
        let mut sum = 0.0;
        for panel in 0..400 {
            let part = self.panel(width * f64::from(panel), width, here);
            sum += part;
            if part <= sum * 1e-17 {
                break;
            }
        }
        self.kernel() * sum
    }

    /// The integral of the density relative to the kernel here, from `from` to `from + width` below the point.
    fn panel(&self, from: f64, width: f64, here: f64) -> f64 {
        let n = self.a + self.b;
        let value = |node: f64| {
            let down = from + width * (node + 1.0) / 2.0;
            let (x, y) = (self.x - down, self.y + down);
            if x <= 0.0 { 0.0 } else { libm::exp(self.exponent(self.off - n * down) - here) / (x * y) }
        };
        rule16().iter().map(|(node, weight)| weight * value(*node)).sum::<f64>() * width / 2.0
    }
}

/// Returns the tails of Beta(a, b), a, b > 0, at `x` with `y` = 1 - x, which may be known better than by subtraction.
pub fn incomplete_beta(a: f64, b: f64, x: f64, y: f64) -> Tails {
    if x <= 0.0 {
        return Tails::BELOW;
    }
    if y <= 0.0 {
        return Tails::ABOVE;
    }
    let point = Point::new(a, b, x, y);
    let from_below = if a.min(b) > 1.0 { point.off <= 0.0 } else { x < (a + 1.0) / (a + b + 2.0) };
    if from_below { Tails::of_lower(point.lower()) } else { Tails::of_upper(point.mirrored().lower()) }
}

/// Returns the tails of Beta(a, b) at `x`.
pub fn beta_tails(x: f64, a: f64, b: f64) -> Tails {
    incomplete_beta(a, b, x, 1.0 - x)
}

/// Returns the density of Beta(a, b) at `x`, inside 0 and 1.
pub fn beta_density(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    Point::new(a, b, x, 1.0 - x).kernel() / (x * (1.0 - x))
}

/// x^a y^b / B(a, b), for the derivatives of what is built on the incomplete beta function.
pub(super) fn beta_kernel(a: f64, b: f64, x: f64, y: f64) -> f64 {
    Point::new(a, b, x, y).kernel()
}

/// Returns the x with P(X <= x) = p for Beta(a, b).
///
/// Newton's method on the logarithm of the smaller tail, in the logarithm of whichever of x and 1 - x is smaller.
pub fn beta_inv(p: f64, a: f64, b: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return 1.0;
    }
    if p <= beta_tails(0.5, a, b).lower {
        quantile(Tails { lower: p, upper: 1.0 - p }, a, b)
    } else {
        1.0 - quantile(Tails { lower: 1.0 - p, upper: p }, b, a)
    }
}

/// The quantile, which lies below one half, of the point with these tails.
fn quantile(want: Tails, a: f64, b: f64) -> f64 {
    let f = |u: f64| {
        let x = libm::exp(u);
        let tails = incomplete_beta(a, b, x, 1.0 - x);
        let slope = beta_kernel(a, b, x, 1.0 - x) / (1.0 - x);
        if want.lower < want.upper {
            (libm::log(tails.lower / want.lower), slope / tails.lower)
        } else {
            (libm::log(want.upper / tails.upper), slope / tails.upper)
        }
    };
    libm::exp(newton(-745.0, -f64::MIN_POSITIVE, start(want, a, b), f))
}

/// A first guess of ln x: normal on the logarithm for larger `a`, the first term of the series for small.
fn start(want: Tails, a: f64, b: f64) -> f64 {
    let mean = a / (a + b);
    let cv = (b / (a * (a + b + 1.0))).sqrt();
    let z = if want.lower < 0.5 { normal_inv(want.lower) } else { -normal_inv(want.upper) };
    if a > 3.0 {
        return (libm::log(mean) + z * cv - cv * cv / 2.0).min(-0.69);
    }
    ((libm::log(want.lower) + libm::log(a) + ln_beta(a, b)) / a).min(-0.69)
}

/// Returns the tails of the F distribution with `d1` and `d2` degrees of freedom at `x`.
pub fn f_tails(x: f64, d1: f64, d2: f64) -> Tails {
    if x <= 0.0 {
        return Tails::BELOW;
    }
    let whole = d1 * x + d2;
    incomplete_beta(d1 / 2.0, d2 / 2.0, d1 * x / whole, d2 / whole)
}
