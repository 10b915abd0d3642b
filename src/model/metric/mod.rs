//! Metrics: a number with one definition. One file per kind; each says what it measures as a [`Measure`].

mod average;
mod nps;
mod quantile;
mod ratio;
mod share;
mod steps;
mod time_to;

pub use average::Average;
pub use nps::Nps;
pub use quantile::Quantile;
pub use ratio::Ratio;
pub use share::{Share, ShareWithout};
pub use steps::Steps;
pub use time_to::TimeTo;

use super::measure::Measure;
use super::value::{Decimal, Duration, Money, Percent};
use super::{Event, Id, Meta, Model, PropertyRef};

/// A number with one definition.
#[derive(Clone, Debug)]
pub struct Metric {
    /// Id and title.
    pub meta: Meta,
    /// What is measured.
    pub kind: MetricKind,
    /// `cap at`
    pub cap: Option<Cap>,
    /// `adjust with … before`: uses each unit's past (CUPED).
    pub adjust: Option<Duration>,
    /// Which way is good.
    pub better: Better,
    /// What one is worth.
    pub worth: Option<Money>,
}

/// The kinds of metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// `share of`
    Share(Share),
    /// `share without`
    ShareWithout(ShareWithout),
    /// `average of`
    Average(Average),
    /// `ratio of`
    Ratio(Ratio),
    /// `quantile`
    Quantile(Quantile),
    /// `nps of`
    Nps(Nps),
    /// `time to`
    TimeTo(TimeTo),
    /// `steps`
    Steps(Steps),
}

/// Which way is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// `higher is better`
    Higher,
    /// `lower is better`
    Lower,
}

/// Cuts extremes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cap {
    /// At this percentile of the values of all arms together.
    Percentile(Percent),
    /// At this value.
    Value(Decimal),
}

/// What is made of one unit's events.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// How many.
    Count(Id<Event>),
    /// The total of a property.
    Sum(PropertyRef),
    /// The largest value of a property.
    Max(PropertyRef),
    /// The last value of a property.
    Last(PropertyRef),
}

impl Aggregate {
    /// Returns the event it reads.
    pub fn event(&self) -> Id<Event> {
        match self {
            Aggregate::Count(event) => *event,
            Aggregate::Sum(p) | Aggregate::Max(p) | Aggregate::Last(p) => p.event,
        }
    }

    /// Returns the property it reads, if it reads one.
    pub fn property(&self) -> Option<&PropertyRef> {
        match self {
            Aggregate::Count(_) => None,
            Aggregate::Sum(p) | Aggregate::Max(p) | Aggregate::Last(p) => Some(p),
        }
    }

    /// Returns the keyword.
    pub fn word(&self) -> &'static str {
        match self {
            Aggregate::Count(_) => "count",
            Aggregate::Sum(_) => "sum",
            Aggregate::Max(_) => "max",
            Aggregate::Last(_) => "last",
        }
    }
}

impl Metric {
    /// Returns what the metric measures, engine-neutral.
    pub fn measure(&self, model: &Model) -> Measure {
        match &self.kind {
            MetricKind::Share(m) => m.measure(),
            MetricKind::ShareWithout(m) => m.measure(),
            MetricKind::Average(m) => m.measure(),
            MetricKind::Ratio(m) => m.measure(),
            MetricKind::Quantile(m) => m.measure(),
            MetricKind::Nps(m) => m.measure(),
            MetricKind::TimeTo(m) => m.measure(),
            MetricKind::Steps(m) => m.measure(model),
        }
    }

    /// Returns the time that counts, from exposure or from the unit's first event at a place.
    pub fn window(&self, model: &Model) -> Option<Duration> {
        match &self.kind {
            MetricKind::Share(m) => Some(m.window),
            MetricKind::ShareWithout(m) => Some(m.window),
            MetricKind::Average(m) => Some(m.window),
            MetricKind::Ratio(m) => Some(m.window),
            MetricKind::Quantile(m) => Some(m.window),
            MetricKind::Nps(m) => Some(m.window),
            MetricKind::TimeTo(m) => Some(m.window),
            MetricKind::Steps(m) => model.funnels[m.funnel].within,
        }
    }

    /// Returns the events the metric reads.
    pub fn events(&self, model: &Model) -> Vec<Id<Event>> {
        match &self.kind {
            MetricKind::Share(m) => vec![m.event],
            MetricKind::ShareWithout(m) => vec![m.event],
            MetricKind::Average(m) => vec![m.aggregate.event()],
            MetricKind::Ratio(m) => vec![m.numerator.event(), m.denominator.event()],
            MetricKind::Quantile(m) => vec![m.property.event],
            MetricKind::Nps(m) => vec![m.property.event],
            MetricKind::TimeTo(m) => vec![m.event],
            MetricKind::Steps(m) => {
                let steps = &model.funnels[m.funnel].steps;
                steps.iter().filter_map(|s| model.touchpoints[s.touchpoint].seen_by).collect()
            }
        }
    }

    /// Returns the properties the metric reads.
    pub fn properties(&self) -> Vec<&PropertyRef> {
        match &self.kind {
            MetricKind::Average(m) => m.aggregate.property().into_iter().collect(),
            MetricKind::Ratio(m) => m.numerator.property().into_iter().chain(m.denominator.property()).collect(),
            MetricKind::Quantile(m) => vec![&m.property],
            MetricKind::Nps(m) => vec![&m.property],
            MetricKind::Share(_) | MetricKind::ShareWithout(_) | MetricKind::TimeTo(_) | MetricKind::Steps(_) => {
                Vec::new()
            }
        }
    }

    /// Returns whether the metric is a share of units, whose changes may be given in points.
    pub fn is_share(&self) -> bool {
        matches!(self.kind, MetricKind::Share(_) | MetricKind::ShareWithout(_) | MetricKind::Steps(_))
    }
}
