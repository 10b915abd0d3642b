//! From a project to the payload that its products read.

use serde_json::{Map, Value, json};

use super::audience::{condition_json, literal};
use super::endpoint::endpoints;
use super::entries::Entries;
use super::keep::kept;
use super::schema::{Feature, Filter, Meta, Parent, Payload, Rule};
use crate::model::experiment::{Status, Variant};
use crate::model::space::{Buckets, arms, part_of_buckets, slices};
use crate::model::{Experiment, Holdout, Id, Layer, Model};

/// The value of a holdout's feature for units that experiments may have.
pub const OPEN: &str = "open";
/// The value of a holdout's feature for units that are held out.
pub const HELD: &str = "held";

/// Which state of the experiments a payload is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// As each one's status says: what products read.
    Published,
    /// As if each one were running: what analysis and audits ask, of
    /// experiments that have ended too.
    Running,
}

/// Returns the payload of the project.
///
/// One feature for each experiment, by its id, and one for each holdout. A
/// running experiment is a rule of its feature; a shipped one forces its
/// variant on the audience. A draft, a paused and a stopped experiment enrol
/// nobody: their feature has its default only, the control's value, so that a
/// product which asks for it before the start or after the end gets the
/// control.
pub fn build(model: &Model, stage: Stage) -> Payload {
    let builder = Builder { model, stage, layers: layers(model) };
    let holdouts = model.holdouts.iter().map(|(_, holdout)| builder.holdout(holdout));
    let experiments = model.experiments.iter().map(|(id, experiment)| builder.experiment(id, experiment));
    Payload {
        status: Some(200),
        features: holdouts.chain(experiments).collect::<Entries<Feature>>(),
        ..Payload::default()
    }
}

/// Returns the key of a holdout's feature.
pub fn holdout_key(holdout: &Holdout) -> String {
    format!("$holdout:{}", holdout.meta.id)
}

/// Returns the seed of a layer: `layer:<id>`, in ASCII.
pub fn layer_seed(layer: &Layer) -> String {
    ascii(&format!("layer:{}", layer.meta.id))
}

/// Returns the seed of a holdout: `holdout:<id>`, in ASCII.
pub fn holdout_seed(holdout: &Holdout) -> String {
    ascii(&format!("holdout:{}", holdout.meta.id))
}

/// Returns the seed of an experiment's current randomisation: `<id>@<n>`, in ASCII.
pub fn experiment_seed(experiment: &Experiment) -> String {
    ascii(&experiment.seed())
}

/// Returns the text with every character beyond ASCII percent-encoded, since
/// SDKs hash those differently. Ids hold no `%`, so different ids stay different.
fn ascii(seed: &str) -> String {
    let mut encoded = String::with_capacity(seed.len());
    for byte in seed.bytes() {
        match byte {
            0..128 => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// What every experiment has of every layer.
type Layers = Vec<(Id<Layer>, Id<Experiment>, Vec<Buckets>)>;

fn layers(model: &Model) -> Layers {
    let of = |layer| slices(model, layer).into_iter().map(move |s| (layer, s.experiment, s.buckets));
    model.layers.iter().flat_map(|(layer, _)| of(layer)).collect()
}

struct Builder<'a> {
    model: &'a Model,
    stage: Stage,
    layers: Layers,
}

impl Builder<'_> {
    /// Returns the attribute that holds the ids of a unit.
    fn attribute(&self, unit: &str) -> String {
        self.model.manifest.units.get(unit).map_or(unit, String::as_str).to_owned()
    }

    fn holdout(&self, holdout: &Holdout) -> (String, Feature) {
        let held = Buckets { start: 0, end: part_of_buckets(holdout.takes) };
        let rule = Rule {
            id: Some(format!("holdout-{}", holdout.meta.id)),
            force: Some(HELD.into()),
            hash_attribute: Some(self.attribute(&holdout.unit)),
            seed: Some(holdout_seed(holdout)),
            hash_version: Some(2),
            range: Some(endpoints(held)),
            ..Rule::default()
        };
        (holdout_key(holdout), feature(OPEN.into(), vec![rule]))
    }

    fn experiment(&self, id: Id<Experiment>, experiment: &Experiment) -> (String, Feature) {
        let rule = match (self.stage, &experiment.status) {
            (Stage::Running, _) | (_, Status::Running) => Some(self.run(id, experiment)),
            (_, Status::Shipped(at, ..)) => experiment.variants.get(*at).map(|v| self.ship(experiment, v)),
            (_, Status::Draft | Status::Paused | Status::Stopped(..)) => None,
        };
        let default = experiment.control().map_or(Value::Null, value);
        (experiment.meta.id.clone(), feature(default, rule.into_iter().collect()))
    }

    fn ship(&self, experiment: &Experiment, variant: &Variant) -> Rule {
        Rule {
            id: Some(experiment.seed()),
            force: Some(value(variant)),
            condition: self.condition(experiment),
            // Says which variant the value belongs to; SDKs do not read it here.
            meta: Some(vec![meta(variant)]),
            ..Rule::default()
        }
    }

    /// Returns the rule of an experiment with the last weights it was given; whoever was in an arm before stays there.
    fn run(&self, id: Id<Experiment>, experiment: &Experiment) -> Rule {
        let on = |day| self.start(id, &experiment.on(day));
        let later = experiment.reweighted().into_iter();
        later.fold(on(experiment.counts_from()), |rule, day| kept(on(day), &rule))
    }

    /// Returns the rule of an experiment with the weights it starts with.
    fn start(&self, id: Id<Experiment>, experiment: &Experiment) -> Rule {
        let variants = experiment.variants.iter();
        Rule {
            id: Some(experiment.seed()),
            key: Some(experiment.meta.id.clone()),
            name: Some(experiment.meta.title.clone()),
            phase: Some(experiment.round().to_string()),
            seed: Some(experiment_seed(experiment)),
            hash_attribute: Some(self.attribute(&experiment.unit)),
            hash_version: Some(2),
            parent_conditions: self.model.holdouts.iter().map(|(_, h)| open(h)).collect(),
            condition: self.condition(experiment),
            filters: self.filters(id, experiment),
            variations: Some(variants.clone().map(value).collect()),
            ranges: Some(arms(experiment).into_iter().map(endpoints).collect()),
            weights: Some(variants.clone().map(|v| v.weight.share()).collect()),
            coverage: Some(experiment.traffic.share()),
            meta: Some(variants.map(meta).collect()),
            ..Rule::default()
        }
    }

    fn condition(&self, experiment: &Experiment) -> Option<Value> {
        experiment.audience.map(|audience| condition_json(&self.model.audiences[audience].condition))
    }

    fn filters(&self, id: Id<Experiment>, experiment: &Experiment) -> Option<Vec<Filter>> {
        let of = |layer: Id<Layer>| {
            let mut all = self.layers.iter();
            let found = all.find(|(l, e, _)| (*l, *e) == (layer, id)).map(|(_, _, buckets)| buckets.as_slice());
            self.filter(&self.model.layers[layer], found.unwrap_or_default())
        };
        let filters: Vec<Filter> = experiment.layers.iter().map(|slice| of(slice.layer)).collect();
        (!filters.is_empty()).then_some(filters)
    }

    fn filter(&self, layer: &Layer, buckets: &[Buckets]) -> Filter {
        Filter {
            seed: layer_seed(layer),
            attribute: Some(self.attribute(&layer.unit)),
            hash_version: Some(2),
            ranges: buckets.iter().copied().map(endpoints).collect(),
        }
    }
}

fn feature(default_value: Value, rules: Vec<Rule>) -> Feature {
    Feature { default_value, rules, other: Map::new() }
}

fn open(holdout: &Holdout) -> Parent {
    Parent { id: holdout_key(holdout), condition: json!({ "value": OPEN }), gate: None }
}

fn meta(variant: &Variant) -> Meta {
    Meta { key: Some(variant.meta.id.clone()), ..Meta::default() }
}

/// Returns a variant's value: what it sets, an object where that is several
/// things; its id where it sets nothing.
pub(super) fn value(variant: &Variant) -> Value {
    match variant.sets.as_slice() {
        [] => variant.meta.id.as_str().into(),
        [(_, only)] => literal(only),
        several => Value::Object(several.iter().map(|(name, v)| (name.clone(), literal(v))).collect()),
    }
}
