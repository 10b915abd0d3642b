//! An experiment as one query: how many units gave which value, by measure, variant and cut.
//!
//! ```text
//! events ─► shown: exposures in time ─► exposed: the first one of each unit, or that it saw two variants
//!    └────────────────────────────────────┴─► units: one row a unit, its value for each measure ─► counts of equal values
//! ```
//!
//! No sum leaves the warehouse. What comes back is *how many units have which value*; the sums are made from that here,
//! without rounding, so they are those of the engine to the last bit, third powers and largest values included. Units for
//! which nothing happened are one row.
mod ages;
mod beside;
mod consent;
mod counts;

use super::form::{Expr, Form, Frame, Function, Place, Select, all, any, between, call, flag, infix, ours, set, when};
use super::funnel::{self, Watched};
use super::rows::{Needs, Rows, UNKNOWN, bounds, timed, told};
use crate::plan::{ExperimentPlan, Make, MeasurePlan, Plan, ReadPlan, SegmentPlan, TermPlan, WalkPlan};
use crate::tally::Shape;
use counts::{Case, ROOM};

/// Returns the query of an experiment of a plan.
///
/// # Errors
/// What of a funnel cannot be counted in a warehouse.
pub(super) fn form(plan: &Plan, at: usize, places: &[Place]) -> Result<Form, String> {
    let x = plan.experiments.get(at).ok_or("there is no such experiment")?;
    let query = Query { plan, x, timed: timed(plan), personas: x.segments.contains(&SegmentPlan::Persona) };
    let mut form = Form::default();
    let rows = Rows::new(plan, places, query.needs(at));
    rows.add(&mut form);
    form.part("shown", [query.shown()]);
    form.part("exposed", [query.exposed()]);
    let watched = query.watched();
    if let Some(why) = watched.iter().find_map(|(_, w)| funnel::refusal(w.funnel)) {
        return Err(why);
    }
    let mut units = query.units();
    for (number, (_, watched)) in watched.iter().enumerate() {
        watched.add(&mut form, number);
        let names: Vec<String> = units.columns.iter().map(|(_, name)| name.clone()).collect();
        let part = format!("units_{number}");
        form.part(&part, [units]);
        units = deeper(&part, number, &names);
    }
    form.part("units", [units]);
    let aged = !query.aged().is_empty();
    let times = aged || x.measures.iter().any(|m| m.shape == Shape::Times) && query.timed;
    if times {
        bounds(&mut form, plan, places);
    }
    form.part("cases", query.cases().iter().map(Case::select));
    form.last.push(query.counts(times));
    if aged {
        query.ages(&mut form);
    }
    if rows.lacking(&mut form) {
        query.lacking(&mut form);
    }
    Ok(form)
}

/// The units with how deep they came in a funnel.
fn deeper(part: &str, number: usize, names: &[String]) -> Select {
    let depth = Place::Part(format!("depth_{number}"));
    let mut select = Select {
        from: vec![(Place::Part(part.to_owned()), Some("a")), (depth, Some("d"))],
        on: Some(infix(" = ", ours("d.u"), ours("a.u"))),
        ..Select::default()
    };
    for name in names {
        select = select.column(ours(format!("a.{name}")), name);
    }
    select.column(ours("d.depth"), format!("d{number}"))
}

struct Query<'p> {
    plan: &'p Plan,
    x: &'p ExperimentPlan,
    timed: bool,
    personas: bool,
}

impl<'p> Query<'p> {
    /// The funnels whose steps are measures or walked on, each with its place and window, each once. A walk on a funnel that
    /// no query can say is left out: nothing is counted of it.
    fn watched(&self) -> Vec<(usize, Watched<'p>)> {
        let steps = self.x.measures.iter().filter_map(|m| match m.reads {
            ReadPlan::Step(at, _) => Some((at, m.window)),
            ReadPlan::One(_) | ReadPlan::Two(..) | ReadPlan::All(..) => None,
        });
        let sayable = |at: &usize| self.plan.funnels.get(*at).is_some_and(|f| funnel::refusal(f).is_none());
        let walks = self.x.walks.iter().filter(|w| self.timed && sayable(&w.funnel)).map(|w| (w.funnel, w.window));
        let mut list: Vec<(usize, Watched<'p>)> = Vec::new();
        for (at, window) in steps.chain(walks) {
            if let Some(funnel) = self.plan.funnels.get(at)
                && !list.iter().any(|(f, w)| *f == at && w.window == window)
            {
                list.push((at, Watched { funnel, window }));
            }
        }
        list
    }

    /// Whether a unit reaches the step of a measure.
    fn step(&self, m: &MeasurePlan) -> Option<Expr> {
        let ReadPlan::Step(at, step) = m.reads else { return None };
        let number = self.watched().iter().position(|(f, w)| *f == at && w.window == m.window)?;
        let step = Expr::Whole(i64::try_from(step).unwrap_or(i64::MAX));
        Some(flag(infix(" > ", ours(format!("a.d{number}")), step)))
    }

    /// The places of the walks that are counted, and the numbers of their funnels among those watched.
    fn walks(&self) -> Vec<(usize, usize)> {
        let watched = self.watched();
        let number = |w: &WalkPlan| watched.iter().position(|(f, of)| *f == w.funnel && of.window == w.window);
        let all = self.x.walks.iter().enumerate().filter(|_| self.timed);
        all.filter_map(|(at, walk)| Some((at, number(walk)?))).collect()
    }

    fn needs(&self, at: usize) -> Needs {
        let terms: Vec<TermPlan> = self.x.measures.iter().flat_map(|m| m.reads.terms()).collect();
        let steps = self.watched().into_iter().flat_map(|(_, w)| &w.funnel.steps).map(|s| s.event);
        Needs {
            events: terms.iter().map(|t| t.event).chain(steps).collect(),
            properties: terms.iter().filter_map(|t| t.make.property()).collect(),
            fields: self.fields().collect(),
            personas: self.personas,
            experiment: Some(at),
            beside: self.beside().into_iter().map(|(_, place)| place).collect(),
        }
    }

    fn fields(&self) -> impl Iterator<Item = usize> + '_ {
        self.x.segments.iter().filter_map(|s| match s {
            SegmentPlan::Field(at) => Some(*at),
            SegmentPlan::Persona => None,
        })
    }

    fn field_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.fields().map(|f| format!("f{f}")).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The exposures that count, numbered by time within their unit.
    fn shown(&self) -> Select {
        let fields = self.field_names();
        let over = |function: Function, args: Vec<Expr>| {
            let order = ["t", "vc", "v"].map(ours).into_iter().chain(fields.iter().map(ours));
            let of = Box::new(call(function, args));
            Expr::Over { of, by: vec![ours("u")], order: order.collect(), frame: Frame::Natural }
        };
        let mut counts = vec![set("xs")];
        if self.timed {
            counts.push(infix(" >= ", ours("t"), Expr::Whole(self.x.from)));
            counts.push(infix(" < ", ours("t"), Expr::Whole(self.x.until)));
        }
        Select::part("events")
            .same(&["u", "t", "vc", "v"].map(str::to_owned))
            .same(&fields)
            .column(over(Function::RowNumber, Vec::new()), "nth")
            .column(over(Function::FirstValue, vec![ours("vc")]), "vc_first")
            .column(over(Function::FirstValue, vec![ours("v")]), "v_first")
            .filter(all(counts))
    }

    /// Each unit's first exposure; `other` is the first one to another variant, its time and number in one.
    fn exposed(&self) -> Select {
        let first =
            |name: &str| call(Function::Max, [when(infix(" = ", ours("nth"), Expr::Whole(1)), ours(name), Expr::Null)]);
        let strange = all([infix(" = ", ours("vc"), Expr::Whole(UNKNOWN)), infix(" <> ", ours("v"), ours("v_first"))]);
        let differs = any([infix(" <> ", ours("vc"), ours("vc_first")), strange]);
        let packed = infix(" + ", infix(" * ", ours("t"), Expr::Whole(ROOM)), ours("vc"));
        let mut select = Select::part("shown").by(ours("u"), "u").column(call(Function::Min, [ours("t")]), "t0");
        for name in ["vc", "v"].map(str::to_owned).iter().chain(&self.field_names()) {
            select = select.column(first(name), name);
        }
        select.column(call(Function::Min, [when(differs, packed, Expr::Null)]), "other")
    }

    /// One row a unit: its exposure, and what it gives each measure.
    fn units(&self) -> Select {
        let mut select = Select {
            from: vec![(Place::Part("exposed".to_owned()), Some("x")), (Place::Part("events".to_owned()), Some("e"))],
            on: Some(infix(" = ", ours("e.u"), ours("x.u"))),
            ..Select::default()
        };
        select = ["u", "t0", "vc", "v", "other"].iter().fold(select, |s, n| s.by(ours(format!("x.{n}")), *n));
        select = self.field_names().iter().fold(select, |s, n| s.by(ours(format!("x.{n}")), n));
        let watched = || {
            let events = self.x.measures.iter().flat_map(|m| m.reads.terms()).map(|t| t.event);
            let mut events: Vec<usize> = events.collect();
            events.sort_unstable();
            events.dedup();
            any(events.into_iter().map(|k| set(format!("e.i{k}"))))
        };
        let early = all([watched(), infix(" < ", ours("e.t"), ours("x.t0"))]);
        select = select
            .column(call(Function::Count, []), "size")
            .column(call(Function::Sum, [flag(watched())]), "looked")
            .column(call(Function::Sum, [flag(early)]), "early");
        for w in (0..self.plan.personas.len()).filter(|_| self.personas) {
            select = select.column(told(ours("e.t"), ours(format!("e.w{w}"))), format!("w{w}"));
        }
        for (m, measure) in self.x.measures.iter().enumerate() {
            select = self.measure(select, m, measure);
        }
        self.arms(select)
    }

    fn measure(&self, select: Select, m: usize, measure: &MeasurePlan) -> Select {
        let plus = |by: i64| infix(" + ", ours("x.t0"), Expr::Whole(by));
        let minus = |by: i64| infix(" - ", ours("x.t0"), Expr::Whole(by));
        let after = || between(ours("e.t"), ours("x.t0"), plus(measure.window));
        let before = |by: i64| between(ours("e.t"), minus(by), minus(1));
        let terms = measure.reads.terms();
        let Some(first) = terms.first().copied() else { return select };
        if measure.shape == Shape::Values {
            return select.column(self.list(first, after()), format!("l{m}"));
        }
        let mut select = select.column(self.term(first, after()), format!("y{m}"));
        let second = terms.get(1).copied();
        match (measure.before, second) {
            (Some(by), _) => select = select.column(self.term(first, before(by)), format!("x{m}")),
            (None, Some(second)) => select = select.column(self.term(second, after()), format!("x{m}")),
            (None, None) => (),
        }
        if has_before(measure) {
            select = select.column(self.term(first, before(measure.window)), format!("by{m}"));
            if let Some(second) = second {
                select = select.column(self.term(second, before(measure.window)), format!("bx{m}"));
            }
        }
        select
    }

    /// Returns what is made of a unit's events of a term that lie in a span.
    fn term(&self, term: TermPlan, span: Expr) -> Expr {
        let is = all([set(format!("e.i{}", term.event)), span]);
        let happened = || all([is.clone(), infix(" = ", ours("e.q"), Expr::Whole(0))]);
        let value = |p: usize| when(is.clone(), ours(format!("e.p{p}")), Expr::Null);
        let or_zero = |e: Expr| call(Function::Coalesce, [e, Expr::Whole(0)]);
        match term.make {
            Make::Happened => call(Function::Max, [flag(happened())]),
            Make::Absent => infix(" - ", Expr::Whole(1), call(Function::Max, [flag(happened())])),
            Make::Count => call(Function::Sum, [flag(happened())]),
            Make::Sum(p) | Make::Values(p) => or_zero(self.sum(p, value(p))),
            Make::Max(p) => or_zero(call(Function::Max, [value(p)])),
            Make::Last(p) => call(Function::Last, [value(p), ours("e.t")]),
            Make::FirstTime => {
                let since = infix(" - ", ours("e.t"), ours("x.t0"));
                call(Function::Min, [when(happened(), since, Expr::Null)])
            }
        }
    }

    /// Sums of money are sums of whole numbers; those of doubles round, so their order counts.
    fn sum(&self, property: usize, value: Expr) -> Expr {
        use crate::model::manifest::PropertyType::Number;
        let number = self.plan.properties.get(property).is_some_and(|p| p.kind == Number);
        match number {
            true => call(Function::SumInOrder, [value, ours("e.t")]),
            false => call(Function::Sum, [value]),
        }
    }

    fn list(&self, term: TermPlan, span: Expr) -> Expr {
        let is = all([set(format!("e.i{}", term.event)), span]);
        let value = term.make.property().map_or(Expr::Null, |p| ours(format!("e.p{p}")));
        call(Function::List, [when(is, value, Expr::Null)])
    }
}

/// Whether what the same units did before the exposure is counted too; the engine counts it for these shapes.
fn has_before(measure: &MeasurePlan) -> bool {
    matches!(measure.shape, Shape::Share | Shape::Mean | Shape::Pair) && !measure.reads.terms().is_empty()
}
