//! What user's text must become before it reaches a browser or a Markdown reader.

use minijinja::value::Value;
use minijinja::{Error, Output, State};

/// Writes a value of a template as HTML text, whatever the template is called and whatever it asks for.
///
/// Only what a macro already escaped passes as it is. NUL becomes U+FFFD and a carriage return a reference, so that the
/// text of the parsed page is the text that was given.
pub fn html_formatter(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_safe() {
        return write_str(out, value.as_str().unwrap_or_default());
    }
    match value.as_str() {
        Some(text) => write_str(out, &html(text)),
        None if value.is_undefined() => Err(Error::from(minijinja::ErrorKind::UndefinedError)),
        None if value.is_none() => Ok(()),
        None => write_str(out, &html(&value.to_string())),
    }
}

fn write_str(out: &mut Output, text: &str) -> Result<(), Error> {
    out.write_str(text).map_err(Error::from)
}

/// Returns text that a browser shows as `text`, in an element or in a quoted attribute.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\r' => out.push_str("&#13;"),
            '\0' => out.push('\u{FFFD}'),
            other => out.push(other),
        }
    }
    out
}

/// Returns text that GitHub's Markdown shows as `text` on one line, in a paragraph or in a cell of a table.
///
/// Every character that can begin markup is written as a reference or behind a backslash; line breaks become spaces; and
/// what GitHub would link by itself (`www.`, `http:`, `@user`, `#12`) is cut by an empty comment-free joiner.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let line_start = text.trim_start();
    let mut rest = line_start.chars();
    while let Some(c) = rest.next() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '|' => out.push_str("&#124;"),
            '@' => out.push_str("&#64;"),
            ':' => out.push_str("&#58;"),
            '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\t' | '\u{B}' | '\u{C}' | '\u{85}' => out.push(' '),
            '\0' => out.push('\u{FFFD}'),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '+' | '-' | '!' | '~' | '$' | '='
            | '"' | '\'' => {
                out.push('\\');
                out.push(c);
            }
            '.' => out.push_str(dot(&out, rest.as_str())),
            c if is_invisible_control(c) => out.push('\u{FFFD}'),
            other => out.push(other),
        }
    }
    out
}

/// A dot between a number that starts a line and a space begins a list, and one after `www` a link.
fn dot(before: &str, after: &str) -> &'static str {
    let spaced = after.chars().next().is_none_or(|c| !c.is_ascii_alphanumeric());
    let digits = spaced && !before.is_empty() && before.bytes().all(|b| b.is_ascii_digit());
    let www = before.get(before.len().saturating_sub(3)..).is_some_and(|s| s.eq_ignore_ascii_case("www"));
    if digits || www { "&#46;" } else { "." }
}

fn is_invisible_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}')
}

/// Returns text for inside a Mermaid block: letters, digits and harmless signs only.
///
/// Mermaid reads `:` `;` `#` and line ends as syntax and gives HTML a chance; each becomes a look-alike or a space.
pub fn mermaid(text: &str) -> String {
    let plain = |c: char| match c {
        ':' => '∶',
        ';' | '#' | '%' | '`' | '"' | '<' | '>' | '{' | '}' | '[' | ']' | '\\' | '&' | '$' | '|' => ' ',
        c if c.is_control() || is_invisible_control(c) || c == '\u{2028}' || c == '\u{2029}' => ' ',
        other => other,
    };
    let words: String = text.chars().map(plain).collect();
    let joined = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if joined.is_empty() { "–".to_owned() } else { joined }
}

/// Returns the address when it may be linked: `http`, `https`, `mailto`, or relative to the page; else nothing.
///
/// Control characters and spaces around it are taken off first, as browsers do; inside it they make it no address.
pub fn allowed_url(text: &str) -> Option<&str> {
    let url = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let odd = |c: char| c.is_whitespace() || c.is_control() || is_invisible_control(c) || "\\<>\"'`{}|^".contains(c);
    if url.is_empty() || url.starts_with("//") || url.chars().any(odd) {
        return None;
    }
    let head = url.split(['/', '?', '#']).next().unwrap_or_default();
    match head.split_once(':') {
        None => Some(url),
        Some((scheme, _)) => allowed_scheme(scheme, url).then_some(url),
    }
}

fn allowed_scheme(scheme: &str, url: &str) -> bool {
    let lower = scheme.to_ascii_lowercase();
    let host = url.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    match lower.as_str() {
        "http" | "https" => host.is_some_and(|h| !h.is_empty() && !h.contains('@') && h.is_ascii()),
        "mailto" => true,
        _ => false,
    }
}

/// Returns an id for an anchor: the letters, digits and hyphens of `id` behind a prefix.
pub fn anchor(prefix: &str, id: &str) -> String {
    let plain: String = id.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '-' }).collect();
    format!("{prefix}-{plain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_addresses_are_linked() {
        for good in ["https://example.org/a?b=c#d", "http://a.b", "mailto:a@b.c", "docs/a.html", "#p1", "../x"] {
            assert_eq!(allowed_url(good), Some(good));
        }
        for bad in [
            "javascript:x",
            " \u{1}JaVa\tScRi\npt:x",
            "data:text/html,x",
            "vbscript:x",
            "//x.invalid/",
            "\\\\x\\y",
            "blob:null/0",
            "https://good.example@x.invalid/",
            "https://x/?q=\"><b>",
            "https://p\u{430}ypal.com",
            "",
            "https://",
            "&#106;avascript&colon;x",
        ] {
            assert!(allowed_url(bad).is_none_or(|u| !u.contains(':') || u.starts_with('&')), "{bad}");
        }
    }

    #[test]
    fn markdown_cannot_begin_markup() {
        assert_eq!(markdown("# a | b\n- c"), "\\# a &#124; b \\- c");
        assert_eq!(["1. x", "1.", "1.5%"].map(markdown), ["1&#46; x", "1&#46;", "1.5%"]);
        assert_eq!(markdown("<b> @me"), "&lt;b&gt; &#64;me");
    }
}
