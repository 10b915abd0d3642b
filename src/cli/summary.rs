//! What a project was at a build: [`Summary`], left beside the pages as `summary.json`, so that the next build can say what
//! changed.
//!
//! It holds the state now and the one before the last change. A build that finds the same state keeps both, so that the same
//! project over the same folder gives the same bytes however often it is built.

use crate::analysis::{Report, Verdict};
use crate::model::touchpoint::Anchor;
use crate::model::{Experiment, Id, Journey, Model};
use crate::render::{Change, map_file, report_file};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The file's name.
pub const FILE: &str = "summary.json";
const SCHEMA: &str = "waypost/summary/1";

/// What `summary.json` holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    schema: String,
    now: State,
    before: Option<State>,
}

/// A project, as far as its index tells of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    journeys: BTreeMap<String, Map>,
    experiments: BTreeMap<String, Test>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Map {
    title: String,
    touchpoints: u64,
    pains: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Test {
    title: String,
    status: String,
    verdict: Option<String>,
    variant: Option<String>,
}

impl Summary {
    /// Returns the summary of a project, after the one that an earlier build left in a folder.
    pub fn after(folder: &Path, model: &Model, reports: &[(Id<Experiment>, Report)]) -> Self {
        let now = State::of(model, reports);
        let before = match Self::beside(folder) {
            Some(old) if old.now == now => old.before,
            Some(old) => Some(old.now),
            None => None,
        };
        Self { schema: SCHEMA.to_owned(), now, before }
    }

    /// Returns the summary that a build left in a folder.
    pub fn beside(folder: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(folder.join(FILE)).ok()?;
        serde_json::from_str(&text).ok().filter(|s: &Self| s.schema == SCHEMA)
    }

    /// Returns the file's text.
    pub fn written(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Returns what changed last: maps, then experiments, by their ids.
    pub fn changes(&self, model: &Model) -> Vec<Change> {
        let Some(before) = &self.before else { return Vec::new() };
        let mut out = Vec::new();
        let page = |id: &str| model.journey(id).map(|j| format!("{}.html", map_file(&model.journeys[j])));
        for id in both(&before.journeys, &self.now.journeys) {
            match (before.journeys.get(id), self.now.journeys.get(id), page(id)) {
                (None, Some(new), Some(href)) => out.push(Change::New { title: new.title.clone(), href }),
                (Some(old), None, _) => out.push(Change::Gone { title: old.title.clone() }),
                (Some(old), Some(new), Some(href)) => out.extend(new.since(old, &href)),
                _ => {}
            }
        }
        let page = |id: &str| model.experiment(id).map(|e| format!("{}.html", report_file(&model.experiments[e])));
        for id in both(&before.experiments, &self.now.experiments) {
            match (before.experiments.get(id), self.now.experiments.get(id), page(id)) {
                (None, Some(new), Some(href)) => out.push(Change::New { title: new.title.clone(), href }),
                (Some(old), None, _) => out.push(Change::Gone { title: old.title.clone() }),
                (Some(old), Some(new), Some(href)) => out.extend(new.since(old, &href)),
                _ => {}
            }
        }
        out
    }
}

/// Returns the keys of both tables, each once, sorted.
fn both<'a, T>(a: &'a BTreeMap<String, T>, b: &'a BTreeMap<String, T>) -> Vec<&'a String> {
    let mut all: Vec<&String> = a.keys().chain(b.keys()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl Map {
    fn since(&self, old: &Self, href: &str) -> Vec<Change> {
        let touchpoints = (old.touchpoints != self.touchpoints).then(|| Change::Touchpoints {
            title: self.title.clone(),
            href: href.to_owned(),
            was: old.touchpoints,
            is: self.touchpoints,
        });
        let pains = (old.pains != self.pains).then(|| Change::Pains {
            title: self.title.clone(),
            href: href.to_owned(),
            was: old.pains,
            is: self.pains,
        });
        touchpoints.into_iter().chain(pains).collect()
    }
}

impl Test {
    fn since(&self, old: &Self, href: &str) -> Vec<Change> {
        let (title, href) = (self.title.clone(), href.to_owned());
        let mut out = Vec::new();
        if old.status != self.status {
            let (was, is) = (old.status.clone(), self.status.clone());
            out.push(Change::Status { title: title.clone(), href: href.clone(), was, is });
        }
        if (&old.verdict, &old.variant) != (&self.verdict, &self.variant)
            && let (Some(was), Some(is)) = (&old.verdict, &self.verdict)
        {
            let of =
                |verdict: &String, variant: &Option<String>| (verdict.clone(), variant.clone().unwrap_or_default());
            out.push(Change::Verdict { title, href, was: of(was, &old.variant), is: of(is, &self.variant) });
        }
        out
    }
}

impl State {
    fn of(model: &Model, reports: &[(Id<Experiment>, Report)]) -> Self {
        let pains = |journey: Id<Journey>| {
            let here = |at: &Anchor| match at {
                Anchor::Stage(s) => model.stages[*s].journey == journey,
                Anchor::Touchpoint(t) => model.touchpoints[*t].journey == journey,
            };
            model.pains.values().filter(|p| p.solved.is_none() && here(&p.at)).count() as u64
        };
        let map = |(id, journey): (Id<Journey>, &Journey)| {
            let (title, touchpoints) = (journey.meta.title.clone(), model.touchpoints_of(id).count() as u64);
            (journey.meta.id.clone(), Map { title, touchpoints, pains: pains(id) })
        };
        let test = |(id, e): (Id<Experiment>, &Experiment)| {
            let report = reports.iter().find(|(other, _)| *other == id).map(|(_, report)| report);
            let variant = report.and_then(|r| match r.verdict {
                Verdict::Ship { arm, .. } => r.arms.get(arm).map(|a| a.title.clone()),
                _ => None,
            });
            let verdict = report.map(|r| r.verdict.name().to_owned());
            let status = e.status.name().to_owned();
            (e.meta.id.clone(), Test { title: e.meta.title.clone(), status, verdict, variant })
        };
        Self {
            journeys: model.journeys.iter().map(map).collect(),
            experiments: model.experiments.iter().map(test).collect(),
        }
    }
}
