//! Numbers, dates and times: what they must look like, and the other ways people write them.

use super::assemble::Desk;
use super::currency;
use super::tree::{Token, TokenKind};
use crate::diagnostic::{Diagnostic, Safety};
use crate::source::Span;

fn bad_number(span: Span, message: String) -> Diagnostic {
    Diagnostic::error("bad-number", span, message)
}

fn write(finding: Diagnostic, safety: Safety, span: Span, text: &str) -> Diagnostic {
    finding.fix(safety, format!("write `{text}`"), span, text)
}

/// Returns the figure of a percentage as written, without its `%`.
pub(super) fn percent(slice: &str, span: Span, said: &mut Vec<Diagnostic>) -> String {
    let figure = slice.trim_end_matches(['%', '％']).trim_end();
    if slice.ends_with('％') {
        said.push(super::word::look_alike(span, slice, &format!("{figure}%")));
    }
    check_digits(figure, span, said);
    figure.to_owned()
}

fn check_digits(figure: &str, span: Span, said: &mut Vec<Diagnostic>) {
    let digits = figure.trim_start_matches(['+', '-']);
    let whole = digits.split('.').next().unwrap_or("");
    if digits.bytes().filter(u8::is_ascii_digit).count() > 19 {
        said.push(Diagnostic::error("too-long", span, "a number has at most 19 digits"));
    } else if whole.len() > 1 && whole.starts_with('0') {
        let meant = format!("{}{}", figure.get(..figure.len() - digits.len()).unwrap_or(""), strip_zeros(digits));
        said.push(write(bad_number(span, format!("`{figure}` starts with a zero")), Safety::Unsafe, span, &meant));
    }
}

fn strip_zeros(digits: &str) -> &str {
    let cut = digits.trim_start_matches('0');
    if cut.is_empty() || cut.starts_with('.') { digits.get(digits.len() - cut.len() - 1..).unwrap_or("0") } else { cut }
}

/// Looks at a number beside the argument before it: `12 000` is one number, grouped.
pub(super) fn check(desk: &Desk<'_>, token: &Token, before: Option<&Token>, said: &mut Vec<Diagnostic>) {
    let TokenKind::Number(figure) = &token.kind else { return };
    let grouped = before.filter(|b| {
        matches!(b.kind, TokenKind::Number(_)) && figure.len() == 3 && figure.bytes().all(|c| c.is_ascii_digit())
    });
    let near = grouped.filter(|b| token.span.start - b.span.end < 4 && !desk.breaks(b.span.end, token.span.start));
    let Some(before) = near else { return check_digits(figure, token.span, said) };
    let span = before.span.to(token.span);
    // Three groups are one number, and one finding.
    let last = said
        .last()
        .filter(|d| {
            d.code == "bad-number" && d.primary.span.end == before.span.end && d.primary.span.range().len() < 40
        })
        .map(|d| d.primary.span);
    let span = last.map_or(span, |l| l.to(span));
    if last.is_some() {
        said.pop();
    }
    let joined: String = desk.slice(span).chars().filter(|c| !c.is_whitespace()).collect();
    let finding = bad_number(span, format!("`{}` is two numbers; digits are not grouped", desk.slice(span)));
    said.push(write(finding, Safety::Unsafe, span, &joined));
}

/// Looks at a word behind a number: an amount has as many decimals as its currency.
pub(super) fn check_unit(desk: &Desk<'_>, name: &str, span: Span, before: Option<&Token>, said: &mut Vec<Diagnostic>) {
    let Some(Token { kind: TokenKind::Number(figure), span: at }) = before else { return };
    let upper = name.to_ascii_uppercase();
    let Some(decimals) = (name.len() == 3).then(|| currency::decimals(&upper)).flatten() else { return };
    let whole = at.to(span);
    if said.last().is_some_and(|d| d.code == "bad-number" && d.primary.span.end == at.end) {
        return;
    }
    if upper != name {
        let meant = format!("{figure} {upper}");
        return said.push(write(
            bad_number(whole, format!("`{name}` is no currency code; codes are capitals")),
            Safety::Safe,
            whole,
            &meant,
        ));
    }
    let written = figure.split_once('.').map_or(0, |(_, d)| d.len());
    if written == 0 || written == decimals {
        return;
    }
    let message = match written {
        1 => format!("`{}` has one decimal, an amount in {upper} has {decimals} or none", desk.slice(whole)),
        _ => format!("`{}` has {written} decimals, an amount in {upper} has {decimals} or none", desk.slice(whole)),
    };
    let finding = bad_number(whole, message);
    said.push(match (written, decimals) {
        (3, _) => {
            let meant = format!("{} {upper}", figure.replace('.', ""));
            write(
                finding.help("digits are not grouped, and decimals stand behind a point"),
                Safety::Unsafe,
                whole,
                &meant,
            )
        }
        (1, 2) => write(finding, Safety::Safe, whole, &format!("{figure}0 {upper}")),
        _ => finding.help("decimals stand behind a point"),
    });
}

/// Returns a date, if the calendar has it.
pub(super) fn date(slice: &str, span: Span, said: &mut Vec<Diagnostic>) -> TokenKind {
    if is_day(slice) {
        return TokenKind::Date(slice.to_owned());
    }
    said.push(
        Diagnostic::error("bad-date", span, format!("the calendar has no `{slice}`"))
            .help("a date is year, month and day: 2026-03-01"),
    );
    TokenKind::Bad
}

/// Returns a time, if calendar and clock have it.
pub(super) fn time(slice: &str, span: Span, said: &mut Vec<Diagnostic>) -> TokenKind {
    let two = |from: usize| slice.get(from..from + 2).and_then(|s| s.parse::<u32>().ok());
    let seconds = if slice.get(16..17) == Some(":") { two(17) } else { Some(0) };
    let fits = two(11).is_some_and(|h| h < 24) && two(14).is_some_and(|m| m < 60) && seconds.is_some_and(|s| s < 60);
    if fits && slice.get(..10).is_some_and(is_day) {
        return TokenKind::Time(slice.to_owned());
    }
    said.push(
        Diagnostic::error("bad-date", span, format!("no clock or calendar has `{slice}`"))
            .help("a time is 2026-03-01T10:00:00Z"),
    );
    TokenKind::Bad
}

fn is_day(slice: &str) -> bool {
    let mut parts = slice.split('-').map(|p| p.parse::<u32>().unwrap_or(0));
    let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => 0,
    };
    year > 0 && (1..=last).contains(&day)
}

/// Returns the plain digits of a number as people group them: `12.000`, `12,000.50`, `12'000`; `None` where unclear.
pub(super) fn plain(written: &str) -> Option<String> {
    let marks: Vec<char> = written.chars().filter(|c| !c.is_ascii_digit()).collect();
    let grouping = |c: &char| matches!(c, '.' | ',' | '\'' | '’' | '_');
    if written.is_empty() || !written.starts_with(|c: char| c.is_ascii_digit()) || !marks.iter().all(grouping) {
        return None;
    }
    let Some(last) = marks.last() else { return Some(written.to_owned()) };
    let (head, tail) = written.rsplit_once(*last)?;
    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
    match tail.len() {
        3 => Some(digits(written)),
        1 | 2 if matches!(last, '.' | ',') => Some(format!("{}.{tail}", digits(head))),
        _ => None,
    }
}

/// Returns what a broken number may mean, and the finding; `before` is a date just before it.
pub(super) fn bad(slice: &str, span: Span, before: Option<(&str, Span)>) -> (TokenKind, Diagnostic) {
    if let Some((kind, finding)) =
        clock(slice, span, before).or_else(|| dated(slice, span)).or_else(|| decimal_comma(slice, span))
    {
        return (kind, finding);
    }
    if let Some(finding) = amount(slice, span).or_else(|| glued_unit(slice, span)) {
        return (TokenKind::Bad, finding);
    }
    if slice.contains('\u{20E3}') {
        let finding = Diagnostic::error("bad-emoji", span, format!("`{slice}` is a digit with a frame, not an emoji"));
        return (TokenKind::Bad, finding.help("take an emoji that is one picture, such as 🙂"));
    }
    if slice.contains(|c: char| c.is_alphabetic()) {
        let finding = Diagnostic::error("bad-name", span, format!("`{slice}` is no name: a name starts with a letter"));
        return (TokenKind::Bad, finding);
    }
    (
        TokenKind::Bad,
        bad_number(span, format!("`{slice}` is no number"))
            .help("numbers are written 12, 0.5, +3 or 5%, with a point and without grouping"),
    )
}

/// `10:00` behind a date, or a time without its zone.
fn clock(slice: &str, span: Span, before: Option<(&str, Span)>) -> Option<(TokenKind, Diagnostic)> {
    let is_clock = |s: &str| {
        let parts: Vec<&str> = s.split(':').collect();
        matches!(parts.len(), 2 | 3)
            && parts.iter().all(|p| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    };
    let padded = |s: &str| s.split(':').map(|p| format!("{p:0>2}")).collect::<Vec<_>>().join(":");
    if let Some((day, at)) = before
        && is_clock(slice)
    {
        let (whole, meant) = (at.to(span), format!("{day}T{}Z", padded(slice)));
        let finding = Diagnostic::error("bad-date", whole, "a time is one word, with its zone");
        return Some((TokenKind::Bad, write(finding, Safety::Unsafe, whole, &meant)));
    }
    let (day, rest) = slice.split_once('T')?;
    if !(is_day(day) && is_clock(rest)) {
        return None;
    }
    let finding = Diagnostic::error("bad-date", span, format!("`{slice}` does not say its zone"))
        .help("`Z` is UTC; else write the offset, as in +02:00");
    Some((TokenKind::Bad, write(finding, Safety::Unsafe, span, &format!("{day}T{}Z", padded(rest)))))
}

/// `2026-3-1`, `2026-03`, `2026/03/01`, `01.03.2026`.
fn dated(slice: &str, span: Span) -> Option<(TokenKind, Diagnostic)> {
    let parts: Vec<&str> = slice.split(['-', '/', '.']).collect();
    let numbers: Vec<u32> = parts.iter().map(|p| p.parse().ok()).collect::<Option<_>>()?;
    let finding = Diagnostic::error("bad-date", span, format!("`{slice}` is no date"));
    let finding = match (numbers.as_slice(), parts.first().map(|p| p.len())) {
        ([year, month, day], Some(4)) => {
            let meant = format!("{year:04}-{month:02}-{day:02}");
            match is_day(&meant) {
                true => write(finding, Safety::Safe, span, &meant),
                false => finding,
            }
        }
        ([year, month], Some(4)) if slice.contains('-') && (1..=12).contains(month) => {
            write(finding.help("a date names its day"), Safety::Unsafe, span, &format!("{year:04}-{month:02}-01"))
        }
        ([first, second, year], _) if *year > 1900 => {
            let meant = [(second, first), (first, second)].map(|(month, day)| format!("{year:04}-{month:02}-{day:02}"));
            match meant.each_ref().map(|day| is_day(day)) {
                [true, true] if first != second => finding.help(format!("is it `{}` or `{}`?", meant[0], meant[1])),
                [true, _] => write(finding, Safety::Unsafe, span, &meant[0]),
                [_, true] => write(finding, Safety::Unsafe, span, &meant[1]),
                _ => finding,
            }
        }
        _ => return None,
    };
    Some((TokenKind::Bad, finding.help("dates are written year-month-day: 2026-03-01")))
}

/// `12,5%`, `1,5`, `12,000`, `1,2,3`.
fn decimal_comma(slice: &str, span: Span) -> Option<(TokenKind, Diagnostic)> {
    let (figure, percent) = slice.strip_suffix('%').map_or((slice, ""), |f| (f, "%"));
    let parts: Vec<&str> = figure.split(',').collect();
    let number = |p: &&str| {
        !p.trim_start_matches(['+', '-']).is_empty()
            && p.trim_start_matches(['+', '-']).bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    if parts.len() < 2 || !parts.iter().all(number) {
        return None;
    }
    let (point, list) =
        (format!("{}{percent}", figure.replacen(',', ".", 1)), format!("{}{percent}", parts.join(", ")));
    let grouped = parts.iter().skip(1).all(|p| p.len() == 3);
    let finding = bad_number(span, format!("`{slice}` is unclear: a comma separates the items of a list"));
    let finding = match (parts.len(), grouped) {
        (_, true) => {
            let joined = format!("{}{percent}", parts.concat());
            write(
                finding.help(format!("write `{joined}` for one number, `{list}` for several")),
                Safety::Unsafe,
                span,
                &joined,
            )
        }
        (2, false) if !figure.contains('.') => write(
            finding.help(format!("write `{point}` for one number, `{list}` for two values")),
            Safety::Unsafe,
            span,
            &point,
        ),
        _ => write(finding, Safety::Unsafe, span, &list),
    };
    Some((TokenKind::Bad, finding))
}

/// `12k`, `3m`, `12000€`, `12'000`.
fn amount(slice: &str, span: Span) -> Option<Diagnostic> {
    let last = slice.chars().next_back()?;
    let head = slice.get(..slice.len() - last.len_utf8())?;
    if let Some(code) = currency::of_sign(last) {
        let finding = bad_number(span, format!("money is a number and a currency code, not `{slice}`"));
        return Some(match plain(head) {
            Some(figure) => write(
                finding,
                if last == '€' { Safety::Safe } else { Safety::Unsafe },
                span,
                &format!("{figure} {code}"),
            ),
            None => finding.help(format!("write it as `12000 {code}`")),
        });
    }
    let zeros = match last {
        'k' | 'K' => "000",
        'M' => "000000",
        _ => "",
    };
    if !zeros.is_empty() && head.bytes().all(|b| b.is_ascii_digit()) && !head.is_empty() {
        return Some(write(
            bad_number(span, format!("`{slice}` is no number: write its zeros")),
            Safety::Safe,
            span,
            &format!("{head}{zeros}"),
        ));
    }
    let grouped = slice.contains(['\'', '’', '_']) && plain(slice).is_some();
    grouped.then(|| {
        write(
            bad_number(span, format!("`{slice}` is no number: digits are not grouped")),
            Safety::Safe,
            span,
            &plain(slice).unwrap_or_default(),
        )
    })
}

/// `7days`, `30-days`, `14d`, `12000EUR`, `20ms`.
fn glued_unit(slice: &str, span: Span) -> Option<Diagnostic> {
    let digits = slice.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '+')?;
    let (figure, unit) = slice.split_at(digits);
    let unit = unit.trim_start_matches('-');
    let word = match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => "seconds",
        "min" | "mins" | "minute" | "minutes" => "minutes",
        "h" | "hr" | "hrs" | "hour" | "hours" => "hours",
        "d" | "day" | "days" => "days",
        "w" | "wk" | "week" | "weeks" => "weeks",
        "m" | "mo" | "month" | "months" => "months",
        "y" | "yr" | "year" | "years" => "years",
        "ms" => "ms",
        "points" | "pp" => "points",
        code if currency::decimals(&code.to_ascii_uppercase()).is_some() => {
            return Some(spaced(slice, span, figure, &code.to_ascii_uppercase()));
        }
        _ => return None,
    };
    let word = if figure == "1" { word.strip_suffix('s').filter(|_| word != "ms").unwrap_or(word) } else { word };
    Some(spaced(slice, span, figure, word))
}

fn spaced(slice: &str, span: Span, figure: &str, unit: &str) -> Diagnostic {
    write(
        bad_number(span, format!("`{slice}` is one word; a number and its unit are two")),
        Safety::Safe,
        span,
        &format!("{figure} {unit}"),
    )
}
