//! Targeting JSON as a condition of the language.

use serde_json::{Map, Value};

use super::name::quoted;
use super::scalar;

/// A condition in words, with the fields it asks for and their types.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) text: String,
    pub(super) fields: Vec<(String, &'static str)>,
}

/// Returns the condition in the language, or what of it cannot be said.
pub(super) fn said(condition: &Value, groups: &Map<String, Value>) -> Result<Said, String> {
    let mut speaker = Speaker { groups, fields: Vec::new() };
    let text = speaker.condition(condition)?;
    Ok(Said { text, fields: speaker.fields })
}

struct Speaker<'a> {
    groups: &'a Map<String, Value>,
    fields: Vec<(String, &'static str)>,
}

impl Speaker<'_> {
    fn condition(&mut self, condition: &Value) -> Result<String, String> {
        let fields = condition.as_object().ok_or("it is no object")?;
        let parts = fields.iter().map(|(key, value)| self.entry(key, value)).collect::<Result<Vec<_>, _>>()?;
        joined(parts, " and ").ok_or_else(|| "it is empty".to_owned())
    }

    fn entry(&mut self, key: &str, value: &Value) -> Result<String, String> {
        match key {
            "$and" => self.list(value, " and "),
            "$or" => self.list(value, " or "),
            "$nor" => Ok(format!("not ({})", self.list(value, " or ")?)),
            "$not" => Ok(format!("not ({})", self.condition(value)?)),
            "$savedGroup" => Err("it refers to a saved group".to_owned()),
            _ => self.attribute(key, value),
        }
    }

    fn list(&mut self, value: &Value, word: &str) -> Result<String, String> {
        let items = value.as_array().ok_or("a list is missing")?;
        let parts = items.iter().map(|item| self.condition(item)).collect::<Result<Vec<_>, _>>()?;
        joined(parts, word).ok_or_else(|| "a list is empty".to_owned())
    }

    fn attribute(&mut self, name: &str, value: &Value) -> Result<String, String> {
        let field = field(name);
        let Value::Object(operators) = value else {
            self.know(name, value);
            return Ok(format!("{field} == {}", literal(value)?));
        };
        let mut parts = Vec::new();
        for (operator, expected) in operators {
            // A type that is asked for stands beside an order or a pattern, which ask for it anyway.
            if operator != "$type" || operators.len() == 1 {
                parts.push(self.operator(name, &field, operator, expected)?);
            }
        }
        joined(parts, " and ").ok_or_else(|| format!("nothing is asked of `{name}`"))
    }

    fn operator(&mut self, name: &str, field: &str, operator: &str, expected: &Value) -> Result<String, String> {
        let sign = match operator {
            "$eq" => "==",
            "$ne" => "!=",
            "$lt" => "<",
            "$lte" => "<=",
            "$gt" => ">",
            "$gte" => ">=",
            _ => return self.other(name, field, operator, expected),
        };
        if expected.is_null() {
            self.know(name, &Value::String(String::new()));
            return match sign {
                "==" => Ok(format!("not ({field} exists)")),
                _ => Ok(format!("{field} exists")),
            };
        }
        self.know(name, expected);
        Ok(format!("{field} {sign} {}", literal(expected)?))
    }

    fn other(&mut self, name: &str, field: &str, operator: &str, expected: &Value) -> Result<String, String> {
        let among = |speaker: &mut Self, items: &[Value], word: &str| {
            items.iter().for_each(|item| speaker.know(name, item));
            let items = items.iter().map(literal).collect::<Result<Vec<_>, _>>()?;
            let any = if items.is_empty() { Err(format!("a list for `{name}` is empty")) } else { Ok(()) };
            any.map(|()| format!("{field} {word} ({})", items.join(", ")))
        };
        match (operator, expected) {
            ("$in", Value::Array(items)) => among(self, items, "in"),
            ("$nin", Value::Array(items)) => among(self, items, "not in"),
            ("$inGroup", Value::String(id)) => among(self, &self.members(id)?, "in"),
            ("$notInGroup", Value::String(id)) => among(self, &self.members(id)?, "not in"),
            ("$regex", Value::String(pattern)) => {
                self.know(name, expected);
                Ok(format!("{field} matches {}", quoted(pattern)))
            }
            ("$exists", Value::Bool(exists)) => {
                self.know(name, &Value::String(String::new()));
                Ok(if *exists { format!("{field} exists") } else { format!("not ({field} exists)") })
            }
            ("$not", inner @ Value::Object(_)) => Ok(format!("not ({})", self.attribute(name, inner)?)),
            _ => Err(format!("the language has no `{operator}`")),
        }
    }

    fn members(&self, id: &str) -> Result<Vec<Value>, String> {
        let group = self.groups.get(id).ok_or_else(|| format!("there is no saved group `{id}`"))?;
        let items = group.as_array().or_else(|| group.get("values")?.as_array());
        items.cloned().ok_or_else(|| format!("the saved group `{id}` is no list"))
    }

    fn know(&mut self, name: &str, value: &Value) {
        let kind = match value {
            Value::Number(_) => "number",
            Value::Bool(_) => "boolean",
            _ => "text",
        };
        self.fields.push((name.to_owned(), kind));
    }
}

fn literal(value: &Value) -> Result<String, String> {
    scalar(value).ok_or_else(|| format!("`{value}` is no plain value"))
}

/// Returns the parts joined, in parentheses where there are several; nothing for none.
fn joined(parts: Vec<String>, word: &str) -> Option<String> {
    match parts.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        several => Some(format!("({})", several.join(word))),
    }
}

/// Returns a field's name as a condition writes it.
fn field(name: &str) -> String {
    let plain = name.starts_with(char::is_alphabetic)
        && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        && !RESERVED.contains(&name);
    if plain { name.to_owned() } else { format!("property {}", quoted(name)) }
}

/// The connecting words of the language.
const RESERVED: [&str; 21] = [
    "and", "or", "not", "in", "is", "exists", "matches", "where", "for", "to", "from", "at", "on", "of", "by", "with",
    "within", "after", "before", "between", "then",
];
