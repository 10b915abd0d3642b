//! The percentile bootstrap of a difference of means (Efron 1979): its exact limit where the data are whole numbers and few
//! enough, else by resampling with ChaCha8 and a recorded seed.
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use serde::{Deserialize, Serialize};

use crate::stats::Status;
use crate::tally::Mean;

/// Values by unit of two arms, `a` the control.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// The control.
    pub a: Vec<f64>,
    /// The treatment.
    pub b: Vec<f64>,
    /// How often to resample where the exact law is out of reach.
    #[serde(default = "ten_thousand")]
    pub replicates: u32,
    /// The seed of resampling.
    #[serde(default)]
    pub seed: u64,
}

fn ten_thousand() -> u32 {
    10_000
}

/// What resampling would say.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_data` without units in an arm.
    pub status: Status,
    /// Treatment minus control.
    pub diff: Option<f64>,
    /// Standard error of the resampled difference (divisor n).
    pub se: Option<f64>,
    /// The 2.5 % point.
    pub ci_low: Option<f64>,
    /// The 97.5 % point.
    pub ci_high: Option<f64>,
    /// The share of resampled differences above 0.
    pub prob_gt_0: Option<f64>,
    /// Whether this is the exact law.
    pub exact: bool,
    /// The seed, where it is not.
    pub seed: Option<u64>,
}

/// The most cells and additions the exact law may take.
const WORK: f64 = 2e7;

/// A law on whole numbers: the least, and the mass from there on.
struct Law {
    least: i64,
    mass: Vec<f64>,
}

/// Returns the values as whole numbers, if they are.
fn whole(values: &[f64]) -> Option<Vec<i64>> {
    values.iter().map(|v| (v.fract() == 0.0 && v.abs() < 1e9).then_some(*v as i64)).collect()
}

/// Returns the law of the sum of n draws from the values; nothing where that is too much work.
fn sum_law(values: &[i64]) -> Option<Law> {
    let (least, most) = (*values.iter().min()?, *values.iter().max()?);
    let (n, range) = (values.len(), (most - least) as usize);
    if (n * n) as f64 * range as f64 * (range + 1) as f64 > 2.0 * WORK {
        return None;
    }
    let mut one = vec![0.0; range + 1];
    for v in values {
        if let Some(cell) = one.get_mut((v - least) as usize) {
            *cell += 1.0 / n as f64;
        }
    }
    let mut mass = vec![1.0];
    for _ in 0..n {
        let mut next = vec![0.0; mass.len() + range];
        for (shift, p) in mass.iter().enumerate() {
            next.iter_mut().skip(shift).zip(&one).for_each(|(cell, q)| *cell += p * q);
        }
        mass = next;
    }
    Some(Law { least: least * n as i64, mass })
}

/// Returns the exact law of mean b - mean a, on the lattice of 1 / (n_a n_b).
fn difference_law(a: &[i64], b: &[i64]) -> Option<Law> {
    let (law_a, law_b) = (sum_law(a)?, sum_law(b)?);
    let (n_a, n_b) = (a.len(), b.len());
    let size = (law_b.mass.len() - 1) * n_a + (law_a.mass.len() - 1) * n_b + 1;
    if size as f64 > WORK || (law_a.mass.len() as f64) * law_b.mass.len() as f64 > WORK {
        return None;
    }
    let mut mass = vec![0.0; size];
    for (i, p) in law_b.mass.iter().enumerate() {
        for (j, q) in law_a.mass.iter().rev().enumerate() {
            if let Some(cell) = mass.get_mut(i * n_a + j * n_b) {
                *cell += p * q;
            }
        }
    }
    let top_a = law_a.least + law_a.mass.len() as i64 - 1;
    Some(Law { least: law_b.least * n_a as i64 - top_a * n_b as i64, mass })
}

impl Law {
    /// The least value whose cumulative mass reaches `level`.
    fn quantile(&self, level: f64) -> i64 {
        let mut sum = 0.0;
        let place = self.mass.iter().position(|p| {
            sum += p;
            *p > 0.0 && sum >= level - 1e-12
        });
        self.least + place.unwrap_or(self.mass.len() - 1) as i64
    }

    fn above_zero(&self) -> f64 {
        (self.least..).zip(&self.mass).filter(|(v, _)| *v > 0).map(|(_, p)| p).sum()
    }
}

/// One resampled mean.
fn resampled(values: &[f64], rng: &mut ChaCha8Rng) -> f64 {
    let draw = |_| values.get(rng.random_range(0..values.len())).copied().unwrap_or(0.0);
    (0..values.len()).map(draw).sum::<f64>() / values.len() as f64
}

/// The 2.5 % and 97.5 % points of resampled differences, and the share above 0.
fn monte_carlo(input: &Input) -> (f64, f64, f64) {
    let mut rng = ChaCha8Rng::seed_from_u64(input.seed);
    let replicates = input.replicates.clamp(1, 1_000_000);
    let mut all: Vec<f64> =
        (0..replicates).map(|_| resampled(&input.b, &mut rng) - resampled(&input.a, &mut rng)).collect();
    all.sort_by(f64::total_cmp);
    let point = |level: f64| crate::tally::quantile7(&all, level).unwrap_or(0.0);
    let above = all.iter().filter(|d| **d > 0.0).count() as f64 / all.len() as f64;
    (point(0.025), point(0.975), above)
}

/// Returns the bootstrap's standard error, percentile interval and share above 0.
///
/// # Errors
/// When a value is not finite.
pub fn run(input: Input) -> Result<Output, String> {
    let moments = |values: &[f64]| {
        let mut mean = Mean::default();
        values.iter().try_for_each(|v| mean.push(*v)).map_err(|e| e.to_string()).map(|()| mean)
    };
    let (a, b) = (moments(&input.a)?, moments(&input.b)?);
    if a.n() == 0 || b.n() == 0 {
        let none = Output {
            status: Status::NoData,
            diff: None,
            se: None,
            ci_low: None,
            ci_high: None,
            prob_gt_0: None,
            exact: true,
            seed: None,
        };
        return Ok(none);
    }
    // n-divisor variance of a mean: s^2 (n - 1) / n^2
    let of_mean = |m: &Mean| m.variance().map_or(0.0, |v| v * (m.n() - 1) as f64 / (m.n() as f64 * m.n() as f64));
    let law = whole(&input.a).zip(whole(&input.b)).and_then(|(a, b)| difference_law(&a, &b));
    let lattice = a.n() as f64 * b.n() as f64;
    let (low, high, above) = match &law {
        Some(law) => (law.quantile(0.025) as f64 / lattice, law.quantile(0.975) as f64 / lattice, law.above_zero()),
        None => monte_carlo(&input),
    };
    Ok(Output {
        status: Status::Ok,
        diff: a.to(&b),
        se: Some((of_mean(&a) + of_mean(&b)).sqrt()),
        ci_low: Some(low),
        ci_high: Some(high),
        prob_gt_0: Some(above),
        exact: law.is_some(),
        seed: law.is_none().then_some(input.seed),
    })
}
