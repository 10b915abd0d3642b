//! `quantile PERCENT of PROPERTY`: the value most stay under.

use crate::model::PropertyRef;
use crate::model::measure::{Measure, PerUnit, Term};
use crate::model::value::{Duration, Percent};

/// A quantile over events, clustered in units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantile {
    /// Which quantile.
    pub level: Percent,
    /// Of what.
    pub property: PropertyRef,
    /// In which time.
    pub window: Duration,
}

impl Quantile {
    /// Returns: every value of each unit; a quantile.
    pub fn measure(&self) -> Measure {
        let term = Term { event: self.property.event, per_unit: PerUnit::Values(self.property.property.clone()) };
        Measure::quantile(term, self.level.share(), self.window)
    }
}
