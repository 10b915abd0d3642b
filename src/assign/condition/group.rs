//! Saved groups: lists and conditions that a payload keeps apart.

use serde_json::{Map, Value};

use super::compile::Compiler;
use super::value::Members;
use super::{Node, Path};

/// The attribute that names the groups, kept elsewhere, that a unit is in.
pub(in super::super) const REMOTE_GROUPS: &str = "__gb_remoteGroupIds";

/// A reference to a saved group.
#[derive(Debug)]
pub(in super::super) struct Group {
    /// Which one.
    pub(super) index: usize,
    /// Where the value is that a list must hold, or the names of the unit's groups.
    pub(super) list_of: Option<Path>,
}

/// What one saved group holds.
#[derive(Debug)]
pub(super) enum Entry {
    /// A bare list, as older payloads write it: for `$inGroup` only.
    Bare(Members),
    /// A list of values of an attribute.
    List(Members),
    /// A condition.
    Condition(Node),
    /// A list kept elsewhere: the unit's attributes name the groups it is in.
    Remote(String),
    /// It holds nobody: what it should hold is missing.
    Nothing,
    /// A kind that is not known here.
    Unknown,
}

/// All the saved groups of a payload.
#[derive(Debug, Default)]
pub(in super::super) struct Groups(Vec<Entry>);

impl Groups {
    /// Returns the payload's groups, compiled.
    pub(in super::super) fn compile(groups: &Map<String, Value>, compiler: &mut Compiler<'_>) -> Self {
        Self(groups.iter().map(|(id, entry)| Entry::compile(id, entry, compiler)).collect())
    }

    pub(super) fn get(&self, index: usize) -> Option<&Entry> {
        self.0.get(index)
    }
}

impl Entry {
    fn compile(id: &str, entry: &Value, compiler: &mut Compiler<'_>) -> Self {
        match entry {
            Value::Array(items) => Self::Bare(Members::new(items, false)),
            Value::Object(fields) => Self::typed(id, fields, compiler),
            _ => Self::Nothing,
        }
    }

    fn typed(id: &str, fields: &Map<String, Value>, compiler: &mut Compiler<'_>) -> Self {
        match fields.get("type").and_then(Value::as_str) {
            Some("list") => match fields.get("values") {
                Some(Value::Array(items)) => Self::List(Members::new(items, false)),
                _ => Self::Nothing,
            },
            Some("condition") => match fields.get("condition") {
                Some(condition @ Value::Object(_)) => Self::Condition(compiler.condition(condition)),
                _ => Self::Nothing,
            },
            Some("remote") => Self::Remote(id.to_owned()),
            Some(_) => Self::Unknown,
            None => Self::Nothing,
        }
    }

    /// Returns the members, if it lists any.
    pub(super) fn members(&self) -> Option<&Members> {
        match self {
            Self::Bare(members) | Self::List(members) => Some(members),
            _ => None,
        }
    }
}
