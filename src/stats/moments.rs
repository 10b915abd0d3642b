//! The words that all methods share.
use serde::{Deserialize, Serialize};

use super::special::{normal_sf, t_sf};
use crate::tally::Mean;

/// Whether a method could say anything, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It could.
    Ok,
    /// There are not enough units in an arm.
    NoData,
    /// Nothing varies, so that no test is defined.
    Degenerate,
    /// The control's value is zero, so that nothing is relative to it.
    BaselineZero,
    /// The denominator of a ratio is zero.
    DenominatorZero,
    /// Nobody converted.
    NoConversions,
    /// The intervals of several looks share no point: the effect was not constant.
    EmptyInterval,
    /// The summary lacks what the method needs (say, the sum of squares).
    Unknown,
}

/// Which way a test looks; effects are treatment minus control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alternative {
    /// Either way.
    #[default]
    TwoSided,
    /// The treatment is greater.
    Greater,
    /// The treatment is less.
    Less,
}

impl Alternative {
    /// Returns the p-value of a standard normal statistic.
    pub fn p_normal(self, z: f64) -> f64 {
        self.p(z, normal_sf)
    }

    /// Returns the p-value of a t statistic.
    pub fn p_student(self, t: f64, df: f64) -> f64 {
        self.p(t, |t| t_sf(t, df))
    }

    /// Tails are computed as tails; 2 (1 - cdf) would be 0 from eight deviations on.
    fn p(self, z: f64, sf: impl Fn(f64) -> f64) -> f64 {
        match self {
            Self::TwoSided => (2.0 * sf(z.abs())).min(1.0),
            Self::Greater => sf(z),
            Self::Less => sf(-z),
        }
    }
}

/// The mean, the variance per unit (divisor n - 1) and the number of units of one arm.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// The mean over units.
    pub mean: f64,
    /// The variance of one unit.
    pub var: f64,
    /// How many units.
    pub n: f64,
}

impl Arm {
    /// Returns the variance of the mean.
    pub fn of_mean(&self) -> f64 {
        self.var / self.n
    }

    /// Returns the arm of a tally, if it has two units and knows its squares.
    pub fn of(tally: &Mean) -> Option<Self> {
        Some(Self { mean: tally.mean()?, var: tally.variance()?, n: tally.n() as f64 })
    }
}

/// A range of values; an end that is `None` is unbounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

impl Interval {
    /// Returns the range between two numbers; what is not finite is unbounded.
    pub fn new(low: f64, high: f64) -> Self {
        let finite = |v: f64| v.is_finite().then_some(v);
        Self { low: finite(low), high: finite(high) }
    }

    /// Returns the range around a centre.
    pub fn around(centre: f64, half: f64) -> Self {
        Self::new(centre - half, centre + half)
    }

    /// Returns whether the whole range lies on one side of `value`.
    pub fn excludes(&self, value: f64) -> bool {
        self.low.is_some_and(|low| low > value) || self.high.is_some_and(|high| high < value)
    }

    /// Returns the range with both ends changed by an increasing function.
    pub fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        Self { low: self.low.map(&f), high: self.high.map(&f) }
    }

    /// Returns the range of the negated values.
    pub fn negated(&self) -> Self {
        Self { low: self.high.map(|v| -v), high: self.low.map(|v| -v) }
    }
}
