//! `share of EVENT` and `share without EVENT`: the share of units that did it, or did not.

use crate::model::measure::{Measure, PerUnit, Term};
use crate::model::value::Duration;
use crate::model::{Event, Id};

/// The share of units that did it in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// What they do.
    pub event: Id<Event>,
    /// In which time.
    pub window: Duration,
}

impl Share {
    /// Returns: 1 for a unit that did it, else 0; a share.
    pub fn measure(&self) -> Measure {
        Measure::share(Term { event: self.event, per_unit: PerUnit::Happened }, self.window)
    }
}

/// The share of units that did not do it in time: churn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareWithout {
    /// What they do not do.
    pub event: Id<Event>,
    /// In which time.
    pub window: Duration,
}

impl ShareWithout {
    /// Returns: 1 for a unit that did not do it, else 0; a share.
    pub fn measure(&self) -> Measure {
        Measure::share(Term { event: self.event, per_unit: PerUnit::Absent }, self.window)
    }
}
