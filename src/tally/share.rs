//! Units, and how many of them did it.

/// A count of units and of those that did it; `x` is at most `n`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Units.
    pub n: u64,
    /// Units that did it.
    pub x: u64,
}

impl Share {
    /// Returns `x` of `n`, with `x` cut to `n`.
    pub fn new(x: u64, n: u64) -> Self {
        Self { n, x: x.min(n) }
    }

    /// Counts one unit.
    pub fn push(&mut self, did: bool) {
        self.n += 1;
        self.x += u64::from(did);
    }

    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.x += other.x;
    }

    /// Returns `x / n`, or nothing when there are no units.
    pub fn share(&self) -> Option<f64> {
        (self.n > 0).then(|| self.x as f64 / self.n as f64)
    }
}
