//! What all threads share: the shapes of rows, the texts of segments, the assigners: [`Shared`].
use super::identity::Aliases;
use crate::assign::Assigner;
use crate::plan::{Plan, SegmentPlan};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

/// What a row is: which events of the plan, which exposures, what it tells of personas.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    /// The places of the events, ascending.
    pub(super) events: Vec<u16>,
    /// The places of the experiments it exposes in, ascending.
    pub(super) exposes: Vec<u16>,
    /// For each persona of the plan: whether the unit is one, where the row tells.
    pub(super) personas: Vec<Option<bool>>,
    /// An outcome of zero: it has a value, and did not happen.
    pub(super) quiet: bool,
    /// The consent that the source asks for is lacking: the row exposes, so that it can be counted, and is nothing else.
    pub(super) refused: bool,
    /// The row has an id of its own.
    pub(super) has_id: bool,
}

/// What stands behind one value of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// The bits of the row's id.
    RowId,
    /// The value of a property, as the bits of a double; not a number where there is none.
    Property(usize),
    /// The variant of an experiment: a place, or [`NO_VARIANT`], or a text from [`UNKNOWN`] on.
    Variant(usize),
    /// The recomputed variant of an experiment: a place, or [`NO_VARIANT`].
    Recomputed(usize),
    /// The text of a field, or [`NO_TEXT`].
    Field(usize),
}

/// No variant.
pub(super) const NO_VARIANT: u64 = u64::MAX;
/// The recomputed variant where the rows are of somebody else's making, so that there is nothing to compare.
pub(super) const NOT_COMPARED: u64 = u64::MAX - 1;
/// Variants the plan does not know: this plus the number of their text.
pub(super) const UNKNOWN: u64 = 1 << 32;
/// No text.
pub(super) const NO_TEXT: u64 = u64::MAX;

/// Shapes, with the slots each has.
#[derive(Clone, Debug, Default)]
pub(super) struct Shapes {
    pub(super) list: Vec<(Shape, Vec<Slot>)>,
}

impl Shapes {
    /// Returns where a slot stands among the values of a shape.
    pub(super) fn place(&self, shape: usize, slot: Slot) -> Option<usize> {
        self.list.get(shape)?.1.iter().position(|s| *s == slot)
    }

    /// Returns, for each shape, whether it is of an event that happened.
    pub(super) fn with_event(&self, event: usize) -> Vec<bool> {
        self.list.iter().map(|(s, _)| s.events.iter().any(|e| usize::from(*e) == event)).collect()
    }
}

/// A table that numbers things; the numbers depend on who came first and so never leave the run.
#[derive(Debug)]
struct Numbered<T> {
    list: Vec<T>,
    known: HashMap<T, u32>,
}

impl<T: Clone + Eq + std::hash::Hash> Numbered<T> {
    fn new() -> Self {
        Self { list: Vec::new(), known: HashMap::new() }
    }

    fn number(&mut self, item: &T) -> u32 {
        if let Some(n) = self.known.get(item) {
            return *n;
        }
        let n = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(item.clone());
        self.known.insert(item.clone(), n);
        n
    }
}

/// What all threads share.
pub(super) struct Shared {
    /// Which id stands for which; none where no source has an anonymous one.
    pub(super) aliases: Option<Aliases>,
    shapes: Mutex<Numbered<Shape>>,
    texts: Mutex<Numbered<String>>,
    /// For each experiment, who recomputes its assignment.
    pub(super) assigners: Vec<Option<Assigner>>,
    /// For each event, the places of its properties.
    properties: Vec<Vec<usize>>,
    /// For each experiment, the fields its segments need.
    fields: Vec<Vec<usize>>,
    /// For each event, the fields that funnels with it need.
    event_fields: Vec<Vec<usize>>,
}

impl Shared {
    pub(super) fn new(plan: &Plan, assigners: Vec<Option<Assigner>>) -> Self {
        let fields = plan.experiments.iter().map(|x| {
            let field = |s: &SegmentPlan| match s {
                SegmentPlan::Field(at) => Some(*at),
                SegmentPlan::Persona => None,
            };
            x.segments.iter().filter_map(field).collect()
        });
        Self {
            aliases: None,
            shapes: Mutex::new(Numbered::new()),
            texts: Mutex::new(Numbered::new()),
            assigners,
            properties: plan.events.iter().map(|e| e.properties.clone()).collect(),
            fields: fields.collect(),
            event_fields: (0..plan.events.len()).map(|e| event_fields(plan, e)).collect(),
        }
    }

    /// Returns the number of a shape.
    pub(super) fn shape(&self, shape: &Shape) -> u32 {
        self.shapes.lock().unwrap_or_else(PoisonError::into_inner).number(shape)
    }

    /// Returns the number of a text.
    pub(super) fn text(&self, text: &str) -> u32 {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).number(&text.to_owned())
    }

    /// Returns the text of a number.
    pub(super) fn text_of(&self, number: u64) -> String {
        let texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        usize::try_from(number).ok().and_then(|n| texts.list.get(n)).cloned().unwrap_or_default()
    }

    /// Returns the values that a row of this shape has, in order.
    pub(super) fn slots(&self, shape: &Shape) -> Vec<Slot> {
        let mut slots = Vec::new();
        if shape.has_id {
            slots.push(Slot::RowId);
        }
        let mut properties: Vec<usize> =
            shape.events.iter().filter_map(|e| self.properties.get(usize::from(*e))).flatten().copied().collect();
        properties.sort_unstable();
        properties.dedup();
        slots.extend(properties.into_iter().map(Slot::Property));
        let fields = shape.events.iter().filter_map(|e| self.event_fields.get(usize::from(*e))).flatten();
        slots.extend(fields.copied().collect::<BTreeSet<_>>().into_iter().map(Slot::Field));
        for x in shape.exposes.iter().map(|x| usize::from(*x)) {
            slots.push(Slot::Variant(x));
            if self.assigners.get(x).is_some_and(Option::is_some) {
                slots.push(Slot::Recomputed(x));
            }
            // of a row without consent nothing but the arm is kept
            for field in self.fields.get(x).into_iter().flatten().filter(|_| !shape.refused) {
                if !slots.contains(&Slot::Field(*field)) {
                    slots.push(Slot::Field(*field));
                }
            }
        }
        slots
    }

    /// Returns all shapes met.
    pub(super) fn shapes(&self) -> Shapes {
        let shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner).list.clone();
        Shapes { list: shapes.into_iter().map(|s| (s.clone(), self.slots(&s))).collect() }
    }
}

/// Returns the fields that funnels read from an event.
fn event_fields(plan: &Plan, event: usize) -> Vec<usize> {
    let with = plan.funnels.iter().filter(|f| f.steps.iter().any(|s| s.event == event));
    let travels = plan.events.get(event).into_iter().flat_map(|e| &e.fields);
    with.flat_map(|f| f.by.iter().chain(&f.count_field)).chain(travels).copied().collect()
}
