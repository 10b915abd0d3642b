//! Text of others, shown safely: what a terminal or a CI log could take for a command is escaped.

use std::borrow::Cow;
use std::fmt::Write;

/// Returns one line of text as it may be shown anywhere in a line: control, bidi and invisible characters, and what
/// starts a command of a CI log, stand as `\u{…}`.
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) && !text.contains("##[") {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        push(&mut line, c);
    }
    Cow::Owned(line.replace("##[", "#\\u{23}["))
}

/// Returns a text for the start of a line: as [`shown`], and never the start of a command.
pub fn leading(text: &str) -> Cow<'_, str> {
    let text = shown(text);
    if text.trim_start().starts_with("::") { Cow::Owned(format!("./{text}")) } else { text }
}

/// Returns several lines with each made safe by [`leading`].
pub fn lines(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| match line.strip_suffix('\n') {
            Some(line) => format!("{}\n", leading(line)),
            None => leading(line).into_owned(),
        })
        .collect()
}

/// Returns JSON text with every hidden character, and what could start a command of a CI log, as an escape of JSON.
pub fn json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut units = [0; 2];
    for c in text.chars() {
        if c == '\n' || !is_hidden(c) {
            safe.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut units) {
            let _ = write!(safe, "\\u{unit:04x}");
        }
    }
    safe.replace("##[", "#\\u0023[")
}

/// Adds a character, escaped where it would be hidden or obeyed.
pub(super) fn push(line: &mut String, c: char) {
    match c {
        c if is_hidden(c) => {
            let _ = write!(line, "\\u{{{:x}}}", u32::from(c));
        }
        c => line.push(c),
    }
}

/// Returns whether a character is obeyed or not seen: controls but the tab, bidi marks, joiners out of place, line
/// separators, tags and fillers.
pub(super) fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e001f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_is_printed_raw() {
        assert_eq!(shown("a\u{202e}b\x1b[2J\r\n"), "a\\u{202e}b\\u{1b}[2J\\u{d}\\u{a}");
        assert_eq!(shown("plain — 阶段 👩‍🚀\t"), "plain — 阶段 👩‍🚀\t");
    }

    #[test]
    fn no_line_is_a_command_of_a_log() {
        assert_eq!(lines("::error::x\n  ::warning::y\nfine ::z\n"), "./::error::x\n./  ::warning::y\nfine ::z\n");
        assert_eq!(shown("##[error]x"), "#\\u{23}[error]x");
        assert_eq!(shown("###[x"), "##\\u{23}[x");
    }
}
