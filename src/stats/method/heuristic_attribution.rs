//! Attribution by rule: first, last, linear, position (40/20/40), J (20/20/60), inverse J (60/20/20), time decay and last
//! non-direct are bookkeeping; none shows cause.
use serde::Serialize;

use super::attribution::{ByChannel, Input, credit};
use crate::stats::Status;

/// Credit by channel, by rule.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// Always `ok`.
    pub status: Status,
    /// All to the first touch.
    pub first: ByChannel<f64>,
    /// All to the last touch.
    pub last: ByChannel<f64>,
    /// The same to each touch, repeats too.
    pub linear: ByChannel<f64>,
    /// 40 % to the first, 40 % to the last, the rest between; half and half of two.
    pub position: ByChannel<f64>,
}

/// Returns the weights of `n` touches that give `first` to the first and `last` to the last, and share the rest equally
/// between; of two touches, first and last in proportion; of one, all. They add to 1.
pub fn ends(n: usize, first: f64, last: f64) -> Vec<f64> {
    match n {
        0 => Vec::new(),
        1 => vec![1.0],
        2 => vec![first / (first + last), last / (first + last)],
        _ => {
            let between = (1.0 - first - last) / (n - 2) as f64;
            let inner = std::iter::repeat_n(between, n - 2);
            std::iter::once(first).chain(inner).chain([last]).collect()
        }
    }
}

/// Returns the weights 2^(-age / half-life) of touches, made to add to 1; ages and half-life in one unit.
pub fn decay(ages: &[f64], half_life: f64) -> Vec<f64> {
    // relative to the youngest, so that old paths do not underflow
    let youngest = ages.iter().copied().fold(f64::INFINITY, f64::min);
    let raw: Vec<f64> = ages.iter().map(|age| libm::exp2(-(age - youngest) / half_life)).collect();
    let sum: f64 = raw.iter().sum();
    raw.into_iter().map(|w| w / sum).collect()
}

/// Returns the credit by each rule.
///
/// # Errors
/// When a path cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    input.check()?;
    let by = |weights: &dyn Fn(usize) -> Vec<f64>| {
        let mut sums = input.each(0.0);
        for path in &input.paths {
            let weights = weights(path.path.len());
            path.path.iter().zip(weights).for_each(|(c, w)| credit(&mut sums, c, path.conv * w));
        }
        sums
    };
    Ok(Output {
        status: Status::Ok,
        first: by(&|n| ends(n, 1.0, 0.0)),
        last: by(&|n| ends(n, 0.0, 1.0)),
        linear: by(&|n| vec![1.0 / n as f64; n]),
        position: by(&|n| ends(n, 0.4, 0.4)),
    })
}
