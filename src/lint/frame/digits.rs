//! Runs of digits in texts: telephone numbers, cards, amounts, dates.

/// Digits with the marks that people put between them.
#[derive(Debug)]
pub(in crate::lint) struct Run<'a> {
    /// As written, from the first digit, `+` or bracket to the last digit.
    pub text: &'a str,
    /// Where it starts in its text.
    pub start: usize,
    /// The digits alone.
    pub digits: String,
    /// Whether a letter or an underscore touches it, so that it is part of a code.
    pub glued: bool,
    /// What follows, white space left out, in lower case: at most eight characters.
    pub behind: String,
    /// The character before, white space left out.
    pub before: Option<char>,
}

/// Returns the runs of a text: digits, with at most two marks (space, point, hyphen, slash, brackets) between two.
pub(in crate::lint) fn runs(text: &str) -> impl Iterator<Item = Run<'_>> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let from = text.get(rest..)?;
        let start = rest + from.find(|c: char| c.is_ascii_digit() || c == '+' || c == '(')?;
        let run = read(text, start);
        rest = run.as_ref().map_or(start + 1, |r| r.start + r.text.len());
        Some(run)
    })
    .flatten()
}

fn read(text: &str, start: usize) -> Option<Run<'_>> {
    let body = text.get(start..)?;
    let (mut end, mut marks, mut digits) = (0, 0, String::new());
    for (i, c) in body.char_indices() {
        if c.is_ascii_digit() {
            digits.push(c);
            (end, marks) = (i + 1, 0);
        } else if matches!(c, ' ' | '\u{A0}' | '\u{202F}' | '.' | '-' | '/' | '(' | ')' | '\u{2011}')
            || (c == '+' && i == 0)
        {
            marks += 1;
        } else {
            break;
        }
        if marks > 2 {
            break;
        }
    }
    let shown = body.get(..end).filter(|t| !t.is_empty())?;
    let touches = |c: char| c.is_alphabetic() || c == '_' || c == '#';
    let before = text.get(..start).and_then(|t| t.chars().next_back());
    let next = body.get(end..).and_then(|t| t.chars().next());
    let behind = body.get(end..).unwrap_or("").trim_start().chars().take(8).collect::<String>().to_lowercase();
    let glued = before.is_some_and(|c| touches(c) || c == '-' || c == '/') || next.is_some_and(touches);
    let before = text.get(..start).and_then(|t| t.trim_end().chars().next_back());
    Some(Run { text: shown, start, digits, glued, behind, before })
}

/// Returns whether one of the words stands shortly before a run.
pub(in crate::lint) fn told_before(text: &str, run: &Run<'_>, words: &[&str]) -> bool {
    let before = text.get(..run.start).unwrap_or("").to_lowercase();
    let near: Vec<&str> =
        before.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).rev().take(3).collect();
    near.iter().any(|w| words.iter().any(|word| w.starts_with(word)))
}

impl Run<'_> {
    /// Returns the pieces between the marks.
    fn pieces(&self) -> Vec<&str> {
        self.text.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect()
    }

    /// Returns how many pieces there are.
    pub(in crate::lint) fn groups(&self) -> usize {
        self.pieces().len()
    }

    /// Returns whether a currency, a percent sign or a unit of measure says that it is an amount.
    pub(in crate::lint) fn is_amount(&self) -> bool {
        let sign = |c: char| matches!(c, '€' | '$' | '£' | '¥' | '%' | '₹' | 'ł');
        let unit = [
            "eur", "usd", "gbp", "pln", "chf", "jpy", "km", "kg", "people", "users", "visit", "order", "view",
            "million",
        ];
        self.before.is_some_and(sign)
            || self.behind.starts_with(sign)
            || unit.iter().any(|u| self.behind.starts_with(u))
    }

    /// Returns whether it is written in thousands: `1 250 000 000`.
    pub(in crate::lint) fn in_thousands(&self) -> bool {
        let pieces = self.pieces();
        let first = pieces.first().map_or(0, |p| p.len());
        pieces.len() > 1
            && (1..=3).contains(&first)
            && pieces.iter().skip(1).all(|p| p.len() == 3)
            && !self.text.starts_with('+')
            && !self.digits.starts_with('0')
            && (first < 3 || self.text.contains('.'))
    }

    /// Returns whether dates or years are in it: `2026-09-14`, `14.9.2026`, `2019-2026`.
    pub(in crate::lint) fn has_dates(&self) -> bool {
        let year = |p: &&str| p.len() == 4 && (p.starts_with("19") || p.starts_with("20"));
        let pieces = self.pieces();
        let years = pieces.iter().filter(|p| year(p)).count();
        let small = pieces.iter().filter(|p| p.len() <= 2).count();
        years > 0 && (years + small) == pieces.len() && !self.text.starts_with('+')
    }

    /// Returns whether the check digit of payment cards is right (Luhn, 1960).
    pub(in crate::lint) fn passes_luhn(&self) -> bool {
        let sum: u32 = self
            .digits
            .bytes()
            .rev()
            .enumerate()
            .map(|(i, b)| {
                let digit = u32::from(b - b'0');
                let double = digit * 2;
                if i % 2 == 0 { digit } else { double / 10 + double % 10 }
            })
            .sum();
        self.digits.bytes().any(|b| b != b'0') && sum.is_multiple_of(10)
    }

    /// Returns whether it starts as the cards of the large networks do.
    pub(in crate::lint) fn starts_like_card(&self) -> bool {
        self.digits.starts_with(['2', '3', '4', '5', '6'])
    }
}
