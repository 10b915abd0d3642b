//! Values compared as specification 0.12.0 compares them: never across types.

use std::cmp::Ordering;

use serde_json::Value;

use super::super::attributes::Attr;

/// Returns whether both are the same null, truth value, number or text.
pub(in super::super) fn same_scalar(actual: Attr<'_>, expected: &Value) -> bool {
    match (actual, expected) {
        (Attr::Missing | Attr::Null, Value::Null) => true,
        (Attr::Bool(a), Value::Bool(b)) => a == *b,
        (Attr::Number(a), Value::Number(b)) => b.as_f64() == Some(a),
        (Attr::Text(a), Value::String(b)) => a == b,
        _ => false,
    }
}

/// Returns whether both are the same, lists and objects by what they hold.
pub(super) fn same(actual: Attr<'_>, expected: &Value) -> bool {
    match (actual, expected) {
        (Attr::Json(Value::Array(a)), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(Attr::of(a), b))
        }
        (Attr::Json(Value::Object(a)), Value::Object(b)) => {
            let in_both = |(key, value)| a.get(key).is_some_and(|other| same(Attr::of(other), value));
            a.len() == b.len() && b.iter().all(in_both)
        }
        _ => same_scalar(actual, expected),
    }
}

/// Returns how two numbers or two texts are ordered; texts by UTF-16 code unit.
pub(super) fn order(actual: Attr<'_>, expected: &Value) -> Option<Ordering> {
    match (actual, expected) {
        (Attr::Number(a), Value::Number(b)) => a.partial_cmp(&b.as_f64()?),
        (Attr::Text(a), Value::String(b)) => Some(order_texts(a, b)),
        _ => None,
    }
}

/// Returns how two texts are ordered by UTF-16 code unit.
pub(super) fn order_texts(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

/// Returns whether JavaScript takes the value for true.
pub(super) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(b) => *b,
        Value::Number(n) => n.as_f64() != Some(0.0),
        Value::String(s) => !s.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// The name that `$type` has for the value's type.
pub(super) const fn type_name(actual: Attr<'_>) -> &'static str {
    match actual {
        Attr::Missing | Attr::Null => "null",
        Attr::Bool(_) => "boolean",
        Attr::Number(_) => "number",
        Attr::Text(_) => "string",
        Attr::Json(Value::Array(_)) => "array",
        Attr::Json(_) => "object",
    }
}

/// The members of a list, found fast among many texts.
#[derive(Debug, Default)]
pub(in super::super) struct Members {
    any_case: bool,
    texts: Vec<String>,
    others: Vec<Value>,
}

impl Members {
    pub(super) fn new(items: &[Value], any_case: bool) -> Self {
        let mut members = Self { any_case, ..Self::default() };
        for item in items {
            match item {
                Value::String(text) if any_case => members.texts.push(text.to_lowercase()),
                Value::String(text) => members.texts.push(text.clone()),
                other => members.others.push(other.clone()),
            }
        }
        members.texts.sort_unstable();
        members
    }

    /// Returns whether the value is a member, or is a list that holds one.
    pub(super) fn hold(&self, actual: Attr<'_>) -> bool {
        match actual.items() {
            Some(items) => items.iter().any(|item| self.hold_one(Attr::of(item))),
            None => self.hold_one(actual),
        }
    }

    fn hold_one(&self, actual: Attr<'_>) -> bool {
        match actual {
            Attr::Text(text) if self.any_case => self.hold_text(&text.to_lowercase()),
            Attr::Text(text) => self.hold_text(text),
            other => self.others.iter().any(|member| same_scalar(other, member)),
        }
    }

    fn hold_text(&self, text: &str) -> bool {
        self.texts.binary_search_by(|member| member.as_str().cmp(text)).is_ok()
    }
}
