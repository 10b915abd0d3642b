//! In which arm of the experiments beside it a unit is.
use super::{Query, UNKNOWN};
use crate::sql::form::{Expr, Function, Select, all, between, call, infix, ours, there, when};

impl Query<'_> {
    /// The experiments beside it that are counted here: which of them each is, and its place in the plan.
    pub(super) fn beside(&self) -> Vec<(usize, usize)> {
        let place = |id: &_| self.plan.experiments.iter().position(|x| x.experiment == *id);
        self.x.beside.iter().enumerate().filter_map(|(with, id)| Some((with, place(id)?))).collect()
    }

    /// The number by which rows of a cut by an experiment beside it go: they come after the segments.
    pub(super) fn beside_cut(&self, with: usize) -> i64 {
        i64::try_from(self.x.segments.len() + with).unwrap_or(i64::MAX)
    }

    /// Adds to the units their arm in each experiment beside it: the one variant in which it was exposed there in time.
    /// Who saw two of them, or one that the plan does not know, has none.
    pub(super) fn arms(&self, mut select: Select) -> Select {
        for (with, place) in self.beside() {
            let Some(x) = self.plan.experiments.get(place) else { continue };
            let shown = ours(format!("e.s{place}"));
            let counts = match self.timed {
                true => between(ours("e.t"), Expr::Whole(x.from), Expr::Whole(x.until.saturating_sub(1))),
                false => all([]),
            };
            let arm = when(counts, shown, Expr::Null);
            let least = call(Function::Min, [arm.clone()]);
            let most = || call(Function::Max, [arm.clone()]);
            let one = all([infix(" = ", least, most()), infix(" < ", most(), Expr::Whole(UNKNOWN))]);
            select = select.column(when(one, most(), Expr::Null), format!("b{with}"));
        }
        select
    }

    /// Returns whether a unit has the cut that a row is by.
    pub(super) fn has_cut(&self) -> Expr {
        let cuts = Expr::Whole(self.beside_cut(0));
        let mut arms = vec![(infix(" < ", ours("c.cut_by"), cuts), Expr::Whole(1))];
        for (with, _) in self.beside() {
            let by = infix(" = ", ours("c.cut_by"), Expr::Whole(self.beside_cut(with)));
            arms.push((all([by, there(ours(format!("a.b{with}")))]), Expr::Whole(1)));
        }
        infix(" = ", Expr::Case(arms, Box::new(Expr::Whole(0))), Expr::Whole(1))
    }
}
