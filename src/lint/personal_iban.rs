use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// The number of a bank account stands in a text.
    ///
    /// An IBAN is somebody's. Its check digits are right, so it is not made up.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" { quote "Pay it back to DE89 3704 0044 0532 0130 00" }
    /// ```
    ///
    /// Better: what she said, without who she is.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" { quote "Pay it back to my account" }
    /// ```
    "personal-iban", Privacy, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for text in ctx.suspicious() {
        if let Some(found) = iban(text.text) {
            let span = ctx.within(text.span, found);
            out.push(RULE.at(span, "this is the number of a bank account").help("say what was learnt, not from whom"));
        }
    }
}

/// Returns the first IBAN of a text: country, check digits, 11 to 30 more, in one piece or in groups, whose remainder
/// modulo 97 is 1 (ISO 13616).
fn iban(text: &str) -> Option<&str> {
    let starts = text.char_indices().filter(|(i, c)| c.is_ascii_alphabetic() && starts_word(text, *i));
    starts.map(|(i, _)| i).find_map(|start| {
        let rest = text.get(start..)?;
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == ' ' || c == '-')).unwrap_or(rest.len());
        let rest = rest.get(..end)?;
        let mut compact = Vec::new();
        let mut best = None;
        for (i, byte) in rest.bytes().enumerate() {
            if byte.is_ascii_alphanumeric() {
                compact.push(byte.to_ascii_uppercase());
            }
            let whole = rest.as_bytes().get(i + 1).is_none_or(|b| !b.is_ascii_alphanumeric());
            if whole && (15..=34).contains(&compact.len()) && is_iban(&compact) {
                best = rest.get(..=i);
            }
            if compact.len() > 34 {
                break;
            }
        }
        best
    })
}

fn starts_word(text: &str, at: usize) -> bool {
    !text.get(..at).and_then(|t| t.chars().next_back()).is_some_and(char::is_alphanumeric)
}

fn is_iban(compact: &[u8]) -> bool {
    let (Some(head), Some(tail)) = (compact.get(..4), compact.get(4..)) else { return false };
    let shape = head.iter().take(2).all(u8::is_ascii_alphabetic) && head.iter().skip(2).all(u8::is_ascii_digit);
    let remainder = tail.iter().chain(head).fold(0_u32, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        letter => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
    });
    shape && remainder == 1 && tail.iter().filter(|b| b.is_ascii_digit()).count() >= 8
}
