//! The ends of ranges, written so that no rounding in any language moves them.

/// How many buckets a unit can fall into.
pub const BUCKETS: u16 = 10_000;

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

/// Returns the pair of endpoints of the buckets `start..end`.
pub fn endpoints(start: u16, end: u16) -> [f64; 2] {
    [endpoint(start), endpoint(end)]
}
