//! What one pass over the data counts of journeys, and of the data itself.
use super::{DifferenceTally, Tallies, Times, TravelTally};
use std::collections::BTreeMap;

/// Everything one pass counted, in the order of the plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    /// One for each experiment of the plan.
    pub experiments: Vec<Tallies>,
    /// One for each map of the plan.
    pub maps: Vec<MapTally>,
    /// One for each funnel of the plan.
    pub funnels: Vec<FunnelTally>,
    /// One for each map whose travels the plan asks for.
    pub travels: Vec<TravelTally>,
    /// One for each funnel that is counted as another tool does as well.
    pub differences: Vec<DifferenceTally>,
    /// What was read.
    pub data: DataTally,
}

/// Who is counted: everybody, or a persona of the plan by its place, or those of whom it is not known which they are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// Everybody.
    Everybody,
    /// The persona at this place of the plan.
    Persona(usize),
    /// Units that are no persona's, or of which too little is known.
    Unknown,
    /// Units with this value of a breakdown.
    Value(String),
    /// The audience at this place among the plan's personas.
    Audience(usize),
}

/// What was read, and what became of it. `rows = used + other + filtered + duplicates + rejects`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataTally {
    /// The files, in reading order.
    pub files: Vec<DataFile>,
    /// Rows read.
    pub rows: u64,
    /// Rows used.
    pub used: u64,
    /// Good rows of events that the plan does not ask for.
    pub other: u64,
    /// Rows that the source's `where`, or the consent they lack, leaves out.
    pub filtered: u64,
    /// Where consent is asked of the rows: how many had it, of how many; nothing where it is not, or was not counted.
    pub consented: Option<(u64, u64)>,
    /// Rows that repeat another's id.
    pub duplicates: u64,
    /// Of those, rows that say something else than the one they repeat.
    pub conflicts: u64,
    /// Rows left out, by the words for why: how many, and the first places as `file:line`.
    pub rejects: BTreeMap<String, (u64, Vec<String>)>,
    /// The first and the last time, in microseconds since 1970.
    pub times: Option<(i64, i64)>,
    /// Units seen.
    pub units: u64,
}

impl DataTally {
    /// Returns how many rows were rejected.
    pub fn rejected(&self) -> u64 {
        self.rejects.values().map(|(count, _)| count).sum()
    }

    /// Returns whether every row is accounted for.
    pub fn balances(&self) -> bool {
        self.rows == self.used + self.other + self.filtered + self.duplicates + self.rejected()
    }
}

/// One file that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataFile {
    /// The path from the project's root.
    pub name: String,
    /// Its SHA-256, where it was asked for.
    pub sha256: Option<String>,
    /// Bytes as stored.
    pub bytes: u64,
    /// Rows read.
    pub rows: u64,
    /// What was assumed or mended.
    pub notes: Vec<String>,
}

/// What was counted on one map: everybody first, then each persona of the map, then the unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapTally {
    /// The groups.
    pub groups: Vec<(Who, MapGroup)>,
}

impl MapTally {
    /// Returns what was counted of a group.
    pub fn of(&self, who: &Who) -> Option<&MapGroup> {
        self.groups.iter().find(|(w, _)| w == who).map(|(_, group)| group)
    }
}

/// What was counted of one group on one map; stages and touchpoints in the order of the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapGroup {
    /// Units seen anywhere on the map.
    pub units: u64,
    /// One for each stage.
    pub stages: Vec<StageTally>,
    /// One for each touchpoint.
    pub touchpoints: Vec<PlaceTally>,
}

impl MapGroup {
    /// Adds the units of `other`; shorter lists grow.
    pub fn merge(&mut self, other: &Self) {
        self.units += other.units;
        zip_merge(&mut self.stages, &other.stages, StageTally::merge);
        zip_merge(&mut self.touchpoints, &other.touchpoints, PlaceTally::merge);
    }
}

fn zip_merge<T: Default + Clone>(mine: &mut Vec<T>, theirs: &[T], merge: impl Fn(&mut T, &T)) {
    if mine.len() < theirs.len() {
        mine.resize(theirs.len(), T::default());
    }
    mine.iter_mut().zip(theirs).for_each(|(a, b)| merge(a, b));
}

/// What was counted at one stage. `reached = moved_on + left + open`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StageTally {
    /// Units with an event of the stage.
    pub reached: u64,
    /// Of those, units that reached the next stage afterwards, within the target's time where there is one.
    pub moved_on: u64,
    /// Units that did not, and whose time is over.
    pub left: u64,
    /// Units that did not, and whose time is not over when the data ends: in no rate.
    pub open: u64,
    /// Times from the first event here to the first of the next stage, in milliseconds; those who did not are censored.
    pub times: Times,
}

impl StageTally {
    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.reached += other.reached;
        self.moved_on += other.moved_on;
        self.left += other.left;
        self.open += other.open;
        self.times.merge(&other.times);
    }
}

/// What was counted at one touchpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceTally {
    /// Units with its event.
    pub reached: u64,
    /// Their events.
    pub events: u64,
    /// Of those who reached it, units with an event of a later stage afterwards.
    pub went_on: u64,
    /// The promise made here: units to whom it was due.
    pub due: u64,
    /// Of those, units for whom it was kept.
    pub kept: u64,
    /// Units whose promise is still open when the data ends: in no rate.
    pub open: u64,
    /// Times from the promise's start to here, in milliseconds.
    pub times: Times,
}

impl PlaceTally {
    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        self.reached += other.reached;
        self.events += other.events;
        self.went_on += other.went_on;
        self.due += other.due;
        self.kept += other.kept;
        self.open += other.open;
        self.times.merge(&other.times);
    }
}

/// What was counted of one funnel, group by group: everybody first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunnelTally {
    /// The groups.
    pub groups: Vec<(Who, FunnelGroup)>,
}

impl FunnelTally {
    /// Returns what was counted of a group.
    pub fn of(&self, who: &Who) -> Option<&FunnelGroup> {
        self.groups.iter().find(|(w, _)| w == who).map(|(_, group)| group)
    }
}

/// What was counted of one group in one funnel. `entrants = converted + dropped + failed + open`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunnelGroup {
    /// Units (or sessions, or attempts) seen at all: the other base.
    pub seen: u64,
    /// Those that entered.
    pub entrants: u64,
    /// Those that came in at each step; only the first without `may start anywhere`.
    pub inflow: Vec<u64>,
    /// Those that reached each step, the open ones included.
    pub reached: Vec<u64>,
    /// Those that reached each step, of the mature alone: what rates are made of.
    pub mature: Vec<u64>,
    /// Those that reached the last step.
    pub converted: u64,
    /// Those lost after each step, their time over.
    pub dropped: Vec<u64>,
    /// Those lost by an exclusion that fails them.
    pub failed: u64,
    /// Those whose time is not over when the data ends: in no rate.
    pub open: u64,
    /// Those left out of the base by an exclusion.
    pub excluded: u64,
    /// Conversions that hang on the order of events at one instant.
    pub tied: u64,
    /// Times from each step to the next, in milliseconds, one list less than steps; then of the whole chain.
    pub times: Vec<Times>,
}

impl FunnelGroup {
    /// Returns a group that counts `steps` steps.
    pub fn new(steps: usize) -> Self {
        let zeros = || vec![0; steps];
        let times = vec![Times::default(); steps];
        Self { inflow: zeros(), reached: zeros(), mature: zeros(), dropped: zeros(), times, ..Self::default() }
    }

    /// Returns whether everybody who entered is accounted for.
    pub fn balances(&self) -> bool {
        self.entrants == self.converted + self.dropped.iter().sum::<u64>() + self.failed + self.open
    }

    /// Adds the units of `other`.
    pub fn merge(&mut self, other: &Self) {
        let add = |a: &mut u64, b: &u64| *a += b;
        for (mine, theirs) in [
            (&mut self.seen, other.seen),
            (&mut self.entrants, other.entrants),
            (&mut self.converted, other.converted),
            (&mut self.failed, other.failed),
            (&mut self.open, other.open),
            (&mut self.excluded, other.excluded),
            (&mut self.tied, other.tied),
        ] {
            *mine += theirs;
        }
        zip_merge(&mut self.inflow, &other.inflow, add);
        zip_merge(&mut self.reached, &other.reached, add);
        zip_merge(&mut self.mature, &other.mature, add);
        zip_merge(&mut self.dropped, &other.dropped, add);
        zip_merge(&mut self.times, &other.times, Times::merge);
    }
}
