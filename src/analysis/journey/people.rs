//! Counts and shares of people, with small cells masked: [`People`], [`Rate`], [`Mask`].
use super::share_interval;
use serde::{Serialize, Serializer};

/// How many people; nothing where there are fewer than the project shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct People(pub Option<u64>);

impl Serialize for People {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(n) => to.serialize_u64(n),
            None => to.serialize_none(),
        }
    }
}

/// A share of people with its 95 % interval (Wilson 1927); the numbers are nothing where one would give a small cell away.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// Who did.
    pub hits: People,
    /// Of whom.
    pub of: People,
    /// The share.
    pub share: Option<f64>,
    /// The lower limit.
    pub low: Option<f64>,
    /// The upper limit.
    pub high: Option<f64>,
}

/// Cells of fewer people than this are masked.
#[derive(Clone, Copy, Debug)]
pub struct Mask(pub u64);

impl Mask {
    /// Nobody is no secret; a few are.
    pub fn is_small(self, n: u64) -> bool {
        n > 0 && n < self.0
    }

    /// Returns a count that stands alone.
    pub fn count(self, n: u64) -> People {
        People((!self.is_small(n)).then_some(n))
    }

    /// Returns a share; one whose other side is small would give that away too.
    pub fn rate(self, hits: u64, of: u64) -> Rate {
        let hidden = self.is_small(hits) || self.is_small(of) || self.is_small(of.saturating_sub(hits));
        let shown = |n: f64| (!hidden && of > 0).then_some(n);
        let (low, high) = share_interval(hits, of).unwrap_or_default();
        Rate {
            hits: if hidden { People(None) } else { People(Some(hits)) },
            of: self.count(of),
            share: shown(hits as f64 / of.max(1) as f64),
            low: shown(low),
            high: shown(high),
        }
    }

    /// Returns the parts of a whole that is shown: where a single part is masked the next smallest is too, since the rest
    /// would give it away.
    pub fn parts(self, parts: &[u64]) -> Vec<People> {
        let mut shown: Vec<People> = parts.iter().map(|n| self.count(*n)).collect();
        if shown.iter().filter(|p| p.0.is_none()).count() == 1 {
            let next = parts.iter().enumerate().filter(|(_, n)| **n > 0 && !self.is_small(**n));
            if let Some((at, _)) = next.min_by_key(|(_, n)| **n)
                && let Some(cell) = shown.get_mut(at)
            {
                *cell = People(None);
            }
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_cell_takes_the_next_with_it() {
        let parts = Mask(10).parts(&[100, 3, 40, 0]);
        assert_eq!(parts.iter().map(|p| p.0).collect::<Vec<_>>(), [Some(100), None, None, Some(0)]);
        assert_eq!(Mask(10).parts(&[100, 3, 4]).iter().filter(|p| p.0.is_none()).count(), 2);
        assert_eq!(Mask(10).rate(95, 100).hits.0, None, "five did not");
    }
}
