//! One measure by age since exposure, while it is counted: [`Ages`].
use super::{Cut, Key, Shape, Tallies, Tally};
use std::collections::BTreeMap;

/// What units do so many whole days after their exposure; becomes a tally for each variant and age.
///
/// Most units did nothing on most days; they are only counted. Keeps the law of [`Tally::merge`].
#[derive(Clone, Debug)]
pub struct Ages {
    /// How many days are looked at.
    days: u32,
    shape: Shape,
    /// By variant: how many units have so many whole days.
    whole: BTreeMap<u32, Vec<u64>>,
    /// By variant and age: the units that did something.
    active: BTreeMap<(u32, u32), Tally>,
}

impl Ages {
    /// Counts nothing yet, of so many days, in tallies of this shape.
    pub fn new(days: u32, shape: Shape) -> Self {
        Self { days, shape, whole: BTreeMap::new(), active: BTreeMap::new() }
    }

    /// Counts units of a variant that were watched for so many whole days; returns those of them that are looked at.
    pub fn watched(&mut self, variant: u32, whole: u64, units: u64) -> u32 {
        let whole = u32::try_from(whole).unwrap_or(u32::MAX).min(self.days);
        let days = self.days as usize;
        let counts = self.whole.entry(variant).or_insert_with(|| vec![0; days + 1]);
        if let Some(count) = counts.get_mut(whole as usize) {
            *count += units;
        }
        whole
    }

    /// Returns the tally of those units of a variant that did something on a day of this age.
    pub fn active(&mut self, variant: u32, age: u32) -> &mut Tally {
        self.active.entry((variant, age)).or_insert_with(|| Tally::empty(self.shape))
    }

    /// Returns its shape.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Adds the units of `other`, which is of the same measure.
    pub fn merge(&mut self, other: Self) {
        for (variant, theirs) in other.whole {
            let days = self.days as usize;
            let mine = self.whole.entry(variant).or_insert_with(|| vec![0; days + 1]);
            mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        }
        for ((variant, age), theirs) in other.active {
            // Both are of the measure's shape; a mismatch cannot be.
            let _ = self.active(variant, age).merge(&theirs);
        }
    }

    /// Puts a tally for each age into `into`: those who did something, and as many zeros as units had that day whole.
    pub fn finish(mut self, measure: u32, into: &mut Tallies) {
        for (variant, units) in std::mem::take(&mut self.whole) {
            let mut left: u64 = units.iter().sum();
            for (age, gone) in (0..self.days).zip(&units) {
                left -= gone;
                if left == 0 {
                    break;
                }
                let mut tally = self.active.remove(&(variant, age)).unwrap_or_else(|| Tally::empty(self.shape));
                tally.push_nothing(left.saturating_sub(tally.units()));
                let _ = into.add(Key { measure, variant, cut: Cut::Age(age) }, &tally);
            }
        }
    }
}
