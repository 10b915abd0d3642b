//! How deep each exposed unit comes in a funnel, by windows alone.
//!
//! The engine keeps, for each step, the newest chain that reached it. Whoever reaches a step newest started newest too, so
//! the newest chain's start and last time only ever grow along a unit's events: "the newest so far" is a running maximum,
//! which every dialect has. One pass over a unit's events a step, and the answer is the engine's, best attempt included.
use super::form::{
    Expr, Form, Frame, Function, Place, Select, all, any, between, call, flag, infix, ours, set, there, when,
};
use crate::model::funnel::Attempt;
use crate::plan::{FunnelPlan, OrderPlan};

/// A funnel that somebody is watched in for so long after the exposure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watched<'p> {
    pub(super) funnel: &'p FunnelPlan,
    /// Microseconds.
    pub(super) window: i64,
}

/// Says what of a funnel cannot be counted in a warehouse.
pub(super) fn refusal(funnel: &FunnelPlan) -> Option<String> {
    let what = match funnel {
        f if f.order != OrderPlan::Listed => "another order than `order listed`",
        f if !f.exclusions.is_empty() => "people who fail or are dropped",
        f if f.may_start_anywhere => "`may start anywhere`",
        f if f.tolerance > 0 => "`clock tolerance`",
        _ => return None,
    };
    Some(format!("the funnel `{}` has {what}, which is counted from files only", funnel.id))
}

fn required(funnel: &FunnelPlan) -> Vec<(usize, usize)> {
    let steps = funnel.steps.iter().enumerate().filter(|(_, s)| !s.optional);
    steps.map(|(at, s)| (at, s.event)).collect()
}

fn over(function: Function, of: Expr, order: Expr, frame: Frame) -> Expr {
    Expr::Over { of: Box::new(call(function, [of])), by: vec![ours("u")], order: vec![order], frame }
}

impl Watched<'_> {
    /// Adds the parts that end in `depth_N`: how many steps as written each exposed unit comes.
    pub(super) fn add(&self, form: &mut Form, number: usize) {
        let steps = required(self.funnel);
        let part = |name: &str| format!("{name}_{number}");
        form.part(part("hits"), [self.hits(&steps)]);
        let mut names: Vec<String> = ["u", "t", "nth"].map(str::to_owned).to_vec();
        names.extend((0..steps.len()).map(|k| format!("s{k}")));
        let place = ["t", "hi", "lo"].map(ours).to_vec();
        let row = Expr::Over {
            of: Box::new(call(Function::RowNumber, [])),
            by: vec![ours("u")],
            order: place,
            frame: Frame::Natural,
        };
        let flags: Vec<String> = names.iter().filter(|n| *n != "nth").cloned().collect();
        form.part(part("placed"), [Select::part(part("hits")).same(&flags).column(row, "nth")]);
        let mut before = part("placed");
        for k in 0..steps.len() {
            let (look, made) = (format!("look_{number}_{k}"), format!("made_{number}_{k}"));
            form.part(&look, [self.look(&before, &names, k)]);
            form.part(&made, [self.made(&look, &names, k)]);
            names.push(format!("a{k}"));
            names.push(format!("l{k}"));
            before = made;
        }
        // Who has no hit has depth 0; the steps as written count the optional ones passed over.
        let reached = steps
            .iter()
            .enumerate()
            .rev()
            .map(|(k, (at, _))| (there(ours(format!("a{k}"))), Expr::Whole(i64::try_from(at + 1).unwrap_or(0))));
        let depth = Expr::Case(reached.collect(), Box::new(Expr::Whole(0)));
        let each = Select::part(before).column(ours("u"), "u").column(depth, "depth");
        let none = Select::part("exposed").column(ours("u"), "u").column(Expr::Whole(0), "depth");
        form.part(part("reach"), [each, none]);
        let deepest = call(Function::Max, [ours("depth")]);
        form.part(part("depth"), [Select::part(part("reach")).by(ours("u"), "u").column(deepest, "depth")]);
    }

    /// The events of steps in the window; within an instant those that fit only early steps come first.
    fn hits(&self, steps: &[(usize, usize)]) -> Select {
        let fits = |event: usize| {
            let quiet = infix(" = ", ours("e.q"), Expr::Whole(0));
            all([set(format!("e.i{event}")), quiet])
        };
        let number = |k: usize| Expr::Whole(i64::try_from(k).unwrap_or(0));
        let arms = |list: Vec<usize>| {
            let arms = list.into_iter().filter_map(|k| Some((fits(steps.get(k)?.1), number(k))));
            Expr::Case(arms.collect(), Box::new(Expr::Whole(-1)))
        };
        let until = infix(" + ", ours("x.t0"), Expr::Whole(self.window));
        let mut select = Select {
            from: vec![(Place::Part("exposed".to_owned()), Some("x")), (Place::Part("events".to_owned()), Some("e"))],
            on: Some(infix(" = ", ours("e.u"), ours("x.u"))),
            filter: Some(all([
                between(ours("e.t"), ours("x.t0"), until),
                any(steps.iter().map(|(_, event)| fits(*event))),
            ])),
            ..Select::default()
        };
        select = select.column(ours("x.u"), "u").column(ours("e.t"), "t");
        for (k, (_, event)) in steps.iter().enumerate() {
            select = select.column(flag(fits(*event)), format!("s{k}"));
        }
        select.column(arms((0..steps.len()).rev().collect()), "hi").column(arms((0..steps.len()).collect()), "lo")
    }

    /// What the newest chain at the step before was, before this event; for the first step, whether anybody started.
    fn look(&self, from: &str, names: &[String], k: usize) -> Select {
        let newest = |name: String| over(Function::Max, ours(name), ours("nth"), Frame::Before);
        let select = Select::part(from).same(names);
        match k.checked_sub(1) {
            Some(before) => {
                select.column(newest(format!("a{before}")), "pa").column(newest(format!("l{before}")), "pl")
            }
            None => select.column(newest("s0".to_owned()), "pa"),
        }
    }

    /// The chain that this event makes at a step: when it started and when it came here.
    fn made(&self, from: &str, names: &[String], k: usize) -> Select {
        let mut can = vec![set(format!("s{k}"))];
        let start = if k == 0 { ours("t") } else { ours("pa") };
        if k == 0 {
            if self.funnel.attempt == Attempt::First {
                can.push(infix(" = ", call(Function::Coalesce, [ours("pa"), Expr::Whole(0)]), Expr::Whole(0)));
            }
        } else {
            can.push(there(ours("pa")));
            for (since, limit) in [("pa", self.funnel.within), ("pl", self.funnel.within_step)] {
                if let Some(limit) = limit {
                    can.push(infix(" <= ", infix(" - ", ours("t"), ours(since)), Expr::Whole(limit)));
                }
            }
        }
        let can = all(can);
        Select::part(from)
            .same(names)
            .column(when(can.clone(), start, Expr::Null), format!("a{k}"))
            .column(when(can, ours("t"), Expr::Null), format!("l{k}"))
    }
}
