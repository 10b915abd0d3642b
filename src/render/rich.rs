//! Text with inline emphasis, code and links, as pieces that a template escapes one by one.

use super::escape;
use serde::Serialize;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Words of ours.
    Text,
    /// Words of the user inside a sentence of ours: isolated for its direction.
    Name,
    /// Emphasis.
    Em,
    /// Strong emphasis.
    Strong,
    /// Code.
    Code,
    /// A link that the user wrote, to an allowed address.
    Link,
    /// A link of ours inside the documents.
    Go,
    /// A number that matters.
    Figure,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// What it is.
    pub kind: Kind,
    /// Its words.
    pub text: String,
    /// Where it leads; empty where it is no link.
    pub href: String,
}

impl Piece {
    fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), href: String::new() }
    }

    /// Returns words of ours.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Kind::Text, text)
    }

    /// Returns a user's words for inside a sentence of ours.
    pub fn name(text: impl Into<String>) -> Self {
        Self::new(Kind::Name, text)
    }

    /// Returns a number for inside a sentence.
    pub fn figure(text: impl Into<String>) -> Self {
        Self::new(Kind::Figure, text)
    }

    /// Returns a link within the documents.
    pub fn go(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { kind: Kind::Go, text: text.into(), href: href.into() }
    }
}

/// A text in pieces.
pub type Rich = Vec<Piece>;

/// Returns a user's text in pieces: `*em*`, `**strong**`, `` `code` ``, `[words](address)`; all else is as typed.
///
/// A mark counts only where it closes on the same line with no space inside its ends, so that prices, footnotes and
/// arithmetic stay what they are. A link to an address that is not allowed stays text.
pub fn inline(text: &str) -> Rich {
    let mut out = Rich::new();
    let mut rest = text;
    let mut plain = String::new();
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        match marked(rest, before) {
            Some((piece, length)) => {
                flush(&mut out, &mut plain);
                out.push(piece);
                rest = rest.get(length..).unwrap_or_default();
                before = ')';
            }
            None => {
                plain.push(c);
                before = c;
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
    flush(&mut out, &mut plain);
    out
}

fn flush(out: &mut Rich, plain: &mut String) {
    if !plain.is_empty() {
        out.push(Piece::text(std::mem::take(plain)));
    }
}

fn marked(rest: &str, before: char) -> Option<(Piece, usize)> {
    match rest.chars().next()? {
        '`' if before != '`' => between(rest, "`", Kind::Code),
        '*' if before.is_alphanumeric() || before == '*' => None,
        '*' => between(rest, "**", Kind::Strong).or_else(|| between(rest, "*", Kind::Em)),
        '_' if before.is_alphanumeric() || before == '_' => None,
        '_' => between(rest, "_", Kind::Em),
        '[' => link(rest),
        _ => None,
    }
}

fn between(rest: &str, mark: &str, kind: Kind) -> Option<(Piece, usize)> {
    let inner = rest.strip_prefix(mark)?;
    let end = inner.find(mark)?;
    let words = inner.get(..end)?;
    let after = inner.get(end + mark.len()..)?.chars().next();
    let runs_on = after.is_some_and(|c| mark.starts_with(c) || (kind != Kind::Code && c.is_alphanumeric()));
    let loose = words.is_empty() || words.starts_with(char::is_whitespace) || words.ends_with(char::is_whitespace);
    if loose || runs_on || words.contains('\n') || words.chars().any(|c| mark.contains(c)) {
        return None;
    }
    Some((Piece::new(kind, words), end + 2 * mark.len()))
}

fn link(rest: &str) -> Option<(Piece, usize)> {
    let inner = rest.strip_prefix('[')?;
    let (words, tail) = inner.split_once("](")?;
    let end = tail.find(')')?;
    let href = escape::allowed_url(tail.get(..end)?)?;
    if words.is_empty() || words.contains(['[', ']', '\n']) {
        return None;
    }
    let piece = Piece { kind: Kind::Link, text: words.to_owned(), href: href.to_owned() };
    Some((piece, words.len() + end + 4))
}

/// Returns the words alone.
pub fn plain(rich: &[Piece]) -> String {
    rich.iter().map(|p| p.text.as_str()).collect()
}

/// Returns the pieces as Markdown, each escaped.
pub fn markdown(rich: &[Piece]) -> String {
    rich.iter().map(piece_markdown).collect()
}

fn piece_markdown(piece: &Piece) -> String {
    let lead: String = piece.text.chars().take_while(|c| matches!(c, ' ' | '\u{a0}')).take(1).collect();
    let words = format!("{lead}{}", escape::markdown(&piece.text));
    match piece.kind {
        Kind::Text | Kind::Name | Kind::Figure => words,
        Kind::Em => format!("*{words}*"),
        Kind::Strong => format!("**{words}**"),
        Kind::Code => format!("<code>{words}</code>"),
        // a page's own anchors and pages have other names in Markdown: a place is named, a document is its twin
        Kind::Go if piece.href.starts_with('#') => words,
        Kind::Go => format!("[{words}](<{}>)", piece.href.replace(['<', '>', '\n'], "").replace(".html", ".md")),
        Kind::Link => format!("[{words}](<{}>)", piece.href.replace(['<', '>', '\n'], "")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, String)> {
        inline(text).into_iter().map(|p| (p.kind, p.text)).collect()
    }

    #[test]
    fn marks_that_close_are_read() {
        let found = kinds("a *b* **c** `d` [e](https://f.g)");
        let marks: Vec<_> = found.iter().filter(|(k, _)| *k != Kind::Text).map(|(_, t)| t.as_str()).collect();
        assert_eq!(marks, ["b", "c", "d", "e"]);
    }

    #[test]
    fn everything_else_is_as_typed() {
        for text in
            ["2 * 3 * 4", "a_b_c", "``` x", "[x](javascript:y)", "* a *", "` x `", "5*", "**", "[", "snake_case_name"]
        {
            assert_eq!(kinds(text), [(Kind::Text, text.to_owned())], "{text}");
        }
    }
}
