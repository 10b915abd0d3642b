//! Rows become records: which events of the plan is this row, and what of it must be kept? [`Emitter`]
use super::bind::{Binding, Column, Naming, View};
use super::error::EngineError;
use super::shapes::{NO_TEXT, NO_VARIANT, NOT_COMPARED, Shape, Shared, Slot, UNKNOWN};
use super::timeline::{Chunk, MOST_SHAPES, MOST_UNITS, MOST_VALUES, PARTITIONS, Record};
use super::units::Units;
use crate::assign::{Attr, Attributes, UnitId};
use crate::events::{Part, key};
use crate::plan::{Plan, SourceShape};
use arrow_array::RecordBatch;
use std::collections::HashMap;

/// The records of all parts one thread read, and the rows it left out.
#[derive(Debug, Default)]
pub(super) struct Emitted {
    chunks: Vec<(usize, Chunk)>,
    /// Rows that met no event's condition.
    pub(super) other: u64,
    /// Rows that the source's `where` leaves out.
    pub(super) filtered: u64,
}

impl Emitted {
    pub(super) fn merge(&mut self, other: Emitted) {
        self.chunks.extend(other.chunks);
        self.other += other.other;
        self.filtered += other.filtered;
    }

    pub(super) fn into_partitions(self, partitions: &mut [Vec<Chunk>]) {
        for (partition, chunk) in self.chunks {
            if let Some(chunks) = partitions.get_mut(partition) {
                chunks.push(chunk);
            }
        }
    }
}

/// A partition's rows of the part at hand.
#[derive(Debug, Default)]
struct Open {
    units: Units,
    records: Vec<Record>,
    values: Vec<u64>,
    /// Chunks that became full before the part ended.
    full: Vec<Chunk>,
}

impl Open {
    /// Takes the rows so far as a chunk; its order is set when the part ends.
    fn close(&mut self) {
        let order = Default::default();
        let (records, values) = (std::mem::take(&mut self.records), std::mem::take(&mut self.values));
        self.full.push(Chunk { order, keys: self.units.take(), records, values });
    }

    fn is_full(&self) -> bool {
        self.units.len() + 1 >= MOST_UNITS || self.values.len() + 4096 >= MOST_VALUES
    }
}

/// Turns the batches of one thread into chunks.
pub(super) struct Emitter<'e> {
    plan: &'e Plan,
    binding: &'e Binding<'e>,
    shared: &'e Shared,
    open: Vec<Open>,
    emitted: Emitted,
    /// Shapes met by this thread: their number and slots.
    shapes: HashMap<Shape, (u32, Vec<Slot>)>,
    shape: Shape,
    /// For each code of the batch's event column, its names in the plan.
    scratch: Vec<u64>,
    too_many: bool,
}

impl<'e> Emitter<'e> {
    pub(super) fn new(plan: &'e Plan, binding: &'e Binding<'e>, shared: &'e Shared) -> Self {
        Self {
            plan,
            binding,
            shared,
            open: (0..PARTITIONS).map(|_| Open::default()).collect(),
            emitted: Emitted::default(),
            shapes: HashMap::new(),
            shape: Shape::default(),
            scratch: Vec::new(),
            too_many: false,
        }
    }

    /// Takes the rows of a batch.
    pub(super) fn batch(&mut self, batch: &RecordBatch) {
        let views = self.binding.views(batch);
        let names = self.names(&views);
        for row in 0..batch.num_rows() {
            if !self.counts(&views, row) {
                self.emitted.filtered += 1;
                continue;
            }
            match &self.binding.source.shape {
                SourceShape::Events { .. } => self.event(&views, row, &names),
                _ => self.unit(&views, row),
            }
        }
    }

    /// Returns the names in the plan for each code of the event column.
    fn names(&self, views: &[View<'_>]) -> Vec<&'e [Naming]> {
        let Some(View::Text(_, texts)) = self.binding.event.view(views) else { return Vec::new() };
        let of =
            |name: Option<&str>| name.and_then(|n| self.binding.names.get(n)).map_or(&[] as &[Naming], Vec::as_slice);
        texts.iter().map(of).collect()
    }

    fn counts(&self, views: &[View<'_>], row: usize) -> bool {
        let consent = match &self.binding.source.consent {
            Some((_, wanted)) => {
                self.binding.consent.view(views).and_then(|v| v.text(row)).is_some_and(|t| t == wanted)
            }
            None => true,
        };
        consent && self.binding.only.as_ref().is_none_or(|test| test.holds(views, row))
    }

    fn event(&mut self, views: &[View<'_>], row: usize, names: &[&'e [Naming]]) {
        let Some(View::Text(codes, _)) = self.binding.event.view(views) else { return };
        let namings = usize::try_from(codes.value(row)).ok().and_then(|code| names.get(code)).copied().unwrap_or(&[]);
        self.shape.events.clear();
        self.match_events(namings, views, row);
        if self.shape.events.is_empty() {
            self.emitted.other += 1;
            return;
        }
        self.shape.quiet = false;
        self.exposures(views, row);
        self.personas(views, row);
        self.emit(views, row, None);
    }

    fn match_events(&mut self, namings: &[Naming], views: &[View<'_>], row: usize) {
        for naming in namings {
            let known = self.shape.events.last() == Some(&naming.event);
            if !known && naming.test.as_ref().is_none_or(|t| t.holds(views, row)) {
                self.shape.events.push(naming.event);
            }
        }
    }

    /// Takes a row of a units table: an exposure, and an event for each outcome.
    fn unit(&mut self, views: &[View<'_>], row: usize) {
        self.shape.events.clear();
        self.shape.quiet = false;
        self.exposures(views, row);
        self.personas(views, row);
        self.emit(views, row, None);
        for (column, namings) in &self.binding.outcomes {
            let Some(value) = column.view(views).and_then(|v| v.number(row)) else { continue };
            self.shape.events.clear();
            self.shape.exposes.clear();
            self.shape.personas.iter_mut().for_each(|p| *p = None);
            self.shape.quiet = value == 0.0;
            self.match_events(namings, views, row);
            if !self.shape.events.is_empty() {
                self.emit(views, row, Some(value));
            }
        }
    }

    /// Notes the experiments that the row exposes in.
    fn exposures(&mut self, views: &[View<'_>], row: usize) {
        self.shape.exposes.clear();
        let binding = self.binding;
        let is_units = matches!(binding.source.shape, SourceShape::Units { .. });
        let named = binding.experiment_by.view(views).map(|v| v.text(row));
        let told = is_units && binding.variant != Column::NONE;
        let logged = told || binding.variant.view(views).and_then(|v| v.text(row)).is_some();
        for (at, x) in self.plan.experiments.iter().enumerate() {
            let here = is_units || self.shape.events.iter().any(|e| usize::from(*e) == x.exposure);
            let mine = binding.source.experiment.as_ref().is_none_or(|id| *id == x.logged_as)
                && named.is_none_or(|name| name == Some(x.logged_as.as_str()));
            let told = logged || self.shared.assigners.get(at).is_some_and(Option::is_some);
            if here && mine && told {
                self.shape.exposes.push(u16::try_from(at).unwrap_or(u16::MAX));
            }
        }
    }

    fn personas(&mut self, views: &[View<'_>], row: usize) {
        self.shape.personas.clear();
        for test in &self.binding.personas {
            let told = test.tells(views, row).then(|| test.holds(views, row));
            self.shape.personas.push(told);
        }
    }

    /// Puts the row into its partition.
    fn emit(&mut self, views: &[View<'_>], row: usize, outcome: Option<f64>) {
        let Some(View::Key(keys)) = self.binding.key.view(views) else { return };
        let unit = keys.get(row).copied().unwrap_or(0) as u128;
        let time = match self.binding.time.view(views) {
            Some(View::Time(times)) => times.get(row).copied().unwrap_or(0),
            _ => 0,
        };
        self.shape.has_id = self.binding.row_id != Column::NONE;
        if !self.shapes.contains_key(&self.shape) {
            let number = self.shared.shape(&self.shape);
            self.too_many |= u64::from(number) >= MOST_SHAPES;
            self.shapes.insert(self.shape.clone(), (number, self.shared.slots(&self.shape)));
        }
        let Some((shape, slots)) = self.shapes.get(&self.shape) else { return };
        self.scratch.clear();
        for slot in slots {
            self.scratch.push(self.value(*slot, views, row, outcome));
        }
        let partition = unit as usize % PARTITIONS;
        let Some(open) = self.open.get_mut(partition) else { return };
        if open.is_full() {
            open.close();
        }
        let number = open.units.number(unit);
        open.records.push(Record::new(time, number, *shape, open.values.len()));
        open.values.extend_from_slice(&self.scratch);
    }

    fn value(&self, slot: Slot, views: &[View<'_>], row: usize, outcome: Option<f64>) -> u64 {
        let binding = self.binding;
        match slot {
            Slot::RowId => {
                let id = binding.row_id.view(views).and_then(|v| v.text(row));
                id.map_or(0, |t| (key(t.as_bytes()) as u64).max(1))
            }
            Slot::Property(at) => {
                let from_outcome = outcome.filter(|_| self.plan.properties.get(at).is_some_and(|p| p.name == "value"));
                let cell = || binding.properties.get(at).and_then(|c| c.view(views)).and_then(|v| v.number(row));
                from_outcome.or_else(cell).unwrap_or(f64::NAN).to_bits()
            }
            Slot::Variant(x) => self.variant(x, views, row),
            Slot::Recomputed(x) => self.recomputed(x, views, row),
            Slot::Field(at) => {
                let words = binding.fields.get(at).and_then(|c| c.view(views)).and_then(|v| v.words(row));
                words.map_or(NO_TEXT, |w| u64::from(self.shared.text(&w)))
            }
        }
    }

    fn variant(&self, x: usize, views: &[View<'_>], row: usize) -> u64 {
        let logged = self.binding.variant.view(views).and_then(|v| v.text(row));
        // a table of units says each one's variant, or something is wrong with the row
        let told =
            matches!(self.binding.source.shape, SourceShape::Units { .. }) && self.binding.variant != Column::NONE;
        let Some(logged) = logged.or(told.then_some("nothing")) else { return NO_VARIANT };
        let id = self.binding.source.variant_id(logged);
        let variants = self.plan.experiments.get(x).map_or(&[] as &[String], |e| e.variants.as_slice());
        match variants.iter().position(|v| v == id) {
            Some(at) => at as u64,
            None => UNKNOWN + u64::from(self.shared.text(logged)),
        }
    }

    fn recomputed(&self, x: usize, views: &[View<'_>], row: usize) -> u64 {
        if self.binding.key_text == Column::NONE {
            return NOT_COMPARED;
        }
        let assigner = self.shared.assigners.get(x).and_then(Option::as_ref);
        let text = self.binding.key_text.view(views).and_then(|v| v.text(row));
        let unit = text.and_then(|t| UnitId::new(t).ok());
        let (Some(assigner), Some(unit)) = (assigner, unit) else { return NO_VARIANT };
        let row = Row { plan: self.plan, binding: self.binding, views, row };
        let given = assigner.assign(unit, &row).variant;
        let variants = self.plan.experiments.get(x).map_or(&[] as &[String], |e| e.variants.as_slice());
        given.and_then(|id| variants.iter().position(|v| v == id)).map_or(NO_VARIANT, |at| at as u64)
    }

    /// Closes the part at hand.
    pub(super) fn end(&mut self, part: Part) {
        let source = self.plan.sources.iter().position(|s| std::ptr::eq(s, self.binding.source)).unwrap_or(0);
        for (partition, open) in self.open.iter_mut().enumerate() {
            if !open.records.is_empty() {
                open.close();
            }
            for (nth, mut chunk) in (0_u32..).zip(open.full.drain(..)) {
                chunk.order = (source, part, nth);
                self.emitted.chunks.push((partition, chunk));
            }
        }
    }

    /// Returns everything emitted.
    ///
    /// # Errors
    /// When there are more kinds of rows than a record can hold.
    pub(super) fn finish(self) -> Result<Emitted, EngineError> {
        if self.too_many {
            let message =
                "the specs make too many kinds of rows of the data; ask for fewer personas or conditions at once";
            return Err(EngineError::Unfit(message.to_owned()));
        }
        Ok(self.emitted)
    }
}

/// A row as the attributes of its unit.
struct Row<'r> {
    plan: &'r Plan,
    binding: &'r Binding<'r>,
    views: &'r [View<'r>],
    row: usize,
}

impl Attributes for Row<'_> {
    fn get(&self, name: &str, _slot: usize) -> Attr<'_> {
        let at = self.plan.fields.iter().position(|(n, _)| n == name);
        let Some(view) = at.and_then(|at| self.binding.fields.get(at)).and_then(|c| c.view(self.views)) else {
            return Attr::Missing;
        };
        match view {
            View::Text(..) => view.text(self.row).map_or(Attr::Missing, Attr::Text),
            View::Number(_) => view.number(self.row).map_or(Attr::Missing, Attr::Number),
            View::Money(_, unit) => view.number(self.row).map_or(Attr::Missing, |n| Attr::Number(n / unit)),
            View::Truth(_) => view.truth(self.row).map_or(Attr::Missing, Attr::Bool),
            _ => Attr::Missing,
        }
    }
}
