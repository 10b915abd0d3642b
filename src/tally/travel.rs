//! What one pass counts of how people travel a map: credit, paths, handovers, deviations, sessions, purchases.
use super::{Exact, Mean, Tally, Times, Who};
use std::collections::BTreeMap;

/// The place of a touchpoint on its map; or [`OFF`], [`LEFT`].
pub type Place = u16;

/// An event that the specs know and that is at no touchpoint of the map.
pub const OFF: Place = u16::MAX;
/// Nothing more came; or, looking back, nothing came before.
pub const LEFT: Place = u16::MAX - 1;

/// What was counted of how people travel one map; the lists are in the order of the plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TravelTally {
    /// One for each `attribution`.
    pub attributions: Vec<AttributionTally>,
    /// One for each `paths`.
    pub paths: Vec<PathsTally>,
    /// One for each `handover`.
    pub handovers: Vec<HandoverTally>,
    /// How far people keep to the map.
    pub conformance: ConformanceTally,
    /// Visits.
    pub sessions: SessionTally,
    /// Purchases at the sale point.
    pub sales: SaleTally,
    /// One for each measured place: group by group.
    pub measured: Vec<Vec<(Who, Tally)>>,
}

impl TravelTally {
    /// Adds the units of `other`, which is of the same plan.
    pub fn merge(&mut self, other: &Self) {
        self.attributions.iter_mut().zip(&other.attributions).for_each(|(a, b)| a.merge(b));
        self.paths.iter_mut().zip(&other.paths).for_each(|(a, b)| a.merge(b));
        self.handovers.iter_mut().zip(&other.handovers).for_each(|(a, b)| a.merge(b));
        self.conformance.merge(&other.conformance);
        self.sessions.merge(&other.sessions);
        self.sales.merge(&other.sales);
        for (mine, theirs) in self.measured.iter_mut().zip(&other.measured) {
            for ((_, a), (_, b)) in mine.iter_mut().zip(theirs) {
                // both are of the plan's shape
                let _ = a.merge(b);
            }
        }
    }
}

/// Paths of touches, and what came of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributionTally {
    /// By path: what ended in an outcome, and what did not. The empty path is an outcome without a touch.
    pub paths: BTreeMap<Vec<Place>, PathTally>,
    /// By touchpoint: time-decay credit of outcomes, and of money.
    pub decay: BTreeMap<Place, (Exact, Exact)>,
    /// Of the paths without an outcome, those whose look-back is not over when the data ends.
    pub open: u64,
}

/// What came of one path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PathTally {
    /// Outcomes.
    pub outcomes: u64,
    /// Their money, in minor units where the property is money.
    pub money: Exact,
    /// How often nothing came of it.
    pub without: u64,
}

impl AttributionTally {
    /// Counts a path that ended in an outcome.
    pub fn outcome(&mut self, path: Vec<Place>, money: f64) {
        let tally = self.paths.entry(path).or_default();
        tally.outcomes += 1;
        // money that is not finite was refused by the reader
        let _ = tally.money.add_f64(money);
    }

    /// Gives a touchpoint a share of an outcome by its age.
    pub fn decay(&mut self, place: Place, share: f64, money: f64) {
        let (outcomes, sum) = self.decay.entry(place).or_default();
        let _ = outcomes.add_f64(share);
        let _ = sum.add_product(share, money);
    }

    /// Counts a path that ended in nothing.
    pub fn without(&mut self, path: Vec<Place>, open: bool) {
        self.paths.entry(path).or_default().without += 1;
        self.open += u64::from(open);
    }

    /// Adds the paths of `other`.
    pub fn merge(&mut self, other: &Self) {
        for (path, theirs) in &other.paths {
            let mine = self.paths.entry(path.clone()).or_default();
            mine.outcomes += theirs.outcomes;
            mine.money.add(&theirs.money);
            mine.without += theirs.without;
        }
        for (place, (outcomes, money)) in &other.decay {
            let mine = self.decay.entry(*place).or_default();
            mine.0.add(outcomes);
            mine.1.add(money);
        }
        self.open += other.open;
    }

    /// Returns how many outcomes there were.
    pub fn outcomes(&self) -> u64 {
        self.paths.values().map(|p| p.outcomes).sum()
    }
}

/// Where people went from a touchpoint, or came from: each unit once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathsTally {
    /// By the places in turn, the anchor first, repeats collapsed: units. A path that ends early ends in [`LEFT`].
    pub paths: Ways,
    /// By column and place: units that were there more than once in a row.
    pub loops: BTreeMap<(u8, Place), u64>,
    /// For each comparison of the plan: the paths of each of its groups. The empty path is of a unit that did not come to
    /// the anchor.
    pub versus: Vec<Vec<Ways>>,
}

/// By the places in turn: units.
pub type Ways = BTreeMap<Vec<Place>, u64>;

impl PathsTally {
    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        add(&mut self.paths, &other.paths);
        for (mine, theirs) in self.versus.iter_mut().zip(&other.versus) {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| add(mine, theirs));
        }
        other.loops.iter().for_each(|(at, n)| *self.loops.entry(*at).or_default() += n);
    }
}

fn add(mine: &mut Ways, theirs: &Ways) {
    theirs.iter().for_each(|(path, n)| *mine.entry(path.clone()).or_default() += n);
}

/// People at a touchpoint, and whether their next event was on the other device or channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandoverTally {
    /// Units that were there on the first device.
    pub at: u64,
    /// Of those, whose next event was on the other.
    pub changed: u64,
    /// Of those, who went on along the map.
    pub changed_on: u64,
    /// Whose next event was on the same, or who had none.
    pub stayed: u64,
    /// Of those, who went on along the map.
    pub stayed_on: u64,
    /// Whose next event was on something else.
    pub elsewhere: u64,
    /// From the touchpoint to the next event on the other, in milliseconds.
    pub times: Times,
}

impl HandoverTally {
    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.at += other.at;
        self.changed += other.changed;
        self.changed_on += other.changed_on;
        self.stayed += other.stayed;
        self.stayed_on += other.stayed_on;
        self.elsewhere += other.elsewhere;
        self.times.merge(&other.times);
    }
}

/// How far people keep to the map, by alignment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConformanceTally {
    /// By (cost, events and plan together): units. Fitness is 1 - cost / both.
    pub fits: BTreeMap<(u32, u32), u64>,
    /// By touchpoint: units that left it out.
    pub skipped: BTreeMap<Place, u64>,
    /// Units that were there once more than planned.
    pub repeated: BTreeMap<Place, u64>,
    /// Units that were there at another time than planned.
    pub out_of_order: BTreeMap<Place, u64>,
    /// Units with an event that is not on the map.
    pub unplanned: u64,
    /// By the whole sequence of touchpoints, as they came: units. Longer ones are cut at [`ConformanceTally::LONGEST`].
    pub variants: BTreeMap<Vec<Place>, u64>,
}

impl ConformanceTally {
    /// Sequences are told apart up to this length.
    pub const LONGEST: usize = 64;

    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        other.fits.iter().for_each(|(fit, n)| *self.fits.entry(*fit).or_default() += n);
        other.variants.iter().for_each(|(v, n)| *self.variants.entry(v.clone()).or_default() += n);
        for (mine, theirs) in [
            (&mut self.skipped, &other.skipped),
            (&mut self.repeated, &other.repeated),
            (&mut self.out_of_order, &other.out_of_order),
        ] {
            theirs.iter().for_each(|(place, n)| *mine.entry(*place).or_default() += n);
        }
        self.unplanned += other.unplanned;
    }

    /// Returns how many units there are.
    pub fn units(&self) -> u64 {
        self.fits.values().sum()
    }
}

/// Visits: runs of events without a gap longer than the project says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionTally {
    /// Units.
    pub units: u64,
    /// Visits.
    pub sessions: u64,
    /// Events.
    pub events: u64,
    /// How long visits of more than one event took, in milliseconds.
    pub times: Times,
    /// By touchpoint: visits that began there, that ended there, and that saw nothing else.
    pub places: BTreeMap<Place, SessionPlace>,
}

/// Visits at one touchpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionPlace {
    /// Began here.
    pub began: u64,
    /// Ended here.
    pub ended: u64,
    /// One event only.
    pub alone: u64,
}

impl SessionTally {
    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.units += other.units;
        self.sessions += other.sessions;
        self.events += other.events;
        self.times.merge(&other.times);
        for (place, theirs) in &other.places {
            let mine = self.places.entry(*place).or_default();
            mine.began += theirs.began;
            mine.ended += theirs.ended;
            mine.alone += theirs.alone;
        }
    }

    /// Returns how many visits had one event only.
    pub fn alone(&self) -> u64 {
        self.places.values().map(|p| p.alone).sum()
    }
}

/// Purchases of people.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SaleTally {
    /// By number of purchases: units.
    pub buyers: BTreeMap<u64, u64>,
    /// From the first purchase to the second, in milliseconds; those who did not come back are censored.
    pub again: Times,
    /// Money of each buyer up to so many days after the first purchase, of those who were watched so long; the last is up
    /// to the end of the data, of everybody.
    pub worth: Vec<(Option<u32>, Mean)>,
}

impl SaleTally {
    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        other.buyers.iter().for_each(|(n, units)| *self.buyers.entry(*n).or_default() += units);
        self.again.merge(&other.again);
        if self.worth.is_empty() {
            self.worth.clone_from(&other.worth);
        } else {
            self.worth.iter_mut().zip(&other.worth).for_each(|((_, a), (_, b))| a.merge(b));
        }
    }
}
