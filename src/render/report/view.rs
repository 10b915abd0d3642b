//! What the template and the Markdown twin of a report are given.

use super::forest::{Axis, Mark};
use crate::render::rich::Rich;
use serde::Serialize;

/// The page of a report.
#[derive(Debug, Serialize)]
pub(super) struct ReportPage {
    pub project: String,
    pub title: String,
    pub map: String,
    pub map_title: String,
    pub state: &'static str,
    pub state_label: String,
    pub simulated: bool,
    pub facts: Vec<Rich>,
    pub verdict: VerdictBox,
    pub why: Why,
    pub arms: Vec<ArmHead>,
    pub parts: Vec<Part>,
    pub effects: Vec<Group>,
    pub numbers: Vec<super::numbers::NumberRow>,
    pub plan: Vec<PlanRow>,
    /// Why nothing is shown though there is data.
    pub plan_hint: String,
    pub courses: Vec<super::over_time::Course>,
    /// The effects by time since exposure.
    pub ages: Vec<super::over_time::Course>,
    pub segments: Vec<Group>,
    /// Whether any of them stands out.
    pub segments_finding: String,
    /// The effects beside other tests.
    pub beside: Vec<super::numbers::BesideRow>,
    pub walks: Vec<super::walks::WalkPart>,
    pub shipped: Option<Shipped>,
    pub checks: Vec<CheckRow>,
    pub passed: usize,
    pub passed_label: String,
    pub decision: Vec<Rich>,
    pub method: Vec<String>,
    pub provenance: Vec<(String, String)>,
    pub footer: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct VerdictBox {
    /// `ship`, `keep`, `same`, `wait`, `unknown`, `broken`, `draft`.
    pub tone: &'static str,
    /// The words fixed by rule.
    pub says: Rich,
    pub because: String,
    /// What shipping is worth in money, where the plan prices what it measures.
    pub worth: Option<Rich>,
    /// What to do.
    pub todo: String,
    /// How sure.
    pub sure: Vec<Rich>,
    /// What could be wrong.
    pub doubts: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Why {
    pub because: Rich,
    pub pain: Option<Rich>,
    pub opportunity: Option<Rich>,
    pub place: Rich,
    pub who: Vec<Rich>,
    pub strip: Strip,
}

/// The map in one line: a dot a touchpoint, the one of the experiment lit.
#[derive(Debug, Serialize)]
pub(super) struct Strip {
    pub desc: String,
    pub dots: Vec<Dot>,
    pub lines: Vec<(String, String, String, String)>,
}

#[derive(Debug, Serialize)]
pub(super) struct Dot {
    pub x: String,
    pub y: String,
    pub hue: usize,
    pub lit: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct ArmHead {
    pub title: String,
    pub letter: String,
    pub control: bool,
    pub winner: bool,
    pub weight: String,
    pub units: Option<String>,
}

/// A part of the variants: its value in each, and whether it differs from the control's.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    pub name: String,
    pub changed: bool,
    pub values: Vec<(String, bool)>,
}

/// Effects on one scale.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    /// What is to be seen in it.
    pub title: String,
    /// What its scale counts.
    pub unit: String,
    pub hint: String,
    pub axis: Option<Axis>,
    pub rows: Vec<EffectRow>,
}

#[derive(Debug, Serialize)]
pub(super) struct EffectRow {
    pub metric: String,
    pub arm: String,
    pub role: &'static str,
    pub role_label: String,
    pub planned: String,
    pub mark: Option<Mark>,
    pub effect: String,
    pub interval: String,
    pub lift: String,
    pub values: String,
    pub people: String,
    pub decision: &'static str,
    pub decision_label: String,
    pub notes: Vec<String>,
}

/// A metric as planned, where nothing is measured yet.
#[derive(Debug, Serialize)]
pub(super) struct PlanRow {
    pub metric: String,
    pub role: &'static str,
    pub role_label: String,
    pub planned: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Shipped {
    pub metric: String,
    pub people: String,
    pub cells: Vec<(String, String, String)>,
}

#[derive(Debug, Serialize)]
pub(super) struct CheckRow {
    pub icon: &'static str,
    pub finding: String,
    pub class: &'static str,
    pub name: String,
    pub says: String,
}
