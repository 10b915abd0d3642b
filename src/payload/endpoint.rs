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

/// Neighbouring buckets: those from `start`, and less than `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Buckets {
    /// The first bucket.
    pub start: u16,
    /// The bucket after the last one.
    pub end: u16,
}

impl Buckets {
    /// Returns whether that bucket is one of them.
    pub const fn holds(self, bucket: u16) -> bool {
        self.start <= bucket && bucket < self.end
    }

    /// Returns how many there are.
    pub const fn count(self) -> u16 {
        self.end.saturating_sub(self.start)
    }

    /// Returns the range as a payload writes it.
    pub fn endpoints(self) -> [f64; 2] {
        [endpoint(self.start), endpoint(self.end)]
    }

    /// Returns the buckets that a payload's range means, for hash version 2.
    pub fn of([start, end]: [f64; 2]) -> Self {
        Self { start: first_at_or_above(start, BUCKETS), end: first_at_or_above(end, BUCKETS) }
    }
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

/// Returns the `count` lowest buckets that are in none of `taken`, or as many as there are.
pub(super) fn lowest_free(count: u16, mut taken: Vec<Buckets>) -> Vec<Buckets> {
    taken.sort_unstable();
    taken.push(Buckets { start: BUCKETS, end: BUCKETS });
    let (mut free_from, mut left, mut found) = (0_u16, count, Vec::new());
    for busy in taken {
        let size = busy.start.saturating_sub(free_from).min(left);
        if size > 0 {
            found.push(Buckets { start: free_from, end: free_from + size });
            left -= size;
        }
        free_from = free_from.max(busy.end);
    }
    found
}
