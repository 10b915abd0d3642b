//! Conditions: who may enter, as the SDKs' targeting JSON says it.
//!
//! A condition is compiled once, then asked of many units. What a part means
//! that no SDK of specification 0.12.0 knows is "cannot tell", and a condition
//! passes only when it is certain: so an unknown operator fails under `$not` too.

mod compile;
mod eval;
mod group;
mod pattern;
mod value;
mod version;

pub(super) use compile::Compiler;
pub(super) use eval::{Asking, Verdict};
pub(super) use group::{Group, Groups};

use std::cmp::Ordering;

use regex::Regex;
use serde_json::Value;

use super::attributes::{Attr, Attributes};
use value::Members;
use version::Version;

/// A condition on something that has attributes.
#[derive(Debug)]
pub(super) enum Node {
    /// Each must pass.
    All(Vec<Node>),
    /// One must pass, or there are none.
    Or(Vec<Node>),
    /// It must fail.
    Not(Box<Node>),
    /// The saved group must hold it.
    Group(Group),
    /// The attribute must pass.
    Attribute(Path, Test),
    /// Nothing passes.
    Never,
    /// It is no condition: all of what it stands in fails, whatever negates it.
    Broken,
}

/// A test of one value.
#[derive(Debug)]
pub(super) enum Test {
    /// Each must pass.
    All(Vec<Test>),
    /// It must fail.
    Not(Box<Test>),
    /// The same value, lists and objects by content.
    Same(Value),
    /// The same text, whatever the case; given in lower case.
    SameText(String),
    /// The same value; a list or an object is never the same as another.
    Equal(Value),
    /// One of those values, or a list with one of them.
    Among(Members),
    /// In or out of a saved group's list.
    AmongGroup { group: usize, within: bool },
    /// Compared with a value of the same type.
    Order(Cmp, Value),
    /// Compared with a version.
    Version(Cmp, Version),
    /// A text that the pattern finds something in; none for a broken pattern.
    Matches(Option<Regex>),
    /// Whether there is a value.
    Exists(bool),
    /// The value's type.
    Type(String),
    /// A list whose length passes.
    Size(Box<Test>),
    /// A list with an item that passes.
    AnyItem(Box<Test>),
    /// A list with an item whose fields pass.
    AnyFields(Box<Node>),
    /// A list in which each test finds an item that passes.
    EachFound(Vec<Test>),
    /// Nothing passes.
    Never,
    /// An operator that is not known here.
    Unknown,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cmp {
    Lt,
    Le,
    Eq,
    Ge,
    Gt,
}

impl Cmp {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Lt => ordering.is_lt(),
            Self::Le => ordering.is_le(),
            Self::Eq => ordering.is_eq(),
            Self::Ge => ordering.is_ge(),
            Self::Gt => ordering.is_gt(),
        }
    }
}

/// Where a value is: an attribute, and the fields to follow from there.
#[derive(Debug)]
pub(super) struct Path {
    name: String,
    slot: usize,
    fields: Vec<String>,
}

impl Path {
    fn find<'a>(&self, scope: &'a dyn Attributes) -> Attr<'a> {
        let top = scope.get(&self.name, self.slot);
        self.fields.iter().fold(top, |value, field| value.field(field))
    }
}
