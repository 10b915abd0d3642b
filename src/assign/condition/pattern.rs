//! JavaScript's regular expressions, written as ours.

use regex::{Regex, RegexBuilder};
use serde_json::Value;

/// Returns the pattern, or nothing where it is none: such a condition fails.
///
/// Look-around and back-references do not exist here, since they make matching
/// slow beyond bounds; a pattern with them is none.
pub(super) fn pattern(written: &Value, any_case: bool) -> Option<Regex> {
    let ours = translate(written.as_str()?);
    RegexBuilder::new(&ours).case_insensitive(any_case).build().ok()
}

/// Returns the pattern with what means another thing in JavaScript spelt out:
/// `\d`, `\w` and `\b` are ASCII there, `.` stops at more line ends, and in a
/// class `[`, `&` and `~` are plain characters.
fn translate(js: &str) -> String {
    let mut ours = String::with_capacity(js.len());
    let mut in_class = false;
    let mut chars = js.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(chars.next(), in_class, &mut ours),
            '[' if in_class => ours.push_str("\\["),
            '&' | '~' if in_class => ours.extend(['\\', c]),
            '.' if !in_class => ours.push_str("[^\\n\\r\\u{2028}\\u{2029}]"),
            _ => {
                in_class = c == '[' || (in_class && c != ']');
                ours.push(c);
            }
        }
    }
    ours
}

fn escape(c: Option<char>, in_class: bool, ours: &mut String) {
    match c {
        Some('d') => ours.push_str("[0-9]"),
        Some('D') => ours.push_str("[^0-9]"),
        Some('w') => ours.push_str("[0-9A-Za-z_]"),
        Some('W') => ours.push_str("[^0-9A-Za-z_]"),
        Some('b') if in_class => ours.push_str("\\x08"),
        Some('b') => ours.push_str("(?-u:\\b)"),
        Some('/') => ours.push('/'),
        Some(c) => ours.extend(['\\', c]),
        None => ours.push('\\'),
    }
}
