//! Checks of the numbers themselves.
use super::Found;
use crate::analysis::ages::ages;
use crate::analysis::blank::{Blank, Scale};
use crate::analysis::capped::top_share;
use crate::analysis::contrast::{self, Contrast};
use crate::analysis::interactions;
use crate::analysis::judge::Judge;
use crate::analysis::report::{Finding, Phase, Role};
use crate::analysis::request::{Request, Shift};
use crate::analysis::results::Row;
use crate::analysis::words::say;
use crate::stats::method::trend;
use crate::stats::special::normal_sf;
use crate::tally::{Cut, Mean, Tally};

/// Fewer points in time show no trend.
const FEWEST_POINTS: usize = 5;

/// The means of an arm's tally, where it is one.
fn mean(tally: &Tally) -> Option<&Mean> {
    match tally {
        Tally::Mean(mean) => Some(mean),
        Tally::Pair(pair) => Some(pair.y()),
        _ => None,
    }
}

/// Every mean of every metric and arm, with the metric's title.
fn means<'r>(request: &Request<'r>, rows: &[Row<'r>]) -> Vec<(&'r str, &'r Mean)> {
    let arms = 0..request.arms();
    let tally = |row: &Row<'r>, arm| request.tallies.get(row.measured.place, arm, &Cut::Total);
    let of = |row: &Row<'r>| {
        let title = row.measured.metric.meta.title.as_str();
        arms.clone().filter_map(move |arm| Some((title, mean(tally(row, arm)?)?))).collect::<Vec<_>>()
    };
    rows.iter().filter(|r| r.arm == 1).flat_map(of).collect()
}

pub(super) fn outliers(request: &Request, rows: &[Row]) -> Found {
    let shares = means(request, rows).into_iter().filter_map(|(title, m)| Some((title, top_share(m)?)));
    let Some((title, share)) = shares.max_by(|a, b| a.1.total_cmp(&b.1)) else { return Found::skipped() };
    Found::warn_if(share > 0.2, vec![("share", Blank::Share(share)), ("metric", Blank::name(title))])
}

pub(super) fn too_few(request: &Request, rows: &[Row]) -> Found {
    let few = |row: &&Row| {
        request.pair(row.measured.place, row.arm, &Cut::Total).is_some_and(|(a, b)| contrast::too_few(a, b))
    };
    let metric = rows.iter().find(few).map(|r| r.measured.metric.meta.title.clone());
    Found::warn_if(metric.is_some(), vec![("metric", Blank::Name(metric.unwrap_or_default()))])
}

/// Units an arm should be at least 355 times the squared skewness (Kohavi, Deng, Longbotham and Xu 2014).
pub(super) fn skewness(request: &Request, rows: &[Row]) -> Found {
    let need = |(title, m): (&str, &Mean)| {
        let skew = m.skewness()?;
        Some((title.to_owned(), 355.0 * skew * skew, m.n()))
    };
    let all: Vec<_> = means(request, rows).into_iter().filter_map(need).collect();
    let lacking = |x: &(String, f64, u64)| x.1 / x.2 as f64;
    let Some((metric, needed, n)) = all.into_iter().max_by(|a, b| lacking(a).total_cmp(&lacking(b))) else {
        return Found::skipped();
    };
    let blanks =
        vec![("n", Blank::Count(n)), ("needed", Blank::Count(needed.ceil() as u64)), ("metric", Blank::Name(metric))];
    Found::warn_if(needed > n as f64, blanks)
}

/// The smallest effect seen reliably against the planned one, of the primary that is furthest off.
pub(super) fn underpowered(request: &Request, rows: &[Row]) -> Found {
    let Some(judge) = Judge::of(request).filter(|_| request.phase() != Phase::Running) else { return Found::skipped() };
    let power = request.spec().method.power.share();
    let of = |row: &Row| {
        let (shift, contrast) = (row.measured.shift()?, row.contrast.as_ref().ok()?);
        let smallest = judge.smallest(contrast, power);
        let planned = shift.absolute(contrast.base()).abs();
        let size = match contrast.lift() {
            Some(_) => Blank::Effect(Scale::Relative, smallest / contrast.base().abs()),
            None => Blank::Effect(Scale::Own, smallest),
        };
        Some((smallest / planned, row.measured.metric.meta.title.clone(), row.measured.change?.to_string(), size))
    };
    let primaries = rows.iter().filter(|r| r.measured.role == Role::Primary);
    let Some((off, metric, planned, smallest)) = primaries.filter_map(of).max_by(|a, b| a.0.total_cmp(&b.0)) else {
        return Found::skipped();
    };
    Found::warn_if(
        off > 1.0,
        vec![("metric", Blank::Name(metric)), ("planned", Blank::Written(planned)), ("smallest", smallest)],
    )
}

/// The trend of the first primary's effect over time: by age of exposure where the data says it, else by its day. A
/// weighted straight line through the effects of at least five times; p below 0.01 warns.
pub(super) fn novelty(request: &Request, rows: &[Row]) -> Found {
    if request.phase() == Phase::Running {
        return Found::skipped();
    }
    let points = rows.iter().filter(|r| r.measured.role == Role::Primary).map(|row| points(request, row));
    let Some((slope, p)) = points.filter_map(|p| trend(&p)).min_by(|a, b| a.1.total_cmp(&b.1)) else {
        return Found::skipped();
    };
    let comparisons = rows.iter().filter(|r| r.measured.role == Role::Primary).count() as f64;
    let p = (p * comparisons).min(1.0);
    let way = say(if slope > 0.0 { "way-rises" } else { "way-falls" }, Vec::new());
    Found::warn_if(p < 0.01, vec![("p", Blank::P(p)), ("way", Blank::said(way))])
}

/// (time, effect, variance) of a comparison: by whole days since exposure, the logarithm of the ratio of what happens on that
/// day; where fewer than five can be told, by the day of exposure, the difference.
///
/// Units that do much do it on all days alike, which makes ages move together and the line steadier than it is taken to be.
fn points(request: &Request, row: &Row) -> Vec<(f64, f64, f64)> {
    let ages = ages(request, &row.measured, row.arm);
    if ages.len() >= FEWEST_POINTS {
        return ages.iter().map(|age| (f64::from(age.day), age.log, age.var)).collect();
    }
    let by_day = |cut: Cut| {
        let Cut::Day(day) = cut else { return None };
        let (a, b) = request.pair(row.measured.place, row.arm, &cut)?;
        let contrast = contrast::contrast(&row.measured, a, b, 0.5).ok()?;
        Some((f64::from(day), contrast.effect(), contrast.se() * contrast.se()))
    };
    request.tallies.cuts().into_iter().filter_map(by_day).filter(|(.., var)| *var > 0.0).collect()
}

/// The slope of a weighted straight line through five points or more, and its p-value.
fn trend(points: &[(f64, f64, f64)]) -> Option<(f64, f64)> {
    if points.len() < FEWEST_POINTS {
        return None;
    }
    let input = trend::Input {
        t: points.iter().map(|p| p.0).collect(),
        effects: points.iter().map(|p| p.1).collect(),
        ses: points.iter().map(|p| p.2.sqrt()).collect(),
    };
    trend::run(input).ok().and_then(|line| line.slope.zip(line.p_value))
}

/// No experiment causes what came before it: a difference there is carried over from something else.
pub(super) fn before_start(request: &Request, rows: &[Row]) -> Found {
    let of = |row: &Row| {
        let (a, b) = request.pair(row.measured.place, row.arm, &Cut::Before)?;
        let contrast = contrast::contrast(&row.measured, a, b, 0.5).ok()?;
        let p = match &contrast {
            Contrast::Shares { table, .. } => table.score_test().1,
            Contrast::Normal(_) => 2.0 * normal_sf((contrast.effect() / contrast.se()).abs()),
        };
        Some((p, row.measured.metric.meta.title.clone()))
    };
    // What was before is not counted by day, so it cannot be compared within times of equal weights.
    let all: Vec<_> = rows.iter().filter(|_| !request.reweighted()).filter_map(of).collect();
    let count = all.len() as f64;
    let Some((p, metric)) = all.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)) else { return Found::skipped() };
    let p = (p * count).min(1.0);
    let finding = if p < 0.001 { Finding::Fail } else { Finding::Pass };
    Found::new(finding, vec![("p", Blank::P(p)), ("metric", Blank::Name(metric))])
}

/// Twyman's law: a change above half, or above five times the planned one, is more often a fault.
pub(super) fn twyman(request: &Request, rows: &[Row]) -> Found {
    if Judge::of(request).is_none() {
        return Found::skipped();
    }
    let lifts = rows.iter().filter_map(|row| {
        let (judged, contrast) = (row.judged.as_ref()?, row.contrast.as_ref().ok()?);
        let lift = contrast.lift()?;
        let planned = match row.measured.shift().filter(|_| row.measured.role == Role::Primary) {
            Some(Shift::Relative(size)) => Some(size.abs()),
            Some(Shift::Absolute(size)) => Some((size / contrast.base()).abs()),
            None => None,
        };
        let limit = planned.map_or(0.5, |p| (5.0 * p).min(0.5));
        // noise around a small planned effect is no wonder: the interval must exclude "no effect"
        let odd = lift.abs() > limit && judged.interval.excludes(0.0);
        Some((odd, lift, row.measured.metric.meta.title.clone()))
    });
    let worst = lifts.max_by(|a, b| a.0.cmp(&b.0).then(a.1.abs().total_cmp(&b.1.abs())));
    let Some((odd, lift, metric)) = worst else { return Found::skipped() };
    Found::warn_if(odd, vec![("metric", Blank::Name(metric)), ("lift", Blank::Effect(Scale::Relative, lift))])
}

/// Whether another experiment on the same units changes the effect on a primary.
pub(super) fn interaction(request: &Request, _: &[Row]) -> Found {
    let all = interactions::found(request);
    let Some(first) = all.iter().min_by(|a, b| a.p.total_cmp(&b.p)) else { return Found::skipped() };
    let title = request.measured().into_iter().find(|m| m.metric.meta.id == first.metric);
    let blanks = vec![
        ("p", Blank::P(first.p)),
        ("other", Blank::name(first.title.as_str())),
        ("metric", Blank::Name(title.map_or_else(|| first.metric.clone(), |m| m.metric.meta.title.clone()))),
    ];
    Found::warn_if(first.p < 0.01, blanks)
}
