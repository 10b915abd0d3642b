//! Touchpoints, and what stands at them: messages, pains, opportunities, surveys.

use super::lane::{Evidence, Place};
use super::value::{Date, Decimal, Duration, Literal, Percent};
use super::{Audience, Channel, Event, Experiment, Id, Journey, Meta, Persona, Stage, Team};
use crate::source::Span;

/// One meeting of a customer with the company.
#[derive(Clone, Debug)]
pub struct Touchpoint {
    /// Id and title.
    pub meta: Meta,
    /// The journey it belongs to.
    pub journey: Id<Journey>,
    /// The stage it belongs to.
    pub stage: Id<Stage>,
    /// Where it happens; none only in an ideal journey.
    pub channel: Option<Id<Channel>>,
    /// Who answers for it.
    pub owners: Vec<Owner>,
    /// `for`: only these pass here; empty for everybody.
    pub personas: Vec<Id<Persona>>,
    /// `seen by`
    pub seen_by: Option<Id<Event>>,
    /// `moment of truth`
    pub moment_of_truth: bool,
    /// `earns trust`
    pub earns_trust: bool,
    /// `may repeat`
    pub may_repeat: bool,
    /// `promise`
    pub promise: Option<Promise>,
    /// `leaves to`: where people go instead.
    pub leaves_to: Vec<String>,
    /// `against`: competitors here.
    pub against: Vec<String>,
    /// `unique`: what only we offer.
    pub unique: Vec<String>,
    /// `survey`
    pub surveys: Vec<Survey>,
    /// `message`
    pub messages: Vec<Id<Message>>,
    /// Lanes, feelings, pains and the like.
    pub place: Place,
    /// The touchpoint of the same id in the journey this one's journey is the ideal of.
    pub pair: Option<Id<Touchpoint>>,
}

/// A team with its share of influence.
#[derive(Clone, Debug)]
pub struct Owner {
    /// Who.
    pub team: Id<Team>,
    /// How much of the journey rests on it here.
    pub influence: Option<Percent>,
    /// Where it is written.
    pub span: Span,
}

/// How soon a touchpoint follows another.
#[derive(Clone, Debug)]
pub struct Promise {
    /// The longest time.
    pub within: Duration,
    /// After what.
    pub of: Id<Touchpoint>,
    /// Where it is written.
    pub span: Span,
}

/// A question asked of customers.
#[derive(Clone, Debug)]
pub struct Survey {
    /// What is asked.
    pub ask: Ask,
    /// When.
    pub when: AskWhen,
    /// The open question that follows.
    pub then: Option<String>,
    /// Who closes the loop.
    pub to: Option<Id<Team>>,
    /// Where it is written.
    pub span: Span,
}

/// Kinds of survey question.
#[derive(Clone, Debug)]
pub enum Ask {
    /// 0 to 10: how likely to recommend.
    Nps,
    /// 1 to 5: how satisfied.
    Csat,
    /// One of several answers.
    Choice(String, Vec<String>),
    /// In the customer's words.
    Open(String),
}

/// When a survey is shown.
#[derive(Clone, Debug)]
pub enum AskWhen {
    /// `on leaving`
    OnLeaving,
    /// `7 days after delivery`
    After(Duration, Id<Touchpoint>),
}

/// Something shown at a touchpoint to move people on.
#[derive(Clone, Debug)]
pub struct Message {
    /// Id and title.
    pub meta: Meta,
    /// Where it is shown.
    pub touchpoint: Id<Touchpoint>,
    /// What triggers it.
    pub when: String,
    /// Who gets it.
    pub audience: Option<Id<Audience>>,
    /// Its parts.
    pub sets: Vec<(String, Literal)>,
    /// Its micro-conversion.
    pub counts_as: Option<Id<Event>>,
    /// The event that shows somebody saw it.
    pub seen_by: Option<Id<Event>>,
}

/// What hurts.
#[derive(Clone, Debug)]
pub struct Pain {
    /// Id and title.
    pub meta: Meta,
    /// Where it hurts.
    pub at: Anchor,
    /// What sort of gap.
    pub kind: PainKind,
    /// How bad.
    pub severity: PainSeverity,
    /// Learnt from analysis on this day.
    pub found_in_data: Option<Date>,
    /// Healed by an experiment on a day.
    pub solved: Option<(Id<Experiment>, Date)>,
    /// Why we believe it.
    pub evidence: Vec<Evidence>,
}

/// Where a pain or an opportunity stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At a whole stage.
    Stage(Id<Stage>),
    /// At a touchpoint.
    Touchpoint(Id<Touchpoint>),
}

/// Sorts of gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PainKind {
    /// People leave instead of going on.
    Leaving,
    /// The message does not resonate.
    Message,
    /// Shipping.
    Delivery,
    /// The product.
    Product,
    /// The service.
    Service,
}

impl PainKind {
    /// All kinds.
    pub const ALL: [PainKind; 5] =
        [PainKind::Leaving, PainKind::Message, PainKind::Delivery, PainKind::Product, PainKind::Service];

    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            PainKind::Leaving => "leaving",
            PainKind::Message => "message",
            PainKind::Delivery => "delivery",
            PainKind::Product => "product",
            PainKind::Service => "service",
        }
    }
}

/// How bad a pain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PainSeverity {
    /// `low`
    Low,
    /// `medium`
    Medium,
    /// `high`
    High,
}

impl PainSeverity {
    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            PainSeverity::Low => "low",
            PainSeverity::Medium => "medium",
            PainSeverity::High => "high",
        }
    }
}

/// What could help.
#[derive(Clone, Debug)]
pub struct Opportunity {
    /// Id and title.
    pub meta: Meta,
    /// Where it stands.
    pub at: Anchor,
    /// Which pains it heals.
    pub solves: Vec<Id<Pain>>,
    /// Its worth, 1 to 5.
    pub value: Decimal,
    /// Its cost, 1 to 5.
    pub cost: Decimal,
}
