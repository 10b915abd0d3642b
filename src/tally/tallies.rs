//! All tallies of one experiment.
use std::collections::BTreeMap;

use super::{Ledger, ShapeMismatch, Steps, Tally};

/// A part of the data that is counted for itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cut {
    /// Everything.
    Total,
    /// Units first exposed on this day, in days since 1970-01-01 in the project's time zone.
    Day(i32),
    /// What happened this many whole days after exposure.
    Age(u32),
    /// What the same units did before exposure: no experiment can have caused it.
    Before,
    /// Units that are in another experiment too: which of those beside it, counted from 0, and the variant there.
    Beside {
        /// Which of the experiments beside it.
        with: u32,
        /// The variant the unit has there.
        variant: u32,
    },
    /// Units with this value of a property; `by` counts the experiment's segments from 0.
    Segment {
        /// Which segmentation.
        by: u32,
        /// The value they share.
        value: String,
    },
}

/// Which tally: a measure of the plan, a variant (0 is the control), a cut.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The measure's place in the plan.
    pub measure: u32,
    /// The variant's place in the plan.
    pub variant: u32,
    /// The part of the data.
    pub cut: Cut,
}

/// All tallies of one experiment, its exposed units, and the ledger of the rows they came from; made by the engine.
///
/// Keeps the law of [`Tally::merge`]: any split of the units gives the same tallies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tallies {
    tallies: BTreeMap<Key, Tally>,
    exposed: BTreeMap<(u32, Cut), u64>,
    /// How far the exposed come in the funnels of the plan's walks.
    pub steps: Steps,
    /// What became of the rows, and what is odd about them.
    pub ledger: Ledger,
}

impl Tallies {
    /// Returns the tally of this key, if there is one.
    pub fn get(&self, measure: u32, variant: u32, cut: &Cut) -> Option<&Tally> {
        self.tallies.get(&Key { measure, variant, cut: cut.clone() })
    }

    /// Returns the tally of this key, made empty by `empty` when it is not there yet.
    pub fn entry(&mut self, key: Key, empty: impl FnOnce() -> Tally) -> &mut Tally {
        self.tallies.entry(key).or_insert_with(empty)
    }

    /// Adds a tally under its key.
    ///
    /// # Errors
    /// When a tally of another shape stands there.
    pub fn add(&mut self, key: Key, tally: &Tally) -> Result<(), ShapeMismatch> {
        self.entry(key, || Tally::empty(tally.shape())).merge(tally)
    }

    /// Counts `units` more exposed units of a variant in a cut.
    pub fn expose(&mut self, variant: u32, cut: Cut, units: u64) {
        *self.exposed.entry((variant, cut)).or_default() += units;
    }

    /// Returns how many units of a variant were exposed in a cut.
    pub fn exposed(&self, variant: u32, cut: &Cut) -> u64 {
        self.exposed.get(&(variant, cut.clone())).copied().unwrap_or(0)
    }

    /// Returns the cuts in which anybody was exposed, in order.
    pub fn cuts(&self) -> Vec<Cut> {
        let mut cuts: Vec<Cut> = self.exposed.keys().map(|(_, cut)| cut.clone()).collect();
        cuts.sort();
        cuts.dedup();
        cuts
    }

    /// Returns every tally in the order of its key.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Tally)> {
        self.tallies.iter()
    }

    /// Adds the units of `other`.
    ///
    /// # Errors
    /// When a key holds tallies of different shapes; what came before it is added.
    pub fn merge(&mut self, other: &Self) -> Result<(), ShapeMismatch> {
        for ((variant, cut), units) in &other.exposed {
            self.expose(*variant, cut.clone(), *units);
        }
        self.steps.merge(&other.steps);
        self.ledger.merge(&other.ledger);
        other.tallies.iter().try_for_each(|(key, tally)| self.add(key.clone(), tally))
    }
}
