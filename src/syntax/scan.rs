//! What is looked at before the grammar: bytes, size, nesting, and characters that hide.

use std::fmt;

use super::{DEEPEST_NESTING, LARGEST_FILE};
use crate::diagnostic::{Diagnostic, Safety};
use crate::source::{SourceId, Span};

/// Why bytes are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undecodable {
    /// The first byte that is not UTF-8.
    pub offset: usize,
    /// The encoding it seems to be instead.
    pub likely: &'static str,
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {} is not UTF-8; this looks like {}: save the file as UTF-8", self.offset, self.likely)
    }
}

impl std::error::Error for Undecodable {}

/// Returns the text of a file's bytes, without the byte order mark.
///
/// # Errors
/// Names the first byte that is not UTF-8, and the likely encoding; nothing is ever replaced.
pub fn decode(bytes: &[u8]) -> Result<String, Undecodable> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(Undecodable { offset: error.valid_up_to(), likely: likely_encoding(bytes) }),
    }
}

fn likely_encoding(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return "UTF-16";
    }
    match bytes.iter().any(|b| (0x80..0xA0).contains(b)) {
        true => "Windows-1252 or a damaged file",
        false => "Latin-1",
    }
}

/// Characters that are findings wherever they stand.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    /// One for each run of such characters, in order.
    pub findings: Vec<Diagnostic>,
}

impl Hidden {
    /// Returns whether a hidden character lies in `start..end`.
    pub fn within(&self, start: usize, end: usize) -> bool {
        let from = self.findings.partition_point(|d| (d.primary.span.end as usize) <= start);
        self.findings.get(from).is_some_and(|d| (d.primary.span.start as usize) < end)
    }
}

/// Returns the one finding of a text that is too large, too deep, or has no line ends as we know them.
pub(super) fn refusal(source: SourceId, text: &str) -> Option<Diagnostic> {
    if text.len() > LARGEST_FILE {
        let finding = Diagnostic::error("too-large", Span::new(source, 0, 0), "this file is larger than 1 MiB");
        return Some(finding.help("split it into several files and join them with `use`"));
    }
    if !text.contains('\n') && text.trim_end_matches('\r').contains('\r') {
        let at = text.find('\r').unwrap_or(0);
        let finding =
            Diagnostic::error("lone-cr", Span::new(source, at, at + 1), "lines end in carriage returns alone");
        return Some(finding.help("save the file with LF or CRLF line ends"));
    }
    let at = too_deep(text.as_bytes())?;
    let message = format!("more than {DEEPEST_NESTING} blocks or parentheses stand in each other");
    let finding = Diagnostic::error("too-deep", Span::new(source, at, at + 1), message);
    Some(finding.help("nothing in the language needs this; is a `}` or `)` missing above?"))
}

/// Returns the place of the opening that stands too deep, in one pass over the bytes.
///
/// Never less deep than the grammar sees it; pest's own stack guard stands behind it.
fn too_deep(text: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    let mut comments = true;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\n' => comments = true,
            b'#' if comments && opens_comment(text, at) => at = line_end(text, at) - 1,
            // Behind a text without its end no other on the line has one, and nothing is skipped.
            b'"' if comments => match text_end(text, at) {
                Some(end) => at = end - 1,
                None => comments = false,
            },
            b'{' | b'(' => {
                depth += 1;
                if depth > DEEPEST_NESTING {
                    return Some(at);
                }
            }
            b'}' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    None
}

fn opens_comment(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|i| text.get(i));
    before.is_none_or(|b| {
        b.is_ascii_whitespace() || b.is_ascii_control() || matches!(b, b'{' | b'}' | b';') || !b.is_ascii()
    })
}

fn line_end(text: &[u8], at: usize) -> usize {
    text.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(text.len(), |n| at + n)
}

/// Returns where the text that opens at `at` ends, just behind it; `None` where it never does.
fn text_end(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    match rest.strip_prefix(b"\"\"\"") {
        Some(behind) => block_text_end(behind).map(|n| at + 3 + n),
        None => {
            let line = text.get(at + 1..line_end(text, at))?;
            quote_end(line).map(|n| at + 1 + n)
        }
    }
}

fn quote_end(line: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let found = from + memchr::memchr2(b'"', b'\\', line.get(from..)?)?;
        if line.get(found) == Some(&b'"') {
            return Some(found + 1);
        }
        from = found + 2;
    }
}

fn block_text_end(behind: &[u8]) -> Option<usize> {
    let mut lines = behind.split(|b| *b == b'\n');
    let mut at = lines.next().filter(|line| line.trim_ascii().is_empty())?.len() + 1;
    for line in lines {
        let said = line.trim_ascii();
        if said.ends_with(b"\"\"\"") {
            return (said.len() == 3).then(|| at + line.trim_ascii_end().len());
        }
        at += line.len() + 1;
    }
    None
}

/// What is wrong with a character that does not show.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    Control,
    Bidi,
    Invisible,
    LoneReturn,
}

fn fault(before: Option<char>, c: char, after: Option<char>) -> Option<Fault> {
    match c {
        '\t' | '\n' => None,
        '\r' => (after != Some('\n')).then_some(Fault::LoneReturn),
        '\0'..='\x1F' | '\x7F'..='\u{9F}' | '\u{2028}' | '\u{2029}' | '\u{FFF9}'..='\u{FFFB}' => Some(Fault::Control),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}' => Some(Fault::Bidi),
        '\u{200C}' | '\u{200D}' => (!joins(before, after)).then_some(Fault::Invisible),
        '\u{FE0E}' | '\u{FE0F}' => (!before.is_some_and(is_symbol)).then_some(Fault::Invisible),
        '\u{E0020}'..='\u{E007F}' => (!before.is_some_and(in_flag)).then_some(Fault::Invisible),
        '\u{AD}'
        | '\u{34F}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206A}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0D}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{E0000}'..='\u{E001F}'
        | '\u{E0080}'..='\u{E0FFF}' => Some(Fault::Invisible),
        _ => None,
    }
}

/// Returns whether a joiner between these has work to do: in an emoji, or in a script that needs it.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    let emoji = before.is_some_and(|c| is_symbol(c) || c == '\u{FE0F}' || ('\u{1F3FB}'..='\u{1F3FF}').contains(&c));
    (emoji && after.is_some_and(is_symbol)) || (before.is_some_and(needs_joiners) && after.is_none_or(needs_joiners))
}

/// Returns whether a variation selector may follow: symbols, keycaps, pictographs.
fn is_symbol(c: char) -> bool {
    matches!(c, '0'..='9' | '#' | '*' | '\u{A9}' | '\u{AE}' | '\u{203C}'..='\u{3299}' | '\u{1F000}'..='\u{1FAFF}')
}

fn in_flag(c: char) -> bool {
    matches!(c, '\u{1F3F4}' | '\u{E0020}'..='\u{E007E}')
}

/// Arabic, Syriac and the scripts of India, Sri Lanka, Tibet, Burma, Cambodia and Mongolia.
fn needs_joiners(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{7BF}' | '\u{8A0}'..='\u{FFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{18AF}' | '\u{FB50}'..='\u{FDFF}')
}

/// Returns the characters of a text that hide.
pub(super) fn hidden(source: SourceId, text: &str) -> Hidden {
    let mut findings: Vec<Diagnostic> = Vec::new();
    if text.bytes().all(|b| matches!(b, b'\t' | b'\n' | 0x20..=0x7E)) {
        return Hidden { findings };
    }
    let start = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let mut before = None;
    let mut run: Option<(Fault, usize, usize)> = None;
    let mut chars = text.get(start..).unwrap_or("").char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let at = start + i;
        let found = if c.is_ascii_graphic() { None } else { fault(before, c, chars.peek().map(|p| p.1)) };
        match (found, &mut run) {
            (Some(f), Some((g, _, end))) if f == *g && *end == at => *end = at + c.len_utf8(),
            (Some(f), _) => {
                let done = run.replace((f, at, at + c.len_utf8()));
                findings.extend(done.map(|r| describe(source, text, r)));
            }
            (None, _) => {}
        }
        before = Some(c);
    }
    findings.extend(run.map(|r| describe(source, text, r)));
    Hidden { findings }
}

fn describe(source: SourceId, text: &str, (fault, start, end): (Fault, usize, usize)) -> Diagnostic {
    let span = Span::new(source, start, end);
    let c = text.get(start..end).and_then(|s| s.chars().next()).unwrap_or('\0');
    let code = format!("U+{:04X}", u32::from(c));
    let (id, message, fix) = match fault {
        Fault::Control => {
            ("control-character", format!("a control character stands here: {code}"), ("take it out", ""))
        }
        Fault::Bidi => (
            "bidi-control",
            format!("a character that turns the reading direction stands here: {code}"),
            ("take it out", ""),
        ),
        Fault::Invisible => {
            ("invisible-character", format!("a character that does not show stands here: {code}"), ("take it out", ""))
        }
        Fault::LoneReturn => {
            ("lone-cr", "a carriage return without its line feed stands here".to_owned(), ("end the line", "\n"))
        }
    };
    let help = match fault {
        Fault::Bidi => "it can make a line read otherwise than it works; take it out",
        Fault::LoneReturn => "lines end with LF or CRLF",
        _ => "take it out; it is easily pasted and never needed here",
    };
    let safety = if fault == Fault::Invisible { Safety::Safe } else { Safety::Unsafe };
    Diagnostic::error(id, span, message).help(help).fix(safety, fix.0, span, fix.1)
}
