//! Tallies to a report: which method decides, what must be checked first, and what the numbers allow one to do.
//!
//! One test per metric, and every interval shown is its inversion; the split is a gate; the rule that ships is written
//! before the start. Where the answer is "cannot say", the report holds the reason and no number.

mod checks;
mod effect;
pub mod journey;
mod metrics;
mod report;
mod shipped;
mod verdict;
mod words;

pub use report::{
    Arm, Check, CheckId, Comparison, Decision, Estimate, Finding, IfShipped, Inconclusive, MetricResult, Outcome,
    Phase, Planned, Provenance, Report, Role, SCHEMA, Segment, Sentence, Unit, Value, Verdict,
};

use crate::model::experiment::{Experiment, MethodKind, Status};
use crate::model::value::Date;
use crate::model::{Id, Model};
use crate::plan::ExperimentPlan;
use crate::tally::{Cut, Tallies};
use words::{percent, say};

/// What a report is made from.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The project.
    pub model: &'a Model,
    /// Which experiment.
    pub experiment: Id<Experiment>,
    /// Its plan, if anything counts its units in.
    pub plan: &'a ExperimentPlan,
    /// What was counted.
    pub tallies: &'a Tallies,
    /// The day it is, in the project's time zone.
    pub today: Date,
    /// What the numbers were made from.
    pub provenance: &'a Provenance,
}

/// Returns the report of an experiment; the same input gives the same report.
pub fn analyse(input: Input<'_>) -> Report {
    let case = Case::new(input);
    let metrics = metrics::results(&case);
    let segments = metrics::segments(&case);
    let checks = checks::all(&case, &metrics);
    let verdict = verdict::verdict(&case, &metrics, &checks);
    let if_shipped = shipped::if_shipped(&case, &metrics, &verdict);
    let experiment = case.experiment;
    Report {
        schema: SCHEMA,
        experiment: experiment.meta.id.clone(),
        title: experiment.meta.title.clone(),
        status: experiment.status.name(),
        phase: case.phase,
        round: experiment.round(),
        planned: case.planned(),
        days: case.days().map(|(from, to)| (from.to_string(), to.to_string())),
        arms: case.arms(),
        method: case.method(&metrics),
        metrics,
        segments,
        checks,
        verdict,
        if_shipped,
        provenance: input.provenance.clone(),
    }
}

/// An experiment with everything its report looks at.
struct Case<'a> {
    model: &'a Model,
    experiment: &'a Experiment,
    plan: &'a ExperimentPlan,
    tallies: &'a Tallies,
    phase: Phase,
}

impl<'a> Case<'a> {
    fn new(input: Input<'a>) -> Self {
        let experiment = &input.model.experiments[input.experiment];
        let mut case =
            Case { model: input.model, experiment, plan: input.plan, tallies: input.tallies, phase: Phase::Draft };
        case.phase = case.phase_on(input.today);
        case
    }

    fn phase_on(&self, today: Date) -> Phase {
        let end = self.experiment.runs.1;
        let ended = match &self.experiment.status {
            Status::Draft => return Phase::Draft,
            _ if self.units() == 0 => return Phase::NoData,
            Status::Running | Status::Paused => (today > end).then_some(end),
            Status::Stopped(on, _) | Status::Shipped(_, on, _) => Some(*on),
        };
        match ended {
            None => Phase::Running,
            Some(on) if on >= end => Phase::Complete,
            Some(_) => Phase::StoppedEarly,
        }
    }

    /// Returns how many units were exposed in an arm.
    fn exposed(&self, arm: usize) -> u64 {
        u32::try_from(arm).map_or(0, |arm| self.tallies.exposed(arm, &Cut::Total))
    }

    /// Returns how many units were exposed over all arms.
    fn units(&self) -> u64 {
        (0..self.plan.variants.len()).map(|arm| self.exposed(arm)).sum()
    }

    /// Returns the first and last day with an exposure.
    fn days(&self) -> Option<(Date, Date)> {
        let days: Vec<i32> =
            self.tallies.cuts().iter().filter_map(|c| if let Cut::Day(day) = c { Some(*day) } else { None }).collect();
        Some((day(*days.iter().min()?)?, day(*days.iter().max()?)?))
    }

    fn level(&self) -> f64 {
        self.experiment.method.level.share()
    }

    fn power(&self) -> f64 {
        self.experiment.method.power.share()
    }

    /// Returns the title of an arm.
    fn title(&self, arm: usize) -> String {
        let key = self.plan.variants.get(arm).map_or("", String::as_str);
        self.experiment.variants.iter().find(|v| v.meta.id == key).map_or(key.to_owned(), |v| v.meta.title.clone())
    }

    fn arms(&self) -> Vec<Arm> {
        let arm = |(i, (key, weight)): (usize, (&String, &f64))| Arm {
            key: key.clone(),
            title: self.title(i),
            weight: weight / 100.0,
            units: self.exposed(i),
        };
        self.plan.variants.iter().zip(&self.plan.weights).enumerate().map(arm).collect()
    }

    fn planned(&self) -> Planned {
        let (from, to) = (self.experiment.counts_from(), self.experiment.runs.1);
        Planned {
            from: from.to_string(),
            to: to.to_string(),
            method: self.experiment.method.kind.name(),
            level: self.level(),
            power: self.power(),
            units: metrics::units_needed(self),
        }
    }

    /// Returns which look this is of so many, by the time gone.
    fn look(&self, looks: u32) -> u32 {
        let (from, to) = (self.experiment.counts_from(), self.experiment.runs.1);
        let length = i64::from((to - from).get_days()) + 1;
        let gone = self.days().map_or(0, |(_, last)| i64::from((last - from).get_days()) + 1);
        if self.phase == Phase::Complete {
            return looks;
        }
        u32::try_from(gone.max(0) * i64::from(looks) / length.max(1)).unwrap_or(1).clamp(1, looks)
    }

    fn method(&self, metrics: &[MetricResult]) -> Vec<Sentence> {
        let level = percent(self.level());
        let used = |names: &[&str]| {
            metrics
                .iter()
                .flat_map(|m| &m.comparisons)
                .any(|c| matches!(&c.outcome, Outcome::Estimate(e) if names.contains(&e.method)))
        };
        let mut all = vec![say("method-unit").with("unit", &self.experiment.unit).done()];
        let kinds: [(&str, &[&str]); 7] = [
            ("method-shares", &["prop_diff_miettinen_nurminen"]),
            ("method-means", &["welch_t"]),
            ("method-ratio", &["ratio_delta"]),
            ("method-cuped", &["cuped"]),
            ("method-quantile", &["quantile_metric"]),
            ("method-nps", &["nps_diff"]),
            ("method-times", &["logrank"]),
        ];
        all.extend(kinds.iter().filter(|(_, names)| used(names)).map(|(rule, _)| say(rule).done()));
        all.push(match &self.experiment.method.kind {
            MethodKind::Fixed => say("method-fixed").with("level", level).done(),
            MethodKind::Sequential => say("method-sequential").with("level", level).done(),
            MethodKind::Bayesian => say("method-bayesian").done(),
            MethodKind::GroupSequential { looks, .. } => {
                let look = self.look(*looks);
                say("method-group-sequential").with("looks", looks).with("level", level).with("look", look).done()
            }
        });
        let family = metrics.iter().filter(|m| m.role == Role::Primary).map(|m| m.comparisons.len()).sum::<usize>();
        if family > 1 {
            all.push(say("method-holm").with("family", family).done());
        }
        all.push(say("method-rule").done());
        all
    }
}

/// Returns the date of a day counted from 1970-01-01.
fn day(number: i32) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(number).ok()?).ok()
}
