//! The typed value of a cell of text: numbers, money, truth.
use super::ledger::Reject;

/// Returns the number written in `text`: sign, digits, at most one point, an exponent; nothing else, so neither `NaN` nor
/// `0x10`. With `thousands`, that sign between groups of three digits is skipped.
///
/// # Errors
/// [`Reject::BadNumber`], also when the number is too large for a double.
pub(super) fn number(text: &[u8], thousands: Option<u8>) -> Result<f64, Reject> {
    match thousands {
        Some(sign) if memchr::memchr(sign, text).is_some() => plain_number(&ungroup(text, sign)?),
        _ => plain_number(text),
    }
}

/// Powers of ten that a double holds exactly.
const TENS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

fn plain_number(text: &[u8]) -> Result<f64, Reject> {
    let text = text.trim_ascii();
    // Up to 15 digits: the digits and the power of ten are exact, so one division rounds right (Clinger 1990).
    if let Some((digits, places)) = short_decimal(text) {
        let scale = TENS.get(places).copied().unwrap_or(1.0);
        return Ok(digits as f64 / scale);
    }
    if !is_decimal(text) {
        return Err(Reject::BadNumber);
    }
    let value = std::str::from_utf8(text).ok().and_then(|t| t.parse::<f64>().ok());
    value.filter(|v| v.is_finite()).ok_or(Reject::BadNumber)
}

/// Returns the digits without the point as a whole number, and how many stand behind it, of at most 15 digits.
fn short_decimal(text: &[u8]) -> Option<(i64, usize)> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    let (mut value, mut point, mut count) = (0_i64, None, 0_usize);
    for &b in digits {
        match b {
            b'0'..=b'9' => {
                value = value * 10 + i64::from(b - b'0');
                count += 1;
            }
            b'.' if point.is_none() && count > 0 => point = Some(count),
            _ => return None,
        }
    }
    let places = point.map_or(0, |p| count - p);
    let good = count <= 15 && (point.is_none() || places > 0);
    good.then(|| (if digits.len() < text.len() { -value } else { value }, places))
}

/// Returns whether the text is `[+-]digits[.digits][e[+-]digits]`.
fn is_decimal(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"+").or_else(|| text.strip_prefix(b"-")).unwrap_or(text);
    let (main, power) = match memchr::memchr2(b'e', b'E', text) {
        Some(at) => (text.get(..at).unwrap_or(b""), text.get(at + 1..)),
        None => (text, None),
    };
    let all_digits = |t: &[u8]| !t.is_empty() && t.iter().all(u8::is_ascii_digit);
    let main_good = match memchr::memchr(b'.', main) {
        Some(at) => all_digits(main.get(..at).unwrap_or(b"")) && all_digits(main.get(at + 1..).unwrap_or(b"")),
        None => all_digits(main),
    };
    let bare = |p: &[u8]| all_digits(p.strip_prefix(b"+").or_else(|| p.strip_prefix(b"-")).unwrap_or(p));
    main_good && power.is_none_or(bare)
}

/// Returns the text without its group signs, when they part groups of three digits before the point.
fn ungroup(text: &[u8], sign: u8) -> Result<Vec<u8>, Reject> {
    let text = text.trim_ascii();
    let end = if sign == b'.' { text.len() } else { memchr::memchr(b'.', text).unwrap_or(text.len()) };
    let (whole, rest) = text.split_at_checked(end).ok_or(Reject::BadNumber)?;
    let bare = whole.strip_prefix(b"-").unwrap_or(whole);
    let mut groups = bare.split(|b| *b == sign);
    let first = groups.next().unwrap_or(b"");
    if first.is_empty() || first.len() > 3 || groups.any(|g| g.len() != 3) || memchr::memchr(sign, rest).is_some() {
        return Err(Reject::BadNumber);
    }
    Ok(text.iter().copied().filter(|b| *b != sign).collect())
}

/// Returns the amount in minor units: `12.5` is 1250 with two decimals.
///
/// # Errors
/// [`Reject::BadMoney`] when it is no number, too large, or finer than the currency.
pub(super) fn money(text: &[u8], decimals: u8, thousands: Option<u8>) -> Result<i64, Reject> {
    let wide = usize::from(decimals);
    if let Some((digits, places)) = short_decimal(text)
        && places <= wide
    {
        let lift = 10_i64.checked_pow(u32::try_from(wide - places).unwrap_or(0));
        return lift.and_then(|l| digits.checked_mul(l)).ok_or(Reject::BadMoney);
    }
    let value = number(text, thousands).map_err(|_| Reject::BadMoney)?;
    minor(value, decimals)
}

/// Returns the minor units of an amount held in a double, when it is one of them but for the double's own rounding.
///
/// # Errors
/// [`Reject::BadMoney`] when it lies between two minor units or is too large to tell.
pub(super) fn minor(value: f64, decimals: u8) -> Result<i64, Reject> {
    let scaled = value * TENS.get(usize::from(decimals)).copied().unwrap_or(1.0);
    let whole = scaled.round();
    let near = (scaled - whole).abs() <= 1e-6_f64.max(whole.abs() * 1e-12);
    if near && whole.abs() < 9e15 { Ok(whole as i64) } else { Err(Reject::BadMoney) }
}

/// Returns the truth of `true`, `yes`, `1`, `false`, `no`, `0` and their first letters, in any case.
///
/// # Errors
/// [`Reject::BadTruth`].
pub(super) fn truth(text: &[u8]) -> Result<bool, Reject> {
    word(text)
        .or(match text {
            b"1" => Some(true),
            b"0" => Some(false),
            _ => None,
        })
        .ok_or(Reject::BadTruth)
}

fn word(text: &[u8]) -> Option<bool> {
    let is = |words: [&str; 3]| words.iter().any(|w| text.eq_ignore_ascii_case(w.as_bytes()));
    match text.first()? {
        b't' | b'T' | b'y' | b'Y' => is(["true", "yes", "t"]).then_some(true).or((text.len() == 1).then_some(true)),
        b'f' | b'F' | b'n' | b'N' => is(["false", "no", "f"]).then_some(false).or((text.len() == 1).then_some(false)),
        _ => None,
    }
}

/// Returns the value of an outcome: true words are 1, false words nothing, and a number is itself.
///
/// # Errors
/// [`Reject::BadNumber`].
pub(super) fn outcome(text: &[u8], thousands: Option<u8>) -> Result<Option<f64>, Reject> {
    match word(text) {
        Some(true) => Ok(Some(1.0)),
        Some(false) => Ok(None),
        None => number(text, thousands).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_strict() {
        let read = |t: &str| number(t.as_bytes(), None);
        assert_eq!(read("12.5"), Ok(12.5));
        assert_eq!(read("-0.1"), Ok(-0.1));
        assert_eq!(read("1e9"), Ok(1e9));
        assert_eq!(read("123456789012345678"), Ok(123_456_789_012_345_678.0));
        assert_eq!(read("788\t\t"), Ok(788.0));
        for bad in
            "NaN nan inf -Infinity 1e400 0x10 1_000 ١٢ 1.2.3 $5 (3) 1e --1 +-2 . 1. .5 5\u{a0}000 12,50".split(' ')
        {
            assert_eq!(read(bad), Err(Reject::BadNumber), "{bad}");
        }
    }

    #[test]
    fn short_numbers_equal_the_library() {
        for k in 0..20_000_i64 {
            let text = format!("{}.{:04}", k * 7_919 - 50_000_000, k % 10_000);
            assert_eq!(
                number(text.as_bytes(), None).unwrap().to_bits(),
                text.parse::<f64>().unwrap().to_bits(),
                "{text}"
            );
        }
    }

    #[test]
    fn groups_of_three() {
        assert_eq!(number(b"337,300.00", Some(b',')), Ok(337_300.0));
        assert_eq!(number(b"-1,234,567", Some(b',')), Ok(-1_234_567.0));
        assert_eq!(number(b"12,50", Some(b',')), Err(Reject::BadNumber));
        assert_eq!(number(b",500", Some(b',')), Err(Reject::BadNumber));
    }

    #[test]
    fn money_is_exact() {
        assert_eq!(money(b"12.5", 2, None), Ok(1_250));
        assert_eq!(money(b"-0.01", 2, None), Ok(-1));
        assert_eq!(money(b"12.500", 2, None), Ok(1_250));
        assert_eq!(money(b"12.345", 2, None), Err(Reject::BadMoney));
        assert_eq!(money(b"1200", 0, None), Ok(1_200));
        assert_eq!(minor(0.1 + 0.2, 2), Ok(30));
        assert_eq!(minor(1e300, 2), Err(Reject::BadMoney));
    }

    #[test]
    fn outcomes() {
        assert_eq!(outcome(b"True", None), Ok(Some(1.0)));
        assert_eq!(outcome(b"False", None), Ok(None));
        assert_eq!(outcome(b"0", None), Ok(Some(0.0)));
        assert_eq!(outcome(b"maybe", None), Err(Reject::BadNumber));
        assert_eq!(truth(b"yes"), Ok(true));
        assert_eq!(truth(b"2"), Err(Reject::BadTruth));
    }
}
