//! Numbers of a journey: shares with their intervals, times with those who are still on their way, credit, paths.
//!
//! [`report`] is one pure function: the same counts give the same report, bit for bit.
mod credit;
mod funnels;
pub mod insight;
pub mod like;
pub mod people;
mod places;
mod report;
mod rules;
mod spend;
mod travels;
mod versus;

pub use people::{Mask, People, Rate};
pub use places::value;
pub use report::{
    Attribution, Conformance, Credit, Deviation, Funnel, FunnelStep, Gap, Handover, JourneyReport, Ledger, Measured,
    NodeDifference, PathLink, PathNode, Paths, PathsDifference, Promise, Requirement, Rows, SCHEMA, Sales,
    SessionPlace, Sessions, Spread, Stage, Touchpoint, Worth,
};

use crate::model::Model;
use crate::model::value::Date;
use crate::plan::{MapPlan, Plan, TravelPlan};
use crate::stats::method::logrank::{Row, rows};
use crate::stats::method::prop_ci_single;
use crate::tally::{Counts, LEFT, MapTally, OFF, Place, Times, TravelTally, Who};
use jiff::tz::TimeZone;

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

/// What the reports are made of.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The specs.
    pub model: &'a Model,
    /// What was asked: a plan with travels.
    pub plan: &'a Plan,
    /// What was counted.
    pub counts: &'a Counts,
    /// Whether the data was made by `waypost simulate`.
    pub simulated: bool,
}

/// Returns the report of each map of the plan, in its order.
pub fn report(input: Input<'_>) -> Vec<JourneyReport> {
    (0..input.plan.maps.len()).filter_map(|at| report_of(input, at)).collect()
}

/// Returns the report of one map by its place in the plan.
pub fn report_of(input: Input<'_>, at: usize) -> Option<JourneyReport> {
    Some(Ctx::new(input, at)?.report())
}

/// One journey with what was counted of it.
struct Ctx<'a> {
    model: &'a Model,
    plan: &'a Plan,
    counts: &'a Counts,
    map: &'a MapPlan,
    at: usize,
    tally: &'a MapTally,
    travel: Option<(&'a TravelPlan, &'a TravelTally)>,
    mask: Mask,
    simulated: bool,
    days: Option<(Date, Date)>,
}

impl<'a> Ctx<'a> {
    fn new(input: Input<'a>, at: usize) -> Option<Self> {
        let Input { model, plan, counts, simulated } = input;
        let travel = plan.travels.iter().zip(&counts.travels).find(|(t, _)| t.map == at);
        let zone = TimeZone::get(&plan.zone).unwrap_or(TimeZone::UTC);
        let day =
            |micros: i64| jiff::Timestamp::from_microsecond(micros).unwrap_or_default().to_zoned(zone.clone()).date();
        Some(Self {
            model,
            plan,
            counts,
            map: plan.maps.get(at)?,
            at,
            tally: counts.maps.get(at)?,
            travel,
            mask: Mask(model.manifest.privacy.smallest_cell),
            simulated,
            days: counts.data.times.map(|(first, last)| (day(first), day(last))),
        })
    }

    fn report(&self) -> JourneyReport {
        let journey = &self.model.journeys[self.map.journey];
        let everybody = self.tally.of(&Who::Everybody).map_or(0, |g| g.units);
        let data = &self.counts.data;
        let measured = self.measured();
        let stages = self.stages();
        let requirements = self.requirements();
        JourneyReport {
            schema: SCHEMA,
            journey: journey.meta.id.clone(),
            title: journey.meta.title.clone(),
            simulated: self.simulated,
            decimals: self.plan.decimals,
            days: self.days.map(|(a, b)| (a.to_string(), b.to_string())),
            people: self.mask.count(everybody),
            rows: Rows {
                read: data.rows,
                used: data.used,
                other: data.other,
                filtered: data.filtered,
                without_consent: data.consented.map(|(agreed, asked)| asked - agreed),
                unseen: data.consented.map(|(agreed, asked)| 1.0 - agreed as f64 / asked.max(1) as f64),
                duplicates: data.duplicates,
                rejected: data.rejected(),
            },
            touchpoints: self.touchpoints(),
            funnels: self.funnels(),
            attributions: self.attributions(),
            paths: self.paths(),
            handovers: self.handovers(),
            conformance: self.conformance(),
            sessions: self.sessions(),
            sales: self.sales(),
            gaps: self.gaps(&stages, &measured, &requirements),
            stages,
            requirements,
            measured,
        }
    }

    /// Returns the id of a group: a persona's, `everybody`, `unknown`, the value of a breakdown, or `audience` and its id.
    fn who(&self, who: &Who) -> String {
        match who {
            Who::Everybody => "everybody".to_owned(),
            Who::Persona(at) => self.plan.personas.get(*at).map_or_else(String::new, |p| p.id.clone()),
            Who::Unknown => "unknown".to_owned(),
            Who::Value(value) => value.clone(),
            Who::Audience(at) => {
                let audience = self.plan.personas.get(*at).map_or("", |a| a.id.as_str());
                format!("audience {audience}")
            }
        }
    }

    /// Returns the id and the title of a place on the map.
    fn place(&self, place: Place) -> (String, String) {
        match place {
            OFF => ("off".to_owned(), "off the map".to_owned()),
            LEFT => ("left".to_owned(), "left".to_owned()),
            at => self.map.touchpoints.get(usize::from(at)).map_or_else(Default::default, |t| {
                let meta = &self.model.touchpoints[t.touchpoint].meta;
                (meta.id.clone(), meta.title.clone())
            }),
        }
    }

    /// Returns how many minor units make one of the project's currency.
    fn unit(&self) -> f64 {
        10_f64.powi(i32::from(self.plan.decimals))
    }
}

/// Returns the spread of times in seconds.
fn seconds(times: &Times) -> Option<Spread> {
    spread(times).map(|(low, median, high)| Spread { low, median, high })
}
