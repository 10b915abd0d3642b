//! The effect so far, day by day: everybody first exposed up to a day, by a method that may be looked at every day.
use super::judge::{Family, Judge};
use super::periods::stratified;
use super::report::{Inconclusive, Moment, OverTime, Role};
use super::request::{Measured, Request, date};
use crate::tally::{Cut, Tally};

/// Returns the first primary's effect of each treatment after each day. Where a gate is closed, or the plan does not allow
/// a look yet, there is nothing.
pub(super) fn over_time(request: &Request, gate: Option<Inconclusive>) -> Vec<OverTime> {
    let first = request.measured().into_iter().find(|m| m.role == Role::Primary);
    let Some(measured) = first.filter(|_| gate.is_none()) else { return Vec::new() };
    let judge = Judge::new(Family::Sequential, request.spec().method.level.share());
    let all = (1..request.arms()).map(|arm| OverTime {
        arm: arm as usize,
        metric: measured.metric.meta.id.clone(),
        days: days(request, &measured, arm, &judge),
    });
    all.filter(|series| series.days.len() > 1).collect()
}

fn days(request: &Request, measured: &Measured, arm: u32, judge: &Judge) -> Vec<Moment> {
    let mut out = Vec::new();
    // One sum for each time of equal weights; those before the last do not change any more.
    let mut sums: Vec<(Tally, Tally)> = Vec::new();
    let mut weights = Vec::new();
    for cut in request.tallies.cuts() {
        let Cut::Day(number) = cut else { continue };
        let Some((day, (a, b))) = date(number).zip(request.pair(measured.place, arm, &cut)) else { continue };
        let now = request.weights_on(day);
        match sums.last_mut().filter(|_| weights == now) {
            None => sums.push((a.clone(), b.clone())),
            Some((x, y)) => {
                if x.merge(a).is_err() || y.merge(b).is_err() {
                    return Vec::new();
                }
            }
        }
        weights = now;
        let found = stratified(measured, &sums, request.weight_of(arm)).ok();
        out.extend(found.map(|contrast| Moment {
            day: day.to_string(),
            effect: contrast.effect(),
            interval: judge.judge(&contrast).interval,
        }));
    }
    out
}
