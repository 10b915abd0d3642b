//! What became of the rows of the sources, as one query.
use super::form::{Expr, Form, Function, Place, Select, all, any, call, infix, ours, text, there};
use super::rows::{Needs, Rows, bounds, good, timed};
use crate::plan::{Plan, SourceShape};

/// Returns the query: rows by what became of them, repeated rows, units, and the span of times.
pub(super) fn form(plan: &Plan, places: &[Place]) -> Form {
    let mut form = Form::default();
    let rows = Rows::new(plan, places, Needs::default());
    rows.add(&mut form);
    let mut parts = Vec::new();
    for (at, (source, place)) in plan.sources.iter().zip(places).enumerate() {
        let not = |e: Expr| Expr::Not(Box::new(e));
        let mut fate =
            vec![(not(all(good(plan, source, None))), text("rejected")), (not(rows.named(source)), text("other"))];
        fate.extend(rows.meant(source).map(|meant| (not(meant), text("filtered"))));
        fate.extend(rows.agrees(source).map(|agrees| (not(agrees), text("refused"))));
        let raw = format!("all_{at}");
        let select = rows.raw(source, place).column(Expr::Case(fate, Box::new(text("asked"))), "fate");
        form.part(&raw, [select]);
        let unmet = all([infix(" = ", ours("fate"), text("asked")), not(rows.known(source))]);
        let met = Expr::Case(vec![(unmet, text("unmet"))], Box::new(ours("fate")));
        let columns = Select::part(raw).by(met, "what").by(Expr::Whole(i64::try_from(at).unwrap_or(0)), "measure");
        parts.push(padded(columns, None, call(Function::Count, [])));
    }
    form.last = parts;
    let one = |name: &str, part: &str| Select::part(part).column(text(name), "what").column(Expr::Whole(-1), "measure");
    let is_log = |s: &crate::plan::Source| matches!(&s.shape, SourceShape::Events { id: Some(_), .. });
    if plan.sources.iter().any(is_log) {
        let again = all([there(ours("id")), infix(" > ", ours("nth"), Expr::Whole(1))]);
        let select = one("repeated", "rows_numbered").filter(again);
        form.last.push(padded(select, None, call(Function::Count, [])));
    }
    form.last.push(padded(one("people", "events"), None, call(Function::CountDifferent, [ours("u")])));
    if timed(plan) {
        bounds(&mut form, plan, places);
        let span = (ours("t_first"), ours("t_last"));
        let select = one("span", "bounds").filter(any([there(ours("t_last"))]));
        form.last.push(padded(select, Some(span), Expr::Whole(1)));
    }
    form
}

/// Adds the other columns of an answer.
fn padded(select: Select, span: Option<(Expr, Expr)>, units: Expr) -> Select {
    let double = |e: Expr| call(Function::ToDouble, [e]);
    let none = || call(Function::ToText, [Expr::Null]);
    let (y, x) = span.unwrap_or((Expr::Null, Expr::Null));
    select
        .column(Expr::Whole(-1), "variant")
        .column(Expr::Whole(-1), "cut_by")
        .column(none(), "cut")
        .column(double(y), "y")
        .column(double(x), "x")
        .column(none(), "list")
        .column(units, "units")
}
