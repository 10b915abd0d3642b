//! `average of AGGREGATE per unit`: per unit first, then averaged over all units.

use super::Aggregate;
use crate::model::measure::{Measure, Term};
use crate::model::value::Duration;

/// An average over units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Average {
    /// What is made of one unit's events.
    pub aggregate: Aggregate,
    /// In which time.
    pub window: Duration,
}

impl Average {
    /// Returns: the aggregate of each unit, 0 where it has no such event; a mean.
    pub fn measure(&self) -> Measure {
        Measure::mean(Term::of(&self.aggregate), self.window)
    }
}
