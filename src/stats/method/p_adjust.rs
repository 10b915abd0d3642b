//! Several p-values at once: Bonferroni, Holm (1979), Benjamini and Hochberg (1995), Benjamini and Yekutieli (2001).
use serde::{Deserialize, Serialize};

use crate::stats::Status;

/// p-values; null is "undefined".
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// The p-values.
    pub p: Vec<Option<f64>>,
}

/// Adjusted p-values in the order of the inputs; what was undefined stays so and counts in no family.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `no_data` without p-values.
    pub status: Status,
    /// m p.
    pub bonferroni: Vec<Option<f64>>,
    /// Step-down; controls the chance of any false alarm.
    pub holm: Vec<Option<f64>>,
    /// Step-up; controls the share of false alarms.
    pub bh: Vec<Option<f64>>,
    /// Step-up under any dependence.
    pub by: Vec<Option<f64>>,
}

/// Returns the p-values, ordered, with their places, and a function that puts values back.
fn ordered(p: &[Option<f64>]) -> Vec<(usize, f64)> {
    let mut order: Vec<(usize, f64)> = p.iter().enumerate().filter_map(|(i, p)| Some((i, (*p)?))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    order
}

/// Puts values back in their places.
fn placed(length: usize, values: impl Iterator<Item = (usize, f64)>) -> Vec<Option<f64>> {
    let mut out = vec![None; length];
    for (place, value) in values {
        if let Some(slot) = out.get_mut(place) {
            *slot = Some(value);
        }
    }
    out
}

/// Returns Holm's adjusted p-values: the running maximum of (m - rank) p.
pub fn holm(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let order = ordered(p);
    let m = order.len();
    let running = order.into_iter().enumerate().scan(0.0_f64, move |most, (rank, (place, p))| {
        *most = most.max(((m - rank) as f64 * p).min(1.0));
        Some((place, *most))
    });
    placed(p.len(), running)
}

/// Returns the running minimum, from the largest, of factor p m / rank, at most 1: Benjamini and Hochberg for factor 1.
pub fn step_up(p: &[Option<f64>], factor: f64) -> Vec<Option<f64>> {
    let order = ordered(p);
    let m = order.len() as f64;
    let running = order.into_iter().enumerate().rev().scan(1.0_f64, move |least, (rank, (place, p))| {
        *least = least.min(p * m * factor / (rank + 1) as f64);
        Some((place, *least))
    });
    placed(p.len(), running)
}

/// Returns all four adjustments.
///
/// # Errors
/// When a p-value lies outside 0 to 1.
pub fn run(input: Input) -> Result<Output, String> {
    if let Some(bad) = input.p.iter().flatten().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(format!("expected p-values between 0 and 1, not `{bad}`"));
    }
    let m = input.p.iter().flatten().count();
    let harmonic: f64 = (1..=m).map(|k| 1.0 / k as f64).sum();
    Ok(Output {
        status: if m > 0 { Status::Ok } else { Status::NoData },
        bonferroni: input.p.iter().map(|p| p.map(|p| (m as f64 * p).min(1.0))).collect(),
        holm: holm(&input.p),
        bh: step_up(&input.p, 1.0),
        by: step_up(&input.p, harmonic),
    })
}
