//! Rows become records: which events of the plan is this row, and what of it must be kept? [`Emitter`]
use super::bind::{Binding, Column, Naming, View};
use super::error::EngineError;
use super::identity::Aliases;
use super::quick::Quick;
use super::shapes::{NO_TEXT, NO_VARIANT, NOT_COMPARED, Shape, Shared, Slot, UNKNOWN};
use super::store::Store;
use super::timeline::{Chunk, MOST_ROWS, MOST_SHAPES, MOST_VALUES, PARTITIONS, Record};
use super::units::Units;
use crate::assign::{Attr, Attributes, UnitId};
use crate::events::{Part, key};
use crate::plan::{Plan, SourceShape};
use arrow_array::{Array, RecordBatch, StringArray};
use std::borrow::Cow;
use std::collections::HashMap;

/// The rows one thread left out.
#[derive(Debug, Default)]
pub(super) struct Emitted {
    /// Rows that met no event's condition.
    pub(super) other: u64,
    /// Rows that the source's `where` leaves out.
    pub(super) filtered: u64,
    /// Rows with neither a known nor an anonymous id.
    pub(super) without_id: u64,
    /// Rows that were asked for consent, and that had it.
    pub(super) asked: u64,
    pub(super) agreed: u64,
}

impl Emitted {
    pub(super) fn merge(&mut self, other: Emitted) {
        self.other += other.other;
        self.filtered += other.filtered;
        self.without_id += other.without_id;
        self.asked += other.asked;
        self.agreed += other.agreed;
    }
}

/// A row that waits for the number of its unit.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    unit: u128,
    time: i64,
    shape: u32,
    /// Where its values start.
    value: u32,
}

/// A partition's rows of the part at hand.
#[derive(Debug, Default)]
struct Open {
    waiting: Vec<Waiting>,
    values: Vec<u64>,
    /// Chunks that became full before the part ended.
    full: Vec<Chunk>,
}

impl Open {
    /// Takes the rows so far as a chunk; its order is set when the part ends.
    ///
    /// Units get their numbers here, all of one partition in a row: its table stays in the cache, those of all would not.
    fn close(&mut self, units: &mut Units) {
        let number = |row: &Waiting| Record::new(row.time, units.number(row.unit), row.shape, row.value as usize);
        let records = self.waiting.iter().map(number).collect();
        let chunk =
            Chunk { order: Default::default(), keys: units.keys().to_vec(), records, values: self.values.clone() };
        self.full.push(chunk);
        self.waiting.clear();
        self.values.clear();
        units.clear();
    }

    fn is_full(&self) -> bool {
        self.waiting.len() >= MOST_ROWS || self.values.len() + 4096 >= MOST_VALUES
    }
}

/// What becomes of the rows of an event, as far as its name tells.
enum Way<'e> {
    /// Nothing asks for them.
    Other,
    /// All are of one shape, with these values.
    Same(u32, Vec<Slot>),
    /// It depends on the row, which may be one of these: the shapes met in this batch, by what tells them apart; none for
    /// rows that meet no event's condition.
    Varies(&'e [Naming], Met),
}

type Met = HashMap<u64, Option<(u32, Vec<Slot>)>, Quick>;

/// The columns of a batch that every row needs.
struct Frame<'b> {
    keys: Cow<'b, [i128]>,
    /// By row: neither a known nor an anonymous id.
    nobody: Vec<bool>,
    times: &'b [i64],
}

impl<'b> Frame<'b> {
    fn new(binding: &Binding<'_>, shared: &Shared, views: &[View<'b>], rows: usize) -> Self {
        let keys = match binding.key.view(views) {
            Some(View::Key(keys)) => *keys,
            _ => &[],
        };
        let (keys, nobody) = match &shared.aliases {
            None => (Cow::Borrowed(keys), Vec::new()),
            Some(aliases) => joined(binding, aliases, views, keys, rows),
        };
        let times = match binding.time.view(views) {
            Some(View::Time(times)) => *times,
            _ => &[],
        };
        Self { keys, nobody, times }
    }
}

/// Returns the id that stands for each row's, and which rows have none.
fn joined<'b>(
    binding: &Binding<'_>,
    aliases: &Aliases,
    views: &[View<'b>],
    keys: &'b [i128],
    rows: usize,
) -> (Cow<'b, [i128]>, Vec<bool>) {
    if binding.anonymous == Column::NONE {
        return (keys.iter().map(|k| aliases.of(*k as u128) as i128).collect(), Vec::new());
    }
    let text = |column: Column, row: usize| column.view(views).and_then(|v| v.text(row));
    let id = |row: usize| text(binding.key_text, row).or_else(|| text(binding.anonymous, row));
    let of = |row: usize| id(row).map(|id| aliases.of(key(id.as_bytes())) as i128);
    let ids: Vec<Option<i128>> = (0..rows).map(of).collect();
    (ids.iter().map(|id| id.unwrap_or(0)).collect(), ids.iter().map(Option::is_none).collect())
}

/// Turns the batches of one thread into chunks.
pub(super) struct Emitter<'e> {
    plan: &'e Plan,
    binding: &'e Binding<'e>,
    shared: &'e Shared,
    store: &'e Store,
    open: Vec<Open>,
    /// The numbers of the units of the chunk that is being closed.
    units: Units,
    emitted: Emitted,
    /// Shapes met by this thread: their number and slots.
    shapes: HashMap<Shape, (u32, Vec<Slot>), Quick>,
    shape: Shape,
    scratch: Vec<u64>,
    /// For each field, the numbers of the texts of the batch by their codes, as far as they were looked up.
    texts: Vec<Vec<u64>>,
    /// The same of the variants of each experiment.
    variants: Vec<Vec<u64>>,
    too_many: bool,
}

impl<'e> Emitter<'e> {
    /// Returns an emitter that puts its chunks into the store.
    pub(super) fn new(plan: &'e Plan, binding: &'e Binding<'e>, shared: &'e Shared, store: &'e Store) -> Self {
        Self {
            plan,
            binding,
            shared,
            store,
            open: (0..PARTITIONS).map(|_| Open::default()).collect(),
            units: Units::default(),
            emitted: Emitted::default(),
            shapes: HashMap::default(),
            shape: Shape::default(),
            scratch: Vec::new(),
            texts: vec![Vec::new(); plan.fields.len()],
            variants: vec![Vec::new(); plan.experiments.len()],
            too_many: false,
        }
    }

    /// Takes the rows of a batch.
    pub(super) fn batch(&mut self, batch: &RecordBatch) {
        let views = self.binding.views(batch);
        let frame = Frame::new(self.binding, self.shared, &views, batch.num_rows());
        self.texts.iter_mut().chain(&mut self.variants).for_each(Vec::clear);
        let all = self.binding.source.consent.is_none() && self.binding.only.is_none();
        let mut codes = match self.binding.event.view(&views) {
            Some(View::Text(codes, texts)) => Some((codes.values(), self.ways(texts))),
            _ => None,
        };
        for row in 0..batch.num_rows() {
            if frame.nobody.get(row) == Some(&true) {
                self.emitted.without_id += 1;
                continue;
            }
            if !all && !self.counts(&views, row) {
                self.emitted.filtered += 1;
                self.refuse(&views, &frame, row);
                continue;
            }
            let Some((codes, ways)) = &mut codes else {
                self.unit(&views, &frame, row);
                continue;
            };
            let code = codes.get(row).and_then(|code| usize::try_from(*code).ok());
            match code.and_then(|code| ways.get_mut(code)) {
                None | Some(Way::Other) => self.emitted.other += 1,
                Some(Way::Same(shape, slots)) => self.put(&views, &frame, row, (*shape, slots), None),
                Some(Way::Varies(namings, met)) => self.event(&views, &frame, row, namings, met),
            }
        }
    }

    /// Returns what becomes of the rows of each event of the batch.
    fn ways(&mut self, texts: &StringArray) -> Vec<Way<'e>> {
        let binding = self.binding;
        let of = |name: Option<&str>| {
            let namings = name.and_then(|n| binding.names.get(n)).map_or(&[] as &[Naming], Vec::as_slice);
            if namings.is_empty() {
                return Way::Other;
            }
            let exposes = |e: u16| self.plan.experiments.iter().any(|x| x.exposure == usize::from(e));
            let varies = namings.iter().any(|n| n.test.is_some() || exposes(n.event));
            if varies || !binding.personas.is_empty() {
                return Way::Varies(namings, Met::default());
            }
            self.shape = Shape { has_id: binding.row_id != Column::NONE, ..Shape::default() };
            for naming in namings {
                if self.shape.events.last() != Some(&naming.event) {
                    self.shape.events.push(naming.event);
                }
            }
            let (shape, slots) = self.known();
            Way::Same(shape, slots.clone())
        };
        texts.iter().map(of).collect()
    }

    /// Returns the number and the values of the shape at hand.
    fn known(&mut self) -> (u32, &Vec<Slot>) {
        if !self.shapes.contains_key(&self.shape) {
            let number = self.shared.shape(&self.shape);
            self.too_many |= u64::from(number) >= MOST_SHAPES;
            self.shapes.insert(self.shape.clone(), (number, self.shared.slots(&self.shape)));
        }
        const NONE: &Vec<Slot> = &Vec::new();
        self.shapes.get(&self.shape).map_or((0, NONE), |(number, slots)| (*number, slots))
    }

    /// Returns whether the row counts, and keeps whether it had the consent that was asked of it.
    fn counts(&mut self, views: &[View<'_>], row: usize) -> bool {
        let meant = self.binding.only.as_ref().is_none_or(|test| test.holds(views, row));
        let counts = meant && self.agrees(views, row);
        if meant && self.binding.source.consent.is_some() {
            self.emitted.asked += 1;
            self.emitted.agreed += u64::from(counts);
        }
        counts
    }

    /// Returns whether the row has the consent that the source asks for.
    fn agrees(&self, views: &[View<'_>], row: usize) -> bool {
        let said = |wanted: &String| {
            self.binding.consent.view(views).and_then(|v| v.text(row)).is_some_and(|said| said == wanted)
        };
        self.binding.source.consent.as_ref().is_none_or(|(_, wanted)| said(wanted))
    }

    /// Keeps of a row without consent that it exposes, and in which variant, so that those left out can be counted by arm.
    fn refuse(&mut self, views: &[View<'_>], frame: &Frame<'_>, row: usize) {
        let told = !self.agrees(views, row) && self.binding.only.as_ref().is_none_or(|test| test.holds(views, row));
        if !told {
            return;
        }
        self.shape = Shape::default();
        let binding = self.binding;
        if let Some(name) = binding.event.view(views).and_then(|v| v.text(row)) {
            self.match_events(binding.names.get(name).map_or(&[] as &[Naming], Vec::as_slice), views, row);
        }
        self.exposures(views, row);
        if !self.shape.exposes.is_empty() {
            self.shape.events.clear();
            self.shape.refused = true;
            self.emit(views, frame, row, None);
        }
    }

    /// Takes a row that may be one of these events.
    fn event(&mut self, views: &[View<'_>], frame: &Frame<'_>, row: usize, namings: &[Naming], met: &mut Met) {
        let key = self.telling(namings, views, row);
        let known = key.and_then(|key| met.get(&key));
        if let Some(known) = known {
            match known {
                Some((shape, slots)) => self.put(views, frame, row, (*shape, slots), None),
                None => self.emitted.other += 1,
            }
            return;
        }
        self.shape = Shape { has_id: self.binding.row_id != Column::NONE, ..Shape::default() };
        self.match_events(namings, views, row);
        let mut shape = None;
        if self.shape.events.is_empty() {
            self.emitted.other += 1;
        } else {
            self.exposures(views, row);
            self.personas(views, row);
            let (number, slots) = self.known();
            let slots = slots.clone();
            self.put(views, frame, row, (number, &slots), None);
            shape = Some((number, slots));
        }
        if let Some(key) = key {
            met.insert(key, shape);
        }
    }

    /// Returns what tells the shape of a row among those of its name in one batch: two rows with the same answer are of one
    /// shape. Nothing where that takes too many questions.
    fn telling(&self, namings: &[Naming], views: &[View<'_>], row: usize) -> Option<u64> {
        let code = |column: &Column| match column.view(views) {
            Some(View::Text(codes, _)) if codes.is_valid(row) => u32::try_from(codes.value(row)).ok(),
            _ => None,
        };
        let (mut key, mut bits) = (0_u64, 0);
        let mut ask = |answer: bool| {
            key = key << 1 | u64::from(answer);
            bits += 1;
        };
        for test in namings.iter().filter_map(|n| n.test.as_ref()) {
            ask(test.holds(views, row));
        }
        for test in &self.binding.personas {
            ask(test.tells(views, row));
            ask(test.holds(views, row));
        }
        ask(code(&self.binding.variant).is_some());
        // What the row names the experiment by has a number of its own in each batch.
        let experiment = code(&self.binding.experiment_by).map_or(0, |c| u64::from(c) + 1);
        (bits <= 32).then_some(key << 32 | experiment)
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
    fn unit(&mut self, views: &[View<'_>], frame: &Frame<'_>, row: usize) {
        self.shape.events.clear();
        (self.shape.quiet, self.shape.refused) = (false, false);
        self.exposures(views, row);
        self.personas(views, row);
        self.emit(views, frame, row, None);
        for (column, namings) in &self.binding.outcomes {
            let Some(value) = column.view(views).and_then(|v| v.number(row)) else { continue };
            self.shape.events.clear();
            self.shape.exposes.clear();
            self.shape.personas.iter_mut().for_each(|p| *p = None);
            self.shape.quiet = value == 0.0;
            self.match_events(namings, views, row);
            if !self.shape.events.is_empty() {
                self.emit(views, frame, row, Some(value));
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

    /// Puts the row into its partition, as of the shape at hand.
    fn emit(&mut self, views: &[View<'_>], frame: &Frame<'_>, row: usize, outcome: Option<f64>) {
        self.shape.has_id = self.binding.row_id != Column::NONE;
        let (shape, slots) = self.known();
        let slots = slots.clone();
        self.put(views, frame, row, (shape, &slots), outcome);
    }

    /// Puts the row into its partition.
    fn put(
        &mut self,
        views: &[View<'_>],
        frame: &Frame<'_>,
        row: usize,
        (shape, slots): (u32, &[Slot]),
        outcome: Option<f64>,
    ) {
        let Some(unit) = frame.keys.get(row).map(|k| *k as u128) else { return };
        let time = frame.times.get(row).copied().unwrap_or(0);
        self.scratch.clear();
        for slot in slots {
            let value = self.value(*slot, views, row, outcome);
            self.scratch.push(value);
        }
        let Some(open) = self.open.get_mut(unit as usize % PARTITIONS) else { return };
        if open.is_full() {
            open.close(&mut self.units);
        }
        open.waiting.push(Waiting { unit, time, shape, value: open.values.len() as u32 });
        for value in &self.scratch {
            open.values.push(*value);
        }
    }

    fn value(&mut self, slot: Slot, views: &[View<'_>], row: usize, outcome: Option<f64>) -> u64 {
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
            Slot::Field(at) => match binding.fields.get(at).and_then(|c| c.view(views)) {
                Some(View::Text(codes, texts)) if codes.is_valid(row) => self.text(at, codes.value(row), texts),
                view => view.and_then(|v| v.words(row)).map_or(NO_TEXT, |w| u64::from(self.shared.text(&w))),
            },
        }
    }

    /// Returns the number of a text of a field, looked up once a batch.
    fn text(&mut self, field: usize, code: i32, texts: &StringArray) -> u64 {
        let (Some(known), Ok(code)) = (self.texts.get_mut(field), usize::try_from(code)) else { return NO_TEXT };
        if known.len() <= code {
            known.resize(texts.len().max(code + 1), NO_TEXT);
        }
        let Some(number) = known.get_mut(code) else { return NO_TEXT };
        if *number == NO_TEXT {
            *number = u64::from(self.shared.text(texts.value(code)));
        }
        *number
    }

    /// Returns the variant logged, looked up once a batch.
    fn variant(&mut self, x: usize, views: &[View<'_>], row: usize) -> u64 {
        const NEW: u64 = u64::MAX - 1;
        let Some(View::Text(codes, texts)) = self.binding.variant.view(views) else { return NO_VARIANT };
        if !codes.is_valid(row) {
            // A table of units says each one's variant, or something is wrong with the row.
            let told = matches!(self.binding.source.shape, SourceShape::Units { .. });
            return if told { UNKNOWN + u64::from(self.shared.text("nothing")) } else { NO_VARIANT };
        }
        let Some(known) = self.variants.get_mut(x) else { return NO_VARIANT };
        let Ok(code) = usize::try_from(codes.value(row)) else { return NO_VARIANT };
        if known.len() <= code {
            known.resize(texts.len().max(code + 1), NEW);
        }
        let Some(known) = known.get_mut(code) else { return NO_VARIANT };
        if *known == NEW {
            let logged = texts.value(code);
            let id = self.binding.source.variant_id(logged);
            let variants = self.plan.experiments.get(x).map_or(&[] as &[String], |e| e.variants.as_slice());
            *known = match variants.iter().position(|v| v == id) {
                Some(at) => at as u64,
                None => UNKNOWN + u64::from(self.shared.text(logged)),
            };
        }
        *known
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
        let mut chunks = Vec::new();
        for (partition, open) in self.open.iter_mut().enumerate() {
            if !open.waiting.is_empty() {
                open.close(&mut self.units);
            }
            for (nth, mut chunk) in (0_u32..).zip(open.full.drain(..)) {
                chunk.order = (source, part, nth);
                chunks.push((partition, chunk));
            }
        }
        self.store.add(chunks.into_iter());
    }

    /// Returns the rows left out.
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
