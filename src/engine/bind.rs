//! The plan meets a source: which columns to read and what they are for: [`Binding`].
use super::condition::Test;
use super::error::EngineError;
use super::shapes::Shared;
use crate::events::{self, EpochUnit, Format, Kind, Ledger, Request};
use crate::model::manifest::PropertyType;
use crate::model::value::Literal;
use crate::plan::{Plan, Source, SourceShape};
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray};
use jiff::tz::TimeZone;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// A place among the columns of a batch; none where the source has no such column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column(Option<usize>);

impl Column {
    pub(super) const NONE: Column = Column(None);

    pub(super) fn view<'v, 'b>(&self, views: &'v [View<'b>]) -> Option<&'v View<'b>> {
        self.0.and_then(|at| views.get(at))
    }
}

/// A column of a batch, ready to be looked into.
pub(super) enum View<'b> {
    Key(&'b [i128]),
    Time(&'b [i64]),
    Text(&'b Int32Array, &'b StringArray),
    Number(&'b Float64Array),
    /// Minor units, and how many make one.
    Money(&'b Int64Array, f64),
    Truth(&'b BooleanArray),
    Nothing,
}

impl<'b> View<'b> {
    pub(super) fn new(batch: &'b RecordBatch, at: usize, kind: Kind) -> Self {
        let array = batch.column(at);
        let view = match kind {
            Kind::Key => array.as_primitive_opt::<Decimal128Type>().map(|a| View::Key(a.values())),
            Kind::Time => array.as_primitive_opt::<Int64Type>().map(|a| View::Time(a.values())),
            Kind::Event | Kind::Text => array.as_dictionary_opt::<Int32Type>().and_then(|d| {
                let values = d.values().as_string_opt::<i32>()?;
                Some(View::Text(d.keys(), values))
            }),
            Kind::Number { .. } | Kind::Outcome { .. } => array.as_primitive_opt::<Float64Type>().map(View::Number),
            Kind::Money { decimals, .. } => {
                let unit = 10_f64.powi(i32::from(decimals));
                array.as_primitive_opt::<Int64Type>().map(|a| View::Money(a, unit))
            }
            Kind::Truth => array.as_boolean_opt().map(View::Truth),
        };
        view.unwrap_or(View::Nothing)
    }

    pub(super) fn is_valid(&self, row: usize) -> bool {
        match self {
            View::Key(_) | View::Time(_) => true,
            View::Text(a, _) => a.is_valid(row),
            View::Number(a) => a.is_valid(row),
            View::Money(a, _) => a.is_valid(row),
            View::Truth(a) => a.is_valid(row),
            View::Nothing => false,
        }
    }

    pub(super) fn text(&self, row: usize) -> Option<&'b str> {
        match self {
            View::Text(codes, texts) if codes.is_valid(row) => {
                usize::try_from(codes.value(row)).ok().map(|code| texts.value(code))
            }
            _ => None,
        }
    }

    /// Returns the value as a double: money in minor units, truth as 0 and 1.
    pub(super) fn number(&self, row: usize) -> Option<f64> {
        match self {
            View::Number(a) if a.is_valid(row) => Some(a.value(row)),
            View::Money(a, _) if a.is_valid(row) => Some(a.value(row) as f64),
            View::Truth(a) if a.is_valid(row) => Some(f64::from(u8::from(a.value(row)))),
            _ => None,
        }
    }

    pub(super) fn truth(&self, row: usize) -> Option<bool> {
        match self {
            View::Truth(a) if a.is_valid(row) => Some(a.value(row)),
            _ => None,
        }
    }

    /// Returns the value in words, for segments.
    pub(super) fn words(&self, row: usize) -> Option<String> {
        match self {
            View::Text(..) => self.text(row).map(str::to_owned),
            View::Number(_) => self.number(row).map(|n| n.to_string()),
            View::Money(_, unit) => self.number(row).map(|n| (n / unit).to_string()),
            View::Truth(_) => self.truth(row).map(|t| t.to_string()),
            _ => None,
        }
    }

    /// Returns the order of the value to a literal: nothing where there is no value, no order where they do not compare.
    pub(super) fn order(&self, row: usize, other: &Literal) -> Option<Option<Ordering>> {
        if !self.is_valid(row) {
            return None;
        }
        Some(match (self, other) {
            (View::Text(..), Literal::Text(b)) => self.text(row).map(|a| a.cmp(b.as_str())),
            (View::Text(..), Literal::Number(b)) => {
                self.text(row).and_then(|a| a.parse::<f64>().ok()).and_then(|a| a.partial_cmp(&b.to_f64()))
            }
            (View::Number(a), Literal::Number(b)) => a.value(row).partial_cmp(&b.to_f64()),
            (View::Money(a, unit), Literal::Number(b)) => (a.value(row) as f64 / unit).partial_cmp(&b.to_f64()),
            (View::Truth(a), Literal::Bool(b)) => Some(a.value(row).cmp(b)),
            _ => None,
        })
    }
}

/// One name an event has in the data.
#[derive(Clone, Debug)]
pub(super) struct Naming {
    /// The place of the event.
    pub(super) event: u16,
    /// What else must hold.
    pub(super) test: Option<Test>,
}

/// What a source's columns are for.
pub(super) struct Binding<'p> {
    plan: &'p Plan,
    pub(super) source: &'p Source,
    columns: Vec<events::Column>,
    pub(super) key: Column,
    /// The id as text, where assignments are recomputed.
    pub(super) key_text: Column,
    /// The anonymous id, where rows may have one; the known one is a text then, too.
    pub(super) anonymous: Column,
    pub(super) time: Column,
    pub(super) event: Column,
    pub(super) row_id: Column,
    pub(super) variant: Column,
    pub(super) experiment_by: Column,
    pub(super) consent: Column,
    pub(super) only: Option<Test>,
    pub(super) names: BTreeMap<String, Vec<Naming>>,
    pub(super) personas: Vec<Test>,
    /// The column of each property of the plan.
    pub(super) properties: Vec<Column>,
    /// The column of each field of the plan.
    pub(super) fields: Vec<Column>,
    /// For each outcome of a units table: its column, and the events of that name.
    pub(super) outcomes: Vec<(Column, Vec<Naming>)>,
}

impl<'p> Binding<'p> {
    pub(super) fn new(plan: &'p Plan, at: usize, shared: &Shared) -> Result<Self, EngineError> {
        let none = || EngineError::Unfit("the plan has no such source".to_owned());
        let source = plan.sources.get(at).ok_or_else(none)?;
        let mut b = Self {
            plan,
            source,
            columns: Vec::new(),
            key: Column::NONE,
            key_text: Column::NONE,
            anonymous: Column::NONE,
            time: Column::NONE,
            event: Column::NONE,
            row_id: Column::NONE,
            variant: Column::NONE,
            experiment_by: Column::NONE,
            consent: Column::NONE,
            only: None,
            names: BTreeMap::new(),
            personas: Vec::new(),
            properties: Vec::new(),
            fields: Vec::new(),
            outcomes: Vec::new(),
        };
        b.frame(shared);
        b.meaning();
        Ok(b)
    }

    /// Asks for the columns every row has.
    fn frame(&mut self, shared: &Shared) {
        let unit = self.plan.units.first().map_or("user", String::as_str);
        let unit = self.source.unit_column(unit).to_owned();
        match &self.source.anonymous {
            None => self.key = self.column(&unit, Kind::Key, true),
            Some(anonymous) => {
                self.key_text = self.column(&unit, Kind::Text, false);
                self.anonymous = self.column(anonymous, Kind::Text, false);
            }
        }
        let recomputes =
            self.source.variant.is_none() && shared.assigners.iter().any(Option::is_some) || self.compares(shared);
        if recomputes && self.source.anonymous.is_none() {
            self.key_text = self.column(&unit, Kind::Text, true);
        }
        match &self.source.shape {
            SourceShape::Events { time, event, id } => {
                self.time = self.column(time, Kind::Time, true);
                self.event = self.column(event, Kind::Event, true);
                self.row_id = id.as_ref().map_or(Column::NONE, |id| self.column(id, Kind::Text, true));
            }
            SourceShape::Units { time: Some(time), .. } => self.time = self.column(time, Kind::Time, true),
            SourceShape::Units { .. } | SourceShape::Tallies { .. } => {}
        }
        let is_units = matches!(self.source.shape, SourceShape::Units { .. });
        let text = |b: &mut Self, name: &Option<String>| {
            name.as_ref().map_or(Column::NONE, |n| b.column(n, Kind::Text, is_units))
        };
        self.variant = text(self, &self.source.variant);
        self.experiment_by = text(self, &self.source.experiment_by);
        self.consent = text(self, &self.source.consent.as_ref().map(|(column, _)| column.clone()));
    }

    /// Logged variants are compared with recomputed ones only where the log is of our own making.
    fn compares(&self, shared: &Shared) -> bool {
        matches!(self.source.shape, SourceShape::Events { .. }) && shared.assigners.iter().any(Option::is_some)
    }

    /// Asks for the columns that conditions, properties and segments need.
    fn meaning(&mut self) {
        let (plan, source) = (self.plan, self.source);
        self.only = source.only.as_ref().map(|c| Test::new(c, &mut |field| self.field(field)));
        self.personas = plan.personas.iter().map(|p| Test::new(&p.condition, &mut |field| self.field(field))).collect();
        let outcomes = match &source.shape {
            SourceShape::Units { outcomes, .. } => outcomes.as_slice(),
            _ => &[],
        };
        for (at, event) in plan.events.iter().enumerate() {
            for name in &event.names {
                let test = name.condition.as_ref().map(|c| Test::new(c, &mut |field| self.field(field)));
                let naming = Naming { event: u16::try_from(at).unwrap_or(u16::MAX), test };
                self.names.entry(name.name.clone()).or_default().push(naming);
            }
        }
        if outcomes.is_empty() && matches!(source.shape, SourceShape::Events { .. }) {
            self.properties =
                plan.properties.iter().map(|p| self.column(source.column(&p.name), self.kind(p.kind), false)).collect();
        }
        for outcome in outcomes {
            let column = self.column(outcome, Kind::Outcome { thousands: self.source.thousands }, true);
            let namings = self.names.get(outcome).cloned().unwrap_or_default();
            self.outcomes.push((column, namings));
        }
        self.fields = plan.fields.iter().map(|(name, _)| self.field(name)).collect();
    }

    /// Returns the column of a field of the specs, asking for it.
    fn field(&mut self, name: &str) -> Column {
        let kind = self.plan.fields.iter().find(|(n, _)| n == name).map_or(PropertyType::Text, |(_, k)| *k);
        let kind = self.kind(kind);
        let column = self.source.column(name).to_owned();
        self.column(&column, kind, false)
    }

    fn kind(&self, kind: PropertyType) -> Kind {
        match kind {
            PropertyType::Text | PropertyType::Time => Kind::Text,
            PropertyType::Number => Kind::Number { thousands: self.source.thousands },
            PropertyType::Money => Kind::Money { decimals: self.plan.decimals, thousands: self.source.thousands },
            PropertyType::Boolean => Kind::Truth,
        }
    }

    fn column(&mut self, name: &str, kind: Kind, required: bool) -> Column {
        let same = |c: &events::Column| c.name == name && c.kind == kind;
        if let Some(at) = self.columns.iter().position(same) {
            return Column(Some(at));
        }
        self.columns.push(events::Column { name: name.to_owned(), kind, required });
        Column(Some(self.columns.len() - 1))
    }

    /// Returns what to read.
    pub(super) fn request(&self, hash: bool) -> Request {
        let is_events = matches!(self.source.shape, SourceShape::Events { .. });
        Request {
            columns: self.columns.clone(),
            names: is_events.then(|| self.names.keys().cloned().collect::<BTreeSet<_>>()),
            hash,
            ..layout(self.source)
        }
    }

    /// Returns the columns of a batch.
    pub(super) fn views<'b>(&self, batch: &'b RecordBatch) -> Vec<View<'b>> {
        self.columns.iter().enumerate().map(|(at, c)| View::new(batch, at, c.kind)).collect()
    }

    /// Refuses data in which a property that a measure reads is in no file.
    pub(super) fn check_columns(&self, ledger: &Ledger) -> Result<(), EngineError> {
        for (property, column) in self.plan.properties.iter().zip(&self.properties) {
            let name = column.0.and_then(|at| self.columns.get(at)).map(|c| &c.name);
            let gone = |n: &String| !ledger.files.is_empty() && ledger.files.iter().all(|f| f.absent.contains(n));
            if let Some(name) = name.filter(|n| gone(n)) {
                let message = format!(
                    "no file of `{}` has the column `{name}`, which the property `{}` is read from; name it under `columns:`",
                    self.source.patterns.join(", "),
                    property.name
                );
                return Err(EngineError::Unfit(message));
            }
        }
        Ok(())
    }
}

/// Returns how the files of a source are written; which columns are asked for is left open.
pub(super) fn layout(source: &Source) -> Request {
    Request {
        patterns: source.patterns.clone(),
        format: source.format.as_deref().and_then(Format::parse),
        separator: source.separator.as_deref().and_then(separator),
        zone: source.zone.as_ref().and_then(|zone| TimeZone::get(zone).ok()),
        unit: source.epoch.as_deref().and_then(EpochUnit::parse),
        ragged: source.ragged,
        ..Request::default()
    }
}

/// Returns the separator a word of the manifest means.
pub(super) fn separator(word: &str) -> Option<u8> {
    match word.as_bytes() {
        [one] => Some(*one),
        b"\\t" => Some(b'\t'),
        _ if word == "tab" => Some(b'\t'),
        _ => None,
    }
}
