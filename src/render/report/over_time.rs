//! The effect over time: a line, the band that may be looked at every day, zero, and the planned end; and the effect by time
//! since exposure, drawn the same way.

use super::Ctx;
use super::effects::change_unit;
use super::forest::{Axis, Reach};
use crate::analysis::{AgeEffect, ByAge, CheckId, Moment, OverTime};
use crate::model::value::Date;
use crate::render::words::{Unit, Words};
use crate::stats::Interval;
use serde::Serialize;

/// A band as wide as this many times the last one is of days too early to read.
const EARLY: f64 = 3.0;

/// One picture; every place in percent of its frame.
#[derive(Debug, Serialize)]
pub(in crate::render) struct Course {
    pub title: String,
    pub finding: String,
    /// The scale: its place from the top, its label.
    pub ticks: Vec<(String, String)>,
    pub zero: String,
    /// The band and the line, of the early days and of those that can be read.
    pub early: Trace,
    pub late: Trace,
    /// The planned end, from the left; empty where there is none.
    pub end: String,
    pub from_label: String,
    pub end_label: String,
    pub rows: Vec<(String, String, String)>,
}

/// A line and the band around it, as paths.
#[derive(Debug, Default, Serialize)]
pub(in crate::render) struct Trace {
    pub band: String,
    pub line: String,
}

/// A day of the picture.
struct Day {
    x: f64,
    effect: f64,
    low: f64,
    high: f64,
    wide: bool,
}

impl Ctx<'_> {
    /// Returns a picture for each treatment.
    pub(super) fn courses(&self) -> Vec<Course> {
        self.report.over_time.iter().filter_map(|series| self.course(series)).collect()
    }

    fn course(&self, series: &OverTime) -> Option<Course> {
        let metric = self.report.metrics.iter().find(|m| m.metric == series.metric)?;
        let unit = change_unit(&metric.unit);
        let last = series.days.last()?;
        let width = last.interval.high.zip(last.interval.low).map(|(high, low)| high - low)?;
        let readable =
            |m: &&Moment| matches!((m.interval.low, m.interval.high), (Some(l), Some(h)) if h - l <= EARLY * width);
        let reaches: Vec<Reach> = series.days.iter().filter(readable).map(reach).collect();
        let axis = Axis::of(&reaches, unit, self.words)?;
        let first: Date = self.report.planned.from.parse().ok()?;
        let end: Date = self.report.planned.to.parse().ok()?;
        let number = |day: &str| day.parse::<Date>().ok().map(|d| days_between(first, d));
        let span =
            series.days.iter().filter_map(|m| number(&m.day)).chain([days_between(first, end)]).max()?.max(1) as f64;
        let day = |m: &Moment| {
            let x = number(&m.day)? as f64 / span * 100.0;
            let (low, high) = (m.interval.low.unwrap_or(f64::NEG_INFINITY), m.interval.high.unwrap_or(f64::INFINITY));
            let at = |v: f64| 100.0 - axis.place(v);
            Some(Day { x, effect: at(m.effect), low: at(low), high: at(high), wide: high - low > EARLY * width })
        };
        let days: Vec<Day> = series.days.iter().filter_map(day).collect();
        let split = days.iter().position(|d| !d.wide).unwrap_or(0);
        let early = days.get(..=split).filter(|_| split > 0).unwrap_or_default();
        let arm = self.arm(series.arm);
        Some(Course {
            title: if self.report.arms.len() > 2 { format!("{} · {arm}", metric.title) } else { metric.title.clone() },
            finding: self.turned(&series.days),
            ticks: axis.ticks.iter().map(|(x, label)| (flip(x), label.clone())).collect(),
            zero: flip(&axis.zero),
            early: trace(early),
            late: trace(days.get(split..).unwrap_or_default()),
            end: crate::render::map::short(days_between(first, end) as f64 / span * 100.0),
            from_label: self.words.date(first),
            end_label: self.words.fill("time.end", &[("date", &self.words.date(end))]),
            rows: series.days.iter().map(|m| self.moment(m, unit)).collect(),
        })
    }

    /// Returns a picture by time since exposure for each treatment; the check of novelty says what is to be seen in it.
    pub(super) fn ages(&self) -> Vec<Course> {
        self.report.by_age.iter().filter_map(|series| self.age_course(series)).collect()
    }

    fn age_course(&self, series: &ByAge) -> Option<Course> {
        let metric = self.report.metrics.iter().find(|m| m.metric == series.metric)?;
        let reaches: Vec<Reach> = series.days.iter().map(age_reach).collect();
        let axis = Axis::of(&reaches, Unit::Relative, self.words)?;
        let (first, last) = (series.days.first()?, series.days.last()?);
        let span = f64::from(last.day.saturating_sub(first.day).max(1));
        let at = |v: f64| 100.0 - axis.place(v);
        let day = |a: &AgeEffect| Day {
            x: f64::from(a.day.saturating_sub(first.day)) / span * 100.0,
            effect: at(a.lift),
            low: at(a.interval.low.unwrap_or(f64::NEG_INFINITY)),
            high: at(a.interval.high.unwrap_or(f64::INFINITY)),
            wide: false,
        };
        let days: Vec<Day> = series.days.iter().map(day).collect();
        // the check speaks of the worst comparison there is, and by days of exposure where ages are few
        let alone = self.report.by_age.len() == 1 && self.experiment.primaries.len() == 1 && series.days.len() >= 5;
        let arm = self.lettered(series.arm);
        let name = if arm.is_empty() { metric.title.clone() } else { format!("{} · {arm}", metric.title) };
        Some(Course {
            title: self.words.fill("age.title", &[("metric", &name)]),
            finding: if alone { self.said_of(CheckId::Novelty) } else { String::new() },
            ticks: axis.ticks.iter().map(|(x, label)| (flip(x), label.clone())).collect(),
            zero: flip(&axis.zero),
            early: Trace::default(),
            late: trace(&days),
            end: String::new(),
            from_label: self.age(first.day),
            end_label: self.age(last.day),
            rows: series.days.iter().map(|a| self.age_row(a)).collect(),
        })
    }

    /// Returns the name of a day since exposure: the first 24 hours are day 1.
    fn age(&self, day: u32) -> String {
        self.words.fill("age.day", &[("n", &self.words.integer(u64::from(day) + 1))])
    }

    fn age_row(&self, a: &AgeEffect) -> (String, String, String) {
        let width = a.interval.high.zip(a.interval.low).map_or(a.lift, |(high, low)| high - low);
        let say = |x: f64| self.words.change(x, Unit::Relative, Words::decimals(width, Unit::Relative));
        (self.age(a.day), say(a.lift), self.range(a.interval, &say))
    }

    /// Returns since when the band leaves zero out, up to the last day.
    fn turned(&self, days: &[Moment]) -> String {
        let off = |m: &&Moment| m.interval.low.is_some_and(|l| l > 0.0) || m.interval.high.is_some_and(|h| h < 0.0);
        match days.iter().rev().take_while(off).last() {
            Some(first) => self.words.fill("time.left_zero", &[("date", &self.date(&first.day))]),
            None => self.words.t("time.on_zero").to_owned(),
        }
    }

    fn moment(&self, m: &Moment, unit: Unit) -> (String, String, String) {
        let width = m.interval.high.zip(m.interval.low).map_or(m.effect, |(high, low)| high - low);
        let say = |x: f64| self.words.change(x, unit, Words::decimals(width, unit));
        (self.date(&m.day), say(m.effect), self.range(m.interval, &say))
    }
}

fn reach(m: &Moment) -> Reach {
    Reach { effect: m.effect, interval: m.interval, inner: Interval::default(), margin: None }
}

fn age_reach(a: &AgeEffect) -> Reach {
    Reach { effect: a.lift, interval: a.interval, inner: Interval::default(), margin: None }
}

fn days_between(a: Date, b: Date) -> i32 {
    a.until(b).map_or(0, |span| span.get_days())
}

fn flip(place: &str) -> String {
    crate::render::map::short(100.0 - place.parse::<f64>().unwrap_or(0.0))
}

/// Returns the paths of some days.
fn trace(days: &[Day]) -> Trace {
    let short = crate::render::map::short;
    let join = |points: Vec<String>| points.join("L");
    let upper: Vec<String> = days.iter().map(|d| format!("{} {}", short(d.x), short(d.high))).collect();
    let lower: Vec<String> = days.iter().rev().map(|d| format!("{} {}", short(d.x), short(d.low))).collect();
    let line: Vec<String> = days.iter().map(|d| format!("{} {}", short(d.x), short(d.effect))).collect();
    if days.is_empty() {
        return Trace::default();
    }
    Trace { band: format!("M{}L{}Z", join(upper), join(lower)), line: format!("M{}", join(line)) }
}
