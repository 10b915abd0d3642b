//! Words: names as they should be, and what people write instead of names and signs.

use unicode_normalization::{UnicodeNormalization, is_nfc_quick};

use super::tree::{Comment, Operator, TokenKind};
use crate::diagnostic::{Diagnostic, Safety};
use crate::source::Span;

/// The longest name, in bytes.
const LONGEST: usize = 128;

/// Returns a name in normal form (NFC), and says where its letters mislead.
pub(super) fn name(slice: &str, span: Span, said: &mut Vec<Diagnostic>) -> String {
    if slice.len() > LONGEST {
        said.push(
            Diagnostic::error("too-long", span, "this name is longer than 128 bytes")
                .help("a name is for speaking; the title holds the rest"),
        );
    }
    if slice.is_ascii() {
        return slice.to_owned();
    }
    let normal: String = match is_nfc_quick(slice.chars()) {
        unicode_normalization::IsNormalized::Yes => slice.to_owned(),
        _ => slice.nfc().collect(),
    };
    if normal.chars().any(|c| matches!(c, '\u{FF01}'..='\u{FF5E}')) {
        let meant: String = normal.nfkc().collect();
        said.push(look_alike(span, slice, &meant));
    } else if let Some((one, other)) = mixed(&normal) {
        let finding = Diagnostic::warning("mixed-script", span, format!("`{slice}` mixes {one} and {other} letters"));
        said.push(finding.help("letters of two scripts can look the same and still make another name; type it again"));
    }
    normal
}

/// Returns two scripts that look alike and stand in one word.
fn mixed(name: &str) -> Option<(&'static str, &'static str)> {
    let script = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' => Some("Latin"),
        '\u{370}'..='\u{3FF}' => Some("Greek"),
        '\u{400}'..='\u{52F}' => Some("Cyrillic"),
        '\u{530}'..='\u{58F}' => Some("Armenian"),
        _ => None,
    };
    let mut seen = name.chars().filter_map(script);
    let first = seen.next()?;
    seen.find(|s| *s != first).map(|other| (first, other))
}

/// The finding for characters that only look like ours.
pub(super) fn look_alike(span: Span, seen: &str, meant: &str) -> Diagnostic {
    Diagnostic::error("look-alike", span, format!("`{seen}` only looks like `{meant}`")).fix(
        Safety::Safe,
        format!("write `{meant}`"),
        span,
        meant,
    )
}

/// Returns whether an emoji is an arrow.
pub(super) fn is_arrow(emoji: &str) -> bool {
    emoji.chars().next().is_some_and(|c| {
        matches!(c, '➡' | '⬅' | '↔' | '↕' | '⬆' | '⬇' | '↪' | '↩' | '⏩' | '▶' | '\u{2190}'..='\u{21FF}')
    })
}

/// The finding for an arrow.
pub(super) fn arrow(span: Span, seen: &str) -> Diagnostic {
    Diagnostic::error("bad-arrow", span, format!("`{seen}` is no sign of the language"))
        .help("steps are joined by `>`")
        .fix(Safety::Safe, "write `>`", span, ">")
}

/// Returns what a wrong sign means, and the finding.
pub(super) fn operator(keyword: &str, seen: &str, span: Span) -> (TokenKind, Diagnostic) {
    let (meant, kind) = match seen {
        "=" | "＝" if keyword == "set" => ("to", TokenKind::Name("to".to_owned())),
        "=" | "===" | "＝" | "＝＝" => ("==", TokenKind::Operator(Operator::Equal)),
        "!==" | "<>" | "≠" | "！＝" | "!" if seen != "!" => ("!=", TokenKind::Operator(Operator::NotEqual)),
        "≤" | "⩽" | "=<" => ("<=", TokenKind::Operator(Operator::LessEqual)),
        "≥" | "⩾" | "=>" => (">=", TokenKind::Operator(Operator::GreaterEqual)),
        "＜" => ("<", TokenKind::Operator(Operator::Less)),
        "＞" | ">>" => (">", TokenKind::Operator(Operator::Greater)),
        "&&" | "&" => ("and", TokenKind::Name("and".to_owned())),
        "||" | "|" => ("or", TokenKind::Name("or".to_owned())),
        "!" | "！" => ("not", TokenKind::Name("not".to_owned())),
        _ => {
            let finding = Diagnostic::error("bad-operator", span, format!("`{seen}` is no sign of the language"));
            return (
                TokenKind::Bad,
                finding.help(
                    "there are ==  !=  <  <=  >  >=  and the words `and`, `or`, `not`, `in`, `matches`, `exists`",
                ),
            );
        }
    };
    let code = if seen.is_ascii() || "≤≥≠⩽⩾".contains(seen) { "bad-operator" } else { "look-alike" };
    let written = if matches!(meant, "not") { "not ".to_owned() } else { meant.to_owned() };
    let finding = Diagnostic::error(code, span, format!("`{seen}` is written `{meant}` here"));
    (kind, finding.fix(Safety::Safe, format!("write `{meant}`"), span, written))
}

/// The finding for a colon behind a word.
pub(super) fn colon(span: Span, seen: &str) -> Diagnostic {
    Diagnostic::error("stray-colon", span, format!("no `{seen}` stands behind a word here")).fix(
        Safety::Safe,
        format!("take out `{seen}`"),
        span,
        "",
    )
}

/// The finding for a `#` without white space before it.
pub(super) fn glued(span: Span, seen: &str) -> Diagnostic {
    Diagnostic::error(
        "glued-comment",
        span,
        format!("`{}` starts no comment, since no space stands before it", seen.trim_end()),
    )
    .help("write a space before `#` for a comment, or quotes around the whole for a text")
    .fix(Safety::Unsafe, "write a space before `#`", Span { end: span.start, ..span }, " ")
}

/// Returns the finding for a comment that was meant as an argument: a colour, a keycap emoji.
pub(super) fn comment_meant(comment: &Comment, alone: bool) -> Option<Diagnostic> {
    let text = comment.text.as_str();
    let span = comment.span;
    if text.starts_with("#\u{FE0F}") || text.starts_with("#\u{20E3}") {
        let finding = Diagnostic::error("bad-emoji", span, "this emoji starts with `#`, so it reads as a comment");
        return Some(finding.help("take another emoji"));
    }
    let digits = text.strip_prefix('#')?;
    let colour = matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    (alone && colour).then(|| {
        Diagnostic::error("bare-colour", span, format!("`{text}` reads as a comment")).help("a colour is a text").fix(
            Safety::Safe,
            format!("write `\"{text}\"`"),
            span,
            format!("\"{text}\""),
        )
    })
}

/// Returns what a word that is no argument may mean, and the finding.
pub(super) fn bad(keyword: &str, slice: &str, span: Span) -> (TokenKind, Diagnostic) {
    if let Some(found) = signed_alike(slice, span).or_else(|| money_sign(slice, span)) {
        return found;
    }
    if slice.contains('\u{20E3}') {
        let finding = Diagnostic::error("bad-emoji", span, format!("`{slice}` is a digit with a frame, not an emoji"));
        return (TokenKind::Bad, finding.help("take an emoji that is one picture, such as 🙂"));
    }
    if let Some(meant) = tidy(slice) {
        let finding = match slice.chars().find(|c| !c.is_ascii() && !c.is_alphanumeric()) {
            Some(c) => Diagnostic::error(
                "look-alike",
                span,
                format!("the `{c}` in `{slice}` only looks like one of our signs"),
            ),
            None => Diagnostic::error(
                "bad-name",
                span,
                format!("`{slice}` is no name: words of letters and digits, joined by single hyphens"),
            ),
        };
        return (name_token(&meant), finding.fix(Safety::Safe, format!("write `{meant}`"), span, meant));
    }
    (TokenKind::Bad, puzzling(keyword, slice, span))
}

fn name_token(name: &str) -> TokenKind {
    match name.contains('.') {
        true => TokenKind::Path(name.split('.').map(str::to_owned).collect()),
        false => TokenKind::Name(name.to_owned()),
    }
}

fn puzzling(keyword: &str, slice: &str, span: Span) -> Diagnostic {
    let digits = slice.strip_prefix('.').filter(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
    if let Some(digits) = digits {
        let finding = Diagnostic::error("bad-number", span, format!("`{slice}` starts with a point"));
        return finding.fix(Safety::Safe, format!("write `0.{digits}`"), span, format!("0.{digits}"));
    }
    let finding = Diagnostic::error("bad-name", span, format!("`{slice}` is no word of the language"));
    let first = slice.chars().next().unwrap_or(' ');
    if first == '$' || slice.contains('[') || matches!(keyword, "where" | "named") {
        return finding.help(format!("in a condition, what is no name is written `property \"{slice}\"`"));
    }
    if slice.contains("://") || slice.contains('@') || slice.contains('/') {
        return finding.help("addresses are texts: write them in quotes").fix(
            Safety::Unsafe,
            format!("write `\"{slice}\"`"),
            span,
            format!("\"{slice}\""),
        );
    }
    if "“”„«»「」'‘’`".contains(first) {
        return finding.help("a text stands in straight double quotes, both on one line: \"…\"");
    }
    finding.help(
        "texts stand in quotes; a name starts with a letter and goes on with letters, digits, `_` and single hyphens",
    )
}

/// Returns the name meant by one with wrong hyphens, a wrong end, or full-width letters.
fn tidy(slice: &str) -> Option<String> {
    let plain: String = slice.nfkc().map(|c| if is_hyphen(c) { '-' } else { c }).collect();
    let parts: Vec<String> = plain
        .split('.')
        .map(|part| part.split(['-', '_']).filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-"))
        .collect();
    let kept = keep_underscores(&plain);
    let meant = kept.unwrap_or_else(|| parts.join("."));
    (is_name(&meant) && meant != slice).then_some(meant)
}

/// Returns the word with only its edges and double hyphens mended, so that `_load_ms` keeps its middle.
fn keep_underscores(plain: &str) -> Option<String> {
    let trimmed = plain.trim_matches(['_', '-', '.']);
    let mut out = String::with_capacity(trimmed.len());
    for c in trimmed.chars() {
        if !(c == '-' && out.ends_with('-')) {
            out.push(c);
        }
    }
    is_name(&out).then_some(out)
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2E3A}' | '\u{2E3B}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}

/// Returns whether a text is a name or a path, near enough for a fix.
fn is_name(text: &str) -> bool {
    let word = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_alphanumeric() || c == '_');
    text.split('.').all(|part| part.chars().next().is_some_and(char::is_alphabetic) && part.split('-').all(word))
}

/// A number whose minus sign was typed by a word processor.
fn signed_alike(slice: &str, span: Span) -> Option<(TokenKind, Diagnostic)> {
    let rest = slice.strip_prefix(['−', '–', '—', '‐', '‑', '－', '＋'])?;
    let sign = if slice.starts_with('＋') { '+' } else { '-' };
    let figure = rest.trim_end_matches(['%', '％']);
    let plain = !figure.is_empty()
        && figure.split('.').count() <= 2
        && figure.split('.').all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    if !plain {
        return rest.is_empty().then(|| (TokenKind::Bad, look_alike(span, slice, if sign == '+' { "+" } else { "-" })));
    }
    let (number, percent) = (format!("{sign}{figure}"), figure.len() < rest.len());
    let written = if percent { format!("{number}%") } else { number.clone() };
    let kind = if percent { TokenKind::Percent(number) } else { TokenKind::Number(number) };
    Some((kind, look_alike(span, slice, &written)))
}

/// `€12000`: the currency is a code behind the number.
fn money_sign(slice: &str, span: Span) -> Option<(TokenKind, Diagnostic)> {
    let sign = slice.chars().next()?;
    let code = super::currency::of_sign(sign)?;
    let amount = slice.get(sign.len_utf8()..).filter(|a| a.starts_with(|c: char| c.is_ascii_digit()))?;
    let finding =
        Diagnostic::error("bad-number", span, format!("money is a number and a currency code, not `{slice}`"));
    let figure = super::number::plain(amount);
    let finding = match figure {
        Some(figure) => {
            let safety = if matches!(sign, '€' | '£') { Safety::Safe } else { Safety::Unsafe };
            finding.fix(safety, format!("write `{figure} {code}`"), span, format!("{figure} {code}"))
        }
        None => finding.help(format!("write it as `12000 {code}`")),
    };
    Some((TokenKind::Bad, finding))
}
