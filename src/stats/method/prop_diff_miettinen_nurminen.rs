//! The score test for two shares with the intervals that invert it, for the difference and for the ratio
//! (Miettinen and Nurminen 1985; Farrington and Manning 1990; for the ratio also Koopman 1984).
use super::prop_diff_newcombe::Output;
use super::prop_z_test::Input;
use crate::stats::special::{falling, newton, normal_sf, normal_upper};

/// The four counts of two arms, both with units.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Control: who did it.
    pub x_a: f64,
    /// Control: all.
    pub n_a: f64,
    /// Treatment: who did it.
    pub x_b: f64,
    /// Treatment: all.
    pub n_b: f64,
}

impl From<Input> for Table {
    fn from(i: Input) -> Self {
        Self { x_a: i.x_a, n_a: i.n_a, x_b: i.x_b, n_b: i.n_b }
    }
}

/// Returns value / sqrt(variance): 0 over 0 is 0, anything else over 0 is infinite.
fn over_root(value: f64, variance: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value / variance.max(0.0).sqrt() }
}

impl Table {
    fn total(&self) -> f64 {
        self.n_a + self.n_b
    }

    /// p_b - p_a.
    pub fn difference(&self) -> f64 {
        let Self { x_a, n_a, x_b, n_b } = *self;
        Input { x_a, n_a, x_b, n_b, alpha: 0.05, alternative: Default::default() }.difference()
    }

    /// Returns the factor N / (N - 1) of Miettinen and Nurminen on a variance.
    fn inflation(&self) -> f64 {
        self.total() / (self.total() - 1.0)
    }

    /// Returns the score statistic for "the difference is `delta`"; `inflated` asks for the factor N / (N - 1), without
    /// which it is Farrington and Manning's.
    pub fn z_difference(&self, delta: f64, inflated: bool) -> f64 {
        let p = self.constrained(delta);
        let q = p + delta;
        let variance = p * (1.0 - p) / self.n_a + q * (1.0 - q) / self.n_b;
        let variance = if inflated { variance * self.inflation() } else { variance };
        over_root(if delta == 0.0 { self.difference() } else { self.difference() - delta }, variance)
    }

    /// Returns the likeliest control share when the treatment's is `delta` more: the root of the score, which falls from
    /// plus to minus infinity, found by Newton's method from the pooled share.
    pub(crate) fn constrained(&self, delta: f64) -> f64 {
        let Self { x_a, n_a, x_b, n_b } = *self;
        if delta == 0.0 {
            return (x_a + x_b) / (n_a + n_b);
        }
        let (low, high) = ((-delta).max(0.0), (1.0 - delta).min(1.0));
        if high <= low {
            return low;
        }
        let part =
            |count: f64, share: f64| if count > 0.0 { (count / share, count / share / share) } else { (0.0, 0.0) };
        let score = |p: f64| {
            let q = p + delta;
            let (up_a, up_b) = (part(x_a, p), part(x_b, q));
            let (down_a, down_b) = (part(n_a - x_a, 1.0 - p), part(n_b - x_b, 1.0 - q));
            (down_a.0 + down_b.0 - up_a.0 - up_b.0, up_a.1 + up_b.1 + down_a.1 + down_b.1)
        };
        let edge = (high - low) * 1e-15;
        if score(low + edge).0 >= 0.0 {
            return low;
        }
        if score(high - edge).0 <= 0.0 {
            return high;
        }
        newton(low, high, self.cubic(delta), score)
    }

    /// The closed form of [`Self::constrained`], which loses digits near delta = 0 and is good enough to start from.
    fn cubic(&self, delta: f64) -> f64 {
        let Self { x_a, n_a, x_b, n_b } = *self;
        let (l3, c) = (n_a + n_b, x_a + x_b);
        let l2 = (n_b + 2.0 * n_a) * delta - l3 - c;
        let l1 = (n_a * delta - l3 - 2.0 * x_a) * delta + c;
        let l0 = x_a * delta * (1.0 - delta);
        let third = l2 / (3.0 * l3);
        let q = third * third * third - l1 * l2 / (6.0 * l3 * l3) + l0 / (2.0 * l3);
        let p = (third * third - l1 / (3.0 * l3)).max(0.0).sqrt().copysign(q);
        let angle = (std::f64::consts::PI + libm::acos((q / (p * p * p)).clamp(-1.0, 1.0))) / 3.0;
        2.0 * p * libm::cos(angle) - third
    }

    /// Returns the score statistic for "the treatment's share is `ratio` times the control's", with the factor N / (N - 1).
    pub fn z_ratio(&self, ratio: f64) -> f64 {
        let Self { x_a, n_a, x_b, n_b } = *self;
        let p = self.constrained_ratio(ratio);
        let q = (p * ratio).min(1.0);
        let variance = q * (1.0 - q) / n_b + ratio * ratio * p * (1.0 - p) / n_a;
        over_root(x_b / n_b - ratio * x_a / n_a, variance * self.inflation())
    }

    /// Returns the likeliest control share when the treatment's is `ratio` times as much: the smaller root of
    /// N R p^2 - (R (n_b + x_a) + x_b + n_a) p + x_a + x_b = 0.
    pub(crate) fn constrained_ratio(&self, ratio: f64) -> f64 {
        let Self { x_a, n_a, x_b, n_b } = *self;
        let (square, linear, constant) = (self.total() * ratio, ratio * (n_b + x_a) + x_b + n_a, x_a + x_b);
        let root = (linear * linear - 4.0 * square * constant).max(0.0).sqrt();
        (2.0 * constant / (linear + root)).min(1.0)
    }

    /// Returns the standard error of the difference, unpooled.
    pub fn se(&self) -> f64 {
        let Self { x_a, n_a, x_b, n_b } = *self;
        (x_a * (n_a - x_a) / (n_a * n_a * n_a) + x_b * (n_b - x_b) / (n_b * n_b * n_b)).sqrt()
    }

    /// Returns whether a count is so small that the exact test must decide: an expected count below 5, or fewer than 10
    /// successes or failures together (Cochran 1954).
    pub fn is_small(&self) -> bool {
        let did = self.x_a + self.x_b;
        let rarer = did.min(self.total() - did);
        rarer < 10.0 || rarer * self.n_a.min(self.n_b) / self.total() < 5.0
    }

    /// Returns the statistic and the two-sided p-value of "the shares are equal"; 0 and 1 where nobody or everybody did it.
    pub fn score_test(&self) -> (f64, f64) {
        let z = self.z_difference(0.0, true);
        let z = if z.is_finite() { z } else { 0.0 };
        (z, (2.0 * normal_sf(z.abs())).min(1.0))
    }

    /// Returns the differences that the score test does not reject at `alpha`; 0 is outside exactly when its p-value is
    /// below `alpha`.
    pub fn difference_interval(&self, alpha: f64) -> (f64, f64) {
        let (z, d) = (normal_upper(alpha / 2.0), self.difference());
        let rejects = self.score_test().1 < alpha;
        let (up, down) = (rejects && d > 0.0, rejects && d < 0.0);
        let (from, to) = if up { (0.0, d) } else { (-1.0, d.min(0.0)) };
        let low = limit(from, to, up, |delta| self.z_difference(delta, true) - z);
        let (from, to) = if down { (d, 0.0) } else { (d.max(0.0), 1.0) };
        let high = -limit(-to, -from, down, |delta| -z - self.z_difference(-delta, true));
        (low, high)
    }

    /// Returns the ratios that the score test does not reject at `alpha`; 1 is outside exactly when its p-value is below
    /// `alpha`. The upper end is infinite when nobody in the control did it.
    pub fn ratio_interval(&self, alpha: f64) -> (f64, f64) {
        let (z, d) = (normal_upper(alpha / 2.0), self.difference());
        let rejects = self.score_test().1 < alpha;
        let (up, down) = (rejects && d > 0.0, rejects && d < 0.0);
        let (p_a, p_b) = (self.x_a / self.n_a, self.x_b / self.n_b);
        // in the logarithm, on the side of 1 where the test says it lies
        let estimate = libm::log(p_b / p_a).clamp(-60.0, 60.0);
        let (from, to) = if up { (0.0, estimate) } else { (-60.0, estimate.min(0.0)) };
        let low = || libm::exp(limit(from, to, up, |u| self.z_ratio(libm::exp(u)) - z)).max(past_one(up));
        let (from, to) = if down { (estimate, 0.0) } else { (estimate.max(0.0), 60.0) };
        let high = || libm::exp(limit(-to, -from, down, |u| -z - self.z_ratio(libm::exp(-u)))).max(past_one(down));
        let low = if self.x_b == 0.0 { 0.0 } else { low() };
        let high = if self.x_a == 0.0 { f64::INFINITY } else { 1.0 / high() };
        (low, high)
    }
}

/// The least ratio above 1, where a limit must lie beyond it.
fn past_one(strict: bool) -> f64 {
    if strict { 1.0 + f64::EPSILON } else { 0.0 }
}

/// Returns where a falling statistic stops being above its bound; with `strict`, a value that is not `from` itself, so that
/// an interval that must exclude `from` does.
fn limit(from: f64, to: f64, strict: bool, above: impl Fn(f64) -> f64) -> f64 {
    let (last, first) = falling(from, to, above);
    match strict && last <= from {
        true => first.max(f64::MIN_POSITIVE),
        false => last,
    }
}

/// Returns the interval that inverts the score test with the factor N / (N - 1).
///
/// # Errors
/// When the counts cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    input.check()?;
    if input.n_a == 0.0 || input.n_b == 0.0 {
        return Ok(Output::no_data());
    }
    let (low, high) = Table::from(input).difference_interval(input.alpha);
    Ok(Output::ok(input.difference(), low, high))
}
