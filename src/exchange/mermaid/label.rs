//! The texts of a diagram: entity codes such as `#35;`, line breaks, and characters that hide.

use crate::exchange::quoted;
use crate::source::SourceId;
use crate::syntax::parse;

/// Names of entity codes that stand for one character.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("apos", '\''),
    ("colon", ':'),
    ("comma", ','),
    ("gt", '>'),
    ("lt", '<'),
    ("nbsp", ' '),
    ("num", '#'),
    ("quot", '"'),
    ("semi", ';'),
];

/// A text as people read it, and whether something in it had to go.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// The words, on one line, single spaces between.
    pub text: String,
    /// What was changed, in a few words; nothing for white space and entity codes.
    pub changed: Option<&'static str>,
}

/// Returns what a text of the diagram says.
pub(super) fn read(raw: &str) -> Label {
    let broken = without_breaks(raw);
    let decoded = decode(&broken);
    let visible: String =
        decoded.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !hides(*c)).collect();
    let mut text = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let stray = !is_fine(&text);
    if stray {
        text.retain(|c| !joins(c));
    }
    let changed = match (broken != raw, stray || visible.chars().count() != decoded.chars().count()) {
        (_, true) => Some("characters that do not show were taken out"),
        (true, _) => Some("line breaks became spaces"),
        _ => None,
    };
    Label { text, changed }
}

/// Returns whether the language takes the text as it is.
fn is_fine(text: &str) -> bool {
    text.is_ascii() || parse(SourceId::default(), &format!("team x {}\n", quoted(text))).diagnostics.is_empty()
}

/// Returns whether a character only shows together with others: joiners, and what selects how an emoji looks.
fn joins(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{E0020}'..='\u{E007F}')
}

/// Returns the text with each `<br>` of any spelling as a space.
fn without_breaks(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        text.push_str(before);
        let end = tag.find('>').map(|e| e + 1);
        let name = tag.get(1..).unwrap_or("").trim_start_matches('/').to_ascii_lowercase();
        match end {
            Some(end)
                if name.starts_with("br") && !name.get(2..3).is_some_and(|c| c.starts_with(char::is_alphanumeric)) =>
            {
                text.push(' ');
                rest = tag.get(end..).unwrap_or("");
            }
            _ => {
                text.push('<');
                rest = tag.get(1..).unwrap_or("");
            }
        }
    }
    text + rest
}

/// Returns the text with entity codes as the characters they stand for; unknown ones stay.
fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('#') {
        let (before, code) = rest.split_at(at);
        decoded.push_str(before);
        match entity(code) {
            Some((c, length)) => {
                decoded.push(c);
                rest = code.get(length..).unwrap_or("");
            }
            None => {
                decoded.push('#');
                rest = code.get(1..).unwrap_or("");
            }
        }
    }
    decoded + rest
}

/// Returns the character of the entity code at the front, and the code's length.
pub(super) fn entity(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('#')?;
    let end = body.find(';')?;
    let name = body.get(..end)?;
    let known = NAMED.iter().find(|(n, _)| *n == name).map(|(_, c)| *c);
    let c = known.or_else(|| name.parse::<u32>().ok().and_then(char::from_u32))?;
    Some((c, end + 2))
}

/// Returns whether a character is a control, turns the reading direction, or never shows.
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0D}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E001F}' | '\u{E0080}'..='\u{E0FFF}')
}

/// The words a line of a diagram may begin with.
const KEYWORDS: &[&str] = &["journey", "title", "section", "acctitle", "accdescr"];

/// Returns a text as a diagram may hold it: every character that Mermaid would read as a mark is an entity code.
///
/// `marks` are those of this place besides `#`, `;`, `<`, `>` and `%`.
pub(super) fn written(text: &str, marks: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = flat.to_lowercase();
    let starts_like_keyword = KEYWORDS.iter().any(|k| lower.starts_with(k));
    let mut out = String::with_capacity(flat.len());
    for (i, c) in flat.chars().enumerate() {
        if "#;<>%{}".contains(c) || marks.contains(c) || (i == 0 && starts_like_keyword) {
            out.push_str(&format!("#{};", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_people_see_them() {
        assert_eq!(read("Line1<br>Line2<br/>Line3</br />Line4<br\t/>Line5").text, "Line1 Line2 Line3 Line4 Line5");
        assert_eq!(read("a #35; b #quot;c#quot; #unknown; #9829;").text, "a # b \"c\" #unknown; ♥");
        assert_eq!(read("  odd\u{a0}\u{3000} spaces\t").text, "odd spaces");
        assert_eq!(read("a\u{202e}b\u{200b}").text, "ab");
        assert_eq!(read("a\u{fe0f}b ❤\u{fe0f}").text, "ab ❤");
        assert_eq!(read("❤\u{fe0f}").text, "❤\u{fe0f}");
        assert_eq!(read("a <b> c < d <broken").text, "a <b> c < d <broken");
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["a; b: c, d # e %% f", "Title of a page", "<b>{x}</b>", "journey-map", "阶段：一", "\"quoted\""]
        {
            let code = written(text, ":,");
            assert!(!code.contains([':', ',', '%']), "{code}");
            assert_eq!(read(&code).text, text);
        }
    }
}
