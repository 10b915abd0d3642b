//! What happens so many whole days after exposure: [`Ages`].
//!
//! ```text
//! exposure ──day 0──┼──day 1──┼── … ──┼──day n-1──┼── end of the data
//!                  a unit counts in each day that is whole for it; most did nothing there, and are only counted
//! ```
use super::measure::Bound;
use crate::engine::acc::push;
use crate::engine::timeline::{Entry, Timelines};
use crate::tally::{Cut, Key, Shape, Tallies, Tally};
use std::collections::BTreeMap;

const DAY: i64 = 86_400_000_000;

/// One measure by age since exposure.
#[derive(Clone, Debug)]
pub(super) struct Ages {
    /// How many days are looked at.
    days: u32,
    shape: Shape,
    /// By variant: how many units have so many whole days.
    whole: BTreeMap<u32, Vec<u64>>,
    /// By variant and age: the units that did something.
    active: BTreeMap<(u32, u32), Tally>,
    /// A number was not finite.
    broken: bool,
}

impl Ages {
    pub(super) fn new(bound: &Bound<'_>) -> Option<Self> {
        let (days, shape) = (bound.plan.ages, bound.plan.bare_shape());
        (days > 0).then(|| Self { days, shape, whole: BTreeMap::new(), active: BTreeMap::new(), broken: false })
    }

    /// Counts one unit that was exposed at `t0`, in data that ends at `end`.
    pub(super) fn unit(
        &mut self,
        bound: &Bound<'_>,
        (lines, line): (&Timelines, &[Entry]),
        (variant, t0): (u32, i64),
        end: i64,
    ) {
        let whole = u32::try_from((end - t0) / DAY).unwrap_or(0).min(self.days);
        let days = self.days as usize;
        let units = self.whole.entry(variant).or_insert_with(|| vec![0; days + 1]);
        if let Some(units) = units.get_mut(whole as usize) {
            *units += 1;
        }
        let mut rest = line.get(line.partition_point(|e| e.time < t0)..).unwrap_or(&[]);
        while let Some(first) = rest.first() {
            let age = (first.time - t0) / DAY;
            let Some(age) = u32::try_from(age).ok().filter(|age| *age < whole) else { break };
            let until = t0 + (i64::from(age) + 1) * DAY;
            let (today, later) = rest.split_at_checked(rest.partition_point(|e| e.time < until)).unwrap_or((rest, &[]));
            if let Some(sample) = bound.part(lines, today) {
                let tally = self.active.entry((variant, age)).or_insert_with(|| Tally::empty(self.shape));
                self.broken |= !push(tally, &sample);
            }
            rest = later;
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.broken |= other.broken;
        for (variant, theirs) in other.whole {
            let days = self.days as usize;
            let mine = self.whole.entry(variant).or_insert_with(|| vec![0; days + 1]);
            mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        }
        for (key, theirs) in other.active {
            let mine = self.active.entry(key).or_insert_with(|| Tally::empty(theirs.shape()));
            // Both are of the measure's shape; a mismatch cannot be.
            let _ = mine.merge(&theirs);
        }
    }

    /// Puts a tally for each age into `into`: those who did something, and as many zeros as units had that day whole.
    pub(super) fn finish(mut self, measure: u32, into: &mut Tallies) {
        if self.broken {
            return;
        }
        for (variant, units) in std::mem::take(&mut self.whole) {
            let mut left: u64 = units.iter().sum();
            for (age, gone) in (0..self.days).zip(&units) {
                left -= gone;
                if left == 0 {
                    break;
                }
                let mut tally = self.active.remove(&(variant, age)).unwrap_or_else(|| Tally::empty(self.shape));
                tally.push_nothing(left - tally.units());
                let _ = into.add(Key { measure, variant, cut: Cut::Age(age) }, &tally);
            }
        }
    }
}
