//! What is known of a unit, as conditions see it.

use serde_json::{Map, Value};

/// The value of one attribute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Attr<'a> {
    /// Not known; conditions take it for null.
    Missing,
    /// Known to be nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number; all numbers are one type.
    Number(f64),
    /// A text.
    Text(&'a str),
    /// A list or an object.
    Json(&'a Value),
}

impl<'a> Attr<'a> {
    /// Returns a JSON value as an attribute.
    pub fn of(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Bool(*b),
            Value::Number(n) => n.as_f64().map_or(Self::Null, Self::Number),
            Value::String(s) => Self::Text(s),
            Value::Array(_) | Value::Object(_) => Self::Json(value),
        }
    }

    /// Returns whether there is no value.
    pub const fn is_null(self) -> bool {
        matches!(self, Self::Missing | Self::Null)
    }

    /// Returns the items, if this is a list.
    pub fn items(self) -> Option<&'a [Value]> {
        match self {
            Self::Json(Value::Array(items)) => Some(items),
            _ => None,
        }
    }

    /// Returns the field of that name: of an object, or of a list by position.
    pub(super) fn field(self, name: &str) -> Self {
        match self {
            Self::Json(Value::Object(fields)) => fields.get(name).map_or(Self::Missing, Attr::of),
            Self::Json(Value::Array(items)) if name == "length" => Self::Number(items.len() as f64),
            Self::Json(Value::Array(items)) => {
                position(name).and_then(|at| items.get(at)).map_or(Self::Missing, Attr::of)
            }
            _ => Self::Missing,
        }
    }
}

/// Returns the position that a path's part names: digits, without a zero before them.
fn position(part: &str) -> Option<usize> {
    let plain = part == "0" || !part.starts_with('0');
    part.parse().ok().filter(|_| plain && part.bytes().all(|b| b.is_ascii_digit()))
}

/// Something that knows attributes by name.
///
/// A caller that asks the same questions of many units can answer by `slot`:
/// the position of `name` in [`Assigner::attributes`](super::Assigner::attributes).
/// It is [`NO_SLOT`] where a name has none.
pub trait Attributes {
    /// Returns the value of the attribute `name`.
    fn get(&self, name: &str, slot: usize) -> Attr<'_>;
}

/// The slot of names that have none.
pub const NO_SLOT: usize = usize::MAX;

/// Nothing is known.
impl Attributes for () {
    fn get(&self, _: &str, _: usize) -> Attr<'_> {
        Attr::Missing
    }
}

impl Attributes for Map<String, Value> {
    fn get(&self, name: &str, _: usize) -> Attr<'_> {
        Map::get(self, name).map_or(Attr::Missing, Attr::of)
    }
}

/// The fields of an object; any other value has none.
impl Attributes for Value {
    fn get(&self, name: &str, _: usize) -> Attr<'_> {
        match self {
            Value::Object(_) | Value::Array(_) => Attr::Json(self).field(name),
            _ => Attr::Missing,
        }
    }
}
