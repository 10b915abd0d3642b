//! Personas: kinds of people who travel.

use super::lane::{Evidence, Line};
use super::value::Percent;
use super::{Condition, Meta};

/// A kind of person who travels.
#[derive(Clone, Debug)]
pub struct Persona {
    /// Id and name.
    pub meta: Meta,
    /// A sentence of theirs.
    pub quote: Option<String>,
    /// A picture file, relative to the project's root.
    pub portrait: Option<String>,
    /// Where they live, and what that is like.
    pub geographic: Vec<String>,
    /// Age, work, income, education.
    pub demographic: Vec<String>,
    /// Lifestyle, values, attitudes.
    pub psychographic: Vec<String>,
    /// What they look for, how they like to deal.
    pub behavioural: Vec<String>,
    /// Their share of all customers.
    pub share: Option<Percent>,
    /// Which units in the data these are.
    pub condition: Option<Condition>,
    /// Goals, worries and the like; `answers` too.
    pub lines: Vec<Line>,
    /// Why we believe it; without any, the persona is an assumption.
    pub evidence: Vec<Evidence>,
}

impl Persona {
    /// Returns whether nothing but guesses stands behind it.
    pub fn is_assumption(&self) -> bool {
        self.evidence.iter().all(|e| e.kind == super::lane::EvidenceKind::Guess)
    }
}
