//! Conditions, asked of one unit.

use std::cell::Cell;

use serde_json::Value;

use super::super::attributes::{Attr, Attributes};
use super::group::{Entry, Group, Groups};
use super::value::{order, same, same_scalar, type_name};
use super::{Node, Test};

/// How many saved groups one question may enter before it counts as broken.
const GROUP_BUDGET: u32 = 10_000;
/// How deep saved groups may refer to one another.
const GROUP_DEPTH: usize = 64;

/// What a condition says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Verdict {
    Pass,
    Fail,
    /// It hangs on something that is not known here.
    Unknown,
    /// The condition is none; nothing can make it pass.
    Broken,
}

impl Verdict {
    const fn of(passes: bool) -> Self {
        if passes { Self::Pass } else { Self::Fail }
    }

    const fn not(self) -> Self {
        match self {
            Self::Pass => Self::Fail,
            Self::Fail => Self::Pass,
            other => other,
        }
    }
}

/// Returns `Fail` at the first that fails, else what is left open.
fn all(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let mut open = Verdict::Pass;
    for verdict in verdicts {
        match verdict {
            Verdict::Fail | Verdict::Broken => return verdict,
            Verdict::Unknown => open = verdict,
            Verdict::Pass => {}
        }
    }
    open
}

/// Returns `Pass` at the first that passes, else what is left open.
fn any(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    all(verdicts.map(Verdict::not)).not()
}

/// The saved groups that a question has entered, from the innermost out.
#[derive(Clone, Copy)]
struct Trail<'a> {
    group: usize,
    depth: usize,
    outer: Option<&'a Trail<'a>>,
}

impl Trail<'_> {
    fn holds(&self, group: usize) -> bool {
        self.group == group || self.outer.is_some_and(|outer| outer.holds(group))
    }
}

/// One question at a time, and how much work it has done.
pub(in super::super) struct Asking<'a> {
    groups: &'a Groups,
    entered: Cell<u32>,
}

impl<'a> Asking<'a> {
    pub(in super::super) fn new(groups: &'a Groups) -> Self {
        Self { groups, entered: Cell::new(0) }
    }

    /// Returns whether the condition certainly passes.
    pub(in super::super) fn passes(&self, node: &Node, scope: &dyn Attributes) -> bool {
        self.ask(node, scope) == Verdict::Pass
    }

    /// Returns what the condition says.
    pub(in super::super) fn ask(&self, node: &Node, scope: &dyn Attributes) -> Verdict {
        self.entered.set(0);
        self.node(node, scope, None)
    }

    fn node(&self, node: &Node, scope: &dyn Attributes, trail: Option<&Trail<'_>>) -> Verdict {
        match node {
            Node::All(nodes) => all(nodes.iter().map(|n| self.node(n, scope, trail))),
            Node::Or(nodes) if nodes.is_empty() => Verdict::Pass,
            Node::Or(nodes) => any(nodes.iter().map(|n| self.node(n, scope, trail))),
            Node::Not(node) => self.node(node, scope, trail).not(),
            Node::Group(group) => self.group(group, scope, trail),
            Node::Attribute(path, test) => self.test(test, path.find(scope), trail),
            Node::Never => Verdict::Fail,
            Node::Broken => Verdict::Broken,
        }
    }

    fn group(&self, group: &Group, scope: &dyn Attributes, trail: Option<&Trail<'_>>) -> Verdict {
        if trail.is_some_and(|t| t.holds(group.index)) {
            return Verdict::Fail;
        }
        let depth = trail.map_or(0, |t| t.depth) + 1;
        self.entered.set(self.entered.get() + 1);
        if self.entered.get() > GROUP_BUDGET || depth > GROUP_DEPTH {
            return Verdict::Broken;
        }
        let inner = Trail { group: group.index, depth, outer: trail };
        match (self.groups.get(group.index), &group.list_of) {
            (Some(Entry::List(members)), Some(path)) => Verdict::of(members.hold(path.find(scope))),
            (Some(Entry::Condition(node)), _) => self.node(node, scope, Some(&inner)),
            (Some(Entry::Remote(id)), Some(path)) => {
                let joined = path.find(scope).items().unwrap_or_default();
                Verdict::of(joined.iter().any(|item| item.as_str() == Some(id)))
            }
            (Some(Entry::Unknown), _) => Verdict::Unknown,
            _ => Verdict::Fail,
        }
    }

    fn test(&self, test: &Test, actual: Attr<'_>, trail: Option<&Trail<'_>>) -> Verdict {
        match test {
            Test::All(tests) => all(tests.iter().map(|t| self.test(t, actual, trail))),
            Test::Not(test) => self.test(test, actual, trail).not(),
            Test::AmongGroup { group, within } => self.among_group(*group, *within, actual),
            Test::Size(test) => match actual.items() {
                Some(items) => self.test(test, Attr::Number(items.len() as f64), trail),
                None => Verdict::Fail,
            },
            Test::AnyItem(test) => some(actual, |item| self.test(test, Attr::of(item), trail)),
            Test::AnyFields(node) => some(actual, |item| self.node(node, item, trail)),
            Test::EachFound(tests) => match actual.items() {
                Some(items) => {
                    all(tests.iter().map(|t| any(items.iter().map(|item| self.test(t, Attr::of(item), trail)))))
                }
                None => Verdict::Fail,
            },
            Test::Unknown => Verdict::Unknown,
            simple => Verdict::of(simple_test(simple, actual)),
        }
    }

    fn among_group(&self, group: usize, within: bool, actual: Attr<'_>) -> Verdict {
        match self.groups.get(group) {
            Some(Entry::Unknown) => Verdict::Unknown,
            // A group without a list has nobody in it, and nobody is surely out of it.
            entry => Verdict::of(entry.and_then(Entry::members).is_some_and(|members| members.hold(actual) == within)),
        }
    }
}

/// Returns whether one item passes; an item that is null never does.
fn some(actual: Attr<'_>, passes: impl Fn(&Value) -> Verdict) -> Verdict {
    match actual.items() {
        Some(items) => any(items.iter().filter(|item| !item.is_null()).map(passes)),
        None => Verdict::Fail,
    }
}

fn simple_test(test: &Test, actual: Attr<'_>) -> bool {
    match test {
        Test::Same(expected) => same(actual, expected),
        Test::SameText(expected) => matches!(actual, Attr::Text(text) if text.to_lowercase() == *expected),
        Test::Equal(expected) => same_scalar(actual, expected),
        Test::Among(members) => members.hold(actual),
        Test::Order(cmp, expected) => order(actual, expected).is_some_and(|o| cmp.holds(o)),
        Test::Version(cmp, expected) => expected.order(actual).is_some_and(|o| cmp.holds(o)),
        Test::Matches(pattern) => match (pattern, actual) {
            (Some(pattern), Attr::Text(text)) => pattern.is_match(text),
            _ => false,
        },
        Test::Exists(wanted) => actual.is_null() != *wanted,
        Test::Type(expected) => type_name(actual) == expected,
        _ => false,
    }
}
