//! `time to EVENT`: how long until, with those who have not yet done it censored.

use crate::model::measure::{Measure, PerUnit, Term};
use crate::model::value::Duration;
use crate::model::{Event, Id};

/// The time until an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeTo {
    /// What they do.
    pub event: Id<Event>,
    /// The longest time watched.
    pub window: Duration,
}

impl TimeTo {
    /// Returns: the time of each unit's first such event; a time to event.
    pub fn measure(&self) -> Measure {
        Measure::time_to(Term { event: self.event, per_unit: PerUnit::FirstTime }, self.window)
    }
}
