//! The ends of ranges, written so that no rounding in any language moves them.

use crate::model::space::{BUCKETS, Buckets};

/// Returns the number that a payload holds for the boundary below bucket `k`.
///
/// 0 for 0, 1 for [`BUCKETS`] and above, else `(k - 0.5) / 10000`: half way
/// between two buckets. An SDK computes a bucket as `n / 10000` and compares;
/// whether it does so in `f32` or in `f64`, the half keeps the comparison from
/// depending on the last bit.
pub fn endpoint(k: u16) -> f64 {
    match k {
        0 => 0.0,
        k if k >= BUCKETS => 1.0,
        k => (f64::from(k) * 2.0 - 1.0) / 20_000.0,
    }
}

/// Returns the range of those buckets as a payload writes it.
pub fn endpoints(buckets: Buckets) -> [f64; 2] {
    [endpoint(buckets.start), endpoint(buckets.end)]
}

/// Returns the buckets that a payload's range means, for hash version 2.
pub fn buckets_of([start, end]: [f64; 2]) -> Buckets {
    Buckets { start: first_at_or_above(start, BUCKETS), end: first_at_or_above(end, BUCKETS) }
}

/// Returns the first of `count` buckets whose fraction `n / count` is
/// `boundary` or more, by the very comparison that an SDK makes.
pub fn first_at_or_above(boundary: f64, count: u16) -> u16 {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if f64::from(middle) / f64::from(count) >= boundary {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
