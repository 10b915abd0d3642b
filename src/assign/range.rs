//! From shares to ranges of buckets.

use super::hash::HashVersion;
use crate::payload::{Buckets, first_at_or_above};

/// Returns `count` equal shares; none for a count below 1.
pub fn equal_weights(count: i64) -> Vec<f64> {
    let count = usize::try_from(count).unwrap_or(0);
    vec![1.0 / count as f64; count]
}

/// Returns the range of each variation for those shares and that coverage.
///
/// Shares that are not one for each variation, or do not add to 1 within 0.01,
/// count as equal; coverage is clamped to 0 to 1. The sums are those of the
/// JavaScript SDK, step by step, since a boundary may hang on the last bit.
pub fn bucket_ranges(count: usize, coverage: f64, weights: Option<&[f64]>) -> Vec<[f64; 2]> {
    let coverage = coverage.clamp(0.0, 1.0);
    let weights = weights.filter(|w| w.len() == count && (0.99..=1.01).contains(&w.iter().sum::<f64>()));
    let weights = weights.map_or_else(|| equal_weights(count as i64), <[f64]>::to_vec);
    let mut start = 0.0;
    weights
        .into_iter()
        .map(|weight| {
            let range = [start, start + coverage * weight];
            start += weight;
            range
        })
        .collect()
}

/// Returns whether `n` is in the range: its start belongs to it, its end does not.
pub fn in_range(n: f64, [start, end]: [f64; 2]) -> bool {
    n >= start && n < end
}

/// Returns the first variation whose range holds `n`.
pub fn choose_variation(n: f64, ranges: &[[f64; 2]]) -> Option<usize> {
    ranges.iter().position(|&range| in_range(n, range))
}

/// Returns the buckets whose fractions the range holds.
pub(super) fn buckets([start, end]: [f64; 2], version: HashVersion) -> Buckets {
    let first = |boundary| first_at_or_above(boundary, version.buckets());
    Buckets { start: first(start), end: first(end) }
}
