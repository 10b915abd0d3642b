//! One experiment's assignment, at speed.

use std::sync::Arc;

use super::attributes::{Attr, Attributes};
use super::evaluate::{Context, Evaluation};
use super::id::UnitId;
use super::program::{Action, Feature, Force, Program, Rollout};
use super::result::{FeatureResult, Miss, Source};
use crate::payload::Payload;

/// What a unit gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment<'a> {
    /// The variant's key, where the unit has one.
    pub variant: Option<&'a str>,
    /// The unit's bucket in the experiment's hash, 0 to 9,999 (to 999 where an
    /// old payload uses hash version 1); none where there is no experiment.
    pub bucket: Option<u16>,
    /// Why.
    pub reason: Reason,
}

/// Why a unit gets what it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The experiment's hash gave it the variant.
    Assigned,
    /// A rule forces the variant on everybody in the audience.
    Forced,
    /// It is held out of all experiments, or another prerequisite is not met.
    HeldOut,
    /// Its bucket in a layer belongs to another experiment.
    OutsideLayer,
    /// It is not in the audience.
    OutsideAudience,
    /// Its bucket is in no variant's range: traffic is less than all.
    OutsideTraffic,
    /// The experiment has no rule: a draft, or stopped.
    NotRunning,
    /// The attribute that is hashed is missing.
    NoUnit,
    /// The payload has no such experiment.
    Unknown,
}

impl Reason {
    /// Returns the reason's name, for tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Forced => "forced",
            Self::HeldOut => "held-out",
            Self::OutsideLayer => "outside-layer",
            Self::OutsideAudience => "outside-audience",
            Self::OutsideTraffic => "outside-traffic",
            Self::NotRunning => "not-running",
            Self::NoUnit => "no-unit",
            Self::Unknown => "unknown",
        }
    }

    fn of(result: &FeatureResult<'_, '_>) -> Self {
        match (result.source, result.miss) {
            (Source::Experiment, _) => Self::Assigned,
            (Source::Force, _) => Self::Forced,
            (Source::UnknownFeature, _) => Self::Unknown,
            (Source::Prerequisite | Source::CyclicPrerequisite, _) => Self::HeldOut,
            (Source::DefaultValue, None | Some(Miss::NoAction | Miss::Inactive)) => Self::NotRunning,
            (Source::DefaultValue, Some(Miss::Prerequisite | Miss::Blocked)) => Self::HeldOut,
            (Source::DefaultValue, Some(Miss::Filter)) => Self::OutsideLayer,
            (Source::DefaultValue, Some(Miss::Condition)) => Self::OutsideAudience,
            (Source::DefaultValue, Some(Miss::Range | Miss::Passthrough)) => Self::OutsideTraffic,
            (Source::DefaultValue, Some(Miss::NoUnit)) => Self::NoUnit,
        }
    }
}

/// A payload, compiled, that assigns the units of one feature's experiment.
///
/// The same answer as [`Evaluator`](super::Evaluator) gives, without sticky
/// buckets and overrides; no memory is allocated for a unit (but by version
/// and case-insensitive comparisons in a condition).
///
/// ```
/// use waypost::assign::{Assigner, UnitId};
/// use waypost::payload::Payload;
///
/// let payload = Payload::read(r#"{"features": {"cta": {"rules": [{
///     "seed": "cta@1", "hashAttribute": "user_id", "hashVersion": 2,
///     "variations": ["old", "new"], "ranges": [[0, 0.49995], [0.49995, 1]],
///     "meta": [{"key": "control"}, {"key": "short"}]}]}}}"#).unwrap();
/// let assigner = Assigner::new(&payload, "cta");
/// let given = assigner.assign(UnitId::new("user-1").unwrap(), &());
/// assert_eq!((given.variant, given.bucket), (Some("control"), Some(685)));
/// ```
#[derive(Debug, Clone)]
pub struct Assigner {
    program: Arc<Program>,
    feature: Option<usize>,
    hashed: Option<String>,
}

impl Assigner {
    /// Returns the assigner of that feature's experiment.
    ///
    /// A feature that the payload does not have gives [`Reason::Unknown`] to everybody.
    pub fn new(payload: &Payload, feature: &str) -> Self {
        Self::of(&Arc::new(Program::compile(payload)), feature)
    }

    /// Returns the assigners of all those features, compiling the payload once.
    pub fn many<'f>(payload: &Payload, features: impl IntoIterator<Item = &'f str>) -> Vec<Self> {
        let program = Arc::new(Program::compile(payload));
        features.into_iter().map(|feature| Self::of(&program, feature)).collect()
    }

    fn of(program: &Arc<Program>, feature: &str) -> Self {
        let index = program.find(feature);
        let code = index.and_then(|at| program.feature(at));
        Self { hashed: code.and_then(unit_attribute).map(str::to_owned), feature: index, program: Arc::clone(program) }
    }

    /// Returns the attribute that holds the ids of the experiment's units; `id` where nothing is hashed.
    pub fn unit_attribute(&self) -> &str {
        self.hashed().unwrap_or("id")
    }

    /// Returns the attribute whose hash decides; nothing where the feature has no experiment (a draft, or shipped to all).
    pub fn hashed(&self) -> Option<&str> {
        self.hashed.as_deref()
    }

    /// Returns the names of all attributes that the payload's rules ask for, by slot.
    pub fn attributes(&self) -> &[String] {
        &self.program.names
    }

    /// Returns what the unit gets.
    ///
    /// The attribute [`Assigner::unit_attribute`] is the unit's id; `attributes`
    /// answers for all others.
    pub fn assign(&self, unit: UnitId<'_>, attributes: &dyn Attributes) -> Assignment<'_> {
        let Some(code) = self.feature.and_then(|at| self.program.feature(at)) else {
            return Assignment::unknown();
        };
        let scope = OneUnit { name: self.unit_attribute(), unit: unit.as_str(), attributes };
        let context = Context::plain();
        let result = Evaluation::new(&self.program, &scope, &context).feature(self.feature.unwrap_or(0));
        let bucket = result.experiment.as_ref().and_then(|given| given.bucket);
        Assignment {
            variant: result.variant,
            bucket: bucket.or_else(|| bucket_in(code, unit)),
            reason: Reason::of(&result),
        }
    }
}

impl Assignment<'_> {
    const fn unknown() -> Self {
        Self { variant: None, bucket: None, reason: Reason::Unknown }
    }
}

/// Returns the attribute that the feature's first experiment or rollout hashes.
fn unit_attribute(feature: &Feature) -> Option<&str> {
    feature.rules.iter().find_map(|rule| match &rule.action {
        Action::Run(experiment) => Some(experiment.unit.main.name.as_str()),
        Action::Force(Force { rollout: Rollout::Share { unit, .. }, .. }) => Some(unit.main.name.as_str()),
        Action::Force(_) | Action::Nothing => None,
    })
}

/// Returns the unit's bucket in the feature's first experiment, given or not.
fn bucket_in(feature: &Feature, unit: UnitId<'_>) -> Option<u16> {
    feature.rules.iter().find_map(|rule| match &rule.action {
        Action::Run(experiment) => Some(experiment.hasher.as_ref()?.bucket(unit.as_str())),
        Action::Force(_) | Action::Nothing => None,
    })
}

/// One unit: its id under its attribute's name, and what else is known of it.
struct OneUnit<'a> {
    name: &'a str,
    unit: &'a str,
    attributes: &'a dyn Attributes,
}

impl Attributes for OneUnit<'_> {
    fn get(&self, name: &str, slot: usize) -> Attr<'_> {
        if name == self.name { Attr::Text(self.unit) } else { self.attributes.get(name, slot) }
    }
}
