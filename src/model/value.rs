//! Plain values of the language: decimals, money, durations, dates, changes.

use std::cmp::Ordering;
use std::fmt;

/// A calendar day.
pub type Date = jiff::civil::Date;

/// An exact decimal number: `digits / 10^scale`.
///
/// Equality and order are by value: 5 equals 5.0.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decimal {
    digits: i64,
    scale: u8,
}

impl Decimal {
    /// Returns `digits / 10^scale`.
    pub fn new(digits: i64, scale: u8) -> Self {
        Self { digits, scale }
    }

    /// Returns the number a text writes (`-12.50`, `+3`), or nothing where it is no such number or has more than 15
    /// digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix(['-', '+']) {
            Some(rest) => (text.starts_with('-'), rest),
            None => (false, text),
        };
        let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
        if whole.is_empty() || whole.len() + part.len() > 15 || (rest.contains('.') && part.is_empty()) {
            return None;
        }
        let mut digits = 0_i64;
        for byte in whole.bytes().chain(part.bytes()) {
            digits = digits * 10 + i64::from(byte.is_ascii_digit().then_some(byte - b'0')?);
        }
        Some(Self { digits: if negative { -digits } else { digits }, scale: u8::try_from(part.len()).ok()? })
    }

    /// Returns the nearest double.
    pub fn to_f64(self) -> f64 {
        self.digits as f64 / 10_f64.powi(i32::from(self.scale))
    }

    /// Returns the value times `10^places` as a whole number, or nothing where digits would be lost.
    pub fn scaled(self, places: u8) -> Option<i64> {
        if places >= self.scale {
            return self.digits.checked_mul(10_i64.checked_pow(u32::from(places - self.scale))?);
        }
        let divisor = 10_i64.checked_pow(u32::from(self.scale - places))?;
        (self.digits % divisor == 0).then_some(self.digits / divisor)
    }

    /// Returns whether the value is below zero.
    pub fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// Returns whether the value is zero.
    pub fn is_zero(self) -> bool {
        self.digits == 0
    }

    fn wide(self) -> i128 {
        i128::from(self.digits) * 10_i128.pow(u32::from(18_u8.saturating_sub(self.scale)))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.wide() == other.wide()
    }
}
impl Eq for Decimal {}
impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.wide().cmp(&other.wide())
    }
}
impl std::hash::Hash for Decimal {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.wide().hash(state);
    }
}

impl std::ops::Add for Decimal {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let scale = self.scale.max(other.scale);
        let lift = |d: Self| d.digits.saturating_mul(10_i64.saturating_pow(u32::from(scale - d.scale)));
        Self { digits: lift(self).saturating_add(lift(other)), scale }
    }
}

impl std::iter::Sum for Decimal {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::default(), |a, b| a + b)
    }
}

impl fmt::Display for Decimal {
    /// Writes the value without trailing zeros behind the point.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut digits, mut scale) = (self.digits, self.scale);
        while scale > 0 && digits % 10 == 0 {
            digits /= 10;
            scale -= 1;
        }
        if scale == 0 {
            return write!(f, "{digits}");
        }
        let unit = 10_u64.pow(u32::from(scale));
        let (sign, size) = (if digits < 0 { "-" } else { "" }, digits.unsigned_abs());
        write!(f, "{sign}{}.{:0width$}", size / unit, size % unit, width = usize::from(scale))
    }
}

/// A share written in percent: `50%` holds 50.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(pub Decimal);

impl Percent {
    /// The whole: 100 %.
    pub const WHOLE: Percent = Percent(Decimal { digits: 100, scale: 0 });

    /// Returns the share, 1 for 100 %.
    pub fn share(self) -> f64 {
        Decimal { digits: self.0.digits, scale: self.0.scale + 2 }.to_f64()
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

/// A currency of ISO 4217 with its number of decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    /// Three capitals.
    pub code: &'static str,
    /// How many decimals its amounts have.
    pub decimals: u8,
}

impl Currency {
    /// Returns the currency of this code.
    pub fn parse(code: &str) -> Option<Self> {
        let decimals = |c: &str| match c {
            c if NO_DECIMALS.contains(&c) => 0,
            c if THREE_DECIMALS.contains(&c) => 3,
            _ => 2,
        };
        CURRENCIES.split(' ').find(|c| *c == code).map(|code| Currency { code, decimals: decimals(code) })
    }

    /// Returns all codes, sorted.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        CURRENCIES.split(' ')
    }
}

const NO_DECIMALS: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
    "XPF",
];
const THREE_DECIMALS: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];
/// ISO 4217, the circulating currencies.
const CURRENCIES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN \
BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD \
HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA \
MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF \
SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES \
VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// An amount of money in whole minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// The amount in the currency's smallest unit (cents).
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// Returns the amount in the currency's main unit.
    pub fn to_f64(self) -> f64 {
        Decimal::new(self.minor, self.currency.decimals).to_f64()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount = Decimal::new(self.minor, self.currency.decimals);
        let cents = amount.scaled(0).is_none();
        match cents {
            true => {
                let unit = 10_u64.pow(u32::from(self.currency.decimals));
                let (sign, size) = (if self.minor < 0 { "-" } else { "" }, self.minor.unsigned_abs());
                let width = usize::from(self.currency.decimals);
                write!(f, "{sign}{}.{:0width$} {}", size / unit, size % unit, self.currency.code)
            }
            false => write!(f, "{amount} {}", self.currency.code),
        }
    }
}

/// A unit of absolute time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeUnit {
    /// 1 s
    Second,
    /// 60 s
    Minute,
    /// 3,600 s
    Hour,
    /// 86,400 s
    Day,
    /// 7 days
    Week,
}

impl TimeUnit {
    /// All units, shortest first.
    pub const ALL: [TimeUnit; 5] = [TimeUnit::Second, TimeUnit::Minute, TimeUnit::Hour, TimeUnit::Day, TimeUnit::Week];

    /// Returns the singular word.
    pub fn name(self) -> &'static str {
        match self {
            TimeUnit::Second => "second",
            TimeUnit::Minute => "minute",
            TimeUnit::Hour => "hour",
            TimeUnit::Day => "day",
            TimeUnit::Week => "week",
        }
    }

    /// Returns the unit of a word, singular or plural.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|u| word.strip_suffix('s').unwrap_or(word) == u.name())
    }

    /// Returns its length in seconds.
    pub fn seconds(self) -> i64 {
        match self {
            TimeUnit::Second => 1,
            TimeUnit::Minute => 60,
            TimeUnit::Hour => 3_600,
            TimeUnit::Day => 86_400,
            TimeUnit::Week => 604_800,
        }
    }
}

/// A length of absolute time, as written: a whole count of a unit.
#[derive(Clone, Copy, Debug)]
pub struct Duration {
    /// How many.
    pub count: i64,
    /// Of what.
    pub unit: TimeUnit,
}

impl Duration {
    /// Returns the length in seconds.
    pub fn seconds(self) -> i64 {
        self.count.saturating_mul(self.unit.seconds())
    }

    /// Returns the length in microseconds.
    pub fn micros(self) -> i64 {
        self.seconds().saturating_mul(1_000_000)
    }

    /// Returns the length in days.
    pub fn days(self) -> f64 {
        self.seconds() as f64 / 86_400.0
    }
}

impl PartialEq for Duration {
    fn eq(&self, other: &Self) -> bool {
        self.seconds() == other.seconds()
    }
}
impl Eq for Duration {}
impl std::hash::Hash for Duration {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.seconds().hash(state);
    }
}
impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Duration {
    fn cmp(&self, other: &Self) -> Ordering {
        self.seconds().cmp(&other.seconds())
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.count == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.count, self.unit.name())
    }
}

/// A length of calendar time for `review every`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// How many.
    pub count: i64,
    /// Of what.
    pub unit: PeriodUnit,
}

/// Units of calendar time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodUnit {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Calendar months.
    Month,
    /// Calendar years.
    Year,
}

impl PeriodUnit {
    /// All units, shortest first.
    pub const ALL: [PeriodUnit; 4] = [PeriodUnit::Day, PeriodUnit::Week, PeriodUnit::Month, PeriodUnit::Year];

    /// Returns the singular word.
    pub fn name(self) -> &'static str {
        match self {
            PeriodUnit::Day => "day",
            PeriodUnit::Week => "week",
            PeriodUnit::Month => "month",
            PeriodUnit::Year => "year",
        }
    }

    /// Returns the unit of a word, singular or plural.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|u| word.strip_suffix('s').unwrap_or(word) == u.name())
    }
}

impl Period {
    /// Returns the first day after one period from `since`; nothing beyond the calendar.
    pub fn after(self, since: Date) -> Option<Date> {
        let span = match self.unit {
            PeriodUnit::Day => jiff::Span::new().try_days(self.count),
            PeriodUnit::Week => jiff::Span::new().try_weeks(self.count),
            PeriodUnit::Month => jiff::Span::new().try_months(self.count),
            PeriodUnit::Year => jiff::Span::new().try_years(self.count),
        };
        since.checked_add(span.ok()?).ok()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.count == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.count, self.unit.name())
    }
}

/// A change of a metric, as planned or tolerated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// `+5%`: relative to the control's value.
    Relative(Percent),
    /// `+2 points`: percentage points of a share.
    Points(Decimal),
    /// `+20 ms`: in a unit of the data; the unit's word is for people.
    Absolute(Decimal, ChangeUnit),
    /// `+3 EUR`
    Money(Money),
}

impl Change {
    /// Returns whether the change goes down.
    pub fn is_negative(self) -> bool {
        match self {
            Change::Relative(p) => p.0.is_negative(),
            Change::Points(d) | Change::Absolute(d, _) => d.is_negative(),
            Change::Money(m) => m.minor < 0,
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plus = if self.is_negative() { "" } else { "+" };
        match self {
            Change::Relative(p) => write!(f, "{plus}{p}"),
            Change::Points(d) => write!(f, "{plus}{d} points"),
            Change::Absolute(d, unit) => {
                write!(f, "{plus}{d}{}{}", if unit.name().is_empty() { "" } else { " " }, unit.name())
            }
            Change::Money(m) => write!(f, "{plus}{m}"),
        }
    }
}

/// The unit of an absolute change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeUnit {
    /// The metric's own unit: a bare number.
    Plain,
    /// Milliseconds.
    Millisecond,
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
}

impl ChangeUnit {
    /// All units that have a word.
    pub const ALL: [ChangeUnit; 5] =
        [ChangeUnit::Millisecond, ChangeUnit::Second, ChangeUnit::Minute, ChangeUnit::Hour, ChangeUnit::Day];

    /// Returns the word, empty for the metric's own unit.
    pub fn name(self) -> &'static str {
        match self {
            ChangeUnit::Plain => "",
            ChangeUnit::Millisecond => "ms",
            ChangeUnit::Second => "seconds",
            ChangeUnit::Minute => "minutes",
            ChangeUnit::Hour => "hours",
            ChangeUnit::Day => "days",
        }
    }

    /// Returns the unit of a word, singular or plural.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|u| word == u.name() || u.name().strip_suffix('s') == Some(word) && word != "m")
    }
}

/// A value in a condition, or one that a variant or message sets.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// A text, or a bare name.
    Text(String),
    /// A number.
    Number(Decimal),
    /// `true` or `false`.
    Bool(bool),
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Text(t) => f.write_str(t),
            Literal::Number(n) => write!(f, "{n}"),
            Literal::Bool(b) => write!(f, "{b}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        let d = |t| Decimal::parse(t).unwrap();
        assert_eq!(d("33.3") + d("33.3") + d("33.4"), d("100"));
        assert_eq!(d("-0.50").to_string(), "-0.5");
        assert_eq!(d("+5"), d("5.0"));
        assert!(d("0.1") < d("0.11"));
        assert_eq!(Decimal::parse("1."), None);
        assert_eq!(Decimal::parse("1e5"), None);
        assert_eq!(d("12.5").scaled(0), None);
        assert_eq!(d("12.5").scaled(2), Some(1250));
    }

    #[test]
    fn money_shows_cents_only_when_there_are_some() {
        let eur = Currency::parse("EUR").unwrap();
        assert_eq!(Money { minor: 1_200_000, currency: eur }.to_string(), "12000 EUR");
        assert_eq!(Money { minor: 1_250, currency: eur }.to_string(), "12.50 EUR");
        assert_eq!(Currency::parse("JPY").unwrap().decimals, 0);
        assert_eq!(Currency::parse("MQL"), None);
    }
}
