//! The 10,000 buckets that units fall into, and who has which.
//!
//! Everything here is exact: whole numbers of buckets, no rounding to be explained away.

mod arms;
mod slices;

pub use arms::{Impact, arm_of_bucket, arms, impact, part_of_buckets};
pub use slices::{Slice, slices};

/// How many buckets a unit can fall into.
pub const BUCKETS: u16 = 10_000;

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
}

/// Returns the `count` lowest buckets that are in none of `taken`, or as many as there are.
pub fn lowest_free(count: u16, mut taken: Vec<Buckets>) -> Vec<Buckets> {
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
