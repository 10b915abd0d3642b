//! A planned effect on a declared value: [`Effect`].

use super::Missing;
use crate::model::manifest::Baseline;
use crate::model::value::Change;

/// What a metric is and is planned to become.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Effect {
    /// Two different shares, both between 0 and 1.
    Shares(f64, f64),
    /// A difference other than 0, and the standard deviation of a unit.
    Means { delta: f64, deviation: f64 },
}

impl Effect {
    /// Returns the effect of a change on a baseline.
    ///
    /// # Errors
    /// The change is missing, is of another unit, or ends in no share.
    pub(super) fn of(baseline: Baseline, expects: Option<Change>) -> Result<Self, Missing> {
        let expects = expects.ok_or(Missing::Expectation)?;
        match baseline {
            Baseline::Share(now) => {
                let then = match expects {
                    Change::Relative(change) => now * (1.0 + change.share()),
                    Change::Points(points) => now + points.to_f64() / 100.0,
                    Change::Absolute(..) | Change::Money(_) => return Err(Missing::Mismatch),
                };
                let real = then > 0.0 && then < 1.0 && then != now;
                if real { Ok(Self::Shares(now, then)) } else { Err(Missing::Impossible) }
            }
            Baseline::Mean { mean, deviation } => {
                let delta = match expects {
                    Change::Relative(change) => mean * change.share(),
                    Change::Absolute(by, _) => by.to_f64(),
                    Change::Money(by) => by.to_f64(),
                    Change::Points(_) => return Err(Missing::Mismatch),
                };
                if delta != 0.0 { Ok(Self::Means { delta, deviation }) } else { Err(Missing::Impossible) }
            }
        }
    }
}
