//! Two shares with beta priors: chance to be better and expected loss (Miller 2014; Stucchio 2015; Cook 2005). Does not
//! protect against peeking.
use serde::{Deserialize, Serialize};

use super::bayes_normal::most;
use crate::stats::Status;
use crate::stats::door::{counts, probability};
use crate::stats::special::{Rule, beta_density, beta_inv, incomplete_beta, panels, rule16, rule40};

/// Two arms of counts and their priors, `a` the control.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Input {
    /// Control: who did it.
    pub x_a: f64,
    /// Control: all.
    pub n_a: f64,
    /// Treatment: who did it.
    pub x_b: f64,
    /// Treatment: all.
    pub n_b: f64,
    /// The control's prior.
    #[serde(default = "flat")]
    pub prior_a: [f64; 2],
    /// The treatment's prior.
    #[serde(default = "flat")]
    pub prior_b: [f64; 2],
    /// The mass of the intervals.
    #[serde(default = "most")]
    pub credible: f64,
}

/// The prior that says nothing.
fn flat() -> [f64; 2] {
    [1.0, 1.0]
}

/// The posterior.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// Always `ok`: without units the answer is the prior's.
    pub status: Status,
    /// The control's posterior mean.
    pub mean_a: f64,
    /// The treatment's posterior mean.
    pub mean_b: f64,
    /// Chance that the treatment's share is higher.
    pub chance_b_beats_a: f64,
    /// What is lost on average by choosing the control.
    pub expected_loss_choose_a: f64,
    /// What is lost on average by choosing the treatment.
    pub expected_loss_choose_b: f64,
    /// The control's credible interval, equal tails.
    pub ci_a: [f64; 2],
    /// The treatment's credible interval, equal tails.
    pub ci_b: [f64; 2],
}

/// A beta distribution.
#[derive(Clone, Copy, Debug)]
struct Beta {
    a: f64,
    b: f64,
}

impl Beta {
    fn mean(self) -> f64 {
        self.a / (self.a + self.b)
    }

    fn sd(self) -> f64 {
        (self.a * self.b / (self.a + self.b + 1.0)).sqrt() / (self.a + self.b)
    }

    fn limits(self, credible: f64) -> [f64; 2] {
        let tail = (1.0 - credible) / 2.0;
        [beta_inv(tail, self.a, self.b), 1.0 - beta_inv(tail, self.b, self.a)]
    }

    /// The edges of the panels that suit this distribution: at the mean plus and minus growing numbers of deviations.
    fn edges(self) -> impl Iterator<Item = f64> {
        let steps = std::iter::successors(Some(0.25), |c| (*c < 60.0).then_some(c * 1.4));
        steps.chain([0.0]).flat_map(move |c| [self.mean() - c * self.sd(), self.mean() + c * self.sd()])
    }
}

/// Returns the nodes over 0 to 1 that suit both distributions.
///
/// The first and the last panel are stretched by x = edge s^8, so that a density without bound at 0 or 1 (priors below 1)
/// is smooth in s.
fn nodes(a: Beta, b: Beta) -> Rule {
    let mut edges: Vec<f64> = a.edges().chain(b.edges()).map(|e| e.clamp(0.0, 1.0)).chain([0.0, 0.5, 1.0]).collect();
    edges.sort_by(f64::total_cmp);
    edges.dedup();
    let inner = edges.get(1..edges.len().saturating_sub(1)).unwrap_or_default();
    let (first, last) = (inner.first().copied().unwrap_or(0.5), inner.last().copied().unwrap_or(0.5));
    let stretched = |width: f64| {
        panels(rule40(), &[0.0, 1.0]).into_iter().map(move |(s, w)| {
            let power = libm::pow(s, 7.0);
            (width * power * s, 8.0 * width * power * w)
        })
    };
    let ends = stretched(1.0 - last).map(|(x, w)| (1.0 - x, w));
    stretched(first).chain(panels(rule16(), inner)).chain(ends).collect()
}

/// Returns the chance that the treatment is better and the two expected losses, as integrals of positive functions, so that
/// a small loss keeps its digits.
fn compare(a: Beta, b: Beta) -> (f64, f64, f64) {
    let (mut wins, mut loses, mut loss_a, mut loss_b) = (0.0, 0.0, 0.0, 0.0);
    for (x, w) in nodes(a, b) {
        let (of_a, of_b) = (incomplete_beta(a.a, a.b, x, 1.0 - x), incomplete_beta(b.a, b.b, x, 1.0 - x));
        let density = beta_density(x, b.a, b.b);
        wins += w * density * of_a.lower;
        loses += w * density * of_a.upper;
        loss_a += w * of_a.lower * of_b.upper;
        loss_b += w * of_b.lower * of_a.upper;
    }
    (wins / (wins + loses), loss_a, loss_b)
}

/// How two shares are set against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// p_b - p_a.
    Difference,
    /// p_b / p_a.
    Ratio,
}

/// Returns the equal-tailed credible interval of the difference or the ratio, of this mass.
///
/// The distribution function is one integral of a positive function; the ends are found by halving, so that 0 (or 1) lies
/// outside exactly when the chance to be better leaves the same tails.
pub fn interval(input: &Input, scale: Scale, credible: f64) -> (f64, f64) {
    let a = Beta { a: input.prior_a[0] + input.x_a, b: input.prior_a[1] + input.n_a - input.x_a };
    let b = Beta { a: input.prior_b[0] + input.x_b, b: input.prior_b[1] + input.n_b - input.x_b };
    let weighted: Vec<(f64, f64)> = nodes(a, a).into_iter().map(|(x, w)| (x, w * beta_density(x, a.a, a.b))).collect();
    let all: f64 = weighted.iter().map(|(_, w)| w).sum();
    let below = |at: f64| {
        let part = |(x, w): &(f64, f64)| {
            let y = if scale == Scale::Difference { x + at } else { x * libm::exp(at) };
            let y = y.clamp(0.0, 1.0);
            w * incomplete_beta(b.a, b.b, y, 1.0 - y).lower
        };
        weighted.iter().map(part).sum::<f64>() / all
    };
    let tail = (1.0 - credible) / 2.0;
    let (from, to) = if scale == Scale::Difference { (-1.0, 1.0) } else { (-60.0, 60.0) };
    let end = |level: f64| {
        let (mut low, mut high) = (from, to);
        for _ in 0..48 {
            let middle = (low + high) / 2.0;
            if below(middle) < level { low = middle } else { high = middle }
        }
        (low + high) / 2.0
    };
    let (low, high) = (end(tail), end(1.0 - tail));
    if scale == Scale::Difference { (low, high) } else { (libm::exp(low), libm::exp(high)) }
}

/// Returns the posterior comparison.
///
/// # Errors
/// When the counts cannot be or a prior is not above 0.
pub fn run(input: Input) -> Result<Output, String> {
    counts(input.x_a, input.n_a)?;
    counts(input.x_b, input.n_b)?;
    probability("credible", input.credible)?;
    if input.prior_a.iter().chain(&input.prior_b).any(|p| !(*p > 0.0 && p.is_finite())) {
        return Err("expected priors above 0".to_owned());
    }
    let posterior = |x: f64, n: f64, [a, b]: [f64; 2]| Beta { a: a + x, b: b + n - x };
    let a = posterior(input.x_a, input.n_a, input.prior_a);
    let b = posterior(input.x_b, input.n_b, input.prior_b);
    let (chance, loss_a, loss_b) = compare(a, b);
    Ok(Output {
        status: Status::Ok,
        mean_a: a.mean(),
        mean_b: b.mean(),
        chance_b_beats_a: chance,
        expected_loss_choose_a: loss_a,
        expected_loss_choose_b: loss_b,
        ci_a: a.limits(input.credible),
        ci_b: b.limits(input.credible),
    })
}
