//! When it happened, or until when it had not.
use std::borrow::Cow;

/// Times to an event with right censoring, as counts by time in milliseconds since exposure.
///
/// A unit that has not done it yet is *censored* at the time it was last under observation; leaving it out would make
/// everybody look fast. Two are equal when they count the same units, in whatever order these came.
#[derive(Clone, Default)]
pub struct Times {
    /// By time, each once.
    at: Vec<(u64, Counts)>,
    /// Units not yet among `at`: the time twice over, one more where it happened.
    new: Vec<u64>,
}

/// How many units wait at least before they are sorted in.
const WAIT: usize = 1 << 12;

/// What happened at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    events: u32,
    censored: u32,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.events = self.events.saturating_add(other.events);
        self.censored = self.censored.saturating_add(other.censored);
    }
}

impl Times {
    /// Counts one unit: `happened` at `millis`, or not up to then. Times beyond 2^62 milliseconds count as that.
    pub fn push(&mut self, millis: u64, happened: bool) {
        if self.new.len() >= WAIT.max(self.at.len()) {
            self.sort_in();
        }
        self.new.push(millis.min(1 << 62) << 1 | u64::from(happened));
    }

    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.sort_in();
        self.at = merged(std::mem::take(&mut self.at), &other.whole());
    }

    fn sort_in(&mut self) {
        if !self.new.is_empty() {
            self.at = self.whole().into_owned();
            self.new.clear();
        }
    }

    /// Returns all units, by time.
    fn whole(&self) -> Cow<'_, [(u64, Counts)]> {
        if self.new.is_empty() {
            return Cow::Borrowed(&self.at);
        }
        let mut new = self.new.clone();
        new.sort_unstable();
        let mut counted: Vec<(u64, Counts)> = Vec::new();
        for unit in new {
            let (millis, happened) = (unit >> 1, u32::from(unit & 1 == 1));
            let one = Counts { events: happened, censored: 1 - happened };
            match counted.last_mut().filter(|(t, _)| *t == millis) {
                Some((_, counts)) => counts.add(one),
                None => counted.push((millis, one)),
            }
        }
        Cow::Owned(merged(counted, &self.at))
    }

    /// Returns how many units it counts.
    pub fn n(&self) -> u64 {
        self.rows().map(|(_, events, censored)| events + censored).sum()
    }

    /// Returns how many events it counts.
    pub fn events(&self) -> u64 {
        self.rows().map(|(_, events, _)| events).sum()
    }

    /// Returns (milliseconds, events, censored) in the order of time.
    pub fn rows(&self) -> impl Iterator<Item = (u64, u64, u64)> + '_ {
        let whole = self.whole();
        (0..whole.len()).filter_map(move |i| {
            let (t, c) = whole.get(i)?;
            Some((*t, u64::from(c.events), u64::from(c.censored)))
        })
    }
}

impl std::fmt::Debug for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.rows()).finish()
    }
}

impl PartialEq for Times {
    fn eq(&self, other: &Self) -> bool {
        self.whole() == other.whole()
    }
}

impl Eq for Times {}

/// Returns the counts of both, by time.
fn merged(a: Vec<(u64, Counts)>, b: &[(u64, Counts)]) -> Vec<(u64, Counts)> {
    if b.is_empty() {
        return a;
    }
    let mut all = Vec::with_capacity(a.len() + b.len());
    let mut rest = b;
    for (time, mut counts) in a {
        let (before, later) = rest.split_at(rest.iter().take_while(|(t, _)| *t < time).count());
        all.extend_from_slice(before);
        rest = later;
        if let Some(((_, same), later)) = rest.split_first().filter(|((t, _), _)| *t == time) {
            counts.add(*same);
            rest = later;
        }
        all.push((time, counts));
    }
    all.extend_from_slice(rest);
    all
}
