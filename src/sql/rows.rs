//! The rows of the sources as one part of a query, whatever each source calls its columns: [`Rows`].
//!
//! ```text
//! raw_0, raw_1 …: a source each, its columns under our names ─► rows: which events of the plan is it? ─► events: each id once
//! ```
//!
//! | column | what |
//! |---|---|
//! | u, t | the unit, microseconds since 1970 |
//! | e, v, xb, id | the event's name, the variant, the experiment's name, the row's id, as the data has them |
//! | f0 …, p0 … | fields and properties of the plan; money in minor units, truth as 0 and 1 |
//! | i0 … | 1 where it is this event of the plan |
//! | w0 … | whether the unit is this persona, where the row tells |
//! | xs, vc | 1 where it exposes in the experiment asked for, the number of the variant it names |
//! | s0 … | the number of the variant of another experiment, where it exposes in that |
//! | q | 1 for an outcome of zero: it has a value, and did not happen |
mod arms;
mod cell;

pub(super) use cell::{good, says_so, time, told};

use super::condition::{Field, holds, tells};
use super::form::{Expr, Form, Frame, Function, Place, Select, all, any, call, flag, infix, ours, text, there, when};
use crate::model::manifest::PropertyType;
use crate::plan::{Plan, Source, SourceShape};
use cell::{no_text, outcome, unit, word};
use std::collections::BTreeSet;

/// Which columns a query needs.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    /// Places of events that are told apart.
    pub(super) events: BTreeSet<usize>,
    /// Places of properties.
    pub(super) properties: BTreeSet<usize>,
    /// Places of fields, besides those that conditions look at.
    pub(super) fields: BTreeSet<usize>,
    /// Whether personas are told.
    pub(super) personas: bool,
    /// The place of the experiment whose exposures are told.
    pub(super) experiment: Option<usize>,
    /// The places of other experiments whose exposures are told too.
    pub(super) beside: Vec<usize>,
}

/// The variants' number of what the plan does not know; more variants than this nobody can tell apart.
pub(super) const UNKNOWN: i64 = 62;

/// The rows of all sources of a plan.
pub(super) struct Rows<'p> {
    plan: &'p Plan,
    needs: Needs,
    /// The fields needed, those of conditions included.
    fields: BTreeSet<usize>,
    places: Vec<Place>,
}

impl<'p> Rows<'p> {
    /// Returns the rows of a plan's sources, which are at these places.
    pub(super) fn new(plan: &'p Plan, places: &[Place], needs: Needs) -> Self {
        let mut fields = needs.fields.clone();
        let mut look = |c: &crate::model::Condition| {
            c.fields(&mut |name| fields.extend(plan.fields.iter().position(|(n, _)| n == name)));
        };
        plan.events.iter().flat_map(|e| &e.names).filter_map(|n| n.condition.as_ref()).for_each(&mut look);
        if needs.personas {
            plan.personas.iter().for_each(|p| look(&p.condition));
        }
        Self { plan, needs, fields, places: places.to_vec() }
    }

    /// Adds the part `events`: every row that is an event of the plan, each id once.
    pub(super) fn add(&self, form: &mut Form) {
        let mut selects = Vec::new();
        for (at, (source, place)) in self.plan.sources.iter().zip(&self.places).enumerate() {
            let raw = format!("raw_{at}");
            form.part(&raw, [self.raw(source, place).filter(self.asked(source))]);
            selects.extend(self.events(source, &raw));
        }
        if !self.plan.sources.iter().any(has_id) {
            return form.part("events", selects);
        }
        form.part("rows_all", selects);
        let numbered =
            Select::part("rows_all").same(&self.columns()).column(self.repeat(call(Function::RowNumber, [])), "nth");
        form.part("rows_numbered", [numbered]);
        let first = any([Expr::Missing(Box::new(ours("id"))), infix(" = ", ours("nth"), Expr::Whole(1))]);
        form.part("events", [Select::part("rows_numbered").same(&self.columns()).filter(first)]);
    }

    /// Returns something over the rows of one unit that have one id, the earliest first.
    pub(super) fn repeat(&self, of: Expr) -> Expr {
        let order = self.columns().into_iter().filter(|c| c != "u" && c != "id").map(ours);
        Expr::Over { of: Box::new(of), by: vec![ours("u"), ours("id")], order: order.collect(), frame: Frame::Natural }
    }

    /// Returns the columns of `events`.
    pub(super) fn columns(&self) -> Vec<String> {
        let mut names: Vec<String> = ["t", "u"].map(str::to_owned).to_vec();
        names.extend(self.needs.events.iter().map(|k| format!("i{k}")));
        names.extend(self.needs.properties.iter().map(|p| format!("p{p}")));
        names.extend(self.needs.fields.iter().map(|f| format!("f{f}")));
        if self.needs.personas {
            names.extend((0..self.plan.personas.len()).map(|w| format!("w{w}")));
        }
        if self.needs.experiment.is_some() {
            names.extend(["xs", "vc", "v"].map(str::to_owned));
        }
        names.extend(self.needs.beside.iter().map(|x| format!("s{x}")));
        names.push("q".to_owned());
        if self.plan.sources.iter().any(has_id) {
            names.push("id".to_owned());
        }
        names
    }

    /// Returns the columns of a source under our names.
    pub(super) fn raw(&self, source: &Source, place: &Place) -> Select {
        let optional = |name: &Option<String>| name.as_ref().map_or_else(no_text, |n| word(Expr::Theirs(n.clone())));
        let mut select = Select::from(place.clone())
            .column(unit(self.plan, source, self.needs.experiment), "u")
            .column(time(source), "t");
        select = match &source.shape {
            SourceShape::Events { event, id, .. } => {
                let id = id.as_ref().map_or_else(no_text, |id| word(Expr::Theirs(id.clone())));
                select.column(word(Expr::Theirs(event.clone())), "e").column(id, "id")
            }
            SourceShape::Units { outcomes, .. } => {
                let outcome = |at: usize, name: &String| (outcome(Expr::Theirs(name.clone())), format!("o{at}"));
                outcomes.iter().enumerate().fold(select, |s, (at, name)| {
                    let (value, name) = outcome(at, name);
                    s.column(value, name)
                })
            }
            SourceShape::Tallies { .. } => select,
        };
        select = select.column(optional(&source.variant), "v").column(optional(&source.experiment_by), "xb");
        for f in &self.fields {
            if let Some((name, kind)) = self.plan.fields.get(*f) {
                select = select.column(self.value(source, name, *kind), format!("f{f}"));
            }
        }
        let is_events = matches!(source.shape, SourceShape::Events { .. });
        for p in self.needs.properties.iter().filter(|_| is_events) {
            if let Some(property) = self.plan.properties.get(*p) {
                select = select.column(self.value(source, &property.name, property.kind), format!("p{p}"));
            }
        }
        select
    }

    /// Returns which rows of a source may be asked for at all.
    fn asked(&self, source: &Source) -> Expr {
        let mut list = good(self.plan, source, self.needs.experiment);
        if matches!(source.shape, SourceShape::Events { .. }) {
            list.push(self.named(source));
        }
        list.push(self.counts(source));
        all(list)
    }

    /// Returns whether the event's name is one of the plan.
    pub(super) fn named(&self, source: &Source) -> Expr {
        let SourceShape::Events { event, .. } = &source.shape else { return all([]) };
        let names: BTreeSet<&str> = self.plan.events.iter().flat_map(|e| &e.names).map(|n| n.name.as_str()).collect();
        // The bare column, so that a scan can pass over what has other names.
        any(names.into_iter().map(|name| infix(" = ", Expr::Theirs(event.clone()), text(name))))
    }

    /// Returns whether the source's consent and its `where` let a row count.
    pub(super) fn counts(&self, source: &Source) -> Expr {
        all(self.agrees(source).into_iter().chain(self.meant(source)))
    }

    /// Returns whether a row has the consent that the source asks for, where it asks for one.
    pub(super) fn agrees(&self, source: &Source) -> Option<Expr> {
        let (column, wanted) = source.consent.as_ref()?;
        let said = word(Expr::Theirs(column.clone()));
        Some(all([there(said.clone()), infix(" = ", said, text(wanted))]))
    }

    /// Returns whether the source's `where` means a row, where it has one.
    pub(super) fn meant(&self, source: &Source) -> Option<Expr> {
        let field = |name: &str| {
            let kind = self.plan.fields.iter().find(|(n, _)| n == name).map_or(PropertyType::Text, |(_, k)| *k);
            self.field(self.value(source, name, kind), kind)
        };
        source.only.as_ref().map(|c| holds(c, &field))
    }

    fn unit_of(&self, kind: PropertyType) -> f64 {
        if kind == PropertyType::Money { 10_f64.powi(i32::from(self.plan.decimals)) } else { 1.0 }
    }

    fn field(&self, value: Expr, kind: PropertyType) -> Field {
        Field { value, kind, unit: self.unit_of(kind) }
    }

    /// Returns a field of the specs in a source, as its kind has it.
    fn value(&self, source: &Source, name: &str, kind: PropertyType) -> Expr {
        let column = Expr::Theirs(source.column(name).to_owned());
        match kind {
            PropertyType::Text | PropertyType::Time => word(column),
            PropertyType::Number => call(Function::ToDouble, [column]),
            PropertyType::Money => {
                let amount = call(Function::ToDouble, [column]);
                call(Function::Round, [infix(" * ", amount, Expr::Double(self.unit_of(kind)))])
            }
            PropertyType::Boolean => {
                let truth = || call(Function::ToTruth, [column.clone()]);
                let no = Expr::Not(Box::new(truth()));
                Expr::Case(vec![(truth(), Expr::Whole(1)), (no, Expr::Whole(0))], Box::new(Expr::Null))
            }
        }
    }

    /// Returns the rows of a source as events of the plan.
    pub(super) fn events(&self, source: &Source, raw: &str) -> Vec<Select> {
        match &source.shape {
            SourceShape::Events { .. } => {
                let is = |k: usize| self.is(k, ours("e"));
                vec![self.row(source, raw, &is, Role::Event).filter(self.known(source))]
            }
            SourceShape::Units { outcomes, .. } => {
                let mut all_rows = vec![self.row(source, raw, &|_| any([]), Role::Unit)];
                for (at, name) in outcomes.iter().enumerate() {
                    let is = |k: usize| self.is(k, text(name));
                    let known = any((0..self.plan.events.len()).map(is));
                    let value = format!("o{at}");
                    let counts = all([there(ours(&value)), known]);
                    all_rows.push(self.row(source, raw, &is, Role::Outcome(value)).filter(counts));
                }
                all_rows
            }
            SourceShape::Tallies { .. } => Vec::new(),
        }
    }

    /// Returns whether a row with this event's name is an event of the plan.
    fn is(&self, event: usize, name: Expr) -> Expr {
        let names = self.plan.events.get(event).map_or(&[] as &[_], |e| e.names.as_slice());
        any(names.iter().filter(|n| !matches!(&name, Expr::Text(t) if *t != n.name)).map(|n| {
            let here = infix(" = ", name.clone(), text(&n.name));
            all(std::iter::once(here).chain(n.condition.iter().map(|c| holds(c, &|f| self.field_of(f)))))
        }))
    }

    /// Returns whether a row of a log is any event of the plan; a row of a table of units always counts.
    pub(super) fn known(&self, source: &Source) -> Expr {
        match source.shape {
            SourceShape::Events { .. } => any((0..self.plan.events.len()).map(|k| self.is(k, ours("e")))),
            SourceShape::Units { .. } | SourceShape::Tallies { .. } => all([]),
        }
    }

    /// Returns a field by its column of ours.
    fn field_of(&self, name: &str) -> Field {
        let at = self.plan.fields.iter().position(|(n, _)| n == name);
        let kind = at.and_then(|at| self.plan.fields.get(at)).map_or(PropertyType::Text, |(_, k)| *k);
        self.field(at.map_or_else(no_text, |at| ours(format!("f{at}"))), kind)
    }

    fn row(&self, source: &Source, raw: &str, is: &dyn Fn(usize) -> Expr, role: Role) -> Select {
        let mut select = Select::part(raw);
        for name in self.columns() {
            let at: Option<usize> = name.get(1..).and_then(|n| n.parse().ok());
            let value = match (name.as_bytes().first(), at) {
                (Some(b'i'), Some(k)) => flag(is(k)),
                (Some(b'w'), Some(w)) => self.persona(w, &role),
                (Some(b'p'), Some(p)) => self.property(p, &role),
                (Some(b's'), Some(x)) => self.arm(x, source, is, &role),
                _ => match name.as_str() {
                    "xs" => flag(self.exposes(self.needs.experiment, source, is, &role)),
                    "vc" => self.variant(self.needs.experiment, source),
                    "q" => role.outcome().map_or(Expr::Whole(0), |o| flag(infix(" = ", ours(o), Expr::Double(0.0)))),
                    "id" if !has_id(source) => no_text(),
                    same => ours(same),
                },
            };
            select = select.column(value, name);
        }
        select
    }

    fn property(&self, at: usize, role: &Role) -> Expr {
        let named = self.plan.properties.get(at);
        match role {
            Role::Event => ours(format!("p{at}")),
            Role::Outcome(value) if named.is_some_and(|p| p.name == "value") => ours(value),
            Role::Outcome(_) | Role::Unit => call(Function::ToDouble, [Expr::Null]),
        }
    }

    fn persona(&self, at: usize, role: &Role) -> Expr {
        let Some(persona) = self.plan.personas.get(at).filter(|_| role.outcome().is_none()) else {
            return call(Function::ToWhole, [Expr::Null]);
        };
        let is = flag(holds(&persona.condition, &|f| self.field_of(f)));
        when(tells(&persona.condition, &|f| self.field_of(f)), is, Expr::Null)
    }
}

/// What a row of a source becomes.
enum Role {
    Event,
    Unit,
    /// The outcome in this column.
    Outcome(String),
}

impl Role {
    fn outcome(&self) -> Option<&str> {
        match self {
            Role::Outcome(value) => Some(value),
            Role::Event | Role::Unit => None,
        }
    }
}

fn has_id(source: &Source) -> bool {
    matches!(&source.shape, SourceShape::Events { id: Some(_), .. })
}

/// Returns whether any source says when.
pub(super) fn timed(plan: &Plan) -> bool {
    plan.sources
        .iter()
        .any(|s| matches!(s.shape, SourceShape::Events { .. } | SourceShape::Units { time: Some(_), .. }))
}

/// Adds the part `bounds`: the first and the last time of all good rows.
pub(super) fn bounds(form: &mut Form, plan: &Plan, places: &[Place]) {
    let mut selects = Vec::new();
    for (source, place) in plan.sources.iter().zip(places) {
        if !matches!(source.shape, SourceShape::Tallies { .. } | SourceShape::Units { time: None, .. }) {
            let at = time(source);
            selects.push(
                Select::from(place.clone())
                    .column(call(Function::Min, [at.clone()]), "t_first")
                    .column(call(Function::Max, [at]), "t_last")
                    .filter(all(good(plan, source, None))),
            );
        }
    }
    form.part("bounds_each", selects);
    let all = Select::part("bounds_each")
        .column(call(Function::Min, [ours("t_first")]), "t_first")
        .column(call(Function::Max, [ours("t_last")]), "t_last");
    form.part("bounds", [all]);
}
