//! A JSON object whose order is kept.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Named values in the order they were written, found by name.
///
/// A name that is written twice keeps its first place and its last value, as
/// `JSON.parse` does.
#[derive(Debug, Clone, PartialEq)]
pub struct Entries<T> {
    items: Vec<(String, T)>,
    index: BTreeMap<String, usize>,
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self { items: Vec::new(), index: BTreeMap::new() }
    }
}

impl<T> Entries<T> {
    /// Returns no entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts `value` under `name`, in place of an earlier one of that name.
    pub fn insert(&mut self, name: impl Into<String>, value: T) {
        let name = name.into();
        match self.index.get(&name).and_then(|&at| self.items.get_mut(at)) {
            Some(slot) => slot.1 = value,
            None => {
                self.index.insert(name.clone(), self.items.len());
                self.items.push((name, value));
            }
        }
    }

    /// Returns the value of that name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.position(name).and_then(|at| self.items.get(at)).map(|(_, value)| value)
    }

    /// Returns the place of that name, counted from 0.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// Returns the names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.items.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<N: Into<String>, T> FromIterator<(N, T)> for Entries<T> {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(iter: I) -> Self {
        let mut entries = Self::new();
        for (name, value) in iter {
            entries.insert(name, value);
        }
        entries
    }
}

impl<T: Serialize> Serialize for Entries<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
    type Value = Entries<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Entries::new();
        while let Some((name, value)) = map.next_entry::<String, T>()? {
            entries.insert(name, value);
        }
        Ok(entries)
    }
}
