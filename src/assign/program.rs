//! A payload made ready: rules with their ranges as whole buckets.

use std::collections::BTreeMap;

use serde_json::Value;

use super::attributes::Attributes;
use super::condition::{Compiler, Groups, Node};
use super::hash::{HashVersion, Hasher};
use super::id::{Key, id_of};
use super::range::{bucket_ranges, buckets};
use crate::payload::{Buckets, Filter, Parent, Payload, Rule};

/// A whole payload, compiled.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) features: Vec<Feature>,
    pub(super) groups: Groups,
    /// The unit's attributes that rules ask for, by slot.
    pub(super) names: Vec<String>,
    index: BTreeMap<String, usize>,
}

#[derive(Debug)]
pub(super) struct Feature {
    pub(super) key: String,
    pub(super) default: Value,
    pub(super) rules: Vec<RuleCode>,
}

#[derive(Debug)]
pub(super) struct RuleCode {
    pub(super) id: Option<String>,
    pub(super) parents: Vec<ParentCode>,
    pub(super) filters: Vec<FilterCode>,
    pub(super) action: Action,
}

/// What a rule does with those it covers.
#[derive(Debug)]
pub(super) enum Action {
    Force(Force),
    Run(Experiment),
    Nothing,
}

#[derive(Debug)]
pub(super) struct Force {
    pub(super) value: Value,
    pub(super) condition: Option<Node>,
    pub(super) rollout: Rollout,
    /// The variant that the value belongs to, where the payload says it.
    pub(super) variant: Option<String>,
}

#[derive(Debug)]
pub(super) enum Rollout {
    Everyone,
    Nobody,
    Share { unit: UnitCode, hasher: Hasher, buckets: Buckets },
}

/// Which attribute holds the id that is hashed.
#[derive(Debug)]
pub(super) struct UnitCode {
    pub(super) main: KeyCode,
    /// Stands in where sticky buckets are kept.
    pub(super) fallback: Option<KeyCode>,
}

#[derive(Debug)]
pub(super) struct KeyCode {
    pub(super) name: String,
    pub(super) slot: usize,
}

impl KeyCode {
    /// Returns the id that the attribute holds, if it can be hashed.
    pub(super) fn read<'a>(&'a self, scope: &'a dyn Attributes) -> Option<Key<'a>> {
        id_of(&self.name, scope.get(&self.name, self.slot))
    }
}

#[derive(Debug)]
pub(super) struct ParentCode {
    pub(super) feature: Option<usize>,
    pub(super) condition: Node,
    pub(super) gate: bool,
}

#[derive(Debug)]
pub(super) struct FilterCode {
    key: KeyCode,
    hasher: Option<Hasher>,
    buckets: Vec<Buckets>,
}

impl FilterCode {
    /// Returns whether the filter lets the unit through.
    pub(super) fn passes(&self, scope: &dyn Attributes) -> bool {
        let (Some(hasher), Some(id)) = (&self.hasher, self.key.read(scope)) else {
            return false;
        };
        let bucket = hasher.bucket(&id.text);
        self.buckets.iter().any(|buckets| buckets.holds(bucket))
    }
}

#[derive(Debug)]
pub(super) struct Experiment {
    pub(super) key: String,
    pub(super) unit: UnitCode,
    pub(super) hasher: Option<Hasher>,
    pub(super) namespace: Option<(Hasher, Buckets)>,
    pub(super) condition: Option<Node>,
    pub(super) buckets: Vec<Buckets>,
    pub(super) arms: Vec<Arm>,
    pub(super) sticky: Sticky,
}

/// What the sticky buckets of an experiment are known by.
#[derive(Debug)]
pub(super) struct Sticky {
    pub(super) off: bool,
    pub(super) version: i64,
    pub(super) least: i64,
    /// Where sticky buckets are looked up beside the hash attribute.
    pub(super) other: KeyCode,
}

#[derive(Debug)]
pub(super) struct Arm {
    pub(super) key: String,
    /// Whether the payload writes the key.
    pub(super) named: bool,
    pub(super) name: Option<String>,
    pub(super) passthrough: bool,
    pub(super) value: Value,
}

impl Program {
    pub(super) fn compile(payload: &Payload) -> Self {
        let mut compiler = Compiler::new(&payload.saved_groups);
        let mut linker = Linker { payload, compiler: &mut compiler };
        let features = linker.features();
        let groups = Groups::compile(&payload.saved_groups, &mut compiler);
        let index = features.iter().enumerate().map(|(at, f)| (f.key.clone(), at)).collect();
        Self { features, groups, names: compiler.into_names(), index }
    }

    pub(super) fn find(&self, feature: &str) -> Option<usize> {
        self.index.get(feature).copied()
    }

    pub(super) fn feature(&self, index: usize) -> Option<&Feature> {
        self.features.get(index)
    }
}

/// Compiles rules, and ties the names of features to their places.
pub(super) struct Linker<'a, 'c> {
    pub(super) payload: &'a Payload,
    pub(super) compiler: &'c mut Compiler<'a>,
}

impl Linker<'_, '_> {
    fn features(&mut self) -> Vec<Feature> {
        let written = self.payload.features.iter();
        written
            .map(|(key, feature)| Feature {
                key: key.to_owned(),
                default: feature.default_value.clone(),
                rules: feature.rules.iter().map(|rule| self.rule(key, rule)).collect(),
            })
            .collect()
    }

    fn rule(&mut self, feature: &str, rule: &Rule) -> RuleCode {
        RuleCode {
            id: rule.id.clone(),
            parents: self.parents(&rule.parent_conditions),
            filters: self.filters(rule),
            action: self.action(feature, rule),
        }
    }

    pub(super) fn parents(&mut self, parents: &[Parent]) -> Vec<ParentCode> {
        parents
            .iter()
            .map(|parent| ParentCode {
                feature: self.payload.features.position(&parent.id),
                condition: match &parent.condition {
                    Value::Null => Node::All(Vec::new()),
                    condition => self.compiler.condition_on_other(condition),
                },
                gate: parent.gate == Some(true),
            })
            .collect()
    }

    pub(super) fn filters(&mut self, rule: &Rule) -> Vec<FilterCode> {
        let filters = rule.filters.as_deref().unwrap_or_default();
        filters.iter().map(|filter| self.filter(filter)).collect()
    }

    fn filter(&mut self, filter: &Filter) -> FilterCode {
        let version = HashVersion::of(filter.hash_version.unwrap_or(2));
        let ranges = filter.ranges.iter();
        FilterCode {
            key: self.key(filter.attribute.as_deref()),
            hasher: version.map(|version| Hasher::new(&filter.seed, version)),
            buckets: version.map_or(Vec::new(), |v| ranges.map(|&range| buckets(range, v)).collect()),
        }
    }

    fn key(&mut self, attribute: Option<&str>) -> KeyCode {
        let name = or(attribute, "id");
        KeyCode { slot: self.compiler.slot(name), name: name.to_owned() }
    }

    fn unit(&mut self, rule: &Rule) -> UnitCode {
        UnitCode {
            main: self.key(rule.hash_attribute.as_deref()),
            fallback: written(rule.fallback_attribute.as_deref())
                .filter(|_| rule.disable_sticky_bucketing != Some(true))
                .map(|name| self.key(Some(name))),
        }
    }

    fn action(&mut self, feature: &str, rule: &Rule) -> Action {
        match (&rule.force, &rule.variations) {
            (Some(value), _) => Action::Force(Force {
                value: value.clone(),
                condition: self.condition(rule),
                rollout: self.rollout(feature, rule),
                variant: rule.meta.iter().flatten().find_map(|meta| meta.key.clone()),
            }),
            (None, Some(_)) => Action::Run(self.experiment(feature, rule)),
            (None, None) => Action::Nothing,
        }
    }

    fn condition(&mut self, rule: &Rule) -> Option<Node> {
        rule.condition.as_ref().map(|condition| self.compiler.condition(condition))
    }

    fn rollout(&mut self, feature: &str, rule: &Rule) -> Rollout {
        let range = match (rule.range, rule.coverage) {
            (Some(range), _) => range,
            (None, None) => return Rollout::Everyone,
            (None, Some(coverage)) => [0.0, coverage],
        };
        let Some(version) = HashVersion::of(rule.hash_version.unwrap_or(1)) else {
            return Rollout::Nobody;
        };
        Rollout::Share {
            unit: self.unit(rule),
            hasher: Hasher::new(or(rule.seed.as_deref(), feature), version),
            buckets: buckets(range, version),
        }
    }

    /// Returns the experiment that a rule runs; `feature` is its key where it has none.
    pub(super) fn experiment(&mut self, feature: &str, rule: &Rule) -> Experiment {
        let key = or(rule.key.as_deref(), feature);
        let version = HashVersion::of(rule.hash_version.unwrap_or(1));
        Experiment {
            key: key.to_owned(),
            unit: self.unit(rule),
            hasher: version.map(|v| Hasher::new(or(rule.seed.as_deref(), key), v)),
            namespace: namespace(rule),
            condition: self.condition(rule),
            buckets: version.map_or(Vec::new(), |v| ranges(rule).into_iter().map(|r| buckets(r, v)).collect()),
            arms: arms(rule),
            sticky: Sticky {
                off: rule.disable_sticky_bucketing == Some(true),
                version: rule.bucket_version.unwrap_or(0),
                least: rule.min_bucket_version.unwrap_or(0),
                other: self.key(rule.fallback_attribute.as_deref()),
            },
        }
    }
}

fn written(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn or<'a>(text: Option<&'a str>, default: &'a str) -> &'a str {
    written(text).unwrap_or(default)
}

/// A namespace is the layer of old payloads; filters take its place.
fn namespace(rule: &Rule) -> Option<(Hasher, Buckets)> {
    let (name, start, end) = rule.namespace.as_ref().filter(|_| rule.filters.is_none())?;
    let hasher = Hasher::new(&format!("__{name}"), HashVersion::V1);
    Some((hasher, buckets([*start, *end], HashVersion::V1)))
}

fn ranges(rule: &Rule) -> Vec<[f64; 2]> {
    let count = rule.variations.as_ref().map_or(0, Vec::len);
    let computed = || bucket_ranges(count, rule.coverage.unwrap_or(1.0), rule.weights.as_deref());
    rule.ranges.clone().unwrap_or_else(computed)
}

fn arms(rule: &Rule) -> Vec<Arm> {
    let metas = rule.meta.as_deref().unwrap_or_default();
    let variations = rule.variations.iter().flatten().enumerate();
    variations
        .map(|(at, value)| {
            let meta = metas.get(at);
            let key = meta.and_then(|m| written(m.key.as_deref()));
            Arm {
                named: meta.is_some_and(|m| m.key.is_some()),
                key: key.map_or_else(|| at.to_string(), str::to_owned),
                name: meta.and_then(|m| m.name.clone()),
                passthrough: meta.is_some_and(|m| m.passthrough == Some(true)),
                value: value.clone(),
            }
        })
        .collect()
}
