//! Journeys and their stages.

use super::lane::{Claim, Evidence, Place};
use super::touchpoint::Touchpoint;
use super::value::{Date, Duration, Percent, Period};
use super::{Funnel, Id, Meta, Persona, PropertyRef};
use crate::source::Span;

/// One map, from first contact to the end it names.
#[derive(Clone, Debug)]
pub struct Journey {
    /// Id and title.
    pub meta: Meta,
    /// `for`: who travels. Empty only in an ideal journey.
    pub personas: Vec<Id<Persona>>,
    /// `starts`: what sets it off.
    pub starts: Option<String>,
    /// `ends`: what it aims at.
    pub ends: Option<String>,
    /// `sale at`: the purchase point.
    pub sale_at: Option<Id<Touchpoint>>,
    /// `review every … since …`
    pub review: Option<Review>,
    /// Why we believe the map.
    pub evidence: Vec<Evidence>,
    /// Numbers somebody says.
    pub claims: Vec<Claim>,
    /// The stages, in order.
    pub stages: Vec<Id<Stage>>,
    /// `ideal of`: the journey that this one should replace.
    pub ideal_of: Option<Id<Journey>>,
    /// `without`: touchpoints of that journey which this one drops.
    pub without: Vec<Id<Touchpoint>>,
    /// `funnel`
    pub funnels: Vec<Id<Funnel>>,
    /// `attribution`
    pub attributions: Vec<Attribution>,
    /// `handover`
    pub handovers: Vec<Handover>,
    /// `paths`
    pub paths: Vec<Paths>,
    /// `require`
    pub requirements: Vec<Requirement>,
}

/// When a map must be looked at again.
#[derive(Clone, Debug)]
pub struct Review {
    /// How often.
    pub every: Period,
    /// Counted from.
    pub since: Date,
    /// Where it is written.
    pub span: Span,
}

/// One step of a journey, in order.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Id and title.
    pub meta: Meta,
    /// The journey it belongs to.
    pub journey: Id<Journey>,
    /// Before, at or after the purchase; none only in an ideal journey.
    pub phase: Option<Phase>,
    /// `target`
    pub target: Option<Target>,
    /// The touchpoints, in order.
    pub touchpoints: Vec<Id<Touchpoint>>,
    /// Lanes, feelings, pains and the like.
    pub place: Place,
    /// The stage of the same id in the journey this one is the ideal of.
    pub pair: Option<Id<Stage>>,
}

/// The share of those who reached a stage that should reach the next.
#[derive(Clone, Debug)]
pub struct Target {
    /// How many.
    pub share: Percent,
    /// How soon.
    pub within: Duration,
    /// Where it is written.
    pub span: Span,
}

/// Where a stage lies around the purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// `pre-sale`
    PreSale,
    /// `sale`
    Sale,
    /// `post-sale`
    PostSale,
}

impl Phase {
    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            Phase::PreSale => "pre-sale",
            Phase::Sale => "sale",
            Phase::PostSale => "post-sale",
        }
    }
}

/// Shares an outcome, or its money, among earlier touchpoints.
#[derive(Clone, Debug)]
pub struct Attribution {
    /// The outcome.
    pub outcome: Id<Touchpoint>,
    /// The money of the outcome.
    pub by: Option<PropertyRef>,
    /// How old a touch may be.
    pub look_back: Option<Duration>,
    /// Which ways of sharing, in order.
    pub models: Vec<AttributionModel>,
    /// Where it is written.
    pub span: Span,
}

/// Ways of sharing an outcome among touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributionModel {
    /// All to the first.
    First,
    /// All to the last.
    Last,
    /// All to the last that is not direct.
    LastNonDirect,
    /// In equal parts.
    Linear,
    /// 40, 20, 40.
    Position,
    /// 20, 20, 60.
    J,
    /// 60, 20, 20.
    InverseJ,
    /// Half for each half-life of age.
    TimeDecay,
    /// By what removing the touch would lose.
    Markov,
    /// By the Shapley value.
    Shapley,
}

impl AttributionModel {
    /// All models.
    pub const ALL: [AttributionModel; 10] = [
        AttributionModel::First,
        AttributionModel::Last,
        AttributionModel::LastNonDirect,
        AttributionModel::Linear,
        AttributionModel::Position,
        AttributionModel::J,
        AttributionModel::InverseJ,
        AttributionModel::TimeDecay,
        AttributionModel::Markov,
        AttributionModel::Shapley,
    ];

    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            AttributionModel::First => "first",
            AttributionModel::Last => "last",
            AttributionModel::LastNonDirect => "last-non-direct",
            AttributionModel::Linear => "linear",
            AttributionModel::Position => "position",
            AttributionModel::J => "j",
            AttributionModel::InverseJ => "inverse-j",
            AttributionModel::TimeDecay => "time-decay",
            AttributionModel::Markov => "markov",
            AttributionModel::Shapley => "shapley",
        }
    }
}

/// People who change device or channel.
#[derive(Clone, Debug)]
pub struct Handover {
    /// From which value.
    pub from: String,
    /// To which value.
    pub to: String,
    /// The property that has the values; the touchpoints' channels without one.
    pub by: Option<String>,
    /// Where on the map.
    pub at: Id<Touchpoint>,
    /// Where it is written.
    pub span: Span,
}

/// Where people go next, or came from.
#[derive(Clone, Debug)]
pub struct Paths {
    /// Forward from the touchpoint, or backward into it.
    pub direction: Direction,
    /// The touchpoint.
    pub anchor: Id<Touchpoint>,
    /// Where it is written.
    pub span: Span,
}

/// A direction in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// What comes after.
    From,
    /// What came before.
    Into,
}

/// A floor under a rate: `analyze --fail-on-gap` fails below it.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The smallest share.
    pub at_least: Percent,
    /// Of those who reached this,
    pub from: Id<Touchpoint>,
    /// the share that reaches this.
    pub to: Id<Touchpoint>,
    /// For whom; empty for everybody.
    pub personas: Vec<Id<Persona>>,
    /// Where it is written.
    pub span: Span,
}
