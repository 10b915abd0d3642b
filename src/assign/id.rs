//! The ids that are hashed.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use super::attributes::Attr;
use super::hash::number_text;

/// A unit's id that every SDK hashes the same way.
///
/// A text of ASCII characters, at least one. That is checked once, here, so an
/// id on which SDKs disagree is never hashed silently.
///
/// ```
/// use waypost::assign::UnitId;
/// assert!(UnitId::new("user-1").is_ok());
/// assert!(UnitId::new("josé").is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitId<'a>(&'a str);

impl<'a> UnitId<'a> {
    /// Returns the id, or why it is none.
    pub fn new(text: &'a str) -> Result<Self, IdProblem> {
        if text.is_empty() {
            Err(IdProblem::Empty)
        } else if text.is_ascii() {
            Ok(Self(text))
        } else {
            Err(IdProblem::NotAscii)
        }
    }

    /// Returns the id as text.
    pub const fn as_str(self) -> &'a str {
        self.0
    }
}

/// Why something cannot be a unit's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IdProblem {
    /// It is empty, or null.
    Empty,
    /// It has characters beyond ASCII, which SDKs hash differently.
    NotAscii,
    /// It is the number 0, which SDKs take for no id.
    Zero,
    /// It is a number that languages write differently.
    Number,
    /// It is true or false, which SDKs take for no id.
    Boolean,
    /// It is a list or an object.
    Structure,
}

impl fmt::Display for IdProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "an empty id belongs to nobody; leave the row out or give the unit an id",
            Self::NotAscii => {
                "an id must be ASCII, since SDKs hash other characters differently; percent-encode ids here and in the product"
            }
            Self::Zero => "the number 0 counts as no id in SDKs; send ids as text",
            Self::Number => "a number like this is written differently from language to language; send ids as text",
            Self::Boolean => "true and false are no ids; SDKs leave such units out",
            Self::Structure => "a list or an object is no id; SDKs leave such units out",
        })
    }
}

impl std::error::Error for IdProblem {}

/// Returns the id that a JSON value stands for.
///
/// A text stands for itself. A whole number other than 0 that `f64` holds
/// exactly (up to 2^53 - 1 either way), written without point and exponent, stands
/// for its digits: SDKs agree on those. Errors say why anything else is refused.
pub fn id_from_json(value: &Value) -> Result<Cow<'_, str>, IdProblem> {
    match value {
        Value::String(text) => UnitId::new(text).map(|id| Cow::Borrowed(id.as_str())),
        Value::Number(n) => id_from_integer(n.as_i64().ok_or(IdProblem::Number)?).map(Cow::Owned),
        Value::Null => Err(IdProblem::Empty),
        Value::Bool(_) => Err(IdProblem::Boolean),
        Value::Array(_) | Value::Object(_) => Err(IdProblem::Structure),
    }
}

/// Returns the id that a whole number stands for: its digits.
pub fn id_from_integer(n: i64) -> Result<String, IdProblem> {
    const EXACT: u64 = (1 << 53) - 1;
    match n {
        0 => Err(IdProblem::Zero),
        n if n.unsigned_abs() > EXACT => Err(IdProblem::Number),
        n => Ok(n.to_string()),
    }
}

/// Returns the id percent-encoded as JavaScript's `encodeURIComponent` does it
/// (in Python, `urllib.parse.quote(id, safe="!'()*-._~")`): an ASCII text, and
/// different for different ids.
pub fn encode_id(id: &str) -> Cow<'_, str> {
    if id.bytes().all(stays) {
        return Cow::Borrowed(id);
    }
    let mut encoded = String::with_capacity(id.len() * 3);
    for byte in id.bytes() {
        if stays(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    Cow::Owned(encoded)
}

fn stays(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte)
}

/// The id that a rule hashes: its attribute, and its value as text.
///
/// This is the reader's side: any payload's units, hashed as specification
/// 0.12.0 says, whatever their ids are made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Key<'a> {
    /// The attribute.
    pub attribute: &'a str,
    /// Its value.
    pub value: Attr<'a>,
    /// The text that is hashed.
    pub text: Cow<'a, str>,
}

/// Returns the id in an attribute's value: a text or a number, not empty and not 0.
pub(super) fn id_of<'a>(attribute: &'a str, value: Attr<'a>) -> Option<Key<'a>> {
    let text = match value {
        Attr::Text(text) if !text.is_empty() => Cow::Borrowed(text),
        Attr::Number(n) if n != 0.0 && n.is_finite() => number_text(n),
        _ => return None,
    };
    Some(Key { attribute, value, text })
}
