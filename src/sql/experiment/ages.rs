//! What happens so many whole days after exposure.
use super::Query;
use super::counts::{DAY, state};
use crate::plan::MeasurePlan;
use crate::sql::form::{Expr, Form, Function, Place, Select, all, any, call, infix, ours, set, text};

impl Query<'_> {
    /// The measures that are counted by age, with their places.
    pub(super) fn aged(&self) -> Vec<(usize, &MeasurePlan)> {
        let all = self.x.measures.iter().enumerate().filter(|_| self.timed);
        all.filter(|(_, m)| m.ages > 0).collect()
    }

    /// The most days that any measure is counted for.
    fn most_days(&self) -> i64 {
        self.aged().into_iter().map(|(_, m)| i64::from(m.ages)).max().unwrap_or(0)
    }

    /// How many whole days a unit was watched; no more than any measure looks at.
    pub(super) fn whole_days(&self) -> Expr {
        let watched = infix(" - ", ours("b.t_last"), ours("a.t0"));
        let watched = call(Function::Greatest, [watched, Expr::Whole(0)]);
        let days = call(Function::Divide, [watched, Expr::Whole(DAY)]);
        call(Function::Least, [days, Expr::Whole(self.most_days())])
    }

    /// Adds what units did on a day since their exposure: a row for each unit and each day on which it did anything, and
    /// how many of those have which value. Those who did nothing are known from the number of days that units were watched.
    pub(super) fn ages(&self, form: &mut Form) {
        let aged = self.aged();
        form.part("ages", [self.unit_days(&aged)]);
        let number = |m: usize| i64::try_from(m).unwrap_or(-1);
        form.part("aged", aged.iter().map(|(m, _)| Select::default().column(Expr::Whole(number(*m)), "measure")));
        let value = |letter: char, of: &[usize]| {
            let is = |m: usize| infix(" = ", ours("c.measure"), Expr::Whole(number(m)));
            let each = of.iter().map(|m| (is(*m), call(Function::ToDouble, [ours(format!("a.{letter}{m}"))])));
            let none = call(Function::ToDouble, [Expr::Null]);
            if of.is_empty() { none } else { Expr::Case(each.collect(), Box::new(none)) }
        };
        let everyone: Vec<usize> = aged.iter().map(|(m, _)| *m).collect();
        let ratios: Vec<usize> = aged.iter().filter(|(_, m)| m.reads.terms().len() > 1).map(|(m, _)| *m).collect();
        let part = |name: &str, short| (Place::Part(name.to_owned()), Some(short));
        let end = infix(" * ", infix(" + ", ours("a.age"), Expr::Whole(1)), Expr::Whole(DAY));
        let whole = infix(" <= ", infix(" + ", ours("a.t0"), end), ours("b.t_last"));
        let from = vec![part("ages", "a"), part("aged", "c"), part("bounds", "b")];
        let select =
            Select { from, filter: Some(all([whole, infix(" = ", state(), Expr::Whole(0))])), ..Select::default() };
        let counts = select
            .column(text("age"), "what")
            .by(ours("c.measure"), "measure")
            .by(ours("a.vc"), "variant")
            .by(ours("a.age"), "cut_by")
            .column(call(Function::ToText, [Expr::Null]), "cut")
            .by(value('y', &everyone), "y")
            .by(value('x', &ratios), "x")
            .column(call(Function::ToText, [Expr::Null]), "list")
            .column(call(Function::Count, []), "units");
        form.last.push(counts);
    }

    fn unit_days(&self, aged: &[(usize, &MeasurePlan)]) -> Select {
        let since = || infix(" - ", ours("e.t"), ours("x.t0"));
        let mut events: Vec<usize> = aged.iter().flat_map(|(_, m)| m.reads.terms()).map(|t| t.event).collect();
        events.sort_unstable();
        events.dedup();
        let watched = any(events.into_iter().map(|k| set(format!("e.i{k}"))));
        let first_days = infix(" < ", since(), Expr::Whole(self.most_days() * DAY));
        let mut select = Select {
            from: vec![(Place::Part("exposed".to_owned()), Some("x")), (Place::Part("events".to_owned()), Some("e"))],
            on: Some(infix(" = ", ours("e.u"), ours("x.u"))),
            filter: Some(all([watched, infix(" >= ", ours("e.t"), ours("x.t0")), first_days])),
            ..Select::default()
        };
        select = ["u", "t0", "vc", "other"].iter().fold(select, |s, n| s.by(ours(format!("x.{n}")), *n));
        select = select.by(call(Function::Divide, [since(), Expr::Whole(DAY)]), "age");
        for (m, measure) in aged {
            for (letter, term) in ["y", "x"].iter().zip(measure.reads.terms()) {
                select = select.column(self.term(term, all([])), format!("{letter}{m}"));
            }
        }
        select
    }
}
