//! The effects of a report as rows of forest plots.

use super::Ctx;
use super::forest::{Axis, Reach};
use super::view::{EffectRow, Group};
use crate::analysis::{
    Comparison, Decision, Estimate, Inconclusive, MetricResult, Outcome, Role, Unit as Counts, Value,
};
use crate::render::words::{Unit, Words};
use crate::stats::Interval;

/// How many metrics the title of a group names for each finding.
const NAMED: usize = 3;

/// Returns the unit a metric's values are shown in.
pub(super) fn value_unit(counts: &Counts) -> Unit {
    match counts {
        Counts::Share => Unit::Share,
        Counts::Money(_) => Unit::Money,
        Counts::Days => Unit::Days,
        Counts::Number | Counts::Nps => Unit::Plain,
    }
}

/// Returns the unit a metric's changes are shown in: points, where its values are shares.
pub(super) fn change_unit(counts: &Counts) -> Unit {
    match counts {
        Counts::Share => Unit::Points,
        other => value_unit(other),
    }
}

impl Ctx<'_> {
    /// Returns the effects in groups of one scale: shares together, money together, each other metric by itself.
    pub(super) fn effects(&self) -> Vec<Group> {
        let mut groups: Vec<Vec<&MetricResult>> = Vec::new();
        for metric in &self.report.metrics {
            let shares_scale = |g: &&mut Vec<&MetricResult>| {
                matches!(metric.unit, Counts::Share | Counts::Money(_)) && g.iter().all(|m| m.unit == metric.unit)
            };
            match groups.iter_mut().find(shares_scale) {
                Some(group) => group.push(metric),
                None => groups.push(vec![metric]),
            }
        }
        let mut out: Vec<Group> = groups.into_iter().map(|g| self.group(&g)).collect();
        out.iter_mut().skip(1).for_each(|g| g.hint.clear());
        out
    }

    fn group(&self, metrics: &[&MetricResult]) -> Group {
        let pairs: Vec<(&MetricResult, &Comparison)> =
            metrics.iter().flat_map(|m| m.comparisons.iter().map(move |c| (*m, c))).collect();
        let unit = metrics.first().map_or(Unit::Plain, |m| change_unit(&m.unit));
        let axis = self.axis(pairs.iter().map(|(_, c)| *c), unit);
        let rows: Vec<EffectRow> = pairs.iter().map(|(m, c)| self.row(m, c, axis.as_ref())).collect();
        let (unit, hint) = self.group_unit(metrics);
        Group { title: self.found(&rows), unit, hint, axis, rows }
    }

    /// Returns what a group of effects shows, what is worst first: each finding with the metrics it is true of.
    fn found(&self, rows: &[EffectRow]) -> String {
        let kinds = ["beyond", "worse", "better", "within", "open"];
        let said = kinds.into_iter().filter_map(|kind| {
            let name = |r: &EffectRow| {
                let arm = r.arm.split(' ').next().unwrap_or_default();
                if arm.is_empty() { r.metric.clone() } else { format!("{} ({arm})", r.metric) }
            };
            let names: Vec<String> = rows.iter().filter(|r| r.decision == kind).map(name).collect();
            let shown = names.get(..names.len().min(NAMED)).unwrap_or_default().join(self.words.t("list.comma"));
            let shown = if names.len() > NAMED { shown + " …" } else { shown };
            (!names.is_empty()).then(|| self.words.fill(&format!("found.{kind}"), &[("names", &shown)]))
        });
        said.collect::<Vec<_>>().join(self.words.t("found.and"))
    }

    fn group_unit(&self, metrics: &[&MetricResult]) -> (String, String) {
        let unit = metrics.first().map(|m| &m.unit);
        let key = match unit {
            Some(Counts::Share) => "effect.points",
            Some(Counts::Money(_)) => "effect.money",
            Some(Counts::Days) => "effect.time",
            Some(Counts::Nps) => "effect.nps",
            _ => "effect.number",
        };
        let level = self.words.percent(1.0 - self.report.planned.level, 0);
        (self.words.t(key).to_owned(), self.words.fill("effect.hint", &[("level", &level)]))
    }

    /// Returns the scale of these comparisons.
    fn axis<'c>(&self, all: impl Iterator<Item = &'c Comparison>, unit: Unit) -> Option<Axis> {
        let reaches: Vec<Reach> = all.filter_map(estimate).map(reach).collect();
        Axis::of(&reaches, unit, self.words)
    }

    fn row(&self, metric: &MetricResult, comparison: &Comparison, axis: Option<&Axis>) -> EffectRow {
        let blank = self.blank_row(metric, comparison);
        match &comparison.outcome {
            Outcome::Estimate(e) => self.estimated(blank, metric, e, axis),
            Outcome::Inconclusive(Inconclusive::Withheld) => {
                EffectRow { values: String::new(), decision_label: self.words.t("why.withheld").to_owned(), ..blank }
            }
            Outcome::Inconclusive(why) => {
                EffectRow { decision: "open", decision_label: self.words.t(why_key(*why)).to_owned(), ..blank }
            }
        }
    }

    fn blank_row(&self, metric: &MetricResult, comparison: &Comparison) -> EffectRow {
        let (role, key) = role(metric.role);
        let base = metric.values.first();
        let new = metric.values.get(comparison.arm);
        EffectRow {
            metric: metric.title.clone(),
            arm: self.lettered(comparison.arm),
            role,
            role_label: self.words.t(key).to_owned(),
            planned: metric.planned_change.clone().map(|p| self.planned(metric.role, &p)).unwrap_or_default(),
            mark: None,
            effect: String::new(),
            interval: String::new(),
            lift: String::new(),
            values: base.zip(new).map(|(a, b)| self.values(metric, a, b)).unwrap_or_default(),
            people: base.zip(new).map(|(a, b)| self.people(a, b)).unwrap_or_default(),
            decision: "open",
            decision_label: String::new(),
            notes: Vec::new(),
        }
    }

    /// Returns what was planned for a metric: expected, or tolerated.
    pub(super) fn planned(&self, role: Role, change: &str) -> String {
        let key = if role == Role::Guardrail { "planned.tolerates" } else { "planned.expects" };
        self.words.fill(key, &[("change", &change.replace('-', "−"))])
    }

    fn estimated(&self, blank: EffectRow, metric: &MetricResult, e: &Estimate, axis: Option<&Axis>) -> EffectRow {
        let unit = change_unit(&metric.unit);
        let decimals = Words::decimals(width(e.interval).unwrap_or(e.effect), unit);
        let say = |x: f64| self.words.change(x, unit, decimals);
        let effect = match unit {
            Unit::Points => self.words.fill("number.points", &[("n", &say(e.effect))]),
            _ => say(e.effect),
        };
        let interval = self.range(e.interval, &say);
        let desc =
            self.words.fill("effect.desc", &[("metric", &metric.title), ("effect", &effect), ("interval", &interval)]);
        let lift = e.lift.map(|l| {
            let decimals = e.lift_interval.and_then(width).map_or(1, |w| Words::decimals(w, Unit::Relative).min(1));
            self.words.change(l, Unit::Relative, decimals)
        });
        let (decision, key) = decision(e.decision);
        EffectRow {
            mark: axis.map(|a| a.mark(&reach(e), desc)),
            effect,
            interval,
            lift: lift.unwrap_or_default(),
            decision,
            decision_label: self.words.t(key).to_owned(),
            notes: self.chance(e, unit, decimals).into_iter().chain(e.notes.iter().map(|n| self.sentence(n))).collect(),
            ..blank
        }
    }

    /// Returns how likely the treatment is better and what choosing it is expected to lose, where the method tells.
    fn chance(&self, e: &Estimate, unit: Unit, decimals: usize) -> Option<String> {
        let (chance, loss) = (e.chance_better?, e.expected_loss?);
        let share = match chance {
            c if c > 0.999 => self.words.fill("number.above", &[("low", &self.words.percent(0.999, 1))]),
            c if c < 0.001 => self.words.fill("number.below", &[("high", &self.words.percent(0.001, 1))]),
            c => self.words.percent(c, 1),
        };
        let loss = self.words.value(loss, unit, decimals + 1);
        let loss = if unit == Unit::Points { self.words.fill("number.points", &[("n", &loss)]) } else { loss };
        Some(self.words.fill("effect.chance", &[("share", &share), ("loss", &loss)]))
    }

    /// Returns an interval in words; an open end is said.
    pub(super) fn range(&self, interval: Interval, say: &dyn Fn(f64) -> String) -> String {
        match (interval.low, interval.high) {
            (Some(low), Some(high)) => self.words.fill("number.range", &[("low", &say(low)), ("high", &say(high))]),
            (Some(low), None) => self.words.fill("number.above", &[("low", &say(low))]),
            (None, Some(high)) => self.words.fill("number.below", &[("high", &say(high))]),
            (None, None) => "–".to_owned(),
        }
    }

    fn values(&self, metric: &MetricResult, base: &Value, new: &Value) -> String {
        let unit = value_unit(&metric.unit);
        let (Some(a), Some(b)) = (base.value, new.value) else { return String::new() };
        let decimals = match unit {
            Unit::Share => usize::from(base.n.min(new.n) >= 1_000),
            _ => Words::decimals((b - a).abs().max(a.abs() * 0.01), unit).min(3),
        };
        let say = |x| self.words.value(x, unit, decimals);
        format!("{} → {}", say(a), say(b))
    }

    fn people(&self, base: &Value, new: &Value) -> String {
        format!("{} / {}", self.words.integer(base.n), self.words.integer(new.n))
    }

    /// Returns the segments in groups of one property and metric.
    pub(super) fn segments(&self) -> Vec<Group> {
        let mut out: Vec<Group> = Vec::new();
        let mut keys: Vec<(&str, &str)> = Vec::new();
        for s in &self.report.segments {
            if !keys.contains(&(s.by.as_str(), s.metric.as_str())) {
                keys.push((&s.by, &s.metric));
            }
        }
        for (by, id) in keys {
            let Some(metric) = self.report.metrics.iter().find(|m| m.metric == id) else { continue };
            let here = self.report.segments.iter().filter(|s| s.by == by && s.metric == id);
            let unit = change_unit(&metric.unit);
            let axis = self.axis(here.clone().flat_map(|s| &s.comparisons), unit);
            let rows = here.flat_map(|s| {
                s.comparisons.iter().map(|c| self.segment_row(s, metric, c, axis.as_ref())).collect::<Vec<_>>()
            });
            let by = if by == "persona" { self.words.t("persona").to_owned() } else { by.to_owned() };
            let title = self.words.fill("segments.title", &[("by", &by), ("metric", &metric.title)]);
            out.push(Group {
                title,
                unit: String::new(),
                hint: String::new(),
                axis: axis.clone(),
                rows: rows.collect(),
            });
        }
        out
    }

    fn segment_row(
        &self,
        segment: &crate::analysis::Segment,
        metric: &MetricResult,
        comparison: &Comparison,
        axis: Option<&Axis>,
    ) -> EffectRow {
        let row = self.row(metric, comparison, axis);
        let unit = |i: usize| segment.units.as_ref().and_then(|u| u.get(i)).map(|n| self.words.integer(*n));
        let people = unit(0).zip(unit(comparison.arm)).map(|(a, b)| format!("{a} / {b}"));
        let masked = self.words.fill("number.masked", &[("n", &self.model.manifest.privacy.smallest_cell.to_string())]);
        EffectRow {
            metric: segment.value.clone(),
            role_label: String::new(),
            planned: String::new(),
            values: String::new(),
            people: people.unwrap_or(masked),
            ..row
        }
    }
}

fn estimate(comparison: &Comparison) -> Option<&Estimate> {
    match &comparison.outcome {
        Outcome::Estimate(e) => Some(e),
        Outcome::Inconclusive(_) => None,
    }
}

fn reach(e: &Estimate) -> Reach {
    Reach { effect: e.effect, interval: e.interval, inner: e.inner, margin: e.margin }
}

fn width(interval: Interval) -> Option<f64> {
    Some(interval.high? - interval.low?)
}

/// Returns the icon and the label of a role.
pub(super) fn role(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Primary => ("star", "role.primary"),
        Role::Secondary => ("half", "role.secondary"),
        Role::Guardrail => ("shield", "role.guardrail"),
    }
}

fn decision(decision: Decision) -> (&'static str, &'static str) {
    match decision {
        Decision::Better => ("better", "decision.better"),
        Decision::Worse => ("worse", "decision.worse"),
        Decision::WithinMargin => ("within", "decision.within"),
        Decision::BeyondMargin => ("beyond", "decision.beyond"),
        Decision::Open => ("open", "decision.open"),
    }
}

fn why_key(why: Inconclusive) -> &'static str {
    match why {
        Inconclusive::NoData => "why.no_data",
        Inconclusive::Degenerate => "why.degenerate",
        Inconclusive::TooFew => "why.too_few",
        Inconclusive::DenominatorZero => "why.denominator",
        Inconclusive::Unknown => "why.unknown",
        Inconclusive::Withheld => "why.withheld",
        Inconclusive::NotYet => "why.not_yet",
    }
}
