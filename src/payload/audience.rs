//! Audiences as the targeting JSON of SDKs.

use serde_json::{Map, Value, json};

use crate::model::Condition;
use crate::model::condition::Comparison;
use crate::model::value::{Decimal, Literal};

/// Returns the condition as targeting JSON.
///
/// It says only what SDKs of all versions take alike. An order and a pattern
/// are asked together with the type, since older versions take a missing value
/// for 0 or for the text `null`, and the text `8` for a number; an empty `or`
/// is written as a condition that fails, since an empty `$or` passes; a
/// pattern's classes are written out, since what `\d` and `\w` stand for
/// differs between languages.
pub fn condition_json(condition: &Condition) -> Value {
    Value::Object(object(condition))
}

fn object(condition: &Condition) -> Map<String, Value> {
    match condition {
        Condition::And(all) => and(all),
        Condition::Or(any) if any.is_empty() => one("$not", json!({})),
        Condition::Or(any) => one("$or", any.iter().map(condition_json).collect()),
        Condition::Not(inner) => not(inner),
        Condition::Compare { field, how, value } => one(field, compare(*how, value)),
        Condition::In { field, values } => one(field, json!({ "$in": list(values) })),
        Condition::Matches { field, regex } => one(field, json!({ "$type": "string", "$regex": portable(regex) })),
        Condition::Exists { field } => one(field, json!({ "$exists": true })),
    }
}

fn one(key: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(key.to_owned(), value)])
}

/// Returns the parts in one object where no name comes twice, else as a list.
fn and(all: &[Condition]) -> Map<String, Value> {
    let parts: Vec<Map<String, Value>> = all.iter().map(object).collect();
    let mut joined = Map::new();
    for (key, value) in parts.iter().flatten() {
        if joined.insert(key.clone(), value.clone()).is_some() {
            return one("$and", parts.into_iter().map(Value::Object).collect());
        }
    }
    joined
}

fn not(inner: &Condition) -> Map<String, Value> {
    match inner {
        Condition::Not(twice) => object(twice),
        Condition::In { field, values } => one(field, json!({ "$nin": list(values) })),
        Condition::Exists { field } => one(field, json!({ "$exists": false })),
        other => one("$not", condition_json(other)),
    }
}

fn compare(how: Comparison, value: &Literal) -> Value {
    let expected = literal(value);
    let operator = match how {
        Comparison::Equal => return json!({ "$eq": expected }),
        Comparison::NotEqual => return json!({ "$ne": expected }),
        Comparison::Less => "$lt",
        Comparison::LessEqual => "$lte",
        Comparison::Greater => "$gt",
        Comparison::GreaterEqual => "$gte",
    };
    json!({ "$type": type_of(value), operator: expected })
}

const fn type_of(value: &Literal) -> &'static str {
    match value {
        Literal::Text(_) => "string",
        Literal::Number(_) => "number",
        Literal::Bool(_) => "boolean",
    }
}

fn list(values: &[Literal]) -> Value {
    values.iter().map(literal).collect()
}

/// Returns a literal as JSON: whole numbers without a point.
pub(super) fn literal(value: &Literal) -> Value {
    match value {
        Literal::Text(text) => Value::from(text.as_str()),
        Literal::Number(number) => decimal(*number),
        Literal::Bool(b) => Value::from(*b),
    }
}

/// Returns a number as JSON: whole ones without a point.
fn decimal(number: Decimal) -> Value {
    number.scaled(0).map_or_else(|| Value::from(number.to_f64()), Value::from)
}

/// Returns the pattern with the classes that languages disagree on written out.
fn portable(regex: &str) -> String {
    let mut written = String::with_capacity(regex.len());
    let (mut in_class, mut chars) = (false, regex.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(chars.next(), in_class, &mut written),
            _ => {
                in_class = c == '[' || (in_class && c != ']');
                written.push(c);
            }
        }
    }
    written
}

fn escape(c: Option<char>, in_class: bool, written: &mut String) {
    match (c, in_class) {
        (Some('d'), true) => written.push_str("0-9"),
        (Some('d'), false) => written.push_str("[0-9]"),
        (Some('D'), false) => written.push_str("[^0-9]"),
        (Some('w'), true) => written.push_str("0-9A-Za-z_"),
        (Some('w'), false) => written.push_str("[0-9A-Za-z_]"),
        (Some('W'), false) => written.push_str("[^0-9A-Za-z_]"),
        (Some(c), _) => written.extend(['\\', c]),
        (None, _) => written.push('\\'),
    }
}
