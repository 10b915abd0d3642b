//! Versions, compared part by part.

use std::cmp::Ordering;

use serde_json::Value;

use super::super::attributes::Attr;
use super::super::hash::number_text;
use super::value::order_texts;

/// A version to compare with, its parts made to sort as text.
#[derive(Debug)]
pub(in super::super) enum Version {
    /// Written as a text.
    Text(String),
    /// Written as a number, such as 2; only numbers compare with it.
    Number(String),
    /// No version; nothing compares with it.
    None,
}

impl Version {
    /// Returns the version that a condition writes.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::Text(padded(text)),
            Value::Number(n) => Self::Number(padded(&number_text(n.as_f64().unwrap_or(0.0)))),
            _ => Self::None,
        }
    }

    /// Returns how a value is ordered to it, when both are of one type.
    pub(super) fn order(&self, actual: Attr<'_>) -> Option<Ordering> {
        match (self, actual) {
            (Self::Text(expected), Attr::Text(text)) => Some(order_texts(&padded(text), expected)),
            (Self::Number(expected), Attr::Number(n)) => Some(order_texts(&padded(&number_text(n)), expected)),
            _ => None,
        }
    }
}

/// Returns the version with each number padded to five places, so that the
/// order of texts is the order of versions; a release sorts after its
/// pre-releases.
fn padded(version: &str) -> String {
    let version = if version.is_empty() { "0" } else { version };
    let version = version.strip_prefix('v').unwrap_or(version);
    let release = version.split_once('+').map_or(version, |(release, _build)| release);
    let mut parts: Vec<&str> = release.split(['-', '.']).collect();
    if parts.len() == 3 {
        parts.push("~");
    }
    let padded: Vec<String> = parts.into_iter().map(pad).collect();
    padded.join("-")
}

fn pad(part: &str) -> String {
    if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("{part:>5}")
    } else {
        part.to_owned()
    }
}
