//! One kind of expression for audiences, personas and event filters: [`Condition`].

use super::value::Literal;
use std::cmp::Ordering;
use std::fmt;

/// A truth about a unit's attributes or an event's properties.
///
/// A comparison with a field that has no value is false, `!=` and `not in` included only under [`Condition::Not`];
/// `!=` itself is true for a missing value, as in the payloads of the SDKs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// All hold; true when empty.
    And(Vec<Condition>),
    /// One holds; false when empty.
    Or(Vec<Condition>),
    /// The inner does not hold.
    Not(Box<Condition>),
    /// `field == value` and its like.
    Compare {
        /// The attribute or property.
        field: String,
        /// Which comparison.
        how: Comparison,
        /// With what.
        value: Literal,
    },
    /// `field in (…)`
    In {
        /// The attribute or property.
        field: String,
        /// The values, at least one.
        values: Vec<Literal>,
    },
    /// `field matches "regex"`; the expression compiles.
    Matches {
        /// The attribute or property.
        field: String,
        /// The regular expression.
        regex: String,
    },
    /// `field exists`
    Exists {
        /// The attribute or property.
        field: String,
    },
}

/// The comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

impl Comparison {
    /// Returns the sign.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterEqual => ">=",
        }
    }

    /// Returns whether the comparison holds for an order of left to right; unordered values are only `!=`.
    pub fn holds(self, order: Option<Ordering>) -> bool {
        match self {
            Comparison::Equal => order == Some(Ordering::Equal),
            Comparison::NotEqual => order != Some(Ordering::Equal),
            Comparison::Less => order == Some(Ordering::Less),
            Comparison::LessEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Comparison::Greater => order == Some(Ordering::Greater),
            Comparison::GreaterEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        }
    }
}

/// A value met in data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// A text.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// A truth value.
    Bool(bool),
}

impl Value<'_> {
    fn order(self, other: &Literal) -> Option<Ordering> {
        match (self, other) {
            (Value::Text(a), Literal::Text(b)) => Some(a.cmp(b.as_str())),
            (Value::Number(a), Literal::Number(b)) => a.partial_cmp(&b.to_f64()),
            (Value::Bool(a), Literal::Bool(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

impl Condition {
    /// Returns whether the condition holds where `get` gives a field's value.
    ///
    /// Regular expressions are compiled at each call; an engine over many rows compiles its own.
    pub fn holds<'a>(&self, get: &dyn Fn(&str) -> Option<Value<'a>>) -> bool {
        match self {
            Condition::And(all) => all.iter().all(|c| c.holds(get)),
            Condition::Or(any) => any.iter().any(|c| c.holds(get)),
            Condition::Not(inner) => !inner.holds(get),
            Condition::Compare { field, how, value } => match get(field) {
                Some(found) => how.holds(found.order(value)),
                None => *how == Comparison::NotEqual,
            },
            Condition::In { field, values } => {
                get(field).is_some_and(|found| values.iter().any(|v| found.order(v) == Some(Ordering::Equal)))
            }
            Condition::Matches { field, regex } => match get(field) {
                Some(Value::Text(text)) => regex::Regex::new(regex).is_ok_and(|r| r.is_match(text)),
                _ => false,
            },
            Condition::Exists { field } => get(field).is_some(),
        }
    }

    /// Calls `visit` with every field named, in reading order, repeats included.
    pub fn fields<'a>(&'a self, visit: &mut dyn FnMut(&'a str)) {
        match self {
            Condition::And(list) | Condition::Or(list) => list.iter().for_each(|c| c.fields(visit)),
            Condition::Not(inner) => inner.fields(visit),
            Condition::Compare { field, .. }
            | Condition::In { field, .. }
            | Condition::Matches { field, .. }
            | Condition::Exists { field } => visit(field),
        }
    }
}

fn quoted(value: &Literal) -> String {
    match value {
        Literal::Text(t) => format!("\"{}\"", t.replace('\\', "\\\\").replace('"', "\\\"")),
        other => other.to_string(),
    }
}

fn is_name(field: &str) -> bool {
    !field.is_empty() && field.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_' || c == '.')
}

fn field_text(field: &str) -> String {
    if is_name(field) { field.to_owned() } else { format!("property {}", quoted(&Literal::Text(field.to_owned()))) }
}

impl fmt::Display for Condition {
    /// Writes the condition as the language would.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |list: &[Condition], word: &str| {
            let part = |c: &Condition| match c {
                Condition::And(l) | Condition::Or(l) if l.len() > 1 => format!("({c})"),
                _ => c.to_string(),
            };
            list.iter().map(part).collect::<Vec<_>>().join(word)
        };
        match self {
            Condition::And(list) => f.write_str(&join(list, " and ")),
            Condition::Or(list) => f.write_str(&join(list, " or ")),
            Condition::Not(inner) => write!(f, "not ({inner})"),
            Condition::Compare { field, how, value } => {
                write!(f, "{} {} {}", field_text(field), how.sign(), quoted(value))
            }
            Condition::In { field, values } => {
                let list: Vec<_> = values.iter().map(quoted).collect();
                write!(f, "{} in ({})", field_text(field), list.join(", "))
            }
            Condition::Matches { field, regex } => {
                write!(f, "{} matches {}", field_text(field), quoted(&Literal::Text(regex.clone())))
            }
            Condition::Exists { field } => write!(f, "{} exists", field_text(field)),
        }
    }
}
