//! Reads one argument of a kind from tokens.

use super::args::{AggregateWord, Arg};
use super::condition;
use crate::diagnostic::{Diagnostic, Safety};
use crate::model::value::{
    Change, ChangeUnit, Currency, Date, Decimal, Duration, Literal, Money, Percent, Period, PeriodUnit, TimeUnit,
};
use crate::model::vocabulary::{CONNECTING, Slot};
use crate::source::Span;
use crate::syntax::tree::{Token, TokenKind};

/// What reading an argument came to.
pub(super) enum Read {
    /// The argument, and how many tokens it took (at least one).
    Value(Arg, usize),
    /// Something of another kind stands here.
    Other,
    /// It is of this kind, and wrong.
    Wrong(Box<Diagnostic>),
}

/// Reads an argument of a kind at the front of `tokens`.
pub(super) fn read(slot: Slot, tokens: &[Token]) -> Read {
    let Some(first) = tokens.first() else { return Read::Other };
    match slot {
        Slot::Id => id(first),
        Slot::Text => match &first.kind {
            TokenKind::Text(t) | TokenKind::BlockText(t) => Read::Value(Arg::Text(t.clone()), 1),
            _ => Read::Other,
        },
        Slot::Number => match &first.kind {
            TokenKind::Number(n) => decimal(n, first.span, Arg::Number),
            _ => Read::Other,
        },
        Slot::Percent => match &first.kind {
            TokenKind::Percent(n) => percent(n, first.span),
            _ => Read::Other,
        },
        Slot::Feeling => feeling(first),
        Slot::Duration => duration(tokens),
        Slot::Period => period(tokens),
        Slot::Date => date(first),
        Slot::Money => money(tokens).map_or(Read::Other, |m| or_wrong(m, Arg::Money)),
        Slot::Change => change(tokens),
        Slot::Condition => match condition::read(tokens) {
            Ok((condition, used)) => Read::Value(Arg::Condition(condition), used),
            Err(finding) => Read::Wrong(finding),
        },
        Slot::Emoji => match &first.kind {
            TokenKind::Emoji(e) => Read::Value(Arg::Emoji(e.clone()), 1),
            _ => Read::Other,
        },
        Slot::Value => literal(first).map_or(Read::Other, |v| or_wrong(v, Arg::Value)),
        Slot::Name => match &first.kind {
            TokenKind::Name(n) => Read::Value(Arg::Name(n.clone()), 1),
            _ => Read::Other,
        },
        Slot::Choices => choices(tokens),
        Slot::Aggregate => aggregate(tokens),
        Slot::Property => property(slot, tokens),
        Slot::EventProperty => match &first.kind {
            TokenKind::Path(parts) => Read::Value(Arg::Reference(slot, parts.clone()), 1),
            _ => Read::Other,
        },
        Slot::Model | Slot::Unit => match &first.kind {
            TokenKind::Name(n) => Read::Value(Arg::Reference(slot, vec![n.clone()]), 1),
            _ => Read::Other,
        },
        _ => reference(slot, first),
    }
}

fn or_wrong<T>(result: Result<(T, usize), Box<Diagnostic>>, arg: impl Fn(T) -> Arg) -> Read {
    match result {
        Ok((value, used)) => Read::Value(arg(value), used),
        Err(finding) => Read::Wrong(finding),
    }
}

fn wrong(code: &'static str, span: Span, message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(code, span, message))
}

fn id(token: &Token) -> Read {
    match &token.kind {
        TokenKind::Name(name) if CONNECTING.contains(&name.as_str()) => Read::Wrong(Box::new(
            Diagnostic::error("reserved-name", token.span, format!("`{name}` connects words and cannot be an id"))
                .help(format!("add a word: `{name}-it`, say")),
        )),
        TokenKind::Name(name) => Read::Value(Arg::Name(name.clone()), 1),
        _ => Read::Other,
    }
}

fn reference(slot: Slot, token: &Token) -> Read {
    match &token.kind {
        TokenKind::Name(name) if CONNECTING.contains(&name.as_str()) => Read::Other,
        TokenKind::Name(name) => Read::Value(Arg::Reference(slot, vec![name.clone()]), 1),
        TokenKind::Path(parts) => Read::Value(Arg::Reference(slot, parts.clone()), 1),
        _ => Read::Other,
    }
}

fn decimal(text: &str, span: Span, arg: impl Fn(Decimal) -> Arg) -> Read {
    match Decimal::parse(text) {
        Some(number) => Read::Value(arg(number), 1),
        None => Read::Wrong(wrong("bad-number", span, format!("`{text}` has more digits than a number may have (15)"))),
    }
}

fn percent(text: &str, span: Span) -> Read {
    if text.starts_with(['+', '-']) {
        let plain = text.trim_start_matches(['+', '-']);
        return Read::Wrong(Box::new(
            Diagnostic::error("wrong-argument", span, format!("`{text}%` is a change; a share stands here"))
                .help(format!("write `{plain}%`"))
                .fix(Safety::Unsafe, format!("write `{plain}%`"), span, format!("{plain}%")),
        ));
    }
    match Decimal::parse(text) {
        Some(n) if n <= Percent::WHOLE.0 => Read::Value(Arg::Percent(Percent(n)), 1),
        _ => Read::Wrong(wrong(
            "share-above-whole",
            span,
            format!("`{text}%` is more than all; a share is at most 100%"),
        )),
    }
}

fn feeling(token: &Token) -> Read {
    let TokenKind::Number(text) = &token.kind else { return Read::Other };
    match text.parse::<i8>() {
        Ok(value @ -3..=3) => Read::Value(Arg::Feeling(value), 1),
        _ => Read::Wrong(Box::new(
            Diagnostic::error(
                "feeling-out-of-range",
                token.span,
                format!("a feeling runs from -3 to +3, and `{text}` does not"),
            )
            .help("-3 is the worst, 0 is neutral, +3 is the best"),
        )),
    }
}

/// Reads a number and the word behind it.
fn counted(tokens: &[Token]) -> Option<(&str, &str, Span, Span)> {
    match tokens {
        [Token { kind: TokenKind::Number(n), span }, Token { kind: TokenKind::Name(unit), span: end }, ..] => {
            Some((n, unit, *span, *end))
        }
        _ => None,
    }
}

fn duration(tokens: &[Token]) -> Read {
    let Some((number, word, span, end)) = counted(tokens) else { return Read::Other };
    if number.starts_with(['-', '+']) {
        return Read::Wrong(Box::new(
            Diagnostic::error("signed-duration", span, format!("a duration has no sign: `{number} {word}`"))
                .help(format!("write `{} {word}`", number.trim_start_matches(['-', '+']))),
        ));
    }
    let Some(unit) = TimeUnit::parse(word) else { return Read::Wrong(no_time_unit(number, word, end)) };
    match number.parse::<i64>() {
        Ok(count) if count > 0 && count <= 1_000_000 => Read::Value(Arg::Duration(Duration { count, unit }), 2),
        Ok(0) => Read::Wrong(wrong("empty-duration", span, "a duration is longer than nothing")),
        _ => Read::Wrong(Box::new(
            Diagnostic::error(
                "bad-number",
                span,
                format!("a duration counts whole {}s, and `{number}` is no such count", unit.name()),
            )
            .help("take a smaller unit: `90 minutes` for one hour and a half"),
        )),
    }
}

fn no_time_unit(number: &str, word: &str, span: Span) -> Box<Diagnostic> {
    let days = |each: i64| number.parse::<i64>().ok().map(|n| n.saturating_mul(each));
    let calendar = match word.strip_suffix('s').unwrap_or(word) {
        "month" => days(30),
        "year" => days(365),
        _ => None,
    };
    let finding = Diagnostic::error("no-time-unit", span, format!("`{word}` is no unit of time here"));
    if let Some(days) = calendar {
        let finding = finding.help(format!("months and years differ in length; write `{days} days`"));
        return Box::new(finding);
    }
    let units = TimeUnit::ALL.iter().flat_map(|u| [u.name()]);
    let near = super::names::nearest(word.strip_suffix('s').unwrap_or(word), units);
    Box::new(match near {
        Some(unit) => finding.help(format!("did you mean `{unit}s`?")).fix(
            Safety::Safe,
            format!("write `{unit}s`"),
            span,
            format!("{unit}s"),
        ),
        None => finding.help("write seconds, minutes, hours, days or weeks"),
    })
}

fn period(tokens: &[Token]) -> Read {
    let Some((number, word, span, end)) = counted(tokens) else { return Read::Other };
    let Some(unit) = PeriodUnit::parse(word) else {
        let finding = Diagnostic::error("no-time-unit", end, format!("`{word}` is no period"));
        return Read::Wrong(Box::new(finding.help("write days, weeks, months or years")));
    };
    match number.parse::<i64>() {
        Ok(count) if (1..=1_000).contains(&count) => Read::Value(Arg::Period(Period { count, unit }), 2),
        _ => Read::Wrong(wrong(
            "bad-number",
            span,
            format!("a period counts from 1 to 1000, and `{number}` is none of them"),
        )),
    }
}

fn date(token: &Token) -> Read {
    let TokenKind::Date(text) = &token.kind else { return Read::Other };
    match text.parse::<Date>() {
        Ok(date) => Read::Value(Arg::Date(date), 1),
        Err(_) => Read::Wrong(Box::new(
            Diagnostic::error("bad-date", token.span, format!("the calendar has no day `{text}`"))
                .help("write year-month-day"),
        )),
    }
}

/// Reads money; nothing where no number with a word of three capitals stands.
fn money(tokens: &[Token]) -> Option<Result<(Money, usize), Box<Diagnostic>>> {
    let (number, word, span, end) = counted(tokens)?;
    let code_like = word.len() == 3 && word.bytes().all(|b| b.is_ascii_alphabetic());
    if !code_like || TimeUnit::parse(word).is_some() {
        return None;
    }
    Some(amount(number, word, span, end).map(|m| (m, 2)))
}

fn amount(number: &str, word: &str, span: Span, end: Span) -> Result<Money, Box<Diagnostic>> {
    let upper = word.to_ascii_uppercase();
    let Some(currency) = Currency::parse(&upper) else {
        let finding = Diagnostic::error("unknown-currency", end, format!("`{word}` is no currency of ISO 4217"));
        return Err(Box::new(match super::names::nearest(&upper, Currency::codes()) {
            Some(code) => finding.help(format!("did you mean `{code}`?")),
            None => finding.help("write a code of three capitals, such as EUR"),
        }));
    };
    if upper != word {
        return Err(Box::new(
            Diagnostic::error("unknown-currency", end, format!("a currency is written in capitals: `{upper}`")).fix(
                Safety::Safe,
                format!("write `{upper}`"),
                end,
                upper.clone(),
            ),
        ));
    }
    let decimals = number.split_once('.').map_or(0, |(_, part)| part.len());
    let fits = decimals == 0 || decimals == usize::from(currency.decimals);
    match Decimal::parse(number).and_then(|d| d.scaled(currency.decimals)).filter(|_| fits) {
        Some(minor) => Ok(Money { minor, currency }),
        None => Err(Box::new(
            Diagnostic::error("bad-number", span, format!("`{number}` is no amount of {upper}"))
                .help(format!("an amount has no decimals or {}, and no marks between thousands", currency.decimals)),
        )),
    }
}

fn change(tokens: &[Token]) -> Read {
    match tokens.first().map(|t| (&t.kind, t.span)) {
        Some((TokenKind::Percent(n), span)) => decimal(n, span, |d| Arg::Change(Change::Relative(Percent(d)))),
        Some((TokenKind::Number(n), span)) => absolute_change(tokens, n, span),
        _ => Read::Other,
    }
}

fn absolute_change(tokens: &[Token], number: &str, span: Span) -> Read {
    let Some(value) = Decimal::parse(number) else {
        return Read::Wrong(wrong("bad-number", span, format!("`{number}` has too many digits")));
    };
    let Some((_, word, _, end)) = counted(tokens) else {
        return Read::Value(Arg::Change(Change::Absolute(value, ChangeUnit::Plain)), 1);
    };
    if word == "points" || word == "point" {
        return Read::Value(Arg::Change(Change::Points(value)), 2);
    }
    if let Some(unit) = ChangeUnit::parse(word) {
        return Read::Value(Arg::Change(Change::Absolute(value, unit)), 2);
    }
    match money(tokens) {
        Some(result) => or_wrong(result, |m| Arg::Change(Change::Money(m))),
        None => Read::Wrong(Box::new(
            Diagnostic::error("wrong-argument", end, format!("`{word}` is no unit of a change"))
                .help("write `+5%`, `+2 points`, `+20 ms` or `+3 EUR`"),
        )),
    }
}

/// Reads a literal; nothing where none stands.
pub(super) fn literal(token: &Token) -> Option<Result<(Literal, usize), Box<Diagnostic>>> {
    let value = match &token.kind {
        TokenKind::Text(t) | TokenKind::BlockText(t) => Literal::Text(t.clone()),
        TokenKind::Number(n) => match Decimal::parse(n) {
            Some(d) => Literal::Number(d),
            None => return Some(Err(wrong("bad-number", token.span, format!("`{n}` has too many digits")))),
        },
        TokenKind::Name(n) if n == "true" || n == "false" => Literal::Bool(n == "true"),
        _ => return None,
    };
    Some(Ok((value, 1)))
}

fn choices(tokens: &[Token]) -> Read {
    let mut rest = match tokens.split_first() {
        Some((Token { kind: TokenKind::Open, .. }, rest)) => rest,
        _ => return Read::Other,
    };
    let mut all = Vec::new();
    loop {
        match rest {
            [Token { kind: TokenKind::Text(t), .. }, Token { kind: TokenKind::Close, .. }, ..] => {
                all.push(t.clone());
                let used = 1 + 2 * all.len();
                return Read::Value(Arg::Choices(all), used);
            }
            [Token { kind: TokenKind::Text(t), .. }, Token { kind: TokenKind::Comma, .. }, ..] => {
                all.push(t.clone());
                rest = rest.get(2..).unwrap_or(&[]);
            }
            _ => {
                let span = rest.first().or(tokens.last()).map(|t| t.span).unwrap_or_default();
                let finding =
                    Diagnostic::error("wrong-argument", span, format!("expected {}", Slot::Choices.expected()));
                return Read::Wrong(Box::new(finding));
            }
        }
    }
}

fn aggregate(tokens: &[Token]) -> Read {
    let [Token { kind: TokenKind::Name(word), .. }, of, ..] = tokens else { return Read::Other };
    let Some(word) = AggregateWord::parse(word) else { return Read::Other };
    match (&of.kind, word) {
        (TokenKind::Name(event), AggregateWord::Count) => Read::Value(Arg::Aggregate(word, vec![event.clone()]), 2),
        (TokenKind::Path(parts), AggregateWord::Count) => Read::Wrong(Box::new(
            Diagnostic::error("wrong-argument", of.span, "`count` counts events, not a property")
                .help(format!("write `count {}`", parts.first().map_or("", String::as_str))),
        )),
        (TokenKind::Path(parts), _) => Read::Value(Arg::Aggregate(word, parts.clone()), 2),
        (TokenKind::Name(event), _) => Read::Wrong(Box::new(
            Diagnostic::error("wrong-argument", of.span, format!("which property of `{event}`?"))
                .help(format!("write `{event}.PROPERTY`, such as `{event}.revenue`")),
        )),
        _ => Read::Other,
    }
}

/// Reads a declared name, or `property "…"` for what is no name.
fn property(slot: Slot, tokens: &[Token]) -> Read {
    match tokens {
        [Token { kind: TokenKind::Name(p), .. }, Token { kind: TokenKind::Text(name), .. }, ..] if p == "property" => {
            Read::Value(Arg::Reference(slot, vec![name.clone()]), 2)
        }
        [Token { kind: TokenKind::Name(name), .. }, ..] if !CONNECTING.contains(&name.as_str()) => {
            Read::Value(Arg::Reference(slot, vec![name.clone()]), 1)
        }
        _ => Read::Other,
    }
}
