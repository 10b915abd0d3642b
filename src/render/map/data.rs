//! What the data says about a journey: plain numbers, which the map shows and never computes.

use crate::analysis::journey::insight::Loss;
use crate::analysis::journey::{Attribution, Paths, Requirement};
use crate::model::value::Date;
use crate::model::{Funnel, Id, Metric, Persona, Stage, Touchpoint};
use std::collections::BTreeMap;

/// Everything the map shows from data. Who fills it has already masked small cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapData {
    /// The first and the last day of the data.
    pub days: Option<(Date, Date)>,
    /// How many people were seen anywhere on the map.
    pub people: Count,
    /// The share of events that had the consent that was asked of them.
    pub consented: Option<f64>,
    /// Whether the data was made by `simulate`.
    pub simulated: bool,
    /// By stage.
    pub stages: BTreeMap<Id<Stage>, StageData>,
    /// By touchpoint.
    pub touchpoints: BTreeMap<Id<Touchpoint>, TouchpointData>,
    /// The funnels, in the order to show them.
    pub funnels: Vec<FunnelData>,
    /// What `measured by` measures.
    pub measured: Vec<Measured>,
    /// People who change device or channel.
    pub handovers: Vec<HandoverData>,
    /// Where people go from a place, and where they come from.
    pub paths: Vec<Paths>,
    /// What leads to an outcome, by each model asked for.
    pub credit: Vec<Attribution>,
    /// What became of each `require`, in the order of the journey.
    pub requirements: Vec<Requirement>,
    /// Where people are lost between stages, and what that is worth; most money first.
    pub losses: Vec<Loss>,
    /// How many digits stand behind the point in the project's currency.
    pub decimals: u8,
    /// What became of the rows: words of the kind, and how many; the first is all rows read.
    pub rows: Vec<(RowKind, u64)>,
}

/// How many people; or fewer than the project shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(u64),
    /// Fewer than the smallest cell of the manifest, or a cell that would give one away.
    Masked,
}

impl Default for Count {
    fn default() -> Self {
        Count::Exactly(0)
    }
}

/// A share of people, with its interval where one was computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Who did.
    pub hits: Count,
    /// Of whom.
    pub base: Count,
    /// The 95 % interval of the share.
    pub interval: Option<(f64, f64)>,
}

impl Rate {
    /// Returns the share, where neither side is masked and somebody is in the base.
    pub fn share(self) -> Option<f64> {
        match (self.hits, self.base) {
            (Count::Exactly(hits), Count::Exactly(base)) if base > 0 => Some(hits as f64 / base as f64),
            _ => None,
        }
    }
}

/// Times in seconds: the middle, and the range of the middle 80 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Half are faster.
    pub median: f64,
    /// One in ten is faster.
    pub low: f64,
    /// Nine in ten are faster.
    pub high: f64,
}

/// What the data says about a stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StageData {
    /// Who reached it.
    pub reach: Count,
    /// Of those, who reached the next stage.
    pub moved_on: Option<Rate>,
    /// How long that took.
    pub to_next: Option<Spread>,
    /// Of those, who reached it within the time of the `target`.
    pub target: Option<Rate>,
}

/// What the data says about a touchpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TouchpointData {
    /// Who was here.
    pub reach: Count,
    /// Of each persona, who was here.
    pub personas: Vec<(Id<Persona>, Rate)>,
    /// Of those who were here, who reached no later stage.
    pub lost: Option<Rate>,
    /// Of those for whom the `promise` could be checked, for whom it was kept; and the times.
    pub promise: Option<(Rate, Option<Spread>)>,
}

/// One funnel, for everybody or one persona.
#[derive(Clone, Debug, PartialEq)]
pub struct FunnelData {
    /// Which; none for the map itself, stage by stage.
    pub funnel: Option<Id<Funnel>>,
    /// For whom; everybody without one.
    pub persona: Option<Id<Persona>>,
    /// The steps.
    pub steps: Vec<FunnelStep>,
    /// Who came in and what became of them.
    pub ledger: FunnelLedger,
}

/// One step of a funnel.
#[derive(Clone, Debug, PartialEq)]
pub struct FunnelStep {
    /// What it is called.
    pub title: String,
    /// Who reached it.
    pub reached: Count,
    /// The time from the step before.
    pub time: Option<Spread>,
}

/// Entrants = converted + dropped + failed + immature; excluded and those without consent stand outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunnelLedger {
    /// Who came in.
    pub entrants: u64,
    /// Who finished.
    pub converted: u64,
    /// Who stopped after a step.
    pub dropped: u64,
    /// Who did what counts as failing.
    pub failed: u64,
    /// Whose window is still open at the end of the data.
    pub immature: u64,
    /// Who left the base.
    pub excluded: u64,
    /// Who gave no consent.
    pub without_consent: u64,
}

/// A measured number at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Where.
    pub at: Spot,
    /// Which metric.
    pub metric: Id<Metric>,
    /// The value.
    pub value: f64,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// How many people it rests on.
    pub people: u64,
}

/// A stage or a touchpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A whole stage.
    Stage(Id<Stage>),
    /// One touchpoint.
    Touchpoint(Id<Touchpoint>),
}

/// A change of device or channel: the place of the `handover` in its journey, and how many made it and went on.
#[derive(Clone, Debug, PartialEq)]
pub struct HandoverData {
    /// Which, counted from 0 in its journey.
    pub index: usize,
    /// Of those at the touchpoint, who changed.
    pub changed: Rate,
    /// Of those who changed, who went on.
    pub went_on: Rate,
    /// Of those who did not change, who went on.
    pub stayed_went_on: Rate,
}

/// What became of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// All read.
    Read,
    /// Used.
    Used,
    /// Repeats of another.
    Duplicate,
    /// Left out, and said why elsewhere.
    Rejected,
}
