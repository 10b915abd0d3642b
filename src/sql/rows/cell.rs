//! A cell of the data as a query reads it, whatever type its column has.
use crate::plan::{Plan, Source, SourceShape};
use crate::sql::form::{Expr, Function, any, call, infix, text, there, when};

/// Returns no text, of the type of texts.
pub(in crate::sql) fn no_text() -> Expr {
    call(Function::ToText, [Expr::Null])
}

/// Returns a column as a text; an empty one is none.
pub(in crate::sql) fn word(column: Expr) -> Expr {
    call(Function::NullIf, [call(Function::ToText, [column]), text("")])
}

/// Returns the id of the unit that an experiment randomises; of the manifest's first unit without one.
pub(in crate::sql) fn unit(plan: &Plan, source: &Source, experiment: Option<usize>) -> Expr {
    let at = experiment.and_then(|x| plan.experiments.get(x)).map_or(0, |x| x.unit);
    let unit = plan.units.get(at).map_or("user", String::as_str);
    word(Expr::Theirs(source.unit_column(unit).to_owned()))
}

/// Returns what the first row that tells of a persona says: its time doubled, plus one where it says no.
pub(in crate::sql) fn told(time: Expr, says: Expr) -> Expr {
    let no = infix(" - ", Expr::Whole(1), says.clone());
    let packed = infix(" + ", infix(" * ", time, Expr::Whole(2)), no);
    call(Function::Min, [when(there(says), packed, Expr::Null)])
}

/// Returns whether it says yes, where [`told`] says anything.
pub(in crate::sql) fn says_so(told: Expr) -> Expr {
    infix(" = ", call(Function::Rest, [told, Expr::Whole(2)]), Expr::Whole(0))
}

/// Returns the time of a row of a source in microseconds since 1970; 0 where it has none.
pub(in crate::sql) fn time(source: &Source) -> Expr {
    let column = match &source.shape {
        SourceShape::Events { time, .. } | SourceShape::Units { time: Some(time), .. } => Expr::Theirs(time.clone()),
        SourceShape::Units { time: None, .. } | SourceShape::Tallies { .. } => return Expr::Whole(0),
    };
    let count = || call(Function::ToWhole, [column.clone()]);
    let times = |by: i64| infix(" * ", count(), Expr::Whole(by));
    match source.epoch.as_deref() {
        Some("s") => times(1_000_000),
        Some("ms") => times(1_000),
        Some("us") => count(),
        Some("ns") => call(Function::Divide, [count(), Expr::Whole(1_000)]),
        _ => call(Function::Micros, [column]),
    }
}

/// Returns what every good row of a source has.
pub(in crate::sql) fn good(plan: &Plan, source: &Source, experiment: Option<usize>) -> Vec<Expr> {
    let mut list = vec![there(unit(plan, source, experiment))];
    match &source.shape {
        SourceShape::Events { event, .. } => {
            list.push(there(time(source)));
            list.push(there(word(Expr::Theirs(event.clone()))));
        }
        SourceShape::Units { time: Some(_), .. } => list.push(there(time(source))),
        SourceShape::Units { time: None, .. } | SourceShape::Tallies { .. } => (),
    }
    list
}

/// Returns an outcome: true words are 1, false words nothing, and a number is itself.
pub(in crate::sql) fn outcome(column: Expr) -> Expr {
    let said = || word(column.clone());
    let one_of = |words: [&str; 4]| any(words.map(|w| infix(" = ", call(Function::Lower, [said()]), text(w))));
    let arms = vec![
        (one_of(["true", "yes", "t", "y"]), Expr::Double(1.0)),
        (one_of(["false", "no", "f", "n"]), call(Function::ToDouble, [Expr::Null])),
    ];
    Expr::Case(arms, Box::new(call(Function::Number, [said()])))
}
