//! Numbers, dates and times as a language writes them.

use super::Words;
use crate::model::value::{Change, Date, Duration, Money, TimeUnit};

/// The unit a number of a report stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share, 1 for all; shown in percent.
    Share,
    /// A difference of shares, 0.01 for a point.
    Points,
    /// A relative change, 0.01 for 1 %.
    Relative,
    /// A bare number.
    Plain,
    /// Money in the project's currency, main unit.
    Money,
    /// Seconds.
    Seconds,
    /// Days.
    Days,
}

/// The true minus sign.
const MINUS: char = '\u{2212}';

impl Words {
    /// Returns a whole number with its groups.
    pub fn integer(&self, n: u64) -> String {
        self.grouped(&n.to_string())
    }

    fn grouped(&self, digits: &str) -> String {
        let least = self.t("number.least").parse::<usize>().unwrap_or(4);
        if digits.len() < least {
            return digits.to_owned();
        }
        let mut out = String::new();
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push_str(self.t("number.group"));
            }
            out.push(c);
        }
        out
    }

    /// Returns a number with this many decimals, or a dash where it is none.
    pub fn number(&self, x: f64, decimals: usize) -> String {
        if !x.is_finite() {
            return "–".to_owned();
        }
        let text = format!("{:.decimals$}", x.abs());
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let zero = text.bytes().all(|b| b == b'0' || b == b'.');
        let sign = if x < 0.0 && !zero { String::from(MINUS) } else { String::new() };
        match part {
            "" => format!("{sign}{}", self.grouped(whole)),
            part => format!("{sign}{}{}{part}", self.grouped(whole), self.t("number.point")),
        }
    }

    /// Returns a number with its sign, plus too.
    pub fn signed(&self, x: f64, decimals: usize) -> String {
        let text = self.number(x, decimals);
        if x > 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) { format!("+{text}") } else { text }
    }

    /// Returns a share in percent.
    pub fn percent(&self, share: f64, decimals: usize) -> String {
        self.fill("number.percent", &[("n", &self.number(share * 100.0, decimals))])
    }

    /// Returns a share in percent with as many digits as `base` people support: none below 1,000.
    pub fn rate(&self, share: f64, base: u64) -> String {
        self.percent(share, usize::from(base >= 1_000 && share > 0.0 && share < 1.0))
    }

    /// Returns a value in its unit.
    pub fn value(&self, x: f64, unit: Unit, decimals: usize) -> String {
        match unit {
            Unit::Share => self.percent(x, decimals),
            Unit::Points => self.number(x * 100.0, decimals),
            Unit::Relative => self.percent(x, decimals),
            Unit::Plain => self.number(x, decimals),
            Unit::Money => self.amount(x, decimals, self.currency.as_deref().unwrap_or("")),
            Unit::Seconds => self.seconds(x),
            Unit::Days => self.fill("time.d", &[("n", &self.number(x, decimals))]),
        }
    }

    /// Returns a change in its unit, with its sign.
    pub fn change(&self, x: f64, unit: Unit, decimals: usize) -> String {
        let text = self.value(x, unit, decimals);
        if x > 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) { format!("+{text}") } else { text }
    }

    /// Returns how many decimals show two digits of a width, in the unit's shown scale.
    pub fn decimals(width: f64, unit: Unit) -> usize {
        let shown = match unit {
            Unit::Share | Unit::Points | Unit::Relative => width * 100.0,
            _ => width,
        };
        match shown.abs() {
            w if !w.is_finite() || w <= 0.0 => 1,
            w if w >= 20.0 => 0,
            w if w >= 2.0 => 1,
            w if w >= 0.2 => 2,
            _ => 3,
        }
    }

    /// Returns an amount of money.
    pub fn amount(&self, x: f64, decimals: usize, currency: &str) -> String {
        let number = self.number(x, decimals);
        let sign = match currency {
            "EUR" => "€",
            "USD" => "$",
            "GBP" => "£",
            "JPY" | "CNY" => "¥",
            "PLN" => "zł",
            other => other,
        };
        let text = self.fill("number.money", &[("n", &number), ("currency", sign)]);
        let tidy = text.trim_matches([' ', '\u{A0}']).to_owned();
        match tidy.contains(MINUS) && !tidy.starts_with(MINUS) {
            true => format!("{MINUS}{}", tidy.replace(MINUS, "")),
            false => tidy,
        }
    }

    /// Returns an amount as a spec writes it.
    pub fn money(&self, money: Money) -> String {
        let whole = money.minor % 10_i64.pow(u32::from(money.currency.decimals)) == 0;
        let decimals = if whole { 0 } else { usize::from(money.currency.decimals) };
        self.amount(money.to_f64(), decimals, money.currency.code)
    }

    /// Returns a planned or tolerated change.
    pub fn planned(&self, change: Change) -> String {
        let places = |x: f64| (0..4).find(|d| (x * 10_f64.powi(*d) % 1.0).abs() < 1e-9).unwrap_or(4) as usize;
        match change {
            Change::Relative(p) => {
                let x = p.0.to_f64();
                self.fill("number.percent", &[("n", &self.signed(x, places(x)))])
            }
            Change::Points(d) => {
                let x = d.to_f64();
                self.fill("number.points", &[("n", &self.signed(x, places(x)))])
            }
            Change::Absolute(d, unit) => {
                let x = d.to_f64();
                format!("{} {}", self.signed(x, places(x)), unit.name()).trim_end().to_owned()
            }
            Change::Money(m) => format!("{}{}", if m.minor > 0 { "+" } else { "" }, self.money(m)),
        }
    }

    /// Returns a length of time as a spec writes it.
    pub fn duration(&self, duration: Duration) -> String {
        self.units(duration.count.unsigned_abs(), duration.unit)
    }

    fn units(&self, count: u64, unit: TimeUnit) -> String {
        let key = match unit {
            TimeUnit::Second => "time.seconds",
            TimeUnit::Minute => "time.minutes",
            TimeUnit::Hour => "time.hours",
            TimeUnit::Day => "time.days",
            TimeUnit::Week => "time.weeks",
        };
        self.count(key, count, &[])
    }

    /// Returns a measured time in the unit that suits its size, with at most two digits behind the first unit.
    pub fn seconds(&self, seconds: f64) -> String {
        let s = seconds.abs();
        let (size, key) = match s {
            s if !s.is_finite() => return "–".to_owned(),
            s if s < 1.0 => (0.001, "time.ms"),
            s if s < 100.0 => (1.0, "time.s"),
            s if s < 5_400.0 => (60.0, "time.min"),
            s if s < 129_600.0 => (3_600.0, "time.h"),
            _ => (86_400.0, "time.d"),
        };
        let n = seconds / size;
        let whole = n.abs() >= 10.0 || (n - libm::round(n)).abs() < 0.05;
        self.fill(key, &[("n", &self.number(n, usize::from(!whole)))])
    }

    /// Returns a day.
    pub fn date(&self, date: Date) -> String {
        let (d, y) = (date.day().to_string(), date.year().to_string());
        self.fill("date.day", &[("d", &d), ("month", self.month(date)), ("y", &y)])
    }

    fn month(&self, date: Date) -> &str {
        let index = usize::try_from(date.month() - 1).unwrap_or(0);
        self.t("date.months").split(' ').nth(index).unwrap_or("")
    }

    /// Returns a value that was written for English readers as this language writes it: `4.2 %` and `2026-10-05`.
    pub fn adapted(&self, value: &str) -> String {
        if let Ok(date) = value.parse::<Date>() {
            return self.date(date);
        }
        let percent = value.strip_suffix('%').map(str::trim_end).and_then(|n| Some((n, n.parse::<f64>().ok()?)));
        match percent {
            Some((text, x)) => {
                let decimals = text.split_once('.').map_or(0, |(_, part)| part.len());
                let sign = if text.starts_with('+') { "+" } else { "" };
                format!("{sign}{}", self.percent(x / 100.0, decimals))
            }
            None => value.to_owned(),
        }
    }

    /// Returns a range of days, both included, without saying twice what both share.
    pub fn dates(&self, from: Date, to: Date) -> String {
        let text = |n: i64| n.to_string();
        let (d1, d2, y) = (text(i64::from(from.day())), text(i64::from(to.day())), text(i64::from(to.year())));
        let values = [("d1", d1.as_str()), ("d2", &d2), ("m1", self.month(from)), ("m2", self.month(to)), ("y", &y)];
        match (from == to, from.year() == to.year(), from.month() == to.month()) {
            (true, ..) => self.date(from),
            (_, true, true) => self.fill("date.in_month", &values),
            (_, true, false) => self.fill("date.in_year", &values),
            _ => format!("{} – {}", self.date(from), self.date(to)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_by_language() {
        let en = Words::of("en");
        assert_eq!(en.integer(8_412), "8,412");
        assert_eq!(en.percent(0.4216, 1), "42.2%");
        assert_eq!(en.number(-0.04, 1), "0.0");
        assert_eq!(en.number(-1.25, 1), "−1.2");
        assert_eq!(en.dates(jiff::civil::date(2026, 10, 1), jiff::civil::date(2026, 10, 31)), "1–31 Oct 2026");
        assert_eq!(en.number(f64::NAN, 1), "–");
        let (pl, zh) = (Words::of("pl"), Words::of("zh"));
        assert_eq!([pl.integer(8_412), pl.integer(18_412)], ["8412", "18\u{a0}412"]);
        assert_eq!(pl.percent(0.4216, 1), "42,2%");
        assert_eq!(zh.date(jiff::civil::date(2026, 10, 5)), "2026年10月5日");
        assert_eq!(pl.dates(jiff::civil::date(2026, 10, 5), jiff::civil::date(2026, 11, 1)), "5 paź – 1 lis 2026");
    }

    #[test]
    fn times_in_the_unit_that_suits() {
        let en = Words::of("en");
        let shown: Vec<_> = [0.25, 42.0, 240.0, 7_200.0, 259_200.0].map(|s| en.seconds(s)).to_vec();
        assert_eq!(shown, ["250 ms", "42 s", "4 min", "2 h", "3 d"]);
    }
}
