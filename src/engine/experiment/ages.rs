//! What happens so many whole days after exposure: [`Ages`].
//!
//! ```text
//! exposure ──day 0──┼──day 1──┼── … ──┼──day n-1──┼── end of the data
//!                  a unit counts in each day that is whole for it; most did nothing there, and are only counted
//! ```
use super::measure::Bound;
use crate::engine::acc::push;
use crate::engine::timeline::{Entry, Timelines};
use crate::tally;

const DAY: i64 = 86_400_000_000;

/// One measure by age since exposure.
#[derive(Clone, Debug)]
pub(super) struct Ages {
    counted: tally::Ages,
    /// A number was not finite.
    broken: bool,
}

impl Ages {
    pub(super) fn new(bound: &Bound<'_>) -> Option<Self> {
        let counted = tally::Ages::new(bound.plan.ages, bound.plan.bare_shape());
        (bound.plan.ages > 0).then_some(Self { counted, broken: false })
    }

    /// Counts one unit that was exposed at `t0`, in data that ends at `end`.
    pub(super) fn unit(
        &mut self,
        bound: &Bound<'_>,
        (lines, line): (&Timelines, &[Entry]),
        (variant, t0): (u32, i64),
        end: i64,
    ) {
        let whole = self.counted.watched(variant, u64::try_from((end - t0) / DAY).unwrap_or(0), 1);
        let mut rest = line.get(line.partition_point(|e| e.time < t0)..).unwrap_or(&[]);
        while let Some(first) = rest.first() {
            let age = (first.time - t0) / DAY;
            let Some(age) = u32::try_from(age).ok().filter(|age| *age < whole) else { break };
            let until = t0 + (i64::from(age) + 1) * DAY;
            let (today, later) = rest.split_at_checked(rest.partition_point(|e| e.time < until)).unwrap_or((rest, &[]));
            if let Some(sample) = bound.part(lines, today) {
                self.broken |= !push(self.counted.active(variant, age), &sample);
            }
            rest = later;
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.broken |= other.broken;
        self.counted.merge(other.counted);
    }

    /// Puts a tally for each age into `into`, where every number was one.
    pub(super) fn finish(self, measure: u32, into: &mut tally::Tallies) {
        if !self.broken {
            self.counted.finish(measure, into);
        }
    }
}
