//! Sticky buckets: the arms that units were given before.

use std::collections::BTreeMap;

use serde_json::Value;

use super::attributes::Attributes;
use super::program::{Action, Experiment, KeyCode, Program};

/// What is remembered of one unit under one of its ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StickyDoc {
    /// The attribute that holds the id.
    pub attribute: String,
    /// The id.
    pub value: String,
    /// The arm's key for each experiment and bucket version, such as `cta__0`.
    pub assignments: BTreeMap<String, String>,
}

impl StickyDoc {
    /// Returns the document that a JSON object with `attributeName`,
    /// `attributeValue` and `assignments` holds.
    pub fn from_json(json: &Value) -> Option<Self> {
        let text = |name| json.get(name).and_then(Value::as_str).map(str::to_owned);
        let written = json.get("assignments")?.as_object()?.iter();
        Some(Self {
            attribute: text("attributeName")?,
            value: text("attributeValue")?,
            assignments: written.filter_map(|(key, arm)| Some((key.clone(), arm.as_str()?.to_owned()))).collect(),
        })
    }

    /// Returns the name that the document is kept under.
    pub fn name(&self) -> String {
        name(&self.attribute, &self.value)
    }
}

/// The documents by name.
pub type StickyDocs = BTreeMap<String, StickyDoc>;

fn name(attribute: &str, value: &str) -> String {
    format!("{attribute}||{value}")
}

fn assignment(experiment: &Experiment, version: i64) -> String {
    format!("{}__{version}", experiment.key)
}

/// What the documents say of a unit in an experiment.
pub(super) enum Remembered {
    /// It was given this arm.
    Arm(usize),
    /// It was given an arm of a version too old, and stays out.
    Blocked,
    /// Nothing.
    Nothing,
}

/// Returns what the documents say of the unit in the experiment.
pub(super) fn remembered(docs: &StickyDocs, experiment: &Experiment, scope: &dyn Attributes) -> Remembered {
    let of = |key: &KeyCode| docs.get(&name(&key.name, &key.read(scope)?.text));
    let (main, other) = (of(&experiment.unit.main), of(&experiment.sticky.other));
    let both = || [main, other].into_iter().flatten();
    if both().any(|doc| blocks(doc, experiment)) {
        return Remembered::Blocked;
    }
    let wanted = assignment(experiment, experiment.sticky.version);
    let key = both().find_map(|doc| doc.assignments.get(&wanted));
    key.and_then(|key| experiment.arms.iter().position(|arm| arm.named && arm.key == *key))
        .map_or(Remembered::Nothing, Remembered::Arm)
}

fn blocks(doc: &StickyDoc, experiment: &Experiment) -> bool {
    let version = |key: &str| key.strip_prefix(&experiment.key)?.strip_prefix("__")?.parse::<i64>().ok();
    let mut versions = doc.assignments.keys().filter_map(|key| version(key));
    versions.any(|version| (0..experiment.sticky.least).contains(&version))
}

/// Remembers that the unit was given the arm.
pub(super) fn remember(docs: &mut StickyDocs, experiment: &Experiment, attribute: &str, id: &str, arm: &str) {
    let doc = docs.entry(name(attribute, id)).or_insert_with(|| StickyDoc {
        attribute: attribute.to_owned(),
        value: id.to_owned(),
        ..StickyDoc::default()
    });
    let key = assignment(experiment, experiment.sticky.version);
    doc.assignments.insert(key, arm.to_owned());
}

/// Returns the names of the documents that a payload's experiments can ask for
/// of one unit: what to load before, and to keep after.
pub(super) fn names(program: &Program, scope: &dyn Attributes) -> Vec<String> {
    let rules = program.features.iter().flat_map(|feature| &feature.rules);
    let keys = rules.filter_map(|rule| match &rule.action {
        Action::Run(experiment) => Some([Some(&experiment.unit.main), experiment.unit.fallback.as_ref()]),
        Action::Force(_) | Action::Nothing => None,
    });
    let mut names: Vec<String> =
        keys.flatten().flatten().filter_map(|key| Some(name(&key.name, &key.read(scope)?.text))).collect();
    names.sort_unstable();
    names.dedup();
    names
}
