//! When experiments run.

use crate::model::Experiment;
use crate::model::experiment::Status;
use crate::model::value::Date;

/// Returns the number of days from one day to another, both included; 0 where they are reversed.
pub(in crate::lint) fn days(from: Date, to: Date) -> i64 {
    let span = from.until(to).map(|s| i64::from(s.get_days())).unwrap_or(-1);
    (span + 1).max(0)
}

/// Returns the first and last day on which an experiment enrols: to its planned end, or to the day it ended.
pub(in crate::lint) fn lives(experiment: &Experiment) -> (Date, Date) {
    let end = match &experiment.status {
        Status::Stopped(on, _) | Status::Shipped(_, on, _) => *on,
        Status::Draft | Status::Running | Status::Paused => experiment.runs.1,
    };
    (experiment.runs.0, end)
}

/// Returns the days two experiments share, if they share any.
pub(in crate::lint) fn overlap(a: &Experiment, b: &Experiment) -> Option<(Date, Date)> {
    let ((a_from, a_to), (b_from, b_to)) = (lives(a), lives(b));
    let (from, to) = (a_from.max(b_from), a_to.min(b_to));
    (from <= to).then_some((from, to))
}

/// Returns the day so many days after another, or the last day there is.
pub(in crate::lint) fn later(day: Date, days: i64) -> Date {
    jiff::Span::new().try_days(days).ok().and_then(|s| day.checked_add(s).ok()).unwrap_or(Date::MAX)
}
