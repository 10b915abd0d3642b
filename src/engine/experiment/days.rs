//! Which day an instant is: [`Days`].
use jiff::tz::TimeZone;

/// Cuts times into days of a zone.
#[derive(Debug)]
pub(super) struct Days {
    zone: TimeZone,
    /// The last day looked up: its first instant, the next day's, its number.
    known: (i64, i64, i32),
}

impl Days {
    pub(super) fn new(zone: &str) -> Self {
        Self { zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC), known: (0, 0, 0) }
    }

    /// Returns the day of an instant, in days since 1970-01-01.
    pub(super) fn day(&mut self, micros: i64) -> i32 {
        let (from, to, day) = self.known;
        if (from..to).contains(&micros) {
            return day;
        }
        self.known = self.look_up(micros).unwrap_or((micros, micros + 1, 0));
        self.known.2
    }

    fn look_up(&self, micros: i64) -> Option<(i64, i64, i32)> {
        let date = jiff::Timestamp::from_microsecond(micros).ok()?.to_zoned(self.zone.clone()).date();
        let midnight =
            |d: jiff::civil::Date| d.to_zoned(self.zone.clone()).map(|z| z.timestamp().as_microsecond()).ok();
        let day = date.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1))).ok()?.get_days();
        Some((midnight(date)?, midnight(date.tomorrow().ok()?)?, day))
    }
}
