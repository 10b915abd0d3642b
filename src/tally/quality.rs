//! What became of the rows, and what is odd about them.
use std::collections::BTreeMap;

/// A count for each pair of variants, the lower one first.
pub type PairCounts = BTreeMap<(u32, u32), u64>;

/// What became of the rows: read = used + duplicates + each kind of reject; and counts of what is odd, for the checks of a
/// report. Merging adds every count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Rows read.
    pub rows: u64,
    /// Rows used.
    pub used: u64,
    /// Rows that repeat another.
    pub duplicates: u64,
    /// Rows left out, by the kind of reason.
    pub rejects: BTreeMap<String, u64>,
    /// Units seen in two variants and therefore left out, by pair.
    pub crossed: PairCounts,
    /// Units whose logged variant the plan does not know, by what was logged.
    pub unknown_variants: BTreeMap<String, u64>,
    /// Units whose logged variant was compared with the recomputed assignment.
    pub compared: u64,
    /// Of those, units for which they differ.
    pub disagreed: u64,
    /// Events of exposed units that a measure looked at.
    pub events: u64,
    /// Of those, events from before the unit's exposure.
    pub before_exposure: u64,
    /// Events more than an hour in the future, or before the test began while exposed in it.
    pub clock_skew: u64,
    /// Nobody looked for those.
    pub clocks_unseen: bool,
    /// Units with more events than people make (above 20 times the 99.9th percentile).
    pub bots: u64,
    /// Units left out because consent was missing, by variant.
    pub without_consent: BTreeMap<u32, u64>,
}

impl Ledger {
    /// Returns how many units have more than 20 times the events of the unit at the 99.9th percentile, from how many units
    /// have how many events.
    pub fn bots_of(sizes: &BTreeMap<u64, u64>) -> u64 {
        let units: u64 = sizes.values().sum();
        let rank = (units as f64 * 0.999).ceil() as u64;
        let mut seen = 0;
        let usual = sizes.iter().find(|(_, n)| {
            seen += **n;
            seen >= rank
        });
        let limit = usual.map_or(u64::MAX, |(size, _)| size.saturating_mul(20));
        sizes.iter().filter(|(size, _)| **size > limit).map(|(_, n)| n).sum()
    }

    /// Adds every count of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.used += other.used;
        self.duplicates += other.duplicates;
        self.compared += other.compared;
        self.disagreed += other.disagreed;
        self.events += other.events;
        self.before_exposure += other.before_exposure;
        self.clock_skew += other.clock_skew;
        self.clocks_unseen |= other.clocks_unseen;
        self.bots += other.bots;
        add(&mut self.rejects, &other.rejects);
        add(&mut self.crossed, &other.crossed);
        add(&mut self.unknown_variants, &other.unknown_variants);
        add(&mut self.without_consent, &other.without_consent);
    }

    /// Returns whether every row is accounted for.
    pub fn balances(&self) -> bool {
        self.rows == self.used + self.duplicates + self.rejects.values().sum::<u64>()
    }
}

/// Adds the counts of one table to another.
fn add<K: Ord + Clone>(mine: &mut BTreeMap<K, u64>, theirs: &BTreeMap<K, u64>) {
    for (key, count) in theirs {
        *mine.entry(key.clone()).or_default() += count;
    }
}
