//! Experiments: one test, its plan and its state.

use super::touchpoint::{Message, Touchpoint};
use super::value::{Change, Date, Literal, Percent};
use super::{Audience, Consent, Event, Id, Journey, Layer, Meta, Metric, Opportunity, Team};
use crate::source::Span;

/// One test. Exactly one variant is the control; weights add to 100 %; every variant sets the same names.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// Id and title.
    pub meta: Meta,
    /// Where on the map.
    pub at: At,
    /// The journey of `at`.
    pub journey: Id<Journey>,
    /// The hypothesis.
    pub because: String,
    /// What it tries.
    pub tests: Option<Id<Opportunity>>,
    /// Who answers for it.
    pub owner: Id<Team>,
    /// The first and last planned day, both included.
    pub runs: (Date, Date),
    /// Where it stands.
    pub status: Status,
    /// Re-randomisations, in order of their number.
    pub restarts: Vec<Restart>,
    /// What to ask after it.
    pub next_question: Option<String>,
    /// What is randomised: a key of the manifest's `units`.
    pub unit: String,
    /// Who may enter; everybody without one.
    pub audience: Option<Id<Audience>>,
    /// The share of them that enters.
    pub traffic: Percent,
    /// Its slices of layers.
    pub layers: Vec<Slice>,
    /// Consents needed to be counted.
    pub consents: Vec<Id<Consent>>,
    /// `exposed by`, where it is written; see [`super::Model::exposure_event`].
    pub exposed_by: Option<Id<Event>>,
    /// The arms, in the order written.
    pub variants: Vec<Variant>,
    /// What decides.
    pub primaries: Vec<Primary>,
    /// What informs.
    pub secondaries: Vec<Id<Metric>>,
    /// What may veto.
    pub guardrails: Vec<Guardrail>,
    /// How results are cut, exploratory.
    pub segments: Vec<Segment>,
    /// How it is decided.
    pub method: Method,
}

impl Experiment {
    /// Returns the number of the current randomisation: 1, or the last restart's.
    pub fn round(&self) -> u32 {
        self.restarts.iter().map(|r| r.number).max().unwrap_or(1)
    }

    /// Returns the seed of the current randomisation: `<id>@<n>`.
    pub fn seed(&self) -> String {
        format!("{}@{}", self.meta.id, self.round())
    }

    /// Returns the control.
    pub fn control(&self) -> Option<&Variant> {
        self.variants.iter().find(|v| v.is_control())
    }

    /// Returns the first day that counts: of the last restart, else of the plan.
    pub fn counts_from(&self) -> Date {
        self.restarts.iter().max_by_key(|r| r.number).map_or(self.runs.0, |r| r.from)
    }

    /// Returns the days from which other weights hold, in order.
    pub fn weights_changed(&self) -> Vec<Date> {
        let mut days: Vec<Date> = self.variants.iter().flat_map(|v| &v.changes).map(|(from, _)| *from).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Returns the days from which other weights hold than those it counts from, in order.
    pub fn reweighted(&self) -> Vec<Date> {
        let first = self.counts_from();
        self.weights_changed().into_iter().filter(|day| *day > first).collect()
    }

    /// Returns the experiment as it is on a day: with the weights of that day.
    pub fn on(&self, day: Date) -> Self {
        let mut then = self.clone();
        then.variants.iter_mut().for_each(|v| v.weight = v.weight_on(day));
        then
    }

    /// Returns every metric of the experiment once, primaries first, then secondaries, then guardrails.
    pub fn metrics(&self) -> Vec<Id<Metric>> {
        let mut all: Vec<Id<Metric>> = Vec::new();
        let primaries = self.primaries.iter().map(|p| p.metric);
        let guardrails = self.guardrails.iter().map(|g| g.metric);
        for metric in primaries.chain(self.secondaries.iter().copied()).chain(guardrails) {
            if !all.contains(&metric) {
                all.push(metric);
            }
        }
        all
    }
}

/// Where on the map an experiment runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// At a touchpoint.
    Touchpoint(Id<Touchpoint>),
    /// At a message.
    Message(Id<Message>),
}

/// Where an experiment stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not started: nothing breaks by changing it.
    Draft,
    /// Enrolling.
    Running,
    /// Started, and enrolling nobody now.
    Paused,
    /// Ended without a winner, on a day, because.
    Stopped(Date, String),
    /// Ended with a variant for everybody (its position among the variants), on a day, because.
    Shipped(usize, Date, String),
}

impl Status {
    /// Returns the word.
    pub fn name(&self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Running => "running",
            Status::Paused => "paused",
            Status::Stopped(..) => "stopped",
            Status::Shipped(..) => "shipped",
        }
    }

    /// Returns whether the experiment has ended.
    pub fn is_concluded(&self) -> bool {
        matches!(self, Status::Stopped(..) | Status::Shipped(..))
    }
}

/// A re-randomisation; what came before is not comparable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restart {
    /// 2 for the first restart.
    pub number: u32,
    /// The first day that counts.
    pub from: Date,
    /// Why.
    pub because: String,
    /// Where it is written.
    pub span: Span,
}

/// A slice of a layer.
#[derive(Clone, Debug)]
pub struct Slice {
    /// Of which layer.
    pub layer: Id<Layer>,
    /// How much of it.
    pub takes: Percent,
    /// Where it is written.
    pub span: Span,
}

/// One arm.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Id and title.
    pub meta: Meta,
    /// Its share of those enrolled, from the start.
    pub weight: Percent,
    /// Weights that were given to it while the experiment ran, with the first day of each, in order.
    pub changes: Vec<(Date, Percent)>,
    /// Its parts.
    pub sets: Vec<(String, Literal)>,
}

impl Variant {
    /// Returns its weight on a day.
    pub fn weight_on(&self, day: Date) -> Percent {
        self.changes.iter().rev().find(|(from, _)| *from <= day).map_or(self.weight, |(_, weight)| *weight)
    }

    /// Returns whether this is the control: the variant of that name.
    pub fn is_control(&self) -> bool {
        self.meta.id == "control"
    }
}

/// A metric that decides.
#[derive(Clone, Debug)]
pub struct Primary {
    /// Which.
    pub metric: Id<Metric>,
    /// The effect the test is planned for.
    pub expects: Option<Change>,
    /// Where it is written.
    pub span: Span,
}

/// A metric that may veto.
#[derive(Clone, Debug)]
pub struct Guardrail {
    /// Which.
    pub metric: Id<Metric>,
    /// How much worse it may get.
    pub tolerates: Change,
    /// Where it is written.
    pub span: Span,
}

/// A cut of the results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// By an attribute or property.
    Property(String),
    /// By persona.
    Persona,
}

/// How an experiment is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Which family.
    pub kind: MethodKind,
    /// The two-sided level, 5 % for 95 % intervals.
    pub level: Percent,
    /// The power it is planned with.
    pub power: Percent,
    /// Where it is written.
    pub span: Span,
}

/// Families of methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MethodKind {
    /// One look, at the planned end.
    Fixed,
    /// Looks at any time, always valid.
    Sequential,
    /// Looks at planned times.
    GroupSequential {
        /// How many.
        looks: u32,
        /// How the level is spent.
        spending: Spending,
    },
    /// Posterior chances.
    Bayesian,
}

impl MethodKind {
    /// Returns the word.
    pub fn name(&self) -> &'static str {
        match self {
            MethodKind::Fixed => "fixed",
            MethodKind::Sequential => "sequential",
            MethodKind::GroupSequential { .. } => "group-sequential",
            MethodKind::Bayesian => "bayesian",
        }
    }
}

/// Ways of spending the level over planned looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spending {
    /// O'Brien and Fleming.
    ObrienFleming,
    /// Pocock.
    Pocock,
    /// Kim and DeMets' power family.
    Power,
    /// Hwang, Shih and DeCani.
    Hsd,
}

impl Spending {
    /// All ways.
    pub const ALL: [Spending; 4] = [Spending::ObrienFleming, Spending::Pocock, Spending::Power, Spending::Hsd];

    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            Spending::ObrienFleming => "obrien-fleming",
            Spending::Pocock => "pocock",
            Spending::Power => "power",
            Spending::Hsd => "hsd",
        }
    }
}
