//! When it happened, or until when it had not.
use std::collections::BTreeMap;

/// Times to an event with right censoring, as counts by time in milliseconds since exposure.
///
/// A unit that has not done it yet is *censored* at the time it was last under observation; leaving it out would make
/// everybody look fast.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    at: BTreeMap<u64, Counts>,
}

/// What happened at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    events: u64,
    censored: u64,
}

impl Times {
    /// Counts one unit: `happened` at `millis`, or not up to then.
    pub fn push(&mut self, millis: u64, happened: bool) {
        let counts = self.at.entry(millis).or_default();
        if happened { counts.events += 1 } else { counts.censored += 1 }
    }

    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        for (&millis, counts) in &other.at {
            let mine = self.at.entry(millis).or_default();
            mine.events += counts.events;
            mine.censored += counts.censored;
        }
    }

    /// Returns how many units it counts.
    pub fn n(&self) -> u64 {
        self.at.values().map(|c| c.events + c.censored).sum()
    }

    /// Returns how many events it counts.
    pub fn events(&self) -> u64 {
        self.at.values().map(|c| c.events).sum()
    }

    /// Returns (milliseconds, events, censored) in the order of time.
    pub fn rows(&self) -> impl Iterator<Item = (u64, u64, u64)> + '_ {
        self.at.iter().map(|(&t, c)| (t, c.events, c.censored))
    }
}
