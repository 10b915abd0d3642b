//! What all attribution models read: paths of touches with what came of them.
use std::collections::BTreeMap;

use serde::Deserialize;

/// A path that people took, in order.
#[derive(Clone, Debug, Deserialize)]
pub struct Path {
    /// The channels touched; one may come again.
    pub path: Vec<String>,
    /// How many conversions (or how much money) ended it.
    #[serde(default)]
    pub conv: f64,
    /// How many people took it and did not convert.
    #[serde(default)]
    pub null: f64,
}

/// All paths.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// The paths.
    pub paths: Vec<Path>,
    /// Order of the Markov chain.
    #[serde(default = "first_order")]
    pub order: usize,
}

fn first_order() -> usize {
    1
}

/// Something for each channel.
pub type ByChannel<T> = BTreeMap<String, T>;

impl Input {
    /// Refuses paths that cannot be.
    pub(super) fn check(&self) -> Result<(), String> {
        let sound = |v: f64| v >= 0.0 && v.is_finite();
        if self.paths.iter().any(|p| p.path.is_empty() || !sound(p.conv) || !sound(p.null)) {
            return Err("expected each path to name a channel, with `conv` and `null` not below zero".to_owned());
        }
        if !(1..=8).contains(&self.order) {
            return Err(format!("expected `order` from 1 to 8, not `{}`", self.order));
        }
        Ok(())
    }

    /// Returns this value for each channel.
    pub(super) fn each<T: Clone>(&self, value: T) -> ByChannel<T> {
        self.paths.iter().flat_map(|p| &p.path).map(|c| (c.clone(), value.clone())).collect()
    }
}

/// Adds to a channel's credit.
pub(super) fn credit(to: &mut ByChannel<f64>, channel: &str, amount: f64) {
    if let Some(sum) = to.get_mut(channel) {
        *sum += amount;
    }
}

/// Returns the whole number `total` shared out in proportion to the weights, so that the parts add up to it exactly: each
/// gets its share rounded down, and what is left goes to the largest remainders, of equal ones to the first (Hamilton
/// 1791). Without a weight above 0 nothing is shared out.
pub fn largest_remainder(weights: &[f64], total: i64) -> Vec<i64> {
    let sum: f64 = weights.iter().sum();
    if !(sum > 0.0 && sum.is_finite()) {
        return vec![0; weights.len()];
    }
    let exact: Vec<f64> = weights.iter().map(|w| total.unsigned_abs() as f64 * w / sum).collect();
    let mut parts: Vec<i64> = exact.iter().map(|e| e.floor() as i64).collect();
    let given: i64 = parts.iter().sum();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let remainder = |i: &usize| exact.get(*i).map_or(0.0, |e| e - e.floor());
    order.sort_by(|a, b| remainder(b).total_cmp(&remainder(a)).then(a.cmp(b)));
    let left = usize::try_from(total.unsigned_abs() as i64 - given).unwrap_or(0);
    for at in order.iter().cycle().take(left) {
        if let Some(part) = parts.get_mut(*at) {
            *part += 1;
        }
    }
    parts.into_iter().map(|p| p * total.signum()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up() {
        assert_eq!(largest_remainder(&[1.0, 1.0, 1.0], 100), [34, 33, 33]);
        assert_eq!(largest_remainder(&[0.5, 0.2, 0.3], -7), [-4, -1, -2]);
        assert_eq!(largest_remainder(&[0.0, 0.0], 7), [0, 0]);
        for total in [0, 1, 99, 1_000_003] {
            let parts = largest_remainder(&[0.730159, 0.630037, 0.472954, 1e-9], total);
            assert_eq!(parts.iter().sum::<i64>(), total);
        }
    }
}
