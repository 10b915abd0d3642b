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
