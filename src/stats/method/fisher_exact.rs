//! Fisher's exact test with mid-p (Fisher 1935; Lancaster 1961), and the exact interval of the odds ratio that inverts the
//! central one (Cornfield 1956).
use serde::{Deserialize, Serialize};

use crate::stats::Status;
use crate::stats::special::{Urn, bisect, hypergeometric_tails, ln_hypergeometric};

/// Four counts.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Input {
    /// Control: who did it.
    pub x_a: u64,
    /// Control: all.
    pub n_a: u64,
    /// Treatment: who did it.
    pub x_b: u64,
    /// Treatment: all.
    pub n_b: u64,
}

/// The exact p-values.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// Always `ok`: with no units every table is certain, and p is 1.
    pub status: Status,
    /// Sum of the tables that are no likelier than this one (tolerance 1e-7 for ties).
    pub p_two_sided: f64,
    /// The treatment has at most this many.
    pub p_less: f64,
    /// The treatment has at least this many.
    pub p_greater: f64,
    /// `p_less` with this table counted half.
    pub midp_less: f64,
    /// `p_greater` with this table counted half.
    pub midp_greater: f64,
    /// Twice the smaller mid-p.
    pub midp_two_sided_central: f64,
    /// Tables less likely, and half of the tables as likely.
    pub midp_two_sided_minlike: f64,
}

/// A table with fixed margins.
struct Fixed {
    urn: Urn,
    x: u64,
}

impl Input {
    fn fixed(&self) -> Fixed {
        let urn = Urn { size: self.n_a + self.n_b, marked: self.x_a + self.x_b, drawn: self.n_b };
        Fixed { urn, x: self.x_b }
    }
}

impl Fixed {
    /// P(X <= x), P(X >= x) and P(X = x).
    fn tails(&self) -> (f64, f64, f64) {
        let point = libm::exp(ln_hypergeometric(self.x, self.urn));
        let less = hypergeometric_tails(self.x as i64, self.urn).lower;
        let greater = hypergeometric_tails(self.x as i64 - 1, self.urn).upper;
        (less, greater, point)
    }

    /// The first place, from the mode outwards on the side `up`, whose probability is at most `limit` (a logarithm).
    fn first_within(&self, up: bool, limit: f64) -> Option<u64> {
        let (mode, far) = (self.urn.mode(), if up { self.urn.most() } else { self.urn.least() });
        let within = |k: u64| ln_hypergeometric(k, self.urn) <= limit;
        if !within(far) {
            return None;
        }
        let (mut inside, mut outside) = (far, mode);
        if within(mode) {
            return Some(mode);
        }
        while inside.abs_diff(outside) > 1 {
            let middle = inside.midpoint(outside);
            if within(middle) { inside = middle } else { outside = middle }
        }
        Some(inside)
    }

    /// The probability of all tables on the side `up` of the mode that are at most as likely as `limit` (a logarithm).
    fn beyond(&self, up: bool, limit: f64) -> f64 {
        match self.first_within(up, limit) {
            None => 0.0,
            Some(k) if up => hypergeometric_tails(k as i64 - 1, self.urn).upper,
            Some(k) => hypergeometric_tails(k as i64, self.urn).lower,
        }
    }

    /// The probability of all tables at most as likely as `limit` (a logarithm).
    fn unlikely(&self, limit: f64) -> f64 {
        if ln_hypergeometric(self.urn.mode(), self.urn) <= limit {
            return 1.0;
        }
        self.beyond(true, limit) + self.beyond(false, limit)
    }
}

/// Returns the exact p-values, right down to 1e-300 and for millions of units.
///
/// # Errors
/// When more did it than there are.
pub fn run(input: Input) -> Result<Output, String> {
    if input.x_a > input.n_a || input.x_b > input.n_b {
        return Err(format!(
            "expected x <= n, not `{}` of `{}`, `{}` of `{}`",
            input.x_a, input.n_a, input.x_b, input.n_b
        ));
    }
    let fixed = input.fixed();
    let (less, greater, point) = fixed.tails();
    let here = ln_hypergeometric(fixed.x, fixed.urn);
    let two_sided = fixed.unlikely(here + 1e-7).min(1.0);
    let rarer = fixed.unlikely(here - 1e-7);
    let (mid_less, mid_greater) = (less - point / 2.0, greater - point / 2.0);
    Ok(Output {
        status: Status::Ok,
        p_two_sided: two_sided,
        p_less: less,
        p_greater: greater,
        midp_less: mid_less,
        midp_greater: mid_greater,
        midp_two_sided_central: (2.0 * mid_less.min(mid_greater)).min(1.0),
        midp_two_sided_minlike: (two_sided + rarer) / 2.0,
    })
}

/// The exact answer for small counts: test and intervals that agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exact {
    /// Twice the smaller one-sided p-value, at most 1.
    pub p: f64,
    /// The odds ratios that the test does not reject; an end may be 0 or infinite.
    pub odds: (f64, f64),
    /// The differences of shares that these odds ratios mean at the number of successes seen.
    pub difference: (f64, f64),
    /// The ratios of shares that they mean; the upper end may be infinite.
    pub ratio: (f64, f64),
}

/// Returns the central exact test and its interval of the odds ratio; 1 is outside exactly when p is below `alpha`.
///
/// Never smaller than the two-sided p of R would be by much, and the only one whose inversion is always an interval.
pub fn central(input: Input, alpha: f64) -> Exact {
    let fixed = input.fixed();
    let (less, greater, _) = fixed.tails();
    let p = (2.0 * less.min(greater)).min(1.0);
    let tilted = Tilted::new(fixed.urn);
    let (rejects, up) = (p < alpha, greater < less);
    // ln of the odds ratio, on the side of 0 where the test says it lies
    let low = if fixed.x == fixed.urn.least() {
        0.0
    } else {
        let (from, to) = if rejects && up { (0.0, 80.0) } else { (-80.0, 0.0) };
        let (below, above) = bisect(from, to, |u| tilted.at_least(fixed.x, u) < alpha / 2.0);
        libm::exp(if below <= from { above } else { below })
    };
    let high = if fixed.x == fixed.urn.most() {
        f64::INFINITY
    } else {
        let (from, to) = if rejects && !up { (-80.0, 0.0) } else { (0.0, 80.0) };
        let (below, above) = bisect(from, to, |u| tilted.at_most(fixed.x, u) > alpha / 2.0);
        libm::exp(if above >= to { below } else { above })
    };
    let shares = |odds: f64| tilted.shares(libm::log(odds), &input);
    let ((a_low, b_low), (a_high, b_high)) = (shares(low), shares(high));
    let (rejects_up, rejects_down) = (low > 1.0, high < 1.0);
    let keep = |value: f64, least: bool, bound: f64| match least {
        true => value.max(bound),
        false => value,
    };
    Exact {
        p,
        odds: (low, high),
        difference: (
            keep(b_low - a_low, rejects_up, f64::MIN_POSITIVE),
            -keep(a_high - b_high, rejects_down, f64::MIN_POSITIVE),
        ),
        ratio: (
            keep(b_low / a_low, rejects_up, 1.0 + f64::EPSILON),
            if a_high > 0.0 { 1.0 / keep(a_high / b_high, rejects_down, 1.0 + f64::EPSILON) } else { f64::INFINITY },
        ),
    }
}

/// Fisher's noncentral hypergeometric distribution: probabilities tilted by an odds ratio.
pub struct Tilted {
    least: u64,
    /// ln P(X = k) at odds ratio 1, from the least to the most.
    weights: Vec<f64>,
}

impl Tilted {
    /// Returns the distribution of an urn; it takes one number for each possible table.
    pub fn new(urn: Urn) -> Self {
        let weights = (urn.least()..=urn.most()).map(|k| ln_hypergeometric(k, urn)).collect();
        Self { least: urn.least(), weights }
    }

    /// The sum over `k` of its tilted probability times `value(k)`.
    fn expect(&self, ln_odds: f64, value: impl Fn(u64) -> f64) -> f64 {
        let tilted = || (self.least..).zip(&self.weights).map(|(k, w)| (k, w + (k - self.least) as f64 * ln_odds));
        let top = tilted().fold(f64::NEG_INFINITY, |top, (_, w)| top.max(w));
        let (mut all, mut sum) = (0.0, 0.0);
        for (k, weight) in tilted() {
            let weight = libm::exp(weight - top);
            all += weight;
            sum += weight * value(k);
        }
        sum / all
    }

    /// Returns the shares of control and treatment that these odds and the number of successes make likeliest: their
    /// difference rises with the odds, and has the sign of their logarithm.
    fn shares(&self, ln_odds: f64, input: &Input) -> (f64, f64) {
        let most = self.least + self.weights.len() as u64 - 1;
        let treated = match ln_odds {
            f64::INFINITY => most as f64,
            f64::NEG_INFINITY => self.least as f64,
            finite => self.expect(finite, |k| k as f64),
        };
        let rest = (input.x_a + input.x_b) as f64 - treated;
        (rest.max(0.0) / input.n_a as f64, treated / input.n_b as f64)
    }

    fn at_least(&self, x: u64, ln_odds: f64) -> f64 {
        self.expect(ln_odds, |k| if k >= x { 1.0 } else { 0.0 })
    }

    fn at_most(&self, x: u64, ln_odds: f64) -> f64 {
        self.expect(ln_odds, |k| if k <= x { 1.0 } else { 0.0 })
    }
}
