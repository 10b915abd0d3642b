//! Units that two ways of counting a funnel tell differently.
use std::collections::BTreeSet;

/// How many units of a rule are kept by name.
const KEPT: usize = 10;

/// What a way of counting says of a unit: nothing where it is in no rate, else how many steps it reached.
pub type Told = Option<usize>;

/// Some units, by their keys: what is told of each by us, and by them.
pub type Units = BTreeSet<(u128, Told, Told)>;

/// Units told differently, by the first rule that explains it alone; the last entry is for several rules together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DifferenceTally {
    /// By rule: how many, and those with the smallest keys: key, ours, theirs.
    pub rules: Vec<(u64, Units)>,
}

impl DifferenceTally {
    /// Returns a tally of so many rules.
    pub fn new(rules: usize) -> Self {
        Self { rules: vec![Default::default(); rules + 1] }
    }

    /// Counts a unit under a rule.
    pub fn push(&mut self, rule: usize, key: u128, ours: Told, theirs: Told) {
        if let Some((count, units)) = self.rules.get_mut(rule) {
            *count += 1;
            units.insert((key, ours, theirs));
            if units.len() > KEPT {
                units.pop_last();
            }
        }
    }

    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        for ((count, units), (more, theirs)) in self.rules.iter_mut().zip(&other.rules) {
            *count += more;
            units.extend(theirs);
            while units.len() > KEPT {
                units.pop_last();
            }
        }
    }
}
