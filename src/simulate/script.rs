//! All that a walk needs to know, worked out once: [`Script`].

use super::maker::{Maker, PropertyMaker, properties, scores};
use super::route::Route;
use super::trial::Trial;
use super::truth::Truth;
use crate::model::experiment::Status;
use crate::model::manifest::DataSource;
use crate::model::value::Date;
use crate::model::{Condition, Id, Model, Persona};
use crate::payload::{Stage, build};
use jiff::ToSpan;
use jiff::tz::TimeZone;

/// The project and its truth, ready to be walked.
pub(super) struct Script<'m> {
    /// The project.
    pub model: &'m Model,
    /// What is true.
    pub truth: &'m Truth,
    /// The kinds of people: weight, persona, who they are.
    pub kinds: Vec<(f64, Id<Persona>, Option<&'m Condition>)>,
    /// The attributes in the order of the manifest.
    pub attributes: Vec<(String, Maker)>,
    /// The ways through journeys.
    pub routes: Vec<Route>,
    /// The experiments.
    pub trials: Vec<Trial>,
    /// By event: its name in the data, and its properties.
    pub events: Vec<(String, Vec<(String, PropertyMaker)>)>,
    /// The days on which people come, as the second each starts at, and how many come.
    pub days: Vec<(i64, f64)>,
    /// The first second without data.
    pub until: i64,
    /// The source the rows are written for.
    pub source: DataSource,
}

impl<'m> Script<'m> {
    /// Returns the script of a project.
    ///
    /// # Errors
    /// As [`super::simulate`].
    pub fn new(model: &'m Model, truth: &'m Truth) -> Result<Self, String> {
        let now = model.journeys.iter().filter(|(_, j)| j.ideal_of.is_none());
        let routes: Vec<Route> = now.filter_map(|(id, _)| Route::new(model, truth, id)).collect();
        if routes.is_empty() {
            return Err("no touchpoint has `seen by`, so nothing of a journey can be seen in data".to_owned());
        }
        named(model, truth)?;
        let name = |id| model.events[id].names.first().map_or_else(String::new, |n| n.name.clone());
        let events = model.events.iter().map(|(id, _)| (name(id), properties(model, truth, id)));
        let attributes = model.manifest.attributes.iter();
        let attributes = attributes.map(|(name, kind)| (name.to_owned(), Maker::attribute(model, truth, name, *kind)));
        let (days, until) = days(model, truth)?;
        let mut logs = model.manifest.data.iter().filter(|d| !d.events.patterns().is_empty());
        Ok(Self {
            model,
            truth,
            kinds: kinds(model),
            attributes: attributes.collect(),
            routes,
            trials: Trial::all(model, truth, &build(model, Stage::Running))?,
            events: events.collect(),
            days,
            until,
            source: logs.next().cloned().unwrap_or_default(),
        })
    }
}

/// Refuses a truth about touchpoints and attributes that are not there.
fn named(model: &Model, truth: &Truth) -> Result<(), String> {
    let touchpoint = |id: &str| model.touchpoints.values().any(|t| t.meta.id == id);
    let shares = truth.enters.iter().chain(truth.goes_on.iter()).chain(truth.sees.iter()).chain(truth.keeps.iter());
    let mut places = shares.map(|(id, _)| id).chain(truth.repeats.iter().map(|(id, _)| id));
    if let Some(id) = places.find(|id| !touchpoint(id)) {
        return Err(format!("the truth names `{id}`, which is no touchpoint"));
    }
    let promises = |id: &str| model.touchpoints.values().any(|t| t.meta.id == id && t.promise.is_some());
    if let Some((id, _)) = truth.keeps.iter().find(|(id, _)| !promises(id)) {
        return Err(format!("the truth says how often `{id}` keeps its promise, and it makes none"));
    }
    let scored = |id: &str| model.metrics.values().any(|m| scores(&m.kind, id));
    if let Some((id, _)) = truth.scores.iter().find(|(id, _)| !scored(id)) {
        return Err(format!("the truth names answers of `{id}`, of which no metric is the net promoter score"));
    }
    let attribute = |id: &str| model.manifest.attributes.get(id).is_some();
    if let Some((id, _)) = truth.attributes.iter().find(|(id, _)| !attribute(id)) {
        return Err(format!("the truth names `{id}`, which is no attribute of the manifest"));
    }
    let property = |id: &str| model.manifest.properties.get(id).is_some();
    match truth.properties.iter().find(|(id, _)| !property(id)) {
        Some((id, _)) => Err(format!("the truth names `{id}`, which is no property of the manifest")),
        None => Ok(()),
    }
}

/// Returns the personas that travel now, by share; where none says its share, all alike.
fn kinds(model: &Model) -> Vec<(f64, Id<Persona>, Option<&Condition>)> {
    let now = || model.journeys.values().filter(|j| j.ideal_of.is_none());
    let travels = |id: &Id<Persona>| now().any(|j| j.personas.is_empty() || j.personas.contains(id));
    let weight = |p: &Persona| p.share.map_or(0.1, |s| s.share());
    let all = model.personas.iter().filter(|(id, _)| travels(id));
    all.map(|(id, p)| (weight(p), id, p.condition.as_ref())).collect()
}

/// Returns the days with data: from two weeks before the first experiment to two weeks after the last, or as told.
fn days(model: &Model, truth: &Truth) -> Result<(Vec<(i64, f64)>, i64), String> {
    let started = || model.experiments.values().filter(|e| e.status != Status::Draft);
    let around = |day: Option<Date>, days: i64| day.and_then(|d| d.checked_add(days.days()).ok());
    let first = truth.from.or_else(|| around(started().map(|e| e.runs.0).min(), -14));
    let last = truth.until.or_else(|| around(started().map(|e| e.runs.1).max(), 15));
    let needed = "no experiment has started that would give the days; say `from` and `until`";
    let (first, last) = first.zip(last).ok_or(needed)?;
    let zone = TimeZone::get(model.manifest.zone()).unwrap_or(TimeZone::UTC);
    let second = |day: Date| day.to_zoned(zone.clone()).map(|z| z.timestamp().as_second()).map_err(|e| e.to_string());
    let mut all = Vec::new();
    let mut day = first;
    while day < last {
        // Weekends are quieter.
        let weight = if day.weekday().to_monday_zero_offset() >= 5 { 0.75 } else { 1.0 };
        all.push((second(day)?, weight));
        day = day.tomorrow().map_err(|e| e.to_string())?;
    }
    if all.is_empty() || all.len() > 3_660 {
        return Err("`from` must lie before `until`, by ten years at most".to_owned());
    }
    Ok((all, second(last)?))
}
