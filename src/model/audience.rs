//! Who may enter: audiences, layers, holdouts, consents.

use super::value::Percent;
use super::{Condition, Meta};

/// Who may enter.
#[derive(Clone, Debug)]
pub struct Audience {
    /// Id and title.
    pub meta: Meta,
    /// Who belongs.
    pub condition: Condition,
}

/// A space that experiments share without overlap. Its seed is `layer:<id>`.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Id and title.
    pub meta: Meta,
    /// The unit it is cut by; the manifest's first unit where none is named.
    pub unit: String,
}

/// Units kept out of every experiment. Its seed is `holdout:<id>`.
#[derive(Clone, Debug)]
pub struct Holdout {
    /// Id and title.
    pub meta: Meta,
    /// How many.
    pub takes: Percent,
    /// The unit it is cut by; the manifest's first unit where none is named.
    pub unit: String,
}

/// A kind of consent, and the words asking for it.
#[derive(Clone, Debug)]
pub struct Consent {
    /// Id, and the words asking.
    pub meta: Meta,
    /// Where the policy is.
    pub policy: String,
}
