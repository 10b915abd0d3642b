//! Who moves: counted exactly, since buckets are integers.

use super::experiment::Both;
use crate::model::space::{BUCKETS, Buckets, arm_of_bucket, arms, part_of_buckets, slices};
use crate::model::{Experiment, Id, Layer, Model};
use std::collections::BTreeMap;

/// Where units are: an arm by its id in the base, or out of the experiment.
pub type Place = Option<String>;

/// Units that move from one place to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// Where they were; none for outside.
    pub from: Place,
    /// Where they are now; none for outside.
    pub to: Place,
    /// Their share of all units of the audience, 0 to 1.
    pub of_all: f64,
    /// Their share of the units that were enrolled, 0 to 1; none where nobody was, or for those who were outside.
    pub of_enrolled: Option<f64>,
}

/// Who moves in one experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct Blast {
    /// The experiment's id.
    pub experiment: String,
    /// The moves, the largest first; those who stay are left out.
    pub moves: Vec<Move>,
    /// Whether the audience changed too, whose size the specs do not know.
    pub audience_changed: bool,
}

impl Blast {
    /// Returns each move as a sentence.
    pub fn sentences(&self) -> Vec<String> {
        let place = |p: &Place| p.clone().unwrap_or_else(|| "outside".to_owned());
        let one = |m: &Move| match m.of_enrolled {
            Some(share) => {
                format!("{:.1} % of enrolled units move from {} to {}", share * 100.0, place(&m.from), place(&m.to))
            }
            None => format!(
                "{:.1} % of all units of the audience move from {} to {}",
                m.of_all * 100.0,
                place(&m.from),
                place(&m.to)
            ),
        };
        let mut all: Vec<String> = self.moves.iter().map(one).collect();
        if self.audience_changed {
            all.push("and the audience changed, so others enter or leave besides".to_owned());
        }
        all
    }
}

/// A table of weights over (before, after); all weights together are a power of 10,000.
type Joint<T> = BTreeMap<(T, T), u128>;

/// Returns who moves; nothing where nobody does, or where the experiment had not started or has ended.
pub(super) fn blast(both: &Both<'_>) -> Option<Blast> {
    let running = |e: &Experiment| {
        matches!(e.status, crate::model::experiment::Status::Running | crate::model::experiment::Status::Paused)
    };
    if !running(both.old) || !running(both.new) {
        return None;
    }
    let arms = arm_table(both);
    let gate = gates(both);
    let mut moves: BTreeMap<(Place, Place), u128> = BTreeMap::new();
    let (mut whole, mut enrolled) = (0_u128, 0_u128);
    for ((open_before, open_after), gate_weight) in &gate {
        for ((before, after), arm_weight) in &arms {
            let weight = gate_weight * arm_weight;
            let from = before.clone().filter(|_| *open_before);
            let to = after.clone().filter(|_| *open_after);
            whole += weight;
            enrolled += if from.is_some() { weight } else { 0 };
            if from != to {
                *moves.entry((from, to)).or_default() += weight;
            }
        }
    }
    let mut moves: Vec<Move> = moves
        .into_iter()
        .filter(|(_, weight)| *weight > 0)
        .map(|((from, to), weight)| Move {
            of_enrolled: (from.is_some() && enrolled > 0).then(|| weight as f64 / enrolled as f64),
            of_all: weight as f64 / whole as f64,
            from,
            to,
        })
        .collect();
    moves.sort_by(|a, b| b.of_all.total_cmp(&a.of_all));
    let who = |m: &Model, e: &Experiment| super::meaning::audience(m, e.audience);
    let audience_changed = who(both.base, both.old) != who(both.head, both.new);
    (!moves.is_empty() || audience_changed).then(|| Blast {
        experiment: both.new.meta.id.clone(),
        moves,
        audience_changed,
    })
}

/// Returns the arms before and after of every bucket: bucket by bucket under the same seed, else independent.
fn arm_table(both: &Both<'_>) -> Joint<Place> {
    let (old, new) = (arms(both.old), arms(both.new));
    let before = |b: u16| arm_of_bucket(&old, b).and_then(|i| both.old.variants.get(i)).map(|v| v.meta.id.clone());
    let after = |b: u16| {
        let variant = arm_of_bucket(&new, b).and_then(|i| both.new.variants.get(i))?;
        Some(variant.meta.was.clone().unwrap_or_else(|| variant.meta.id.clone()))
    };
    let same = both.old.seed() == both.new.seed() && both.old.unit == both.new.unit;
    joint(same, before, after)
}

fn joint<T: Ord + Clone>(same: bool, before: impl Fn(u16) -> T, after: impl Fn(u16) -> T) -> Joint<T> {
    let mut table = Joint::new();
    if same {
        for bucket in 0..BUCKETS {
            *table.entry((before(bucket), after(bucket))).or_default() += u128::from(BUCKETS);
        }
        return table;
    }
    let count = |f: &dyn Fn(u16) -> T| {
        let mut counts: BTreeMap<T, u128> = BTreeMap::new();
        (0..BUCKETS).for_each(|b| *counts.entry(f(b)).or_default() += 1);
        counts
    };
    for (from, a) in count(&before) {
        for (to, b) in count(&after) {
            *table.entry((from.clone(), to)).or_default() += a * b;
        }
    }
    table
}

/// Returns whether layers and holdouts let a unit pass before and after; different hashes are independent.
fn gates(both: &Both<'_>) -> Joint<bool> {
    let mut all: Joint<bool> = BTreeMap::from([((true, true), 1)]);
    for gate in layer_gates(both).into_iter().chain(holdout_gates(both)) {
        let mut next = Joint::new();
        for ((a, b), w) in &all {
            for ((c, d), v) in &gate {
                *next.entry((*a && *c, *b && *d)).or_default() += w * v / u128::from(BUCKETS);
            }
        }
        all = next;
    }
    all
}

/// Returns the buckets an experiment has of a layer.
pub(super) fn slice_of(model: &Model, experiment: &Experiment, layer: Id<Layer>) -> Vec<Buckets> {
    let id = model.experiment(&experiment.meta.id);
    slices(model, layer).into_iter().find(|s| Some(s.experiment) == id).map(|s| s.buckets).unwrap_or_default()
}

fn layer_gates(both: &Both<'_>) -> Vec<Joint<bool>> {
    type Slices = BTreeMap<String, Vec<Buckets>>;
    let named = |m: &Model, e: &Experiment| -> Slices {
        e.layers.iter().map(|s| (m.layers[s.layer].meta.id.clone(), slice_of(m, e, s.layer))).collect()
    };
    let (old, new) = (named(both.base, both.old), named(both.head, both.new));
    let open = |all: &Slices, id: &str, b: u16| all.get(id).is_none_or(|slices| slices.iter().any(|s| s.holds(b)));
    let ids: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    ids.into_iter().map(|id| joint(true, |b| open(&old, id, b), |b| open(&new, id, b))).collect()
}

fn holdout_gates(both: &Both<'_>) -> Vec<Joint<bool>> {
    let named = |m: &Model| -> BTreeMap<String, u16> {
        m.holdouts.values().map(|h| (h.meta.id.clone(), part_of_buckets(h.takes))).collect()
    };
    let (old, new) = (named(both.base), named(both.head));
    let open = |all: &BTreeMap<String, u16>, id: &str, b: u16| all.get(id).is_none_or(|held| b >= *held);
    let ids: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    ids.into_iter().map(|id| joint(true, |b| open(&old, id, b), |b| open(&new, id, b))).collect()
}
