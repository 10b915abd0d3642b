//! What a report is made from: [`Request`], and each measure with its role: [`Measured`].
use super::report::{Phase, Provenance, Role, Unit};
use crate::model::experiment::{MethodKind, Status};
use crate::model::manifest::PropertyType;
use crate::model::metric::{Better, MetricKind};
use crate::model::value::{Change, ChangeUnit, Date};
use crate::model::{Experiment, Id, Metric, Model};
use crate::plan::{ExperimentPlan, MeasurePlan, ReadPlan};
use crate::tally::{Cut, Tallies, Tally};

/// What a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'r> {
    /// The project.
    pub model: &'r Model,
    /// Which experiment.
    pub experiment: Id<Experiment>,
    /// Its plan.
    pub plan: &'r ExperimentPlan,
    /// What was counted.
    pub tallies: &'r Tallies,
    /// The day it is, in the project's time zone.
    pub today: Date,
    /// What the numbers were made from.
    pub provenance: &'r Provenance,
}

/// What a person may ask of a report beyond the numbers, and what the door may know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Effects are shown although a gate closed; the verdict stays "invalid".
    pub despite_mismatch: bool,
    /// Whether the plan changed after the start; nothing where nobody compared.
    pub plan_changed: Option<bool>,
    /// How often its tests ring where there is no effect; nothing where nobody drew its assignment anew.
    pub calibration: Option<Calibration>,
}

/// How often the tests of an experiment ring on its own data, its assignment drawn anew so that there is no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calibration {
    /// Tests made.
    pub tests: u64,
    /// Of those, tests that rang.
    pub rang: u64,
}

/// An experiment with everything its report looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'r> {
    input: Input<'r>,
    settings: Settings,
}

impl<'r> std::ops::Deref for Request<'r> {
    type Target = Input<'r>;

    fn deref(&self) -> &Input<'r> {
        &self.input
    }
}

/// One measure of the experiment, in one role.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measured<'r> {
    /// The metric.
    pub metric: &'r Metric,
    /// What it is measured by.
    pub plan: &'r MeasurePlan,
    /// Its place in the plan.
    pub place: u32,
    /// What it is for.
    pub role: Role,
    /// What is expected (primary) or tolerated (guardrail).
    pub change: Option<Change>,
}

impl<'r> Request<'r> {
    /// Returns the request of an input with these settings.
    pub(super) fn new(input: Input<'r>, settings: Settings) -> Self {
        Self { input, settings }
    }

    /// What was asked beyond the numbers.
    pub(super) fn settings(&self) -> Settings {
        self.settings
    }

    /// The experiment.
    pub(super) fn spec(&self) -> &'r Experiment {
        &self.input.model.experiments[self.experiment]
    }

    /// How many arms there are.
    pub(super) fn arms(&self) -> u32 {
        self.spec().variants.len() as u32
    }

    /// The weights the experiment starts with, the control first, in percent.
    pub(super) fn weights(&self) -> Vec<f64> {
        self.weights_on(self.spec().counts_from())
    }

    /// The weights in force on a day, the control first, in percent.
    pub(super) fn weights_on(&self, day: Date) -> Vec<f64> {
        let spec = self.spec();
        let control = spec.variants.iter().filter(|v| v.is_control());
        control.chain(spec.variants.iter().filter(|v| !v.is_control())).map(|v| v.weight_on(day).0.to_f64()).collect()
    }

    /// The planned weight of a treatment among it and the control.
    pub(super) fn weight_of(&self, arm: u32) -> f64 {
        let weights = self.weights();
        let of = |arm: u32| weights.get(arm as usize).copied().unwrap_or(0.0);
        let share = of(arm) / (of(0) + of(arm));
        if share > 0.0 && share < 1.0 { share } else { 0.5 }
    }

    /// Units counted in an arm: the exposed, else the most that any measure counts.
    pub(super) fn units(&self, arm: u32) -> u64 {
        let exposed = self.tallies.exposed(arm, &Cut::Total);
        if exposed > 0 {
            return exposed;
        }
        let of_arm = self.tallies.iter().filter(|(key, _)| key.variant == arm && key.cut == Cut::Total);
        of_arm.map(|(_, tally)| tally.units()).max().unwrap_or(0)
    }

    /// Units counted in all arms.
    pub(super) fn all_units(&self) -> u64 {
        (0..self.arms()).map(|arm| self.units(arm)).sum()
    }

    /// Each measure in each role: primaries, secondaries, guardrails.
    pub(super) fn measured(&self) -> Vec<Measured<'r>> {
        let spec = self.spec();
        let primaries = spec.primaries.iter().map(|p| (p.metric, Role::Primary, p.expects));
        let secondaries = spec.secondaries.iter().map(|m| (*m, Role::Secondary, None));
        let guardrails = spec.guardrails.iter().map(|g| (g.metric, Role::Guardrail, Some(g.tolerates)));
        let roles = primaries.chain(secondaries).chain(guardrails);
        roles.flat_map(|(metric, role, change)| self.measures(metric, role, change)).collect()
    }

    fn measures(&self, id: Id<Metric>, role: Role, change: Option<Change>) -> Vec<Measured<'r>> {
        let metric = &self.input.model.metrics[id];
        let of_metric = (0_u32..).zip(&self.input.plan.measures).filter(|(_, m)| m.metric == id);
        of_metric.map(|(place, plan)| Measured { metric, plan, place, role, change }).collect()
    }

    /// The tallies of the control and of a treatment in a cut.
    pub(super) fn pair(&self, measure: u32, arm: u32, cut: &Cut) -> Option<(&'r Tally, &'r Tally)> {
        self.input.tallies.get(measure, 0, cut).zip(self.input.tallies.get(measure, arm, cut))
    }

    /// The first and the last day with an exposure.
    pub(super) fn days(&self) -> Option<(Date, Date)> {
        let day = |cut: &Cut| if let Cut::Day(day) = cut { Some(*day) } else { None };
        let days: Vec<i32> = self.tallies.cuts().iter().filter_map(day).collect();
        Some((date(*days.iter().min()?)?, date(*days.iter().max()?)?))
    }

    /// The longest window of a measure, in whole days, begun days counted.
    pub(super) fn window_days(&self) -> i64 {
        const DAY: i64 = 86_400_000_000;
        let windows = self.plan.measures.iter().map(|m| m.window);
        windows.filter(|w| *w < 3650 * DAY).map(|w| w.div_euclid(DAY) + i64::from(w % DAY > 0)).max().unwrap_or(0)
    }

    /// The planned days, both ends included.
    pub(super) fn planned_days(&self) -> i64 {
        days_between(self.spec().counts_from(), self.spec().runs.1) + 1
    }

    /// Where the experiment stands.
    pub(super) fn phase(&self) -> Phase {
        let (spec, last) = (self.spec(), self.spec().runs.1);
        let counted = self.all_units() > 0;
        match &spec.status {
            Status::Draft => Phase::Draft,
            _ if !counted => Phase::NoData,
            Status::Stopped(on, _) | Status::Shipped(_, on, _) if *on < last => Phase::StoppedEarly,
            Status::Stopped(..) | Status::Shipped(..) => Phase::Complete,
            Status::Running | Status::Paused if days_between(last, self.today) > self.window_days() => Phase::Complete,
            Status::Running | Status::Paused => Phase::Running,
        }
    }

    /// The share of the planned time that the data covers.
    pub(super) fn progress(&self) -> f64 {
        if matches!(self.phase(), Phase::Complete) {
            return 1.0;
        }
        let seen = self.days().map_or(self.today, |(_, last)| last);
        let covered = days_between(self.spec().counts_from(), seen) + 1;
        (covered as f64 / self.planned_days().max(1) as f64).clamp(0.0, 1.0)
    }

    /// Whether a test that may be read once ended before its plan did.
    pub(super) fn cut_short(&self) -> bool {
        let once = matches!(self.spec().method.kind, MethodKind::Fixed | MethodKind::Bayesian);
        once && self.phase() == Phase::StoppedEarly
    }
}

/// Returns the day so many days after 1970-01-01.
pub(super) fn date(days: i32) -> Option<Date> {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.checked_add(jiff::Span::new().try_days(i64::from(days)).ok()?).ok()
}

/// Returns how many days the second day lies after the first.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours().div_euclid(24)
}

impl Measured<'_> {
    /// Whether higher is better.
    pub(super) fn higher_is_better(&self) -> bool {
        self.metric.better == Better::Higher
    }

    /// Whether an effect is a good one.
    pub(super) fn is_good(&self, effect: f64) -> bool {
        (effect > 0.0) == self.higher_is_better()
    }

    /// The title; of a funnel's step, with the step.
    pub(super) fn title(&self, model: &Model) -> String {
        let title = &self.metric.meta.title;
        let (ReadPlan::Step(_, step), MetricKind::Steps(steps)) = (&self.plan.reads, &self.metric.kind) else {
            return title.clone();
        };
        let step = model.funnels[steps.funnel].steps.get(*step).map(|s| s.touchpoint);
        step.map_or_else(|| title.clone(), |at| format!("{title}: {}", model.touchpoints[at].meta.title))
    }

    /// What its values count.
    pub(super) fn unit(&self, model: &Model) -> Unit {
        let money = |name: &str| model.manifest.properties.get(name) == Some(&PropertyType::Money);
        let is_money =
            !self.metric.properties().is_empty() && self.metric.properties().iter().all(|p| money(&p.property));
        match &self.metric.kind {
            _ if self.metric.is_share() => Unit::Share,
            MetricKind::Nps(_) => Unit::Nps,
            MetricKind::TimeTo(_) => Unit::Days,
            _ if is_money => model.manifest.currency.clone().map_or(Unit::Number, Unit::Money),
            _ => Unit::Number,
        }
    }

    /// The planned or tolerated change.
    pub(super) fn shift(&self) -> Option<Shift> {
        Some(match self.change? {
            Change::Relative(percent) => Shift::Relative(percent.share()),
            Change::Points(points) if self.metric.is_share() => Shift::Absolute(points.to_f64() / 100.0),
            Change::Points(points) => Shift::Absolute(points.to_f64()),
            Change::Money(money) => Shift::Absolute(money.to_f64()),
            Change::Absolute(value, unit) => Shift::Absolute(value.to_f64() * self.days(unit)),
        })
    }

    /// A unit of time in days for metrics that are times; elsewhere the data's own unit.
    fn days(&self, unit: ChangeUnit) -> f64 {
        match (&self.metric.kind, unit) {
            (MetricKind::TimeTo(_), ChangeUnit::Millisecond) => 0.001 / 86_400.0,
            (MetricKind::TimeTo(_), ChangeUnit::Second) => 1.0 / 86_400.0,
            (MetricKind::TimeTo(_), ChangeUnit::Minute) => 60.0 / 86_400.0,
            (MetricKind::TimeTo(_), ChangeUnit::Hour) => 3600.0 / 86_400.0,
            _ => 1.0,
        }
    }
}

/// A change, as a method takes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shift {
    /// Of the control's value.
    Relative(f64),
    /// In the metric's own unit.
    Absolute(f64),
}

impl Shift {
    /// The change in the metric's own unit.
    pub(super) fn absolute(self, base: f64) -> f64 {
        match self {
            Self::Relative(share) => share * base.abs(),
            Self::Absolute(value) => value,
        }
    }
}
