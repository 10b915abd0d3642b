//! How far the units of each variant come in a funnel, counted from their exposure.
use std::collections::BTreeMap;

/// Units of each variant by the steps of a funnel they reach; each step is over all that are exposed.
///
/// A unit that reaches a step has reached those before it, so no count is above the one before. Merging adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    reached: BTreeMap<(u32, u32), Vec<u64>>,
}

impl Steps {
    /// Counts a unit of a variant that reaches the first `depth` steps of a walk.
    pub fn push(&mut self, walk: u32, variant: u32, depth: usize) {
        self.push_many(walk, variant, depth, 1);
    }

    /// Counts so many units of a variant that all reach the first `depth` steps of a walk.
    pub fn push_many(&mut self, walk: u32, variant: u32, depth: usize, units: u64) {
        let reached = self.reached.entry((walk, variant)).or_default();
        if reached.len() < depth {
            reached.resize(depth, 0);
        }
        reached.iter_mut().take(depth).for_each(|n| *n += units);
    }

    /// Returns whether a walk was counted, by anybody at all.
    pub fn counts(&self, walk: u32) -> bool {
        self.reached.keys().any(|(w, _)| *w == walk)
    }

    /// Returns how many units of a variant reach a step of a walk.
    pub fn reached(&self, walk: u32, variant: u32, step: usize) -> u64 {
        self.reached.get(&(walk, variant)).and_then(|r| r.get(step)).copied().unwrap_or(0)
    }

    /// Returns whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.reached.is_empty()
    }

    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        for (key, theirs) in &other.reached {
            let mine = self.reached.entry(*key).or_default();
            if mine.len() < theirs.len() {
                mine.resize(theirs.len(), 0);
            }
            mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Steps;

    #[test]
    fn any_split_of_the_units_gives_the_same() {
        let units = [(0, 3), (1, 0), (0, 1), (1, 2), (1, 4)];
        let count = |units: &[(u32, usize)]| {
            let mut steps = Steps::default();
            units.iter().for_each(|(variant, depth)| steps.push(0, *variant, *depth));
            steps
        };
        let whole = count(&units);
        for at in 0..=units.len() {
            let (a, b) = units.split_at(at);
            let mut merged = count(b);
            merged.merge(&count(a));
            assert_eq!(merged, whole);
        }
        assert_eq!([0, 1, 2, 3].map(|s| whole.reached(0, 1, s)), [2, 2, 1, 1]);
    }
}
