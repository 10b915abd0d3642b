//! Sufficient statistics: what is left of the data once every unit has been counted.
//!
//! A [`Tally`] is one measure's summary for one variant and one cut of the data. Its law: [`Tally::merge`] is
//! associative and commutative, and [`Tally::empty`] changes nothing, so any split of the units, in any order and at any
//! number of threads, ends in the same tally, bit for bit. Sums are therefore kept exactly ([`Exact`]) and rounded once,
//! when a statistic is read.
mod ages;
mod difference;
mod exact;
mod journey;
mod mean;
mod moment;
mod nps;
mod pair;
mod quality;
mod share;
mod steps;
mod tallies;
mod times;
mod travel;
mod values;

pub use ages::Ages;
pub use difference::{DifferenceTally, Told, Units};
pub use exact::{Exact, NotFinite};
pub use journey::{
    Counts, DataFile, DataTally, FunnelGroup, FunnelTally, MapGroup, MapTally, PlaceTally, StageTally, Who,
};
pub use mean::{Mean, TOP};
pub use moment::Moment;
pub use nps::Nps;
pub use pair::Pair;
pub use quality::{Ledger, PairCounts};
pub use share::Share;
pub use steps::Steps;
pub use tallies::{Cut, Key, Tallies};
pub use times::Times;
pub use travel::{
    AttributionTally, ConformanceTally, HandoverTally, LEFT, OFF, PathTally, PathsTally, Place, SaleTally,
    SessionPlace, SessionTally, TravelTally, Ways,
};
pub use values::{Values, quantile7};

/// The kind of summary a measure needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Units, and how many of them did it: [`Share`].
    Share,
    /// Units, and the moments of one number a unit: [`Mean`].
    Mean,
    /// Units, and the moments and the co-moment of two numbers a unit: [`Pair`] (ratio metrics, CUPED).
    Pair,
    /// All values, grouped by unit: [`Values`] (quantiles).
    Values,
    /// Promoters, passives, detractors: [`Nps`].
    Nps,
    /// When it happened, or until when it had not: [`Times`].
    Times,
}

/// One measure's summary for one variant and one cut; made by the engine or read from counts somebody else made.
#[derive(Clone, Debug, PartialEq)]
pub enum Tally {
    /// See [`Share`].
    Share(Share),
    /// See [`Mean`].
    Mean(Mean),
    /// See [`Pair`].
    Pair(Pair),
    /// See [`Values`].
    Values(Values),
    /// See [`Nps`].
    Nps(Nps),
    /// See [`Times`].
    Times(Times),
}

/// Two tallies of different shapes cannot be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapeMismatch {
    /// The shape that was there.
    pub into: Shape,
    /// The shape that came.
    pub from: Shape,
}

impl std::fmt::Display for ShapeMismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a tally of shape {:?} cannot be added to one of shape {:?}", self.from, self.into)
    }
}

impl std::error::Error for ShapeMismatch {}

impl Tally {
    /// Returns the tally of no units: the neutral element of [`Tally::merge`].
    pub fn empty(shape: Shape) -> Self {
        match shape {
            Shape::Share => Self::Share(Share::default()),
            Shape::Mean => Self::Mean(Mean::default()),
            Shape::Pair => Self::Pair(Pair::default()),
            Shape::Values => Self::Values(Values::default()),
            Shape::Nps => Self::Nps(Nps::default()),
            Shape::Times => Self::Times(Times::default()),
        }
    }

    /// Returns the shape.
    pub fn shape(&self) -> Shape {
        match self {
            Self::Share(_) => Shape::Share,
            Self::Mean(_) => Shape::Mean,
            Self::Pair(_) => Shape::Pair,
            Self::Values(_) => Shape::Values,
            Self::Nps(_) => Shape::Nps,
            Self::Times(_) => Shape::Times,
        }
    }

    /// Returns how many units it counts.
    pub fn units(&self) -> u64 {
        match self {
            Self::Share(t) => t.n,
            Self::Mean(t) => t.n(),
            Self::Pair(t) => t.n(),
            Self::Values(t) => t.units(),
            Self::Nps(t) => t.n(),
            Self::Times(t) => t.n(),
        }
    }

    /// Counts `units` more units for which nothing happened; in a tally of shares, means or pairs, where that is a number.
    pub fn push_nothing(&mut self, units: u64) {
        match self {
            Self::Share(t) => t.n += units,
            Self::Mean(t) => t.push_nothing(units),
            Self::Pair(t) => t.push_nothing(units),
            Self::Values(_) | Self::Nps(_) | Self::Times(_) => {}
        }
    }

    /// Adds the units of `other`.
    ///
    /// # Errors
    /// When the shapes differ; nothing is changed then.
    pub fn merge(&mut self, other: &Self) -> Result<(), ShapeMismatch> {
        match (self, other) {
            (Self::Share(a), Self::Share(b)) => a.merge(b),
            (Self::Mean(a), Self::Mean(b)) => a.merge(b),
            (Self::Pair(a), Self::Pair(b)) => a.merge(b),
            (Self::Values(a), Self::Values(b)) => a.merge(b),
            (Self::Nps(a), Self::Nps(b)) => a.merge(b),
            (Self::Times(a), Self::Times(b)) => a.merge(b),
            (a, b) => return Err(ShapeMismatch { into: a.shape(), from: b.shape() }),
        }
        Ok(())
    }
}
