//! Whether a condition can hold at all: by normal form and trial values.

use crate::model::Condition;
use crate::model::condition::Value;
use crate::model::value::Literal;

/// The most alternatives a condition is spread into; one with more is taken to be possible.
const LIMIT: usize = 512;

/// One comparison, or its contrary.
#[derive(Clone, Copy)]
struct Term<'a> {
    leaf: &'a Condition,
    holds: bool,
}

/// Returns whether some unit could satisfy all these conditions together.
///
/// Exact for comparisons, lists and `exists`, since between two neighbouring constants nothing changes. Where a field is
/// matched against a regular expression and no constant pins it down, the answer is yes.
pub(in crate::lint) fn possible(all: &[&Condition]) -> bool {
    if let [one] = all
        && is_plain(one)
    {
        return true;
    }
    let mut rows: Vec<Vec<Term<'_>>> = vec![Vec::new()];
    for condition in all {
        let Some(more) = spread(condition, true).and_then(|s| product(&rows, &s)) else { return true };
        rows = more;
    }
    rows.iter().any(|row| row_possible(row))
}

/// Returns whether a condition holds for every unit.
pub(in crate::lint) fn always(condition: &Condition) -> bool {
    !is_plain(condition) && spread(condition, false).is_some_and(|rows| !rows.iter().any(|row| row_possible(row)))
}

/// Returns whether whoever satisfies the first also satisfies the second.
pub(in crate::lint) fn implies(first: &Condition, second: &Condition) -> bool {
    let rows = spread(first, true).zip(spread(second, false)).and_then(|(a, b)| product(&a, &b));
    rows.is_some_and(|rows| !rows.iter().any(|row| row_possible(row)))
}

/// Returns whether a condition is one comparison, or several of different fields: possible, and not always true.
fn is_plain(condition: &Condition) -> bool {
    let is_leaf = |c: &Condition| !matches!(c, Condition::And(_) | Condition::Or(_) | Condition::Not(_));
    match condition {
        Condition::And(list) | Condition::Or(list) => {
            let apart = |(i, c): (usize, &Condition)| !list.iter().take(i).any(|d| field_of(d) == field_of(c));
            (1..=8).contains(&list.len()) && list.iter().all(is_leaf) && list.iter().enumerate().all(apart)
        }
        Condition::Not(_) => false,
        _ => true,
    }
}

/// Returns the alternatives of a condition, or of its contrary; nothing where they are too many.
fn spread(condition: &Condition, holds: bool) -> Option<Vec<Vec<Term<'_>>>> {
    match (condition, holds) {
        (Condition::Not(inner), _) => spread(inner, !holds),
        (Condition::And(list), true) | (Condition::Or(list), false) => {
            let mut rows = vec![Vec::new()];
            for part in list {
                rows = product(&rows, &spread(part, holds)?)?;
            }
            Some(rows)
        }
        (Condition::And(list), false) | (Condition::Or(list), true) => {
            let mut rows = Vec::new();
            for part in list {
                rows.extend(spread(part, holds)?);
            }
            (rows.len() <= LIMIT).then_some(rows)
        }
        (leaf, _) => Some(vec![vec![Term { leaf, holds }]]),
    }
}

fn product<'a>(left: &[Vec<Term<'a>>], right: &[Vec<Term<'a>>]) -> Option<Vec<Vec<Term<'a>>>> {
    if left.len() * right.len() > LIMIT {
        return None;
    }
    Some(left.iter().flat_map(|l| right.iter().map(|r| l.iter().chain(r).copied().collect())).collect())
}

fn row_possible(row: &[Term<'_>]) -> bool {
    let mut fields: Vec<&str> = row.iter().map(|t| field_of(t.leaf)).collect();
    fields.sort_unstable();
    fields.dedup();
    fields.iter().all(|field| {
        let terms: Vec<Term<'_>> = row.iter().copied().filter(|t| field_of(t.leaf) == *field).collect();
        field_possible(&terms)
    })
}

fn field_of(leaf: &Condition) -> &str {
    let mut name = "";
    leaf.fields(&mut |f| name = f);
    name
}

/// Returns whether one field can have a value, or none, that suits all its terms.
fn field_possible(terms: &[Term<'_>]) -> bool {
    let suits = |value: Option<Value<'_>>| terms.iter().all(|t| t.leaf.holds(&|_| value) == t.holds);
    let matched = terms.iter().any(|t| matches!(t.leaf, Condition::Matches { .. }));
    let pinned = terms.iter().any(|t| t.holds && pins(t.leaf));
    if suits(None) || (matched && !pinned) {
        return true;
    }
    let constants: Vec<&Literal> = terms.iter().flat_map(|t| constants(t.leaf)).collect();
    // a field has one type: that of the constants it is compared with
    let typed = |wanted: fn(&Literal) -> bool| constants.is_empty() || constants.iter().any(|c| wanted(c));
    let number = typed(|c| matches!(c, Literal::Number(_)))
        && trial_numbers(&constants).into_iter().any(|n| suits(Some(Value::Number(n))));
    let text =
        typed(|c| matches!(c, Literal::Text(_))) && trial_texts(&constants).iter().any(|t| suits(Some(Value::Text(t))));
    let truth =
        typed(|c| matches!(c, Literal::Bool(_))) && [true, false].into_iter().any(|b| suits(Some(Value::Bool(b))));
    number || text || truth
}

fn pins(leaf: &Condition) -> bool {
    use crate::model::condition::Comparison::Equal;
    matches!(leaf, Condition::In { .. } | Condition::Compare { how: Equal, .. })
}

fn constants(leaf: &Condition) -> &[Literal] {
    match leaf {
        Condition::Compare { value, .. } => std::slice::from_ref(value),
        Condition::In { values, .. } => values,
        _ => &[],
    }
}

/// Returns the numbers named, one between each two, one below and one above all.
fn trial_numbers(constants: &[&Literal]) -> Vec<f64> {
    let numbers = constants.iter().filter_map(|c| if let Literal::Number(n) = c { Some(n.to_f64()) } else { None });
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    let between: Vec<f64> = numbers.iter().zip(numbers.iter().skip(1)).map(|(a, b)| (a + b) / 2.0).collect();
    let ends = [numbers.first().map_or(0.0, |n| n - 1.0), numbers.last().map_or(1.0, |n| n + 1.0)];
    numbers.into_iter().chain(between).chain(ends).collect()
}

/// Returns the texts named, the one just behind each, the first and a late one.
fn trial_texts(constants: &[&Literal]) -> Vec<String> {
    let texts = constants.iter().filter_map(|c| if let Literal::Text(t) = c { Some(t.as_str()) } else { None });
    let near = texts.flat_map(|t| [t.to_owned(), format!("{t}\u{0}")]);
    near.chain([String::new(), "\u{10FFFF}".to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::condition::Comparison::{self, Equal, Greater, GreaterEqual, Less, NotEqual};
    use crate::model::value::Decimal;

    fn number(field: &str, how: Comparison, value: i64) -> Condition {
        Condition::Compare { field: field.to_owned(), how, value: Literal::Number(Decimal::new(value, 0)) }
    }

    fn text(field: &str, how: Comparison, value: &str) -> Condition {
        Condition::Compare { field: field.to_owned(), how, value: Literal::Text(value.to_owned()) }
    }

    fn and(list: &[Condition]) -> Condition {
        Condition::And(list.to_vec())
    }

    #[test]
    fn contradictions_are_seen() {
        assert!(!possible(&[&and(&[number("age", Greater, 40), number("age", Less, 30)])]));
        assert!(!possible(&[&and(&[text("c", Equal, "PT"), text("c", Equal, "ES")])]));
        assert!(!possible(&[&and(&[text("c", Equal, "PT"), Condition::Not(Box::new(text("c", Equal, "PT")))])]));
        let list = Condition::In { field: "c".to_owned(), values: vec![Literal::Text("PT".to_owned())] };
        assert!(!possible(&[&list, &text("c", NotEqual, "PT")]));
        let absent = Condition::Not(Box::new(Condition::Exists { field: "c".to_owned() }));
        assert!(!possible(&[&list, &absent]));
    }

    #[test]
    fn what_can_hold_is_let_be() {
        assert!(possible(&[&and(&[number("age", Greater, 30), number("age", Less, 31)])]));
        assert!(possible(&[&and(&[number("age", GreaterEqual, 30), text("c", Equal, "PT")])]));
        assert!(possible(&[&Condition::Or(vec![text("c", Equal, "PT"), text("c", Equal, "ES")])]));
        assert!(possible(&[&Condition::Matches { field: "c".to_owned(), regex: "^P".to_owned() }]));
    }

    #[test]
    fn always_and_implied() {
        let either = Condition::Or(vec![text("c", Equal, "PT"), text("c", NotEqual, "PT")]);
        assert!(always(&either) && !always(&text("c", NotEqual, "PT")));
        assert!(implies(&number("age", Greater, 40), &number("age", Greater, 30)));
        assert!(!implies(&number("age", Greater, 30), &number("age", Greater, 40)));
    }
}
