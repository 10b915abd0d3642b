//! `nps of PROPERTY`: net promoter score, the share of 9 and 10 less the share of 0 to 6.

use crate::model::PropertyRef;
use crate::model::measure::{Measure, PerUnit, Term};
use crate::model::value::Duration;

/// A net promoter score: each unit's last answer counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nps {
    /// The answer, 0 to 10.
    pub property: PropertyRef,
    /// In which time.
    pub window: Duration,
}

impl Nps {
    /// Returns: the last answer of each unit that answered; a net promoter score.
    pub fn measure(&self) -> Measure {
        let term = Term { event: self.property.event, per_unit: PerUnit::Last(self.property.property.clone()) };
        Measure::nps(term, self.window)
    }
}
