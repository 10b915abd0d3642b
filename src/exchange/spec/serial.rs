//! How parts and arguments stand in JSON and YAML.

use super::{Argument, Part, RESERVED, Said};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fmt;

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Part::Blank => map.serialize_entry("blank", &true)?,
            Part::Comment(text) => map.serialize_entry("comment", text)?,
            Part::Statement(said) => entries(said, &mut map)?,
        }
        map.end()
    }
}

fn entries<M: SerializeMap>(said: &Said, map: &mut M) -> Result<(), M::Error> {
    map.serialize_entry(&said.keyword, &said.arguments)?;
    if said.inline {
        map.serialize_entry("inline", &true)?;
    }
    if let Some(opening) = &said.opening {
        map.serialize_entry("opening", opening)?;
    }
    if let Some(block) = &said.block {
        map.serialize_entry("block", block)?;
    }
    if let Some(trailing) = &said.trailing {
        map.serialize_entry("trailing", trailing)?;
    }
    Ok(())
}

impl Serialize for Argument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (key, text) = match self {
            Argument::Plain(text) => return serializer.serialize_str(text),
            Argument::Text(text) => ("text", text),
            Argument::BlockText(text) => ("block_text", text),
            Argument::Comment(text) => ("comment", text),
        };
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(key, text)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PartVisitor)
    }
}

struct PartVisitor;

/// What has been read of a part.
#[derive(Default)]
struct Draft {
    said: Said,
    comment: Option<String>,
    blank: bool,
    seen: Vec<String>,
}

impl<'de> Visitor<'de> for PartVisitor {
    type Value = Part;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a statement such as `phase: [sale]`, a comment or a blank line")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Part, A::Error> {
        let mut draft = Draft::default();
        while let Some(key) = map.next_key::<String>()? {
            if draft.seen.contains(&key) {
                return Err(A::Error::custom(format!("`{key}` stands here twice")));
            }
            draft.entry(&key, &mut map)?;
            draft.seen.push(key);
        }
        draft.finish()
    }
}

impl Draft {
    fn entry<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "blank" => self.blank = map.next_value()?,
            "comment" => self.comment = Some(map.next_value()?),
            "inline" => self.said.inline = map.next_value()?,
            "opening" => self.said.opening = Some(map.next_value()?),
            "block" => self.said.block = Some(map.next_value()?),
            "trailing" => self.said.trailing = Some(map.next_value()?),
            keyword if self.said.keyword.is_empty() => {
                self.said.keyword = keyword.to_owned();
                self.said.arguments = map.next_value()?;
            }
            other => {
                let first = &self.said.keyword;
                return Err(A::Error::custom(format!(
                    "a statement has one keyword, and `{first}` and `{other}` stand here"
                )));
            }
        }
        Ok(())
    }

    fn finish<E: Error>(self) -> Result<Part, E> {
        let alone = self.seen.len() == 1;
        match (self.said.keyword.is_empty(), self.comment, self.blank) {
            (false, None, false) => Ok(Part::Statement(Box::new(self.said))),
            (true, Some(text), false) if alone => Ok(Part::Comment(text)),
            (true, None, true) if alone => Ok(Part::Blank),
            _ => Err(E::custom(format!(
                "a part is a statement with its keyword, `comment` alone or `blank: true` alone; {} are its other keys",
                RESERVED.join(", ")
            ))),
        }
    }
}

impl<'de> Deserialize<'de> for Argument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ArgumentVisitor)
    }
}

struct ArgumentVisitor;

/// A number or truth value would lose how it was written: `+3`, `1.50`, `true`.
fn unquoted<E: Error>(value: impl fmt::Display) -> E {
    E::custom(format!("arguments are strings: write \"{value}\", in quotes"))
}

impl<'de> Visitor<'de> for ArgumentVisitor {
    type Value = Argument;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an argument: a string, or `text`, `block_text` or `comment` with one")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Argument, E> {
        Ok(Argument::Plain(value.to_owned()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Argument, E> {
        Err(unquoted(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Argument, E> {
        Err(unquoted(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Argument, E> {
        Err(unquoted(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Argument, E> {
        Err(unquoted(value))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Argument, A::Error> {
        let Some((key, text)) = map.next_entry::<String, String>()? else {
            return Err(A::Error::custom("an argument has `text`, `block_text` or `comment`"));
        };
        if let Some(other) = map.next_key::<String>()? {
            return Err(A::Error::custom(format!("an argument has one key, and `{key}` and `{other}` stand here")));
        }
        match key.as_str() {
            "text" => Ok(Argument::Text(text)),
            "block_text" => Ok(Argument::BlockText(text)),
            "comment" => Ok(Argument::Comment(text)),
            other => Err(A::Error::custom(format!(
                "`{other}` is no kind of argument; `text`, `block_text` and `comment` are"
            ))),
        }
    }
}
