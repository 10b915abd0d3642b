//! Funnels: paths to count. The exact rules stand with the engine that counts them.

use super::value::Duration;
use super::{Event, Id, Journey, Meta, Persona, Touchpoint};

/// A path to count.
#[derive(Clone, Debug)]
pub struct Funnel {
    /// Id and title.
    pub meta: Meta,
    /// The journey it belongs to.
    pub journey: Id<Journey>,
    /// The steps, at least two; the first is never optional. Each step's touchpoint has `seen by`.
    pub steps: Vec<Step>,
    /// One funnel each, or only some.
    pub personas: FunnelFor,
    /// How strictly.
    pub order: Order,
    /// Time for the whole chain.
    pub within: Option<Duration>,
    /// Time for each step after the one before.
    pub within_step: Option<Duration>,
    /// What is counted.
    pub count: CountUnit,
    /// Which attempt counts.
    pub attempt: Attempt,
    /// Who is lost, or left out.
    pub exclusions: Vec<Exclusion>,
    /// The breakdown.
    pub by: Option<Breakdown>,
    /// People may enter at any step.
    pub may_start_anywhere: bool,
    /// How far clocks may differ.
    pub clock_tolerance: Option<Duration>,
}

/// One step of a funnel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where.
    pub touchpoint: Id<Touchpoint>,
    /// May be passed over.
    pub optional: bool,
}

/// For whom a funnel is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FunnelFor {
    /// One, for everybody.
    Everybody,
    /// One for everybody and one for each persona of the journey.
    EachPersona,
    /// One for these.
    Only(Vec<Id<Persona>>),
}

/// How strictly the steps follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// In order, other events between them allowed.
    Listed,
    /// In order with no other known event between, but for these.
    Directly(Vec<Id<Event>>),
    /// In any order.
    Any,
}

/// What a funnel counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CountUnit {
    /// People.
    People,
    /// Sessions.
    Sessions,
    /// A person and a value of this property.
    Property(String),
}

/// Which attempt counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The deepest; then the earliest to finish; then the latest to start.
    Best,
    /// The first.
    First,
    /// Every one.
    Every,
}

/// People who do something between two steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// What happens to them.
    pub verb: ExclusionVerb,
    /// What they do.
    pub event: Id<Event>,
    /// After this step,
    pub from: Id<Touchpoint>,
    /// and before this one.
    pub to: Id<Touchpoint>,
}

/// What happens to excluded people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExclusionVerb {
    /// They stay in the base and are lost at the first step.
    Fail,
    /// They leave the base.
    Drop,
}

/// How a funnel is cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// The properties or attributes.
    pub properties: Vec<String>,
    /// When their value is taken.
    pub at: BreakdownAt,
}

/// When a breakdown's value is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BreakdownAt {
    /// At the first step.
    Entry,
    /// The first value known.
    FirstKnown,
    /// The last value known.
    LastKnown,
    /// At this step.
    Touchpoint(Id<Touchpoint>),
    /// From the person's attributes.
    Person,
}
