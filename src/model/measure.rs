//! [`Measure`]: the whole meaning of a metric kind, engine-neutral.
//!
//! Many metric kinds become few per-unit aggregates ([`PerUnit`]) and few tally shapes ([`Shape`]), so that the
//! engine knows no metric kind and the methods know no event.

use super::metric::Aggregate;
use super::value::Duration;
use super::{Event, Funnel, Id};
use crate::tally::Shape;

/// What is counted for each unit, in which time, and what summary it ends in.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// What is read.
    pub reads: Reads,
    /// Events count from the start (exposure, inclusive) to this long after it (inclusive); all later events without one.
    pub window: Option<Duration>,
    /// The summary.
    pub shape: Shape,
}

/// What a measure reads.
#[derive(Clone, Debug, PartialEq)]
pub enum Reads {
    /// One value a unit.
    One(Term),
    /// Two values a unit: numerator and denominator.
    Two(Term, Term),
    /// All values of each unit, for the quantile of this level in (0, 1).
    All(Term, f64),
    /// The deepest step a unit reaches in a funnel of so many steps.
    Steps(Id<Funnel>, usize),
}

/// One event and what is made of it per unit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    /// The event, with its filter.
    pub event: Id<Event>,
    /// What is made of the unit's events in the window.
    pub per_unit: PerUnit,
}

impl Term {
    /// Returns the term of an aggregate.
    pub fn of(aggregate: &Aggregate) -> Term {
        let per_unit = match aggregate {
            Aggregate::Count(_) => PerUnit::Count,
            Aggregate::Sum(p) => PerUnit::Sum(p.property.clone()),
            Aggregate::Max(p) => PerUnit::Max(p.property.clone()),
            Aggregate::Last(p) => PerUnit::Last(p.property.clone()),
        };
        Term { event: aggregate.event(), per_unit }
    }
}

/// What is made of one unit's events; names are properties of the event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PerUnit {
    /// 1 if there is one, else 0.
    Happened,
    /// 1 if there is none, else 0.
    Absent,
    /// How many; 0 without any.
    Count,
    /// The total; 0 without any.
    Sum(String),
    /// The largest; 0 without any.
    Max(String),
    /// The last; without any, 0 for a mean, and no value for a net promoter score.
    Last(String),
    /// Every value.
    Values(String),
    /// The time from the start to the first one; censored without any.
    FirstTime,
}

impl PerUnit {
    /// Returns the property it reads, if it reads one.
    pub fn property(&self) -> Option<&str> {
        match self {
            PerUnit::Happened | PerUnit::Absent | PerUnit::Count | PerUnit::FirstTime => None,
            PerUnit::Sum(p) | PerUnit::Max(p) | PerUnit::Last(p) | PerUnit::Values(p) => Some(p),
        }
    }
}

impl Measure {
    /// Returns a measure that ends in a share.
    pub fn share(term: Term, window: Duration) -> Self {
        Self { reads: Reads::One(term), window: Some(window), shape: Shape::Share }
    }

    /// Returns a measure that ends in a mean over all units.
    pub fn mean(term: Term, window: Duration) -> Self {
        Self { reads: Reads::One(term), window: Some(window), shape: Shape::Mean }
    }

    /// Returns a measure that ends in a ratio of totals.
    pub fn ratio(numerator: Term, denominator: Term, window: Duration) -> Self {
        Self { reads: Reads::Two(numerator, denominator), window: Some(window), shape: Shape::Pair }
    }

    /// Returns a measure that ends in a quantile of all values.
    pub fn quantile(term: Term, level: f64, window: Duration) -> Self {
        Self { reads: Reads::All(term, level), window: Some(window), shape: Shape::Values }
    }

    /// Returns a measure that ends in a net promoter score over the units that answered.
    pub fn nps(term: Term, window: Duration) -> Self {
        Self { reads: Reads::One(term), window: Some(window), shape: Shape::Nps }
    }

    /// Returns a measure that ends in times to an event.
    pub fn time_to(term: Term, window: Duration) -> Self {
        Self { reads: Reads::One(term), window: Some(window), shape: Shape::Times }
    }

    /// Returns a measure that ends in one share a step.
    pub fn steps(funnel: Id<Funnel>, count: usize, window: Option<Duration>) -> Self {
        Self { reads: Reads::Steps(funnel, count), window, shape: Shape::Share }
    }

    /// Returns the terms it reads.
    pub fn terms(&self) -> Vec<&Term> {
        match &self.reads {
            Reads::One(a) | Reads::All(a, _) => vec![a],
            Reads::Two(a, b) => vec![a, b],
            Reads::Steps(..) => Vec::new(),
        }
    }
}
