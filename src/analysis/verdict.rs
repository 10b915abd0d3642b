//! What the numbers allow one to do: [`verdict`], the ship rule of Schultzberg, Ankargren and Franberg (2024).
//!
//! Ship when at least one primary is better, every guardrail is shown to stay within what is tolerated, nothing got worse,
//! and no check fails. Each answer is one rule with one sentence.
use super::blank::{Blank, Scale};
use super::judge::{Judge, looks_so_far};
use super::report::{
    Check, Comparison, Decision, Estimate, Finding, Inconclusive, MetricResult, Outcome, Phase, Role, Sentence, Unit,
    Verdict,
};
use super::request::{Request, days_between};
use super::words::say;
use crate::model::experiment::MethodKind;
use crate::stats::method::p_adjust::holm;

/// What a verdict is read from.
pub(super) struct Evidence<'e> {
    pub request: &'e Request<'e>,
    pub judge: Option<&'e Judge>,
    pub metrics: &'e [MetricResult],
    pub checks: &'e [Check],
}

/// One estimate with where it stands.
#[derive(Clone, Copy)]
struct Found<'e> {
    metric: &'e MetricResult,
    arm: usize,
    estimate: &'e Estimate,
}

impl Found<'_> {
    fn effect(&self) -> Blank {
        written(self.metric, self.estimate.lift, self.estimate.effect)
    }

    fn interval(&self) -> Blank {
        match self.estimate.lift_interval {
            Some(lift) => Blank::Range(Scale::Relative, lift),
            None => Blank::Range(absolute(self.metric), self.estimate.interval),
        }
    }

    /// How good the effect is: positive is good.
    fn gain(&self) -> f64 {
        let size = self.estimate.lift.unwrap_or(self.estimate.effect);
        if self.metric.higher_is_better { size } else { -size }
    }

    fn blanks(&self, e: &Evidence) -> Vec<(&'static str, Blank)> {
        vec![
            ("metric", Blank::name(&self.metric.title)),
            ("variant", Blank::Name(e.title(self.arm))),
            ("effect", self.effect()),
            ("interval", self.interval()),
        ]
    }
}

/// An effect in words: its lift, where there is one.
pub(super) fn written(metric: &MetricResult, lift: Option<f64>, effect: f64) -> Blank {
    lift.map_or_else(|| Blank::Effect(absolute(metric), effect), |lift| Blank::Effect(Scale::Relative, lift))
}

fn absolute(metric: &MetricResult) -> Scale {
    match metric.unit {
        Unit::Share => Scale::Points,
        _ => Scale::Own,
    }
}

/// Returns what the numbers allow.
pub(super) fn verdict(e: &Evidence) -> Verdict {
    let says = |rule| say(rule, Vec::new());
    match e.request.phase() {
        Phase::Draft => return Verdict::NotStarted { says: says("draft") },
        Phase::NoData => return Verdict::NotStarted { says: says("no-data") },
        _ => (),
    }
    if let Some(check) = e.checks.iter().find(|c| c.finding == Finding::Fail) {
        let blank = vec![("check", Blank::said(check.says.clone()))];
        return Verdict::Invalid { says: say("invalid-check", blank) };
    }
    if e.judge.is_none_or(|judge| !judge.decides) {
        return e.keep_running();
    }
    e.ship().or_else(|| e.keep_control()).or_else(|| e.no_difference()).unwrap_or_else(|| e.open())
}

impl<'e> Evidence<'e> {
    fn title(&self, arm: usize) -> String {
        let id = self.request.plan.variants.get(arm).map_or("", String::as_str);
        let variant = self.request.spec().variants.iter().find(|v| v.meta.id == id);
        variant.map_or_else(|| id.to_owned(), |v| v.meta.title.clone())
    }

    fn all(&self) -> impl Iterator<Item = (&'e MetricResult, &'e Comparison)> {
        self.metrics.iter().flat_map(|m| m.comparisons.iter().map(move |c| (m, c)))
    }

    fn found(&self) -> impl Iterator<Item = Found<'e>> {
        self.all().filter_map(|(metric, comparison)| match &comparison.outcome {
            Outcome::Estimate(estimate) => Some(Found { metric, arm: comparison.arm, estimate }),
            Outcome::Inconclusive(_) => None,
        })
    }

    fn of(&self, role: Role, arm: usize) -> impl Iterator<Item = Found<'e>> {
        self.found().filter(move |f| f.metric.role == role && f.arm == arm)
    }

    fn treatments(&self) -> std::ops::Range<usize> {
        1..self.request.arms() as usize
    }

    /// The best primary of an arm that is better.
    fn better(&self, arm: usize) -> Option<Found<'e>> {
        let better = self.of(Role::Primary, arm).filter(|f| f.estimate.decision == Decision::Better);
        better.max_by(|a, b| a.gain().total_cmp(&b.gain()))
    }

    /// The primaries and secondaries that got worse, beyond the level after Holm over all of them; guardrails have a margin.
    fn worse(&self) -> Vec<Found<'e>> {
        let all: Vec<Found<'e>> = self.found().filter(|f| f.metric.role != Role::Guardrail).collect();
        let level = self.judge.map_or(0.05, |j| j.level);
        let adjusted = holm(&all.iter().map(|f| f.estimate.p).collect::<Vec<_>>());
        let sure = |f: &Found, p: Option<f64>| match p {
            Some(p) => p < level,
            None => f.estimate.interval.excludes(0.0),
        };
        all.into_iter().zip(adjusted).filter(|(f, p)| f.gain() < 0.0 && sure(f, *p)).map(|(f, _)| f).collect()
    }

    /// Why an arm must not be shipped.
    fn harm(&self, arm: usize) -> Option<(&'static str, Found<'e>)> {
        let beyond = self.of(Role::Guardrail, arm).find(|f| f.estimate.decision == Decision::BeyondMargin);
        let primary = self.of(Role::Primary, arm).find(|f| f.estimate.decision == Decision::Worse);
        let other = || self.worse().into_iter().find(|f| f.arm == arm);
        (beyond.map(|f| ("keep-guardrail", f)))
            .or_else(|| primary.map(|f| ("keep-worse", f)))
            .or_else(|| other().map(|f| ("keep-deterioration", f)))
    }

    /// The guardrail of an arm that is not shown to hold, by its result.
    fn uncleared(&self, arm: usize) -> Option<&'e MetricResult> {
        let holds = |c: &Comparison| match &c.outcome {
            Outcome::Estimate(estimate) => estimate.decision == Decision::WithinMargin,
            Outcome::Inconclusive(_) => false,
        };
        let guardrails = self.all().filter(|(m, c)| m.role == Role::Guardrail && c.arm == arm);
        guardrails.into_iter().find(|(_, c)| !holds(c)).map(|(m, _)| m)
    }

    fn ship(&self) -> Option<Verdict> {
        let sound = |arm: &usize| self.harm(*arm).is_none() && self.uncleared(*arm).is_none();
        let candidates = self.treatments().filter(sound).filter_map(|arm| self.better(arm));
        let best = candidates.max_by(|a, b| a.gain().total_cmp(&b.gain()))?;
        let guarded = self.metrics.iter().any(|m| m.role == Role::Guardrail);
        let mut blanks = best.blanks(self);
        let rule = match best.estimate.chance_better {
            Some(chance) => {
                blanks.push(("chance", Blank::Share(chance)));
                "ship-bayesian"
            }
            None if guarded => "ship",
            None => "ship-unguarded",
        };
        Some(Verdict::Ship { arm: best.arm, says: say(rule, blanks) })
    }

    /// Every treatment does harm.
    fn keep_control(&self) -> Option<Verdict> {
        let harms: Vec<_> = self.treatments().map(|arm| self.harm(arm)).collect::<Option<_>>()?;
        let (rule, found) = harms.into_iter().next()?;
        let mut blanks = found.blanks(self);
        if rule == "keep-guardrail" {
            blanks.push(("guardrail", Blank::name(&found.metric.title)));
            blanks.push(("margin", Blank::Written(found.metric.planned_change.clone().unwrap_or_default())));
        }
        Some(Verdict::KeepControl { says: say(rule, blanks) })
    }

    /// Every effect that fits the data is smaller than the planned one, for every primary of every treatment.
    fn no_difference(&self) -> Option<Verdict> {
        let planned: Vec<(&str, f64, bool)> =
            self.request.measured().iter().filter(|m| m.role == Role::Primary).filter_map(planned).collect();
        let primaries: Vec<Found> = self.found().filter(|f| f.metric.role == Role::Primary).collect();
        let expected = self.all().filter(|(m, _)| m.role == Role::Primary).count();
        let small = |f: &Found| {
            let plan = planned.iter().find(|(id, ..)| *id == f.metric.metric)?;
            let (interval, size) = (if plan.2 { f.estimate.lift_interval? } else { f.estimate.interval }, plan.1.abs());
            (interval.low? > -size && interval.high? < size).then_some(())
        };
        let same = primaries.len() == expected && !primaries.is_empty() && primaries.iter().all(|f| small(f).is_some());
        let first = primaries.first().filter(|_| same)?;
        let mut blanks = first.blanks(self);
        blanks.push(("planned", Blank::Written(first.metric.planned_change.clone().unwrap_or_default())));
        Some(Verdict::NoDifference { says: say("no-difference", blanks) })
    }

    /// Nothing is decided.
    fn open(&self) -> Verdict {
        let early = !matches!(self.request.phase(), Phase::Complete | Phase::StoppedEarly);
        if early {
            return self.keep_running();
        }
        let blocked = self.treatments().filter(|arm| self.harm(*arm).is_none());
        let blocked = blocked.filter_map(|arm| Some((self.better(arm)?, self.uncleared(arm)?)));
        if let Some((found, guardrail)) = blocked.into_iter().next() {
            let mut blanks = found.blanks(self);
            blanks.push(("guardrail", Blank::name(&guardrail.title)));
            blanks.push(("margin", Blank::Written(guardrail.planned_change.clone().unwrap_or_default())));
            return Verdict::CannotTell { smallest: None, says: say("cannot-guardrail", blanks) };
        }
        let primary = self.found().find(|f| f.metric.role == Role::Primary);
        primary.map_or_else(|| self.no_estimate(), |found| self.underpowered(&found))
    }

    fn underpowered(&self, found: &Found) -> Verdict {
        let smallest = found.estimate.smallest_lift;
        let mut blanks = found.blanks(self);
        let power = self.request.spec().method.power.share();
        let absolute_smallest = || {
            let z = crate::stats::special::normal_upper(0.025) + crate::stats::special::normal_upper(1.0 - power);
            Blank::Effect(absolute(found.metric), z * found.estimate.se)
        };
        blanks.push(("smallest", smallest.map_or_else(absolute_smallest, |lift| Blank::Effect(Scale::Relative, lift))));
        Verdict::CannotTell { smallest, says: say("cannot-tell", blanks) }
    }

    fn no_estimate(&self) -> Verdict {
        let primary = self.all().find(|(m, _)| m.role == Role::Primary);
        let reason = primary.map_or(Inconclusive::NoData, |(_, c)| match &c.outcome {
            Outcome::Inconclusive(reason) => *reason,
            Outcome::Estimate(_) => Inconclusive::Unknown,
        });
        let title = primary.map_or_else(String::new, |(m, _)| m.title.clone());
        let blanks = vec![("metric", Blank::Name(title)), ("reason", Blank::said(why(reason)))];
        Verdict::CannotTell { smallest: None, says: say("cannot-estimate", blanks) }
    }

    fn keep_running(&self) -> Verdict {
        let (spec, today) = (self.request.spec(), self.request.today);
        let left = days_between(today, spec.runs.1);
        let after_window = left + self.request.window_days() + 1;
        let days = |days: i64| u32::try_from(days.max(1)).unwrap_or(u32::MAX);
        let blanks = |days: u32| vec![("days", Blank::Count(u64::from(days))), ("to", Blank::Day(spec.runs.1))];
        let running = |rule, days: u32| Verdict::KeepRunning { days: Some(days), says: say(rule, blanks(days)) };
        if left < 0 {
            return running("running-window", days(after_window));
        }
        match spec.method.kind {
            MethodKind::Fixed => running("running-fixed", days(left + 1)),
            MethodKind::GroupSequential { looks, .. } => {
                let next = looks_so_far(self.request, looks) + 1;
                let until =
                    (self.request.planned_days() * i64::from(next) + i64::from(looks) - 1) / i64::from(looks.max(1));
                let due = days(until - days_between(spec.counts_from(), today));
                let mut blanks = blanks(due);
                blanks.extend([
                    ("look", Blank::Count(u64::from(next.min(looks)))),
                    ("looks", Blank::Count(u64::from(looks))),
                ]);
                Verdict::KeepRunning { days: Some(due), says: say("running-look", blanks) }
            }
            MethodKind::Sequential => running("running-sequential", days(left + 1)),
            MethodKind::Bayesian => running("running-bayesian", days(left + 1)),
        }
    }
}

/// The planned effect of a primary: its metric, the size, and whether it is relative.
fn planned<'m>(m: &super::request::Measured<'m>) -> Option<(&'m str, f64, bool)> {
    use super::request::Shift;
    Some(match m.shift()? {
        Shift::Relative(size) => (m.metric.meta.id.as_str(), size, true),
        Shift::Absolute(size) => (m.metric.meta.id.as_str(), size, false),
    })
}

/// Returns why there is no estimate, in words.
pub(super) fn why(reason: Inconclusive) -> Sentence {
    let rule = match reason {
        Inconclusive::NoData => "reason-no-data",
        Inconclusive::Degenerate => "reason-degenerate",
        Inconclusive::TooFew => "reason-too-few",
        Inconclusive::DenominatorZero => "reason-denominator",
        Inconclusive::Unknown => "reason-unknown",
        Inconclusive::Withheld => "reason-withheld",
        Inconclusive::NotYet => "reason-not-yet",
    };
    say(rule, Vec::new())
}
