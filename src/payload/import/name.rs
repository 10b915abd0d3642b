//! Names and texts as the language writes them.

use serde_json::Value;
use std::fmt::Write;

use super::scalar;

/// Returns an id made of a name: lower-case words joined by single hyphens, starting with a letter.
pub(super) fn id(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    let mut before = ' ';
    for c in name.chars() {
        let new_word = c.is_uppercase() && before.is_lowercase();
        if (new_word || !c.is_alphanumeric()) && !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
        if c.is_alphanumeric() {
            id.extend(c.to_lowercase());
        }
        before = c;
    }
    let id = id.trim_end_matches('-');
    if id.starts_with(char::is_alphabetic) { id.to_owned() } else { format!("variant-{id}") }
}

/// Returns a text in quotes, on one line.
pub(super) fn quoted(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\"{}\"", line.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Returns the block of what a variation sets; none where its value is its key.
pub(super) fn sets(value: &Value, key: &str) -> String {
    if value.as_str() == Some(key) {
        return String::new();
    }
    let mut text = String::from(" {\n");
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                let _ = writeln!(text, "    set {} to {}", setting(name), said(value));
            }
        }
        other => {
            let _ = writeln!(text, "    set value to {}", said(other));
        }
    }
    text.push_str("  }");
    text
}

/// Returns the name of what is set, as a name of the language.
fn setting(name: &str) -> String {
    let plain = name.starts_with(char::is_alphabetic) && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if plain { name.to_owned() } else { id(name) }
}

/// Returns a value as the language writes it; lists and objects as JSON in a text.
fn said(value: &Value) -> String {
    scalar(value).unwrap_or_else(|| quoted(&value.to_string()))
}
