//! From targeting JSON to conditions.

use serde_json::{Map, Value};

use super::super::attributes::NO_SLOT;
use super::group::{Group, REMOTE_GROUPS};
use super::pattern::pattern;
use super::value::{Members, truthy};
use super::version::Version;
use super::{Cmp, Node, Path, Test};

/// The keys that make a condition of what stands in an object, beside `$not`.
pub(in super::super) const MEMBERSHIP_KEYS: [&str; 4] = ["$or", "$nor", "$and", "$savedGroup"];

/// Returns whether an object holds operators on a value, and no fields.
pub(in super::super) fn is_operators(fields: &Map<String, Value>) -> bool {
    fields.keys().all(|key| key.starts_with('$'))
}

/// Compiles conditions, and collects the attributes that they ask for.
#[derive(Debug)]
pub(in super::super) struct Compiler<'a> {
    groups: &'a Map<String, Value>,
    names: Vec<String>,
    /// False where names are not those of the unit's attributes.
    of_unit: bool,
}

impl<'a> Compiler<'a> {
    pub(in super::super) fn new(groups: &'a Map<String, Value>) -> Self {
        Self { groups, names: Vec::new(), of_unit: true }
    }

    /// Returns the names of the unit's attributes that were asked for, by slot.
    pub(in super::super) fn into_names(self) -> Vec<String> {
        self.names
    }

    /// Returns the slot of that attribute of the unit.
    pub(in super::super) fn slot(&mut self, name: &str) -> usize {
        if !self.of_unit {
            return NO_SLOT;
        }
        self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        })
    }

    /// Returns the condition, asked of something else than the unit.
    pub(in super::super) fn condition_on_other(&mut self, condition: &Value) -> Node {
        let before = std::mem::replace(&mut self.of_unit, false);
        let node = self.condition(condition);
        self.of_unit = before;
        node
    }

    /// Returns the condition that the JSON says.
    pub(in super::super) fn condition(&mut self, condition: &Value) -> Node {
        match condition {
            Value::Object(fields) => Node::All(fields.iter().map(|(k, v)| self.entry(k, v)).collect()),
            Value::Null => Node::Broken,
            Value::Bool(_) | Value::Number(_) => Node::All(Vec::new()),
            Value::String(_) | Value::Array(_) => Node::Never,
        }
    }

    fn entry(&mut self, key: &str, value: &Value) -> Node {
        match key {
            "$or" => self.list(value, Node::Or),
            "$nor" => negated(self.list(value, Node::Or)),
            "$and" => self.list(value, Node::All),
            "$not" => negated(self.condition(value)),
            "$savedGroup" => self.group(value),
            _ => Node::Attribute(self.path(key), self.value(value)),
        }
    }

    fn list(&mut self, conditions: &Value, make: fn(Vec<Node>) -> Node) -> Node {
        match conditions {
            Value::Array(items) => make(items.iter().map(|item| self.condition(item)).collect()),
            Value::Null => Node::Broken,
            _ => Node::Never,
        }
    }

    fn group(&mut self, reference: &Value) -> Node {
        let Some(fields) = reference.as_object() else {
            return Node::Never;
        };
        let (Some(Value::String(id)), key) = (fields.get("id"), fields.get("attributeKey")) else {
            return Node::Never;
        };
        let Some((index, entry)) = self.find_group(id) else {
            return Node::Never;
        };
        let own = entry.get("attributeKey").and_then(Value::as_str);
        let remote = entry.get("type").and_then(Value::as_str) == Some("remote");
        let key = match key {
            _ if remote && key.is_some_and(|key| key.as_str() != own) => return Node::Never,
            _ if remote => Some(REMOTE_GROUPS),
            None => own,
            Some(Value::String(key)) => Some(key.as_str()),
            Some(_) => return Node::Never,
        };
        Node::Group(Group { index, list_of: key.map(|key| self.path(key)) })
    }

    fn find_group(&self, id: &str) -> Option<(usize, &'a Value)> {
        let mut all = self.groups.iter().enumerate();
        all.find(|(_, (name, _))| *name == id).map(|(index, (_, entry))| (index, entry))
    }

    pub(in super::super) fn path(&mut self, key: &str) -> Path {
        let mut parts = key.split('.').map(str::to_owned);
        let name = parts.next().unwrap_or_default();
        Path { slot: self.slot(&name), name, fields: parts.collect() }
    }

    /// Returns the test that the value of an attribute must pass.
    pub(in super::super) fn value(&mut self, expected: &Value) -> Test {
        match expected {
            Value::Object(fields) if is_operators(fields) => {
                Test::All(fields.iter().map(|(k, v)| self.operator(k, v)).collect())
            }
            other => Test::Same(other.clone()),
        }
    }

    fn operator(&mut self, operator: &str, expected: &Value) -> Test {
        match operator {
            "$eq" => Test::Equal(expected.clone()),
            "$ne" => not(Test::Equal(expected.clone())),
            "$lt" => Test::Order(Cmp::Lt, expected.clone()),
            "$lte" => Test::Order(Cmp::Le, expected.clone()),
            "$gt" => Test::Order(Cmp::Gt, expected.clone()),
            "$gte" => Test::Order(Cmp::Ge, expected.clone()),
            "$veq" => Test::Version(Cmp::Eq, Version::of(expected)),
            "$vne" => not(Test::Version(Cmp::Eq, Version::of(expected))),
            "$vlt" => Test::Version(Cmp::Lt, Version::of(expected)),
            "$vlte" => Test::Version(Cmp::Le, Version::of(expected)),
            "$vgt" => Test::Version(Cmp::Gt, Version::of(expected)),
            "$vgte" => Test::Version(Cmp::Ge, Version::of(expected)),
            "$exists" => Test::Exists(truthy(expected)),
            "$type" => Test::Type(expected.as_str().unwrap_or_default().to_owned()),
            "$not" => not(self.value(expected)),
            _ => self.list_operator(operator, expected),
        }
    }

    fn list_operator(&mut self, operator: &str, expected: &Value) -> Test {
        match operator {
            "$in" => members(expected, false, false),
            "$nin" => members(expected, false, true),
            "$ini" => members(expected, true, false),
            "$nini" => members(expected, true, true),
            "$inGroup" => self.among_group(expected, true),
            "$notInGroup" => self.among_group(expected, false),
            "$all" => self.each(expected, false),
            "$alli" => self.each(expected, true),
            "$size" => Test::Size(Box::new(self.value(expected))),
            "$elemMatch" => self.any_item(expected),
            "$regex" => Test::Matches(pattern(expected, false)),
            "$regexi" => Test::Matches(pattern(expected, true)),
            "$notRegex" => not(Test::Matches(pattern(expected, false))),
            "$notRegexi" => not(Test::Matches(pattern(expected, true))),
            "$and" | "$or" | "$nor" | "$savedGroup" => Test::Never,
            _ => Test::Unknown,
        }
    }

    fn among_group(&self, id: &Value, within: bool) -> Test {
        let Some(id) = id.as_str() else {
            return Test::Never;
        };
        match self.find_group(id) {
            Some((group, _)) => Test::AmongGroup { group, within },
            // A group that is nowhere has nobody in it.
            None if within => Test::Never,
            None => Test::All(Vec::new()),
        }
    }

    fn each(&mut self, expected: &Value, any_case: bool) -> Test {
        let Some(items) = expected.as_array() else {
            return Test::Never;
        };
        let test = |item: &Value| match item.as_str() {
            Some(text) if any_case => Test::SameText(text.to_lowercase()),
            _ => self.value(item),
        };
        Test::EachFound(items.iter().map(test).collect())
    }

    fn any_item(&mut self, expected: &Value) -> Test {
        let Some(fields) = expected.as_object() else {
            return Test::Never;
        };
        let on_value = is_operators(fields) && !MEMBERSHIP_KEYS.iter().any(|key| fields.contains_key(*key));
        if on_value {
            return Test::AnyItem(Box::new(self.value(expected)));
        }
        Test::AnyFields(Box::new(self.condition_on_other(expected)))
    }
}

fn negated(node: Node) -> Node {
    Node::Not(Box::new(node))
}

fn not(test: Test) -> Test {
    Test::Not(Box::new(test))
}

fn members(expected: &Value, any_case: bool, negated: bool) -> Test {
    match expected.as_array() {
        Some(items) if negated => not(Test::Among(Members::new(items, any_case))),
        Some(items) => Test::Among(Members::new(items, any_case)),
        None => Test::Never,
    }
}
