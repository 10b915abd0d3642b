//! What each person did, as one query: a row a unit that is anywhere on a map or in a funnel, without its id.
//!
//! Times between steps, credit by age, paths, visits: of all these the times themselves are what is counted, so nothing
//! smaller than the events' times says them exactly. What comes back is the plan's events of each unit, as text; the engine
//! walks them as it walks those of files, and every rule of funnels holds.
//!
//! ```text
//! row:    cut = "1,0,?"  which personas the unit is      list = event;event;…  in any order
//! event:  4001773532800000000 e3 e5 q s1=0 p2=1250 f0=web its time from OFFSET, its places, its arms, its values
//! ```
use super::form::{Expr, Form, Function, Place, Select, any, call, flag, infix, ours, set, text, there, when};
use super::rows::{Needs, Rows, UNKNOWN, says_so, told};
use super::{Row, read};
use crate::model::manifest::PropertyType;
use crate::plan::Plan;
use crate::plan::travel::Versus;
use crate::tally::Moment;
use std::collections::BTreeSet;

/// Added to times, so that they have as many digits however early they are.
const OFFSET: i64 = 4_000_000_000_000_000_000;

/// What a sign is written as inside a value, the first one first.
const SIGNS: [(&str, &str); 3] = [("%", "%25"), (";", "%3B"), (" ", "%20")];

/// Returns whether a plan asks for lines at all.
pub(super) fn asked(plan: &Plan) -> bool {
    !plan.maps.is_empty() || !plan.funnels.is_empty()
}

/// Returns the query of a plan's lines.
pub(super) fn form(plan: &Plan, places: &[Place]) -> Form {
    let needs = needs(plan);
    let mut form = Form::default();
    let (events, properties, fields) = (needs.events.clone(), needs.properties.clone(), needs.fields.clone());
    let arms: Vec<String> = needs.beside.iter().map(|x| format!("s{x}")).collect();
    Rows::new(plan, places, needs).add(&mut form);
    let mut pieces = vec![call(Function::ToText, [infix(" + ", ours("t"), Expr::Whole(OFFSET))])];
    pieces.extend(events.iter().map(|k| when(set(format!("i{k}")), text(format!(" e{k}")), text(""))));
    pieces.push(when(set("q"), text(" q"), text("")));
    pieces.extend(arms.iter().map(|s| said(s, call(Function::ToText, [ours(s)]))));
    pieces.extend(properties.iter().map(|p| said(&format!("p{p}"), call(Function::ToText, [ours(format!("p{p}"))]))));
    pieces.extend(fields.iter().map(|f| {
        let value = call(Function::ToText, [ours(format!("f{f}"))]);
        let plain = SIGNS.iter().fold(value, |v, (sign, to)| call(Function::Replace, [v, text(*sign), text(*to)]));
        said(&format!("f{f}"), plain)
    }));
    // Who is in an arm and came nowhere counts too: the arm may be why.
    let here = on_maps(plan).into_iter().map(|k| set(format!("i{k}"))).chain(arms.iter().map(|s| there(ours(s))));
    let here = any(here);
    let mut units = Select::part("events")
        .by(ours("u"), "u")
        .column(call(Function::Max, [flag(here)]), "here")
        .column(call(Function::Texts, [call(Function::Concat, pieces)]), "line");
    for w in 0..plan.personas.len() {
        units = units.column(told(ours("t"), ours(format!("w{w}"))), format!("w{w}"));
    }
    form.part("units", [units]);
    let none = || call(Function::ToText, [Expr::Null]);
    let double = || call(Function::ToDouble, [Expr::Null]);
    let row = Select::part("units").filter(set("here")).column(text("line"), "what");
    let row = ["measure", "variant", "cut_by"].iter().fold(row, |r, n| r.column(Expr::Whole(-1), *n));
    let personas: Vec<Expr> = (0..plan.personas.len()).map(persona).collect();
    let cut = if personas.is_empty() { none() } else { call(Function::Concat, personas) };
    form.last.push(
        row.column(cut, "cut")
            .column(double(), "y")
            .column(double(), "x")
            .column(ours("line"), "list")
            .column(Expr::Whole(1), "units"),
    );
    form
}

/// Returns a value with its name before it; nothing of what is not there.
fn said(name: &str, value: Expr) -> Expr {
    let named = call(Function::Concat, [text(format!(" {name}=")), value]);
    when(there(ours(name)), named, text(""))
}

/// A sign for whether the unit is a persona.
fn persona(w: usize) -> Expr {
    let told = ours(format!("w{w}"));
    Expr::Case(
        vec![(Expr::Missing(Box::new(told.clone())), text("?")), (says_so(told), text("1"))],
        Box::new(text("0")),
    )
}

/// Returns the places of the events that show somebody on a map or in a funnel.
fn on_maps(plan: &Plan) -> BTreeSet<usize> {
    let maps = plan.maps.iter().flat_map(|m| m.touchpoints.iter().filter_map(|t| t.event));
    let funnels =
        plan.funnels.iter().flat_map(|f| f.steps.iter().map(|s| s.event).chain(f.exclusions.iter().map(|x| x.event)));
    maps.chain(funnels).collect()
}

/// Returns the places of the experiments whose arms' paths are compared.
fn compared(plan: &Plan) -> Vec<usize> {
    let versus = plan.travels.iter().flat_map(|t| &t.paths).flat_map(|p| &p.versus);
    let experiments = versus.filter_map(|v| match v {
        Versus::Arms { experiment, .. } => plan.experiments.iter().position(|x| x.experiment == *experiment),
        Versus::Personas(..) => None,
    });
    experiments.collect::<BTreeSet<usize>>().into_iter().collect()
}

fn needs(plan: &Plan) -> Needs {
    let travels = || plan.travels.iter();
    let measured = travels().flat_map(|t| &t.measured).flat_map(|s| s.measure.reads.terms());
    let measured = measured.filter_map(|t| t.make.property());
    let credit = travels().flat_map(|t| &t.attributions).filter_map(|a| a.money);
    let sales = travels().filter_map(|t| t.sale.and_then(|s| s.money));
    let handovers = travels().flat_map(|t| &t.handovers).filter_map(|h| h.by);
    let funnels = plan.funnels.iter().flat_map(|f| f.by.iter().chain(&f.count_field)).copied();
    Needs {
        events: (0..plan.events.len()).collect(),
        properties: measured.chain(credit).chain(sales).collect(),
        fields: handovers.chain(funnels).collect(),
        personas: !plan.personas.is_empty(),
        experiment: None,
        beside: compared(plan),
    }
}

/// Returns the events of a unit, by time, from a row of the answer.
///
/// # Errors
/// When the row is not such as the query gives.
pub(super) fn read(plan: &Plan, row: &Row) -> Result<Vec<Moment>, String> {
    let [what, _, _, _, personas, _, _, list, _] = row.as_slice() else {
        return Err(format!("a row has {} columns, not 9", row.len()));
    };
    if what.as_deref() != Some("line") {
        return Err(format!("a row of `{}` is not known", what.as_deref().unwrap_or("")));
    }
    let mut texts: Vec<&str> = list.as_deref().unwrap_or("").split(';').collect();
    // Times have as many digits, so this is their order; and within an instant it is one that hangs on no server.
    texts.sort_unstable();
    let mut line: Vec<Moment> = texts.into_iter().map(|t| moment(plan, t)).collect::<Result<_, _>>()?;
    if let Some(first) = line.first_mut() {
        let is = |sign: char| (sign != '?').then_some(sign == '1');
        first.personas = personas.as_deref().unwrap_or("").chars().map(is).collect();
    }
    Ok(line)
}

fn moment(plan: &Plan, written: &str) -> Result<Moment, String> {
    let bad = || format!("`{}` is no event", written.chars().take(80).collect::<String>());
    let mut words = written.split(' ');
    let time: i64 = words.next().and_then(|t| t.parse().ok()).ok_or_else(bad)?;
    let mut moment = Moment { time: time - OFFSET, ..Moment::default() };
    for word in words {
        let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        let place = || name.get(1..).and_then(|n| n.parse::<usize>().ok()).ok_or_else(bad);
        match (name.chars().next(), value) {
            (Some('e'), None) => moment.events.push(u16::try_from(place()?).map_err(|_| bad())?),
            (Some('q'), None) => moment.quiet = true,
            (Some('s'), Some(value)) => {
                let arm = value.parse::<i64>().map_err(|_| bad())?;
                let known = u32::try_from(arm).ok().filter(|_| arm != UNKNOWN);
                moment.arms.push((u16::try_from(place()?).map_err(|_| bad())?, known));
            }
            (Some('p'), Some(value)) => moment.numbers.push((place()?, read::number(value)?)),
            (Some('f'), Some(value)) => {
                let plain = SIGNS.iter().rev().fold(value.to_owned(), |v, (sign, to)| v.replace(to, sign));
                let kind = plan.fields.get(place()?).map_or(PropertyType::Text, |(_, kind)| *kind);
                moment.texts.push((place()?, read::word(plan, Some(kind), &plain)));
            }
            _ => return Err(bad()),
        }
    }
    Ok(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_by_time_with_every_sign_of_its_texts() {
        let plan = Plan { fields: vec![("channel".to_owned(), PropertyType::Text)], ..Plan::default() };
        let cell = |t: &str| Some(t.to_owned());
        let list = "4000000000000000007 e1 e4 s0=1 s2=62 p2=1250 f0=a%3Bb%20100%25%2520;4000000000000000003 e0 q";
        let row =
            [cell("line"), cell("-1"), cell("-1"), cell("-1"), cell("1?0"), None, None, cell(list), cell("1")].to_vec();
        let line = read(&plan, &row).unwrap();
        let [first, second] = line.as_slice() else { panic!("{line:?}") };
        assert_eq!((first.time, first.quiet, &first.events[..]), (3, true, &[0][..]));
        assert_eq!(first.personas, [Some(true), None, Some(false)]);
        assert_eq!((second.time, &second.events[..], &second.numbers[..]), (7, &[1, 4][..], &[(2, 1250.0)][..]));
        assert_eq!(second.arms, [(0, Some(1)), (2, None)]);
        assert_eq!(second.texts, [(0, "a;b 100%%20".to_owned())]);
        let strange = [cell("line"), None, None, None, None, None, None, cell("now e1"), None].to_vec();
        assert!(read(&plan, &strange).is_err());
    }
}
