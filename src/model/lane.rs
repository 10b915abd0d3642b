//! Lines in the lanes of a map, feelings, evidence: what may stand at a stage, a touchpoint or in a persona.

use super::value::{Date, Decimal, Money};
use super::{Experiment, Id, Lane, Metric, Opportunity, Pain, Persona};
use crate::source::Span;

/// One line of text in one lane.
#[derive(Clone, Debug)]
pub struct Line {
    /// Which lane.
    pub lane: LaneKind,
    /// The words.
    pub text: String,
    /// Whose line it is; empty for everybody's.
    pub personas: Vec<Id<Persona>>,
    /// Where it is written.
    pub span: Span,
}

/// The lanes that lines stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneKind {
    /// `goal`
    Goal,
    /// `does`
    Does,
    /// `asks`
    Asks,
    /// `thinks`
    Thinks,
    /// `needs`
    Needs,
    /// `wants`
    Wants,
    /// `expects`
    Expects,
    /// `worries`
    Worries,
    /// `motivates`
    Motivates,
    /// `answers`, and how well.
    Answers(Option<Quality>),
    /// `frontstage`
    Frontstage,
    /// `backstage`
    Backstage,
    /// `system`
    System,
    /// `note LANE`: the team's own.
    Own(Id<Lane>),
}

impl LaneKind {
    /// The customer's lanes and the company's, in the order of the map; `answers` stands for every quality.
    pub const ALL: [LaneKind; 13] = [
        LaneKind::Goal,
        LaneKind::Does,
        LaneKind::Asks,
        LaneKind::Thinks,
        LaneKind::Needs,
        LaneKind::Wants,
        LaneKind::Expects,
        LaneKind::Worries,
        LaneKind::Motivates,
        LaneKind::Answers(None),
        LaneKind::Frontstage,
        LaneKind::Backstage,
        LaneKind::System,
    ];

    /// Returns the keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            LaneKind::Goal => "goal",
            LaneKind::Does => "does",
            LaneKind::Asks => "asks",
            LaneKind::Thinks => "thinks",
            LaneKind::Needs => "needs",
            LaneKind::Wants => "wants",
            LaneKind::Expects => "expects",
            LaneKind::Worries => "worries",
            LaneKind::Motivates => "motivates",
            LaneKind::Answers(_) => "answers",
            LaneKind::Frontstage => "frontstage",
            LaneKind::Backstage => "backstage",
            LaneKind::System => "system",
            LaneKind::Own(_) => "note",
        }
    }

    /// Returns whether two lines stand in the same row of the map: like equality, but `answers` of any quality agree.
    pub fn same_row(self, other: LaneKind) -> bool {
        matches!((self, other), (LaneKind::Answers(_), LaneKind::Answers(_))) || self == other
    }
}

/// How well the company meets a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// `well`
    Well,
    /// `partly`
    Partly,
    /// `badly`
    Badly,
}

impl Quality {
    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            Quality::Well => "well",
            Quality::Partly => "partly",
            Quality::Badly => "badly",
        }
    }
}

/// Returns a feeling from -3 to +3 on the scale of five that Mermaid draws: below 3 a sad face, above it a glad one.
pub fn in_five(feeling: i8) -> u8 {
    match feeling {
        ..=-3 => 1,
        -2 | -1 => 2,
        0 => 3,
        1 | 2 => 4,
        3.. => 5,
    }
}

/// How something feels.
#[derive(Clone, Debug)]
pub struct Feeling {
    /// From -3 to +3.
    pub value: i8,
    /// In a word or two.
    pub word: Option<String>,
    /// As one emoji.
    pub emoji: Option<String>,
    /// Whose feeling; empty for everybody's.
    pub personas: Vec<Id<Persona>>,
    /// Why we believe it.
    pub evidence: Vec<Evidence>,
    /// Where it is written.
    pub span: Span,
}

/// Why we believe something.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What it is called.
    pub title: String,
    /// What kind.
    pub kind: EvidenceKind,
    /// How many people it rests on.
    pub people: Option<u64>,
    /// When it was learnt.
    pub on: Date,
    /// Where it is written.
    pub span: Span,
}

/// Kinds of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceKind {
    /// Talks with people.
    Interview,
    /// A questionnaire.
    Survey,
    /// Data of our own.
    Analytics,
    /// Published research.
    Study,
    /// What a seller says.
    Vendor,
    /// A guess.
    Guess,
}

impl EvidenceKind {
    /// All kinds.
    pub const ALL: [EvidenceKind; 6] = [
        EvidenceKind::Interview,
        EvidenceKind::Survey,
        EvidenceKind::Analytics,
        EvidenceKind::Study,
        EvidenceKind::Vendor,
        EvidenceKind::Guess,
    ];

    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            EvidenceKind::Interview => "interview",
            EvidenceKind::Survey => "survey",
            EvidenceKind::Analytics => "analytics",
            EvidenceKind::Study => "study",
            EvidenceKind::Vendor => "vendor",
            EvidenceKind::Guess => "guess",
        }
    }

    /// Returns whether it is research; what a vendor says and a guess are not.
    pub fn is_research(self) -> bool {
        !matches!(self, EvidenceKind::Vendor | EvidenceKind::Guess)
    }
}

/// What may stand both at a stage and at a touchpoint.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// `effort`
    pub effort: Option<Effort>,
    /// `spend`
    pub spends: Vec<Spend>,
    /// The lanes' lines, in order.
    pub lines: Vec<Line>,
    /// `feels`
    pub feelings: Vec<Feeling>,
    /// `measured by`
    pub measured_by: Vec<Id<Metric>>,
    /// `pain`
    pub pains: Vec<Id<Pain>>,
    /// `opportunity`
    pub opportunities: Vec<Id<Opportunity>>,
    /// `question`
    pub questions: Vec<Question>,
}

/// How much work it is for the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effort {
    /// `none`
    None,
    /// `low`
    Low,
    /// `medium`
    Medium,
    /// `high`
    High,
}

impl Effort {
    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            Effort::None => "none",
            Effort::Low => "low",
            Effort::Medium => "medium",
            Effort::High => "high",
        }
    }
}

/// What a place costs the company.
#[derive(Clone, Debug)]
pub struct Spend {
    /// How much.
    pub amount: Money,
    /// Once, or again and again.
    pub every: Option<SpendEvery>,
    /// In which days, both included.
    pub dates: Option<(Date, Date)>,
    /// Where it is written.
    pub span: Span,
}

/// How often money is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpendEvery {
    /// `a week`
    Week,
    /// `a month`
    Month,
}

/// A "why don't they …".
#[derive(Clone, Debug)]
pub struct Question {
    /// The words.
    pub text: String,
    /// The experiment that answered it; open without one.
    pub answered_by: Option<Id<Experiment>>,
    /// Where it is written.
    pub span: Span,
}

/// A number somebody says.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The words.
    pub text: String,
    /// The number with the thing claimed for, and without it.
    pub with_without: Option<(Decimal, Decimal)>,
    /// Why we believe it.
    pub evidence: Vec<Evidence>,
    /// Where it is written.
    pub span: Span,
}
