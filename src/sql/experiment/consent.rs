//! Whom the lack of consent leaves out, by arm.
use super::Query;
use super::counts::ROOM;
use crate::sql::form::{Expr, Form, Function, Select, all, call, infix, ours, text};
use crate::sql::rows::UNKNOWN;

impl Query<'_> {
    /// Adds how many units would have been exposed but for the consent they lack, by the variant of the first such row.
    pub(super) fn lacking(&self, form: &mut Form) {
        let packed = infix(" + ", infix(" * ", ours("t"), Expr::Whole(ROOM)), ours("vc"));
        let mut counts = vec![infix(" < ", ours("vc"), Expr::Whole(UNKNOWN))];
        if self.timed {
            counts.push(infix(" >= ", ours("t"), Expr::Whole(self.x.from)));
            counts.push(infix(" < ", ours("t"), Expr::Whole(self.x.until)));
        }
        let first = Select::part("lacking").by(ours("u"), "u").column(call(Function::Min, [packed]), "arm");
        form.part("lacking_first", [first.filter(all(counts))]);
        let none = call(Function::ToWhole, [Expr::Null]);
        let row = |part: &str, exposed: i64, arm: Expr| {
            Select::part(part).column(ours("u"), "u").column(Expr::Whole(exposed), "seen").column(arm, "arm")
        };
        form.part("told", [row("exposed", 1, none), row("lacking_first", 0, ours("arm"))]);
        let each = |name: &str| call(Function::Max, [ours(name)]);
        let apart = Select::part("told").by(ours("u"), "u").column(each("seen"), "seen").column(each("arm"), "arm");
        form.part("apart", [apart]);
        let no_text = || call(Function::ToText, [Expr::Null]);
        let no_number = || call(Function::ToDouble, [Expr::Null]);
        let last = Select::part("apart")
            .column(text("lacking"), "what")
            .column(Expr::Whole(-1), "measure")
            .by(call(Function::Rest, [ours("arm"), Expr::Whole(ROOM)]), "variant")
            .column(Expr::Whole(-1), "cut_by")
            .column(no_text(), "cut")
            .column(no_number(), "y")
            .column(no_number(), "x")
            .column(no_text(), "list")
            .column(call(Function::Count, []), "units");
        form.last.push(last.filter(infix(" = ", ours("seen"), Expr::Whole(0))));
    }
}
