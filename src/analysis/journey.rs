//! Numbers of a journey: shares with their intervals, times with those who are still on their way.

use crate::stats::method::logrank::{Row, rows};
use crate::stats::method::prop_ci_single;
use crate::tally::Times;

/// Returns the 95 % interval of a share (Wilson 1927); nothing without a base.
pub fn share_interval(hits: u64, base: u64) -> Option<(f64, f64)> {
    if base == 0 {
        return None;
    }
    let input = prop_ci_single::Input { x: hits.min(base) as f64, n: base as f64, alpha: 0.05 };
    let out = prop_ci_single::run(input).ok()?;
    out.wilson_low.zip(out.wilson_high)
}

/// Returns the times, in seconds, after which 10 %, 50 % and 90 % of those who did it had done it; nothing where nobody
/// did. Of those who did it alone: how many never do is told by the share beside it.
pub fn spread(times: &Times) -> Option<(f64, f64, f64)> {
    const DAY: f64 = 86_400.0;
    let done: Vec<Row> = rows(times).into_iter().filter(|r| r.events > 0.0).collect();
    let total: f64 = done.iter().map(|r| r.events).sum();
    let at = |level: f64| {
        let mut seen = 0.0;
        let found = done.iter().find(|row| {
            seen += row.events;
            seen >= level * total
        });
        found.map(|row| row.t * DAY)
    };
    (total > 0.0).then_some(())?;
    Some((at(0.1)?, at(0.5)?, at(0.9)?))
}
