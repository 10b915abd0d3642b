//! What a place cost in the days of the data.
use crate::model::lane::{Spend, SpendEvery};
use crate::model::value::Date;

/// Returns what was spent in these days, both included, in minor units; nothing where nothing is said.
///
/// A sum without days falls into the days of the data; one with days falls evenly on each of its days. Weeks have seven
/// days; a month's amount falls evenly on the days of that month.
pub fn spent(spends: &[Spend], days: (Date, Date)) -> Option<i64> {
    if spends.is_empty() {
        return None;
    }
    let total: f64 = spends.iter().map(|s| one(s.amount.minor, s.every, s.dates, days)).sum();
    Some(total.round() as i64)
}

fn one(minor: i64, every: Option<SpendEvery>, dates: Option<(Date, Date)>, data: (Date, Date)) -> f64 {
    let amount = minor as f64;
    let (first, last) = dates.unwrap_or(data);
    let (from, to) = (first.max(data.0), last.min(data.1));
    if from > to {
        return 0.0;
    }
    match (every, dates) {
        (None, None) => amount,
        (None, Some((a, b))) => amount * count(from, to) as f64 / count(a, b) as f64,
        (Some(SpendEvery::Week), _) => amount * count(from, to) as f64 / 7.0,
        (Some(SpendEvery::Month), _) => {
            let mut sum = 0.0;
            let mut day = from;
            while day <= to {
                let end = day.last_of_month().min(to);
                sum += amount * count(day, end) as f64 / f64::from(day.days_in_month());
                match end.tomorrow() {
                    Ok(next) => day = next,
                    Err(_) => break,
                }
            }
            sum
        }
    }
}

/// Returns how many days there are, both included.
pub fn count(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days())) + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn by_the_days_of_the_data() {
        let data = (date(2026, 2, 15), date(2026, 3, 31));
        let spent = |every, dates| one(30_000, every, dates, data).round();
        assert_eq!(spent(None, None), 30_000.0);
        assert_eq!(spent(Some(SpendEvery::Month), None), 45_000.0, "half of February and all of March");
        assert_eq!(spent(Some(SpendEvery::Week), Some((date(2026, 3, 25), date(2026, 4, 30)))), 30_000.0);
        assert_eq!(spent(None, Some((date(2026, 3, 22), date(2026, 4, 10)))), 15_000.0);
        assert_eq!(spent(None, Some((date(2025, 1, 1), date(2025, 1, 2)))), 0.0);
        assert_eq!(super::spent(&[], data), None);
    }
}
