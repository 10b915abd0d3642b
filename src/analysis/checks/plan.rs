//! Checks of the plan and its time.
use super::Found;
use crate::analysis::blank::Blank;
use crate::analysis::report::{Finding, Phase};
use crate::analysis::request::Request;
use crate::analysis::results::Row;
use crate::analysis::segments;
use crate::model::experiment::Status;

pub(super) fn weeks(request: &Request, _: &[Row]) -> Found {
    let days = request.planned_days();
    Found::warn_if(days % 7 != 0, vec![("days", Blank::Count(days.unsigned_abs()))])
}

pub(super) fn changed(request: &Request, _: &[Row]) -> Found {
    request.settings().plan_changed.map_or_else(Found::skipped, |changed| Found::warn_if(changed, Vec::new()))
}

pub(super) fn stopped_early(request: &Request, _: &[Row]) -> Found {
    let spec = request.spec();
    let on = match &spec.status {
        Status::Stopped(on, _) | Status::Shipped(_, on, _) => Blank::Day(*on),
        _ => Blank::name(""),
    };
    match request.phase() {
        Phase::StoppedEarly => Found::new(Finding::Warn, vec![("on", on), ("to", Blank::Day(spec.runs.1))]),
        Phase::Complete => Found::new(Finding::Pass, Vec::new()),
        _ => Found::skipped(),
    }
}

pub(super) fn segments(request: &Request, _: &[Row]) -> Found {
    let Some(standing_out) = segments::standing_out(request) else { return Found::skipped() };
    Found::warn_if(!standing_out.is_empty(), vec![("segments", Blank::Name(standing_out.join(", ")))])
}
