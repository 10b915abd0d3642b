//! Times as text and as numbers become microseconds since 1970: [`Clock`].
use super::ledger::Reject;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// The unit of times that are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EpochUnit {
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Millis,
    /// Microseconds since 1970.
    Micros,
    /// Nanoseconds since 1970.
    Nanos,
}

impl EpochUnit {
    /// Returns the unit of a word of the manifest.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "s" => Some(EpochUnit::Seconds),
            "ms" => Some(EpochUnit::Millis),
            "us" => Some(EpochUnit::Micros),
            "ns" => Some(EpochUnit::Nanos),
            _ => None,
        }
    }

    /// Returns the microseconds of a count of this unit, nanoseconds rounded down.
    pub(super) fn micros(self, count: i64) -> Option<i64> {
        match self {
            EpochUnit::Seconds => count.checked_mul(1_000_000),
            EpochUnit::Millis => count.checked_mul(1_000),
            EpochUnit::Micros => Some(count),
            EpochUnit::Nanos => Some(count.div_euclid(1_000)),
        }
    }
}

const DAY: i64 = 86_400_000_000;
const SLOT: i64 = 900_000_000;
/// The years 0001 to 9999, in microseconds.
const YEARS: std::ops::RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_300_799_999_999;

/// Reads times of one source.
///
/// Forms: ISO 8601 with `T`, `t` or a space, seconds and their fraction optional (finer than microseconds is cut off), with
/// `Z`, an offset, ` UTC`, or none; a bare date is its midnight; a whole number counts `unit` since 1970. A local time
/// needs `zone`, and must exist exactly once in it.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: Option<TimeZone>,
    utc: bool,
    unit: Option<EpochUnit>,
    date: ([u8; 10], i64),
    slot: Option<(i64, i64)>,
}

impl Clock {
    /// Returns the clock of a source.
    pub fn new(zone: Option<TimeZone>, unit: Option<EpochUnit>) -> Self {
        let utc = zone.as_ref().is_some_and(|z| *z == TimeZone::UTC || z.iana_name() == Some("UTC"));
        Self { zone, utc, unit, date: ([0; 10], 0), slot: None }
    }

    /// Returns whether local times can be read.
    pub fn has_zone(&self) -> bool {
        self.zone.is_some()
    }

    /// Returns whether local times are those of UTC.
    pub(super) fn is_utc(&self) -> bool {
        self.utc
    }

    /// Returns the microseconds since 1970 of a text.
    ///
    /// # Errors
    /// The kind of reject.
    pub fn read(&mut self, text: &[u8]) -> Result<i64, Reject> {
        let Some((date, rest)) = text.split_first_chunk::<10>() else { return self.number(text) };
        let [_, _, _, _, b'-', ..] = date else { return self.number(text) };
        if self.date.0 != *date {
            self.date = (*date, days(date).ok_or(Reject::BadTime)? * DAY);
        }
        let (clock, zone) = time_of_day(rest).ok_or(Reject::BadTime)?;
        let local = self.date.1 + clock;
        match zone {
            Zone::Offset(micros) => Ok(local - micros),
            Zone::None if self.utc => Ok(local),
            Zone::None => self.local(local),
        }
    }

    /// Returns the microseconds since 1970 of a number in the source's unit.
    ///
    /// # Errors
    /// The kind of reject.
    pub fn count(&self, count: i64) -> Result<i64, Reject> {
        let micros = self.unit.ok_or(Reject::NoEpochUnit)?.micros(count);
        micros.filter(|m| YEARS.contains(m)).ok_or(Reject::BadTime)
    }

    /// Returns the instant of a local time in the source's zone.
    ///
    /// # Errors
    /// The kind of reject.
    pub fn local(&mut self, local: i64) -> Result<i64, Reject> {
        let slot = local.div_euclid(SLOT);
        match self.slot {
            Some((known, offset)) if known == slot => Ok(local - offset),
            _ => {
                let offset = self.offset(local)?;
                // Clocks change on quarters of an hour, so one look-up answers for the whole quarter.
                self.slot = Some((slot, offset));
                Ok(local - offset)
            }
        }
    }

    fn offset(&self, local: i64) -> Result<i64, Reject> {
        let zone = self.zone.as_ref().ok_or(Reject::NoZone)?;
        let stamp = jiff::Timestamp::from_microsecond(local).map_err(|_| Reject::BadTime)?;
        match zone.to_ambiguous_timestamp(TimeZone::UTC.to_datetime(stamp)).offset() {
            AmbiguousOffset::Unambiguous { offset } => Ok(i64::from(offset.seconds()) * 1_000_000),
            _ => Err(Reject::ClockChange),
        }
    }

    fn number(&self, text: &[u8]) -> Result<i64, Reject> {
        if text.is_empty() {
            return Err(Reject::NoTime);
        }
        let digits = text.strip_prefix(b"-").unwrap_or(text);
        if digits.is_empty() || digits.len() > 19 || !digits.iter().all(u8::is_ascii_digit) {
            return Err(Reject::BadTime);
        }
        let size = std::str::from_utf8(digits).ok().and_then(|t| t.parse::<i64>().ok()).ok_or(Reject::BadTime)?;
        self.count(if digits.len() < text.len() { -size } else { size })
    }
}

/// What stands behind the time of day.
enum Zone {
    None,
    Offset(i64),
}

fn two(pair: &[u8]) -> Option<i64> {
    match pair {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(i64::from(a - b'0') * 10 + i64::from(b - b'0')),
        _ => None,
    }
}

/// Returns the days since 1970 of `YYYY-MM-DD`, in the proleptic Gregorian calendar; nothing for a day that never was.
fn days(date: &[u8; 10]) -> Option<i64> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = date else { return None };
    let (century, year) = (two(&[*y1, *y2])?, two(&[*y3, *y4])?);
    let (year, month, day) = (century * 100 + year, two(&[*m1, *m2])?, two(&[*d1, *d2])?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        1..=12 => 31,
        _ => return None,
    };
    if year == 0 || day == 0 || day > length {
        return None;
    }
    // Days from 0000-03-01, counting years from March, so that the leap day is the last of its year.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_year = (153 * m + 2) / 5 + day - 1;
    Some(365 * y + y / 4 - y / 100 + y / 400 + of_year - 719_468)
}

/// Returns the microseconds since midnight, and the zone, of what follows the date.
fn time_of_day(rest: &[u8]) -> Option<(i64, Zone)> {
    let Some((mark, rest)) = rest.split_first() else { return Some((0, Zone::None)) };
    let ([h1, h2, b':', m1, m2], rest) = rest.split_first_chunk::<5>()? else { return None };
    if !matches!(mark, b'T' | b't' | b' ') {
        return None;
    }
    let (hour, minute) = (two(&[*h1, *h2])?, two(&[*m1, *m2])?);
    let (second, rest) = match rest {
        [b':', s1, s2, rest @ ..] => (two(&[*s1, *s2])?, rest),
        rest => (0, rest),
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (fraction, rest) = match rest {
        [b'.' | b',', rest @ ..] => fraction(rest)?,
        rest => (0, rest),
    };
    let micros = ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction;
    Some((micros, zone(rest)?))
}

/// Returns the microseconds of the digits of a fraction, and what follows them.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let (part, rest) = text.split_at_checked(digits)?;
    if digits == 0 {
        return None;
    }
    let shown = part.iter().take(6).fold(0_i64, |n, d| n * 10 + i64::from(d - b'0'));
    let missing = u32::try_from(6_usize.saturating_sub(digits)).ok()?;
    Some((shown * 10_i64.pow(missing), rest))
}

fn zone(text: &[u8]) -> Option<Zone> {
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let (sign, clock) = match text {
        b"" => return Some(Zone::None),
        b"Z" | b"z" | b"UTC" | b"GMT" => return Some(Zone::Offset(0)),
        [b'+', clock @ ..] => (1, clock),
        [b'-', clock @ ..] => (-1, clock),
        _ => return None,
    };
    let (hours, minutes) = match clock {
        [a, b] => (two(&[*a, *b])?, 0),
        [a, b, b':', c, d] | [a, b, c, d] => (two(&[*a, *b])?, two(&[*c, *d])?),
        _ => return None,
    };
    (hours <= 18 && minutes <= 59).then(|| Zone::Offset(sign * (hours * 60 + minutes) * 60_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Result<i64, Reject> {
        Clock::new(None, None).read(text.as_bytes())
    }

    #[test]
    fn one_instant_in_many_forms() {
        let instant = at("2026-10-05T08:30:00Z").unwrap();
        assert_eq!(instant, 1_791_189_000_000_000);
        for form in [
            "2026-10-05 08:30:00Z",
            "2026-10-05t08:30:00.000000z",
            "2026-10-05T09:30:00+01:00",
            "2026-10-05T03:00:00-0530",
            "2026-10-05T08:30Z",
            "2026-10-05 08:30:00 UTC",
            "2026-10-05 10:30:00+02",
        ] {
            assert_eq!(at(form), Ok(instant), "{form}");
        }
        assert_eq!(at("2026-10-05T08:30:00.123456789Z"), Ok(instant + 123_456));
        assert_eq!(at("2026-10-05T08:30:00,5Z"), Ok(instant + 500_000));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "2024-02-30T00:00:00Z",
            "2016-12-31T23:59:60Z",
            "2024-03-05T24:00:00Z",
            "0000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "03/04/2024",
            "2024-W10-2",
            "2024-03-05T00:00:00Q",
            "2024-03-05T00:00:00.Z",
        ] {
            assert_eq!(at(text), Err(Reject::BadTime), "{text}");
        }
        assert_eq!(at(""), Err(Reject::NoTime));
        assert_eq!(at("2024-03-05 00:00:00"), Err(Reject::NoZone));
        assert_eq!(at("1709596800"), Err(Reject::NoEpochUnit));
    }

    #[test]
    fn local_times_must_exist_once() {
        let zone = jiff::tz::TimeZone::get("Europe/Lisbon").unwrap();
        let mut clock = Clock::new(Some(zone), None);
        assert_eq!(clock.read(b"2026-07-01 12:00:00"), at("2026-07-01T11:00:00Z"));
        assert_eq!(clock.read(b"2026-12-01"), at("2026-12-01T00:00:00Z"));
        assert_eq!(clock.read(b"2026-03-29 01:30:00"), Err(Reject::ClockChange));
        assert_eq!(clock.read(b"2026-10-25 01:30:00"), Err(Reject::ClockChange));
        assert_eq!(clock.read(b"2026-10-25 00:59:59"), at("2026-10-24T23:59:59Z"));
        assert_eq!(clock.read(b"2026-10-25 02:00:00"), at("2026-10-25T02:00:00Z"));
    }

    #[test]
    fn epochs_count_their_unit() {
        let read = |unit, text: &[u8]| Clock::new(None, Some(unit)).read(text);
        assert_eq!(read(EpochUnit::Seconds, b"1709596800"), Ok(1_709_596_800_000_000));
        assert_eq!(read(EpochUnit::Millis, b"1709596800123"), Ok(1_709_596_800_123_000));
        assert_eq!(read(EpochUnit::Nanos, b"1709596800123456789"), Ok(1_709_596_800_123_456));
        assert_eq!(read(EpochUnit::Micros, b"-1"), Ok(-1));
    }

    #[test]
    fn days_agree_with_the_calendar_library() {
        let epoch = jiff::civil::date(1970, 1, 1);
        for n in (-700_000..2_900_000).step_by(97) {
            let day = epoch.checked_add(jiff::Span::new().days(n)).unwrap();
            let text: [u8; 10] = day.to_string().as_bytes().try_into().unwrap();
            assert_eq!(days(&text), Some(i64::from(n)), "{day}");
        }
    }
}
