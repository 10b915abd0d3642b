//! `ratio of AGGREGATE to AGGREGATE`: one total over another, over units.

use super::Aggregate;
use crate::model::measure::{Measure, Term};
use crate::model::value::Duration;

/// One total over another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// What is summed above the line.
    pub numerator: Aggregate,
    /// What is summed below the line.
    pub denominator: Aggregate,
    /// In which time.
    pub window: Duration,
}

impl Ratio {
    /// Returns: both aggregates of each unit; a ratio with their co-moment.
    pub fn measure(&self) -> Measure {
        Measure::ratio(Term::of(&self.numerator), Term::of(&self.denominator), self.window)
    }
}
