//! Texts: what they say, and the ways of writing one wrongly.

use super::assemble::Desk;
use super::tree::TokenKind;
use crate::diagnostic::{Diagnostic, Safety};
use crate::source::Span;

/// The longest text, in bytes.
const LONGEST: usize = 64 * 1024;

fn too_long(slice: &str, span: Span, said: &mut Vec<Diagnostic>) {
    if slice.len() > LONGEST {
        said.push(
            Diagnostic::error("too-long", span, "this text is longer than 64 KiB")
                .help("a map is no place for a book; shorten it"),
        );
    }
}

/// Returns a `"…"` with its escapes resolved.
pub(super) fn text(slice: &str, span: Span, said: &mut Vec<Diagnostic>) -> TokenKind {
    too_long(slice, span, said);
    let inner = slice.get(1..slice.len().saturating_sub(1)).unwrap_or("");
    TokenKind::Text(if inner.contains('\\') { unescape(inner) } else { inner.to_owned() })
}

/// Resolves `\"` and `\\`; any other backslash is itself.
fn unescape(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = (c == '\\').then(|| chars.next_if(|n| matches!(n, '"' | '\\'))).flatten();
        out.push(escaped.unwrap_or(c));
    }
    out
}

/// Returns the lines between `"""` and `"""`, without the indent they share.
pub(super) fn block_text(slice: &str, span: Span, said: &mut Vec<Diagnostic>) -> TokenKind {
    too_long(slice, span, said);
    let inner = slice.split_once('\n').map_or("", |(_, rest)| rest);
    let inner = inner.rsplit_once('\n').map_or("", |(lines, _)| lines);
    let lines: Vec<&str> = inner.split('\n').map(str::trim_end).collect();
    let shared = lines.iter().filter(|l| !l.is_empty()).map(|l| l.len() - l.trim_start().len()).min().unwrap_or(0);
    let cut: Vec<&str> = lines.iter().map(|l| l.get(shared..).unwrap_or("")).collect();
    TokenKind::BlockText(cut.join("\n"))
}

/// Returns the text meant by one in smart, single or full-width quotes, and the finding.
pub(super) fn quoted_alike(slice: &str, span: Span) -> (TokenKind, Diagnostic) {
    let mut chars = slice.chars();
    let (open, shut) = (chars.next().unwrap_or('"'), chars.next_back().unwrap_or('"'));
    let inner = chars.as_str();
    let finding = Diagnostic::error("look-alike", span, format!("`{open}` and `{shut}` only look like quotes"))
        .help("a text stands in straight double quotes: \"…\"")
        .fix(Safety::Safe, "write `\"…\"`", span, format!("\"{}\"", inner.replace('\\', "\\\\")));
    (TokenKind::Text(inner.to_owned()), finding)
}

/// The finding for a text without its closing quote.
pub(super) fn open_text(slice: &str, span: Span) -> Diagnostic {
    let said = slice.trim_end();
    let span = Span { end: span.start + u32::try_from(said.len()).unwrap_or(0), ..span };
    let smart = |c: char| matches!(c, '“' | '”' | '„' | '‟' | '＂' | '»' | '」' | '』');
    if let Some((at, c)) = said.char_indices().find(|(_, c)| smart(*c)) {
        let at = span.start as usize + at;
        let quote = Span::new(span.source, at, at + c.len_utf8());
        return Diagnostic::error(
            "look-alike",
            quote,
            format!("`{c}` only looks like a quote, so the text never ends"),
        )
        .fix(Safety::Safe, "write `\"`", quote, "\"");
    }
    let finding = Diagnostic::error("unclosed-text", span, "this text has no closing `\"` on its line");
    if said.ends_with("\\\"") {
        return finding.help("`\\\"` is a quote inside a text; write `\\\\` for a backslash at its end");
    }
    let finding = finding.help("a text ends on the line it starts on; longer ones stand between lines of `\"\"\"`");
    let plain =
        !said.contains(['{', '}', ';']) && said.get(1..).is_some_and(|t| t.starts_with(|c: char| !c.is_whitespace()));
    if plain { finding.fix(Safety::Unsafe, "write `\"` at the end", span.after(), "\"") } else { finding }
}

/// The finding for `"""text"""` on one line.
pub(super) fn one_line_block(slice: &str, span: Span) -> Diagnostic {
    let inner = slice.trim_matches('"');
    let written = format!("\"{}\"", inner.replace('\\', "\\\\").replace('"', "\\\""));
    Diagnostic::error(
        "bad-block-text",
        span,
        "`\"\"\"` opens a text of several lines: it ends its line, and closes on a line of its own",
    )
    .fix(Safety::Safe, format!("write `{written}`"), span, written)
}

/// Returns the text of a block that opens with too many quotes, and the finding.
pub(super) fn many_quotes(desk: &Desk<'_>, slice: &str, span: Span) -> (TokenKind, Diagnostic) {
    let quotes = slice.len() - slice.trim_start_matches('"').len();
    let opener = desk.span(span.start as usize, span.start as usize + quotes);
    let finding =
        Diagnostic::error("bad-block-text", opener, "a text of several lines opens with three quotes, and no more");
    let kind = block_text(slice, span, &mut Vec::new());
    (kind, finding.fix(Safety::Safe, "write `\"\"\"`", opener, "\"\"\""))
}

/// The finding for a `"""` that never closes; it points at the opener.
pub(super) fn open_block(desk: &Desk<'_>, slice: &str, span: Span) -> Diagnostic {
    let quotes = slice.len() - slice.trim_start_matches('"').len();
    let opener = desk.span(span.start as usize, span.start as usize + quotes);
    Diagnostic::error("unclosed-block-text", opener, "this `\"\"\"` is never closed")
        .help("close it with `\"\"\"` on a line of its own")
}
