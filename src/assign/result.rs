//! What an evaluation says.

use serde_json::Value;

use super::id::Key;
use super::program::Experiment;

/// Where a feature's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// There is no such feature.
    UnknownFeature,
    /// No rule applied.
    DefaultValue,
    /// A rule forced it.
    Force,
    /// An experiment gave it.
    Experiment,
    /// A prerequisite that decides the feature was not met.
    Prerequisite,
    /// Prerequisites go round in a circle.
    CyclicPrerequisite,
}

impl Source {
    /// Returns the name that SDKs have for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownFeature => "unknownFeature",
            Self::DefaultValue => "defaultValue",
            Self::Force => "force",
            Self::Experiment => "experiment",
            Self::Prerequisite => "prerequisite",
            Self::CyclicPrerequisite => "cyclicPrerequisite",
        }
    }
}

/// Why a rule did not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Miss {
    Prerequisite,
    Filter,
    Condition,
    NoUnit,
    Range,
    Blocked,
    Inactive,
    Passthrough,
    NoAction,
}

/// What a feature is for a unit.
///
/// `'a` is the payload's, `'u` the unit's.
#[derive(Debug, Clone)]
pub struct FeatureResult<'a, 'u> {
    /// Its value.
    pub value: &'a Value,
    /// Where the value comes from.
    pub source: Source,
    /// The id of the rule that gave it.
    pub rule: Option<&'a str>,
    /// The experiment that gave it.
    pub experiment: Option<ExperimentResult<'a, 'u>>,
    /// The key of the variant that the value belongs to.
    pub variant: Option<&'a str>,
    /// Why the last rule did not apply.
    pub(super) miss: Option<Miss>,
}

impl<'a> FeatureResult<'a, '_> {
    pub(super) const fn plain(value: &'a Value, source: Source) -> Self {
        Self { value, source, rule: None, experiment: None, variant: None, miss: None }
    }

    /// Returns whether the value counts as on: it is not null, false, 0 or an empty text.
    pub fn is_on(&self) -> bool {
        match self.value {
            Value::Null => false,
            Value::Bool(on) => *on,
            Value::Number(n) => n.as_f64() != Some(0.0),
            Value::String(text) => !text.is_empty(),
            Value::Array(_) | Value::Object(_) => true,
        }
    }
}

/// What an experiment gave a unit.
#[derive(Debug, Clone)]
pub struct ExperimentResult<'a, 'u> {
    pub(super) experiment: &'a Experiment,
    /// The feature that runs the experiment.
    pub feature: Option<&'a str>,
    /// The variation's place, from 0.
    pub variation: usize,
    /// The variation's key.
    pub key: &'a str,
    /// The variation's name.
    pub name: Option<&'a str>,
    /// The variation's value.
    pub value: &'a Value,
    /// Whether the hash decided it; otherwise it was forced.
    pub hash_used: bool,
    /// The attribute that holds the unit's id.
    pub hash_attribute: &'u str,
    /// The unit's id; a forced variation may have none.
    pub unit: Option<Key<'u>>,
    /// The unit's bucket, where the hash was used.
    pub bucket: Option<u16>,
    /// Whether the variation was remembered.
    pub sticky_used: bool,
}

impl ExperimentResult<'_, '_> {
    /// Returns the bucket as SDKs report it: a number in `[0, 1)`.
    pub fn bucket_fraction(&self) -> Option<f64> {
        let version = self.experiment.hasher.as_ref()?.version();
        self.bucket.map(|bucket| version.fraction(bucket))
    }
}
