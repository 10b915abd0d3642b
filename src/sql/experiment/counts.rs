//! What comes out of an experiment's units: how many of them have which value, by measure, variant and cut.
use super::{Query, UNKNOWN, has_before};
use crate::plan::SegmentPlan;
use crate::sql::form::{Expr, Function, Place, Select, all, any, call, flag, infix, ours, text, there, when};
use crate::sql::rows::says_so;
use crate::tally::Shape;
use jiff::tz::TimeZone;

pub(super) const DAY: i64 = 86_400_000_000;
/// Room for a variant's number below a time.
pub(super) const ROOM: i64 = 64;

/// One kind of row that comes out of each unit of a state.
pub(super) struct Case {
    what: &'static str,
    state: i64,
    measure: Option<usize>,
    by: i64,
}

impl Case {
    pub(super) fn select(&self) -> Select {
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

impl Query<'_> {
    /// Returns the rows that come out of each unit.
    pub(super) fn cases(&self) -> Vec<Case> {
        let case = |what, state, measure, by| Case { what, state, measure, by };
        let mut list = vec![
            case("crossed", CROSSED, None, -1),
            case("unknown", STRANGE, None, -1),
            case("looked", IN, None, -1),
            case("early", IN, None, -1),
            case("size", IN, None, -1),
        ];
        list.extend(self.walks().into_iter().map(|(walk, _)| case("walk", IN, Some(walk), -1)));
        if !self.aged().is_empty() {
            list.push(case("whole", IN, None, -1));
        }
        let cuts = (-1..self.beside_cut(0)).map(|by| (by, true));
        for (by, usual) in cuts.chain(self.beside().into_iter().map(|(with, _)| (self.beside_cut(with), false))) {
            list.push(case("unit", IN, None, by));
            for (m, measure) in self
                .x
                .measures
                .iter()
                .enumerate()
                // only what decides is looked at beside other experiments
                .filter(|(_, m)| usual || m.decides)
                .filter(|(_, m)| !m.reads.terms().is_empty() || self.step(m).is_some())
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
    pub(super) fn counts(&self, times: bool) -> Select {
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
        let select = Select {
            from,
            filter: Some(all([infix(" = ", ours("c.state"), state()), self.has_cut()])),
            ..Select::default()
        };
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
        for (with, _) in self.beside() {
            let arm = call(Function::ToText, [ours(format!("a.b{with}"))]);
            arms.push((by(self.x.segments.len() + with), arm));
        }
        Expr::Case(arms, Box::new(call(Function::ToText, [Expr::Null])))
    }

    /// The first persona that the unit is.
    fn persona(&self) -> Expr {
        let none = call(Function::ToText, [Expr::Null]);
        let personas = self.plan.personas.iter().enumerate().filter(|(_, p)| p.persona.is_some());
        let arms = personas.map(|(w, p)| {
            let told = ours(format!("a.w{w}"));
            (all([there(told.clone()), says_so(told)]), text(&p.id))
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
        if !self.aged().is_empty() {
            arms.push((infix(" = ", ours("c.what"), text("whole")), self.whole_days()));
        }
        for (walk, number) in self.walks() {
            // Who is exposed at no time is in no funnel.
            let seen = infix(" <> ", ours("a.t0"), Expr::Whole(0));
            arms.push((case("walk", walk), when(seen, ours(format!("a.d{number}")), Expr::Null)));
        }
        for (m, measure) in self.x.measures.iter().enumerate() {
            if let Some(step) = self.step(measure) {
                arms.push((sample(m), step));
            }
            if measure.shape == Shape::Values || measure.reads.terms().is_empty() {
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
            let two = measure.reads.terms().len() > 1;
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
pub(super) fn state() -> Expr {
    let strange = infix(" = ", ours("a.vc"), Expr::Whole(UNKNOWN));
    let arms = vec![(there(ours("a.other")), Expr::Whole(CROSSED)), (strange, Expr::Whole(STRANGE))];
    Expr::Case(arms, Box::new(Expr::Whole(IN)))
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
