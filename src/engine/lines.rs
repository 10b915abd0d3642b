//! Maps, funnels and travels of units whose events somebody else put together: [`Lines`].
//!
//! The programs are those that walk the events of files, so what they count of the same events is the same.
use super::error::EngineError;
use super::shapes::{NO_TEXT, NO_VARIANT, Shape, Shared, Slot, UNKNOWN};
use super::store::Store;
use super::timeline::{Chunk, MOST_SHAPES, PARTITIONS, Record};
use super::{Options, walk};
use crate::events::Part;
use crate::plan::{ExperimentPlan, Plan};
use crate::tally::{Counts, Moment, Tallies};

/// So many events wait before they are handed on.
const WAIT: usize = 1 << 20;

/// Takes units one by one, and counts them at the end.
pub struct Lines {
    /// The plan; of its experiments nothing but who is in which arm, for their measures are counted where the data is.
    plan: Plan,
    shared: Shared,
    store: Store,
    open: Vec<Chunk>,
    waiting: usize,
    units: u64,
    part: u64,
    too_many: bool,
}

impl Lines {
    /// Takes nothing yet. Of the plan's experiments only the arms of units are looked at; more than `memory` bytes wait in a temporary file.
    pub fn new(plan: &Plan, memory: usize) -> Self {
        let arms = plan.experiments.iter().map(|x| ExperimentPlan {
            measures: Vec::new(),
            segments: Vec::new(),
            walks: Vec::new(),
            beside: Vec::new(),
            ..x.clone()
        });
        let plan = Plan { experiments: arms.collect(), ..plan.clone() };
        Self {
            shared: Shared::new(&plan, Vec::new()),
            plan,
            store: Store::new(memory),
            open: empty(),
            waiting: 0,
            units: 0,
            part: 0,
            too_many: false,
        }
    }

    /// Takes a unit with its events, by time.
    ///
    /// # Errors
    /// When there are more kinds of events than can be told apart, or the temporary file cannot be written.
    pub fn unit(&mut self, line: &[Moment]) -> Result<(), EngineError> {
        let number = self.units;
        self.units += 1;
        let Some(chunk) = usize::try_from(number).ok().and_then(|n| self.open.get_mut(n % PARTITIONS)) else {
            return Ok(());
        };
        let unit = u32::try_from(chunk.keys.len()).unwrap_or(u32::MAX);
        chunk.keys.push(u128::from(number));
        for moment in line {
            let shape = Shape {
                events: moment.events.clone(),
                exposes: moment.arms.iter().map(|(x, _)| *x).collect(),
                personas: moment.personas.clone(),
                quiet: moment.quiet,
                ..Shape::default()
            };
            let place = self.shared.shape(&shape);
            self.too_many |= u64::from(place) >= MOST_SHAPES;
            let at = chunk.values.len();
            for slot in self.shared.slots(&shape) {
                chunk.values.push(value(&self.shared, moment, slot));
            }
            chunk.records.push(Record::new(moment.time, unit, place, at));
        }
        self.waiting += line.len();
        if self.waiting >= WAIT { self.hand_on() } else { Ok(()) }
    }

    fn hand_on(&mut self) -> Result<(), EngineError> {
        if self.too_many {
            let message =
                "the specs make too many kinds of rows of the data; ask for fewer personas or conditions at once";
            return Err(EngineError::Unfit(message.to_owned()));
        }
        let order = (0, Part { file: 0, part: self.part }, 0);
        self.part += 1;
        self.waiting = 0;
        let full = std::mem::replace(&mut self.open, empty()).into_iter().enumerate();
        self.store.add(full.filter(|(_, c)| !c.records.is_empty()).map(|(at, c)| (at, Chunk { order, ..c })));
        self.store.outcome()
    }

    /// Puts what the units did into the counts, whose data says when it ends.
    ///
    /// # Errors
    /// When the temporary file cannot be written or read back.
    pub fn finish(mut self, options: &Options<'_>, counts: &mut Counts) -> Result<(), EngineError> {
        self.hand_on()?;
        let mut found = Counts::default();
        found.experiments.resize_with(self.plan.experiments.len(), Tallies::default);
        found.data.times = counts.data.times;
        walk(&self.plan, &self.shared, &self.store, options, &mut found)?;
        (counts.maps, counts.funnels, counts.travels) = (found.maps, found.funnels, found.travels);
        Ok(())
    }
}

fn empty() -> Vec<Chunk> {
    (0..PARTITIONS).map(|_| Chunk::default()).collect()
}

/// Returns what an event has of a slot.
fn value(shared: &Shared, moment: &Moment, slot: Slot) -> u64 {
    match slot {
        Slot::Property(at) => {
            let known = moment.numbers.iter().find(|(p, _)| *p == at);
            known.map_or(f64::NAN, |(_, value)| *value).to_bits()
        }
        Slot::Field(at) => {
            let known = moment.texts.iter().find(|(f, _)| *f == at);
            known.map_or(NO_TEXT, |(_, text)| u64::from(shared.text(text)))
        }
        Slot::Variant(at) => {
            let known = moment.arms.iter().find(|(x, _)| usize::from(*x) == at);
            known.map_or(NO_VARIANT, |(_, arm)| arm.map_or(UNKNOWN, u64::from))
        }
        Slot::RowId | Slot::Recomputed(_) => u64::MAX,
    }
}
