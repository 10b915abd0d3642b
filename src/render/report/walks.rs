//! The funnels of a report: arm beside arm, every step over all that were exposed.

use super::Ctx;
use crate::analysis::{StepDifference, Walk, WalkStep};
use crate::render::map::short;
use crate::render::words::{Unit, Words};
use serde::Serialize;

/// A funnel.
#[derive(Debug, Serialize)]
pub(super) struct WalkPart {
    pub title: String,
    /// Where the arms part, as its title sentence.
    pub finding: String,
    pub within: String,
    pub rows: Vec<WalkRow>,
}

/// A step; the first row is the exposure.
#[derive(Debug, Serialize)]
pub(super) struct WalkRow {
    pub title: String,
    pub cells: Vec<WalkCell>,
}

/// How many of an arm reach a step.
#[derive(Debug, Default, Serialize)]
pub(super) struct WalkCell {
    pub units: String,
    pub share: String,
    /// The bar, in percent of all exposed.
    pub width: String,
    /// The difference from the control with its interval.
    pub change: String,
    pub interval: String,
    /// Whether the interval leaves no change out.
    pub off: bool,
}

impl Ctx<'_> {
    /// Returns the funnels.
    pub(super) fn walks(&self) -> Vec<WalkPart> {
        self.report.funnels.iter().map(|w| self.walk(w)).collect()
    }

    fn walk(&self, walk: &Walk) -> WalkPart {
        let funnel = self.model.funnels.values().find(|f| f.meta.id == walk.funnel);
        let within = funnel.and_then(|f| f.within).map(|d| self.words.duration(d));
        let exposed = |n: &u64| WalkCell {
            units: self.words.integer(*n),
            share: self.words.percent(1.0, 0),
            width: "100".to_owned(),
            ..WalkCell::default()
        };
        let mut rows = vec![WalkRow {
            title: self.words.t("walk.exposed").to_owned(),
            cells: walk.exposed.iter().map(exposed).collect(),
        }];
        rows.extend(walk.steps.iter().map(|s| self.walk_row(walk, s)));
        WalkPart {
            title: walk.title.clone(),
            finding: self.parted(walk),
            within: within.map(|time| self.words.fill("walk.within", &[("time", &time)])).unwrap_or_default(),
            rows,
        }
    }

    fn walk_row(&self, walk: &Walk, step: &WalkStep) -> WalkRow {
        let cells = step.reached.iter().zip(&walk.exposed).enumerate();
        WalkRow {
            title: step.title.clone(),
            cells: cells.map(|(arm, (reached, exposed))| self.walk_cell(step, arm, *reached, *exposed)).collect(),
        }
    }

    fn walk_cell(&self, step: &WalkStep, arm: usize, reached: Option<u64>, exposed: u64) -> WalkCell {
        let difference = step.differences.iter().find(|d| d.arm == arm);
        let (change, interval) = difference.map(|d| self.apart(d)).unwrap_or_default();
        let shown = self.model.manifest.privacy.smallest_cell.to_string();
        let Some(n) = reached else {
            return WalkCell { units: self.words.fill("number.masked", &[("n", &shown)]), ..WalkCell::default() };
        };
        let share = if exposed == 0 { 0.0 } else { n as f64 / exposed as f64 };
        WalkCell {
            units: self.words.integer(n),
            share: self.words.rate(share, exposed),
            width: short(share * 100.0),
            change,
            interval,
            off: difference.is_some_and(|d| d.interval.excludes(0.0)),
        }
    }

    /// Returns a difference and its interval in words.
    fn apart(&self, d: &StepDifference) -> (String, String) {
        let width = d.interval.high.zip(d.interval.low).map_or(d.effect, |(high, low)| high - low);
        let say = |x: f64| self.words.change(x, Unit::Points, Words::decimals(width, Unit::Points));
        (say(d.effect), self.range(d.interval, &say))
    }

    /// Returns the first step at which the arms differ, and by how much.
    fn parted(&self, walk: &Walk) -> String {
        let off = |s: &WalkStep| s.differences.iter().find(|d| d.interval.excludes(0.0)).copied();
        let Some((step, d)) = walk.steps.iter().find_map(|s| Some((s, off(s)?))) else {
            return self.words.t("walk.alike").to_owned();
        };
        let (effect, interval) = self.apart(&d);
        let effect = self.words.fill("number.points", &[("n", &effect)]);
        let values =
            [("arm", self.arm(d.arm)), ("step", step.title.clone()), ("effect", effect), ("interval", interval)];
        self.words.fill("walk.parted", &values.each_ref().map(|(k, v)| (*k, v.as_str())))
    }
}
