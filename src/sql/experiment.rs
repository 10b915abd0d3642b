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
use super::form::{
    Expr, Form, Frame, Function, Place, Select, all, any, between, call, flag, infix, ours, set, text, there, when,
};
use super::funnel::{self, Watched};
use super::rows::{Needs, Rows, UNKNOWN, bounds, timed};
use crate::plan::{ExperimentPlan, Make, MeasurePlan, Plan, ReadPlan, SegmentPlan, TermPlan};
use crate::tally::Shape;
use jiff::tz::TimeZone;

const DAY: i64 = 86_400_000_000;
/// Room for a variant's number below a time.
const ROOM: i64 = 64;

/// Returns the query of an experiment of a plan.
///
/// # Errors
/// What of a funnel cannot be counted in a warehouse.
pub(super) fn form(plan: &Plan, at: usize, places: &[Place]) -> Result<Form, String> {
    let x = plan.experiments.get(at).ok_or("there is no such experiment")?;
    let query = Query { plan, x, timed: timed(plan), personas: x.segments.contains(&SegmentPlan::Persona) };
    let mut form = Form::default();
    Rows::new(plan, places, query.needs(at)).add(&mut form);
    form.part("shown", [query.shown()]);
    form.part("exposed", [query.exposed()]);
    let watched = query.watched();
    if let Some(why) = watched.iter().find_map(|w| funnel::refusal(w.funnel)) {
        return Err(why);
    }
    let mut units = query.units();
    for (number, watched) in watched.iter().enumerate() {
        watched.add(&mut form, number);
        let names: Vec<String> = units.columns.iter().map(|(_, name)| name.clone()).collect();
        let part = format!("units_{number}");
        form.part(&part, [units]);
        units = deeper(&part, number, &names);
    }
    form.part("units", [units]);
    let times = x.measures.iter().any(|m| m.shape == Shape::Times) && query.timed;
    if times {
        bounds(&mut form, plan, places);
    }
    form.part("cases", query.cases().iter().map(Case::select));
    form.last.push(query.counts(times));
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

/// One kind of row that comes out of each unit of a state.
struct Case {
    what: &'static str,
    state: i64,
    measure: Option<usize>,
    by: i64,
}

impl Case {
    fn select(&self) -> Select {
        let measure = self.measure.map_or(-1, |m| i64::try_from(m).unwrap_or(-1));
        Select::default()
            .column(text(self.what), "what")
            .column(Expr::Whole(self.state), "state")
            .column(Expr::Whole(measure), "measure")
            .column(Expr::Whole(self.by), "cut_by")
    }

    /// Returns whether a row of `cases` is this one.
    fn here(&self) -> Expr {
        let mut list = vec![infix(" = ", ours("c.what"), text(self.what))];
        if let Some(m) = self.measure {
            list.push(infix(" = ", ours("c.measure"), Expr::Whole(i64::try_from(m).unwrap_or(-1))));
        }
        all(list)
    }
}

const IN: i64 = 0;
const CROSSED: i64 = 1;
const STRANGE: i64 = 2;

fn terms(m: &MeasurePlan) -> Vec<TermPlan> {
    match &m.reads {
        ReadPlan::One(t) | ReadPlan::All(t, _) => vec![*t],
        ReadPlan::Two(a, b) => vec![*a, *b],
        ReadPlan::Step(..) => Vec::new(),
    }
}

impl<'p> Query<'p> {
    /// The funnels whose steps are measures, each with its window, each once.
    fn watched(&self) -> Vec<Watched<'p>> {
        let mut list: Vec<(usize, Watched<'p>)> = Vec::new();
        for m in &self.x.measures {
            if let ReadPlan::Step(at, _) = m.reads
                && let Some(funnel) = self.plan.funnels.get(at)
                && !list.iter().any(|(f, w)| *f == at && w.window == m.window)
            {
                list.push((at, Watched { funnel, window: m.window }));
            }
        }
        list.into_iter().map(|(_, w)| w).collect()
    }

    /// Whether a unit reaches the step of a measure.
    fn step(&self, m: &MeasurePlan) -> Option<Expr> {
        let ReadPlan::Step(at, step) = m.reads else { return None };
        let funnel = self.plan.funnels.get(at)?;
        let same = |w: &Watched<'_>| std::ptr::eq(w.funnel, funnel) && w.window == m.window;
        let number = self.watched().iter().position(same)?;
        let step = Expr::Whole(i64::try_from(step).unwrap_or(i64::MAX));
        Some(flag(infix(" > ", ours(format!("a.d{number}")), step)))
    }

    fn needs(&self, at: usize) -> Needs {
        let terms: Vec<TermPlan> = self.x.measures.iter().flat_map(terms).collect();
        let steps = self.watched().into_iter().flat_map(|w| &w.funnel.steps).map(|s| s.event);
        Needs {
            events: terms.iter().map(|t| t.event).chain(steps).collect(),
            properties: terms.iter().filter_map(|t| t.make.property()).collect(),
            fields: self.fields().collect(),
            personas: self.personas,
            experiment: Some(at),
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
            let events = self.x.measures.iter().flat_map(terms).map(|t| t.event);
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
            select = select.column(told(w), format!("w{w}"));
        }
        for (m, measure) in self.x.measures.iter().enumerate() {
            select = self.measure(select, m, measure);
        }
        select
    }

    fn measure(&self, select: Select, m: usize, measure: &MeasurePlan) -> Select {
        let plus = |by: i64| infix(" + ", ours("x.t0"), Expr::Whole(by));
        let minus = |by: i64| infix(" - ", ours("x.t0"), Expr::Whole(by));
        let after = || between(ours("e.t"), ours("x.t0"), plus(measure.window));
        let before = |by: i64| between(ours("e.t"), minus(by), minus(1));
        let terms = terms(measure);
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

    /// Returns the rows that come out of each unit.
    fn cases(&self) -> Vec<Case> {
        let case = |what, state, measure, by| Case { what, state, measure, by };
        let mut list = vec![
            case("crossed", CROSSED, None, -1),
            case("unknown", STRANGE, None, -1),
            case("looked", IN, None, -1),
            case("early", IN, None, -1),
            case("size", IN, None, -1),
        ];
        let cuts = i64::try_from(self.x.segments.len()).unwrap_or(0);
        for by in -1..cuts {
            list.push(case("unit", IN, None, by));
            for (m, measure) in
                self.x.measures.iter().enumerate().filter(|(_, m)| !terms(m).is_empty() || self.step(m).is_some())
            {
                list.push(case("sample", IN, Some(m), by));
                if by == -1 && has_before(measure) {
                    list.push(case("before", IN, Some(m), by));
                }
            }
        }
        list
    }

    /// How many units have which value.
    fn counts(&self, times: bool) -> Select {
        let part = |name: &str| Place::Part(name.to_owned());
        let mut from = vec![(part("units"), Some("a")), (part("cases"), Some("c"))];
        if times {
            from.push((part("bounds"), Some("b")));
        }
        let double = |e: Expr| call(Function::ToDouble, [e]);
        let weight = vec![
            (infix(" = ", ours("c.what"), text("looked")), ours("a.looked")),
            (infix(" = ", ours("c.what"), text("early")), ours("a.early")),
        ];
        let select = Select { from, filter: Some(infix(" = ", ours("c.state"), state())), ..Select::default() };
        select
            .by(ours("c.what"), "what")
            .by(ours("c.measure"), "measure")
            .by(when(infix(" = ", ours("c.state"), Expr::Whole(IN)), ours("a.vc"), Expr::Whole(-1)), "variant")
            .by(ours("c.cut_by"), "cut_by")
            .by(call(Function::ToText, [self.cut()]), "cut")
            .by(double(self.y(times)), "y")
            .by(double(self.x()), "x")
            .by(call(Function::ToText, [self.values()]), "list")
            .column(call(Function::Sum, [Expr::Case(weight, Box::new(Expr::Whole(1)))]), "units")
    }

    fn cut(&self) -> Expr {
        let mut arms = vec![(infix(" = ", ours("c.what"), text("unknown")), ours("a.v"))];
        let cut = ["unit", "sample"].map(|w| infix(" = ", ours("c.what"), text(w)));
        let is_cut = any(cut);
        let by = |n: usize| {
            all([is_cut.clone(), infix(" = ", ours("c.cut_by"), Expr::Whole(i64::try_from(n).unwrap_or(-1)))])
        };
        if self.timed {
            let day = all([
                is_cut.clone(),
                infix(" = ", ours("c.cut_by"), Expr::Whole(-1)),
                infix(" <> ", ours("a.t0"), Expr::Whole(0)),
            ]);
            arms.push((day, call(Function::ToText, [self.day()])));
        }
        for (n, segment) in self.x.segments.iter().enumerate() {
            let value = match segment {
                SegmentPlan::Field(f) => call(Function::ToText, [ours(format!("a.f{f}"))]),
                SegmentPlan::Persona => self.persona(),
            };
            arms.push((by(n), value));
        }
        Expr::Case(arms, Box::new(call(Function::ToText, [Expr::Null])))
    }

    /// The first persona that the unit is.
    fn persona(&self) -> Expr {
        let none = call(Function::ToText, [Expr::Null]);
        let arms = self.plan.personas.iter().enumerate().map(|(w, p)| {
            let told = || ours(format!("a.w{w}"));
            let is = infix(" = ", call(Function::Rest, [told(), Expr::Whole(2)]), Expr::Whole(0));
            (all([there(told()), is]), text(&p.id))
        });
        Expr::Case(arms.collect(), Box::new(none))
    }

    /// The day of the first exposure, in days since 1970; clock changes are written out, so that no engine's own table of
    /// time zones matters.
    fn day(&self) -> Expr {
        let zone = TimeZone::get(&self.plan.zone).unwrap_or(TimeZone::UTC);
        day_of(&zone, self.x.from, self.x.until)
    }

    fn y(&self, times: bool) -> Expr {
        let mut arms = vec![
            (infix(" = ", ours("c.what"), text("size")), ours("a.size")),
            (infix(" = ", ours("c.what"), text("crossed")), ours("a.vc")),
        ];
        for (m, measure) in self.x.measures.iter().enumerate() {
            if let Some(step) = self.step(measure) {
                arms.push((sample(m), step));
            }
            if measure.shape == Shape::Values || terms(measure).is_empty() {
                continue;
            }
            let value = ours(format!("a.y{m}"));
            let value = if measure.shape == Shape::Times { millis(value, measure.window, times) } else { value };
            arms.push((sample(m), value));
            if has_before(measure) {
                arms.push((case("before", m), ours(format!("a.by{m}"))));
            }
        }
        Expr::Case(doubles(arms), Box::new(call(Function::ToDouble, [Expr::Null])))
    }

    fn x(&self) -> Expr {
        let other = call(Function::Rest, [ours("a.other"), Expr::Whole(ROOM)]);
        let mut arms = vec![(infix(" = ", ours("c.what"), text("crossed")), other)];
        for (m, measure) in self.x.measures.iter().enumerate() {
            let two = terms(measure).len() > 1;
            if measure.shape == Shape::Times {
                arms.push((sample(m), flag(there(ours(format!("a.y{m}"))))));
            } else if two || measure.before.is_some() {
                arms.push((sample(m), ours(format!("a.x{m}"))));
            }
            if two && has_before(measure) {
                arms.push((case("before", m), ours(format!("a.bx{m}"))));
            }
        }
        Expr::Case(doubles(arms), Box::new(call(Function::ToDouble, [Expr::Null])))
    }

    fn values(&self) -> Expr {
        let lists = self.x.measures.iter().enumerate().filter(|(_, m)| m.shape == Shape::Values);
        let arms: Vec<_> = lists.map(|(m, _)| (sample(m), ours(format!("a.l{m}")))).collect();
        let none = call(Function::ToText, [Expr::Null]);
        if arms.is_empty() { none } else { Expr::Case(arms, Box::new(none)) }
    }
}

fn case(what: &'static str, measure: usize) -> Expr {
    Case { what, state: IN, measure: Some(measure), by: -1 }.here()
}

fn sample(measure: usize) -> Expr {
    case("sample", measure)
}

fn doubles(arms: Vec<(Expr, Expr)>) -> Vec<(Expr, Expr)> {
    arms.into_iter().map(|(c, v)| (c, call(Function::ToDouble, [v]))).collect()
}

/// What became of a unit: it counts, it saw two variants, or one that the plan does not know.
fn state() -> Expr {
    let strange = infix(" = ", ours("a.vc"), Expr::Whole(UNKNOWN));
    let arms = vec![(there(ours("a.other")), Expr::Whole(CROSSED)), (strange, Expr::Whole(STRANGE))];
    Expr::Case(arms, Box::new(Expr::Whole(IN)))
}

/// Whether the first row that tells says so: the time doubled, plus one where it says no.
fn told(w: usize) -> Expr {
    let at = || ours("e.t");
    let says = ours(format!("e.w{w}"));
    let packed = infix(" + ", infix(" * ", at(), Expr::Whole(2)), infix(" - ", Expr::Whole(1), says.clone()));
    call(Function::Min, [when(there(says), packed, Expr::Null)])
}

/// Whether what the same units did before the exposure is counted too; the engine counts it for these shapes.
fn has_before(measure: &MeasurePlan) -> bool {
    matches!(measure.shape, Shape::Share | Shape::Mean | Shape::Pair) && !terms(measure).is_empty()
}

/// Whole milliseconds to the event, or until it had not happened.
fn millis(first: Expr, window: i64, times: bool) -> Expr {
    let watched = infix(" - ", ours("b.t_last"), ours("a.t0"));
    let window = Expr::Whole(window);
    let censored = if times { call(Function::Least, [watched, window]) } else { window };
    let micros = call(Function::Coalesce, [first, censored]);
    let micros = call(Function::Greatest, [micros, Expr::Whole(0)]);
    call(Function::Divide, [micros, Expr::Whole(1_000)])
}

/// Returns the day of `a.t0`, for times in `[from, until)`.
fn day_of(zone: &TimeZone, from: i64, until: i64) -> Expr {
    let offset = |micros: i64| {
        let stamp = jiff::Timestamp::from_microsecond(micros).unwrap_or_default();
        i64::from(zone.to_offset(stamp).seconds()) * 1_000_000
    };
    let day = |shift: i64| {
        // Counted from a midnight before any exposure, so that no engine divides a negative number.
        let base = (from + shift).div_euclid(DAY);
        let since = infix(" + ", ours("a.t0"), Expr::Whole(shift - base * DAY));
        infix(" + ", call(Function::Divide, [since, Expr::Whole(DAY)]), Expr::Whole(base))
    };
    let start = jiff::Timestamp::from_microsecond(from).unwrap_or_default();
    let changes = zone.following(start).map(|c| c.timestamp().as_microsecond()).take_while(|t| *t < until).take(400);
    let mut arms = Vec::new();
    let mut now = offset(from);
    for change in changes {
        let next = offset(change);
        if next != now {
            arms.push((infix(" < ", ours("a.t0"), Expr::Whole(change)), day(now)));
            now = next;
        }
    }
    if arms.is_empty() { day(now) } else { Expr::Case(arms, Box::new(day(now))) }
}
