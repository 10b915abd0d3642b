//! The metrics of an experiment: each arm's value, each treatment against the control, within its family.

use super::effect::{Effect, Judged, Looks, Meaning, effect, value};
use super::report::{Comparison, Decision, Estimate, Inconclusive, MetricResult, Outcome, Role, Segment, Unit};
use super::words::{percent, say};
use super::{Case, checks};
use crate::model::experiment::{MethodKind, Segment as By, Spending};
use crate::model::manifest::PropertyType;
use crate::model::metric::{Better, Metric, MetricKind};
use crate::model::value::{Change, ChangeUnit};
use crate::model::{Id, Model};
use crate::plan::MeasurePlan;
use crate::stats::Interval;
use crate::stats::method::group_sequential::{self, Spending as Shape};
use crate::stats::method::{bayes_beta_binomial, bayes_normal, p_adjust, power_mean, power_prop};
use crate::stats::special::normal_sf;
use crate::tally::Cut;

/// The number of units at which the always-valid band is tightest, where the plan names none.
const TUNING: f64 = 5_000.0;

/// One metric in one role.
struct Item<'a> {
    id: Id<Metric>,
    metric: &'a Metric,
    role: Role,
    change: Option<Change>,
}

fn items<'a>(case: &Case<'a>) -> Vec<Item<'a>> {
    let (model, experiment): (&'a Model, _) = (case.model, case.experiment);
    let item = |id: Id<Metric>, role, change| Item { id, metric: &model.metrics[id], role, change };
    let primaries = experiment.primaries.iter().map(|p| item(p.metric, Role::Primary, p.expects));
    let secondaries = experiment.secondaries.iter().map(|m| item(*m, Role::Secondary, None));
    let guardrails = experiment.guardrails.iter().map(|g| item(g.metric, Role::Guardrail, Some(g.tolerates)));
    primaries.chain(secondaries).chain(guardrails).collect()
}

/// Returns the measures of a metric with their places; a metric of steps has one a step.
fn measures<'a>(case: &Case<'a>, id: Id<Metric>) -> Vec<(u32, &'a MeasurePlan)> {
    let all = case.plan.measures.iter().enumerate().filter(|(_, m)| m.metric == id);
    all.filter_map(|(i, m)| Some((u32::try_from(i).ok()?, m))).collect()
}

fn meaning(metric: &Metric, measure: &MeasurePlan) -> Meaning {
    match &metric.kind {
        _ if measure.before.is_some() => Meaning::Adjusted,
        MetricKind::Quantile(q) => Meaning::Quantile(q.level.share()),
        MetricKind::TimeTo(t) => Meaning::TimesWithin(t.window.days()),
        _ => Meaning::Plain,
    }
}

fn unit(model: &Model, metric: &Metric) -> Unit {
    let money = |p: &crate::model::PropertyRef| model.manifest.field_type(&p.property) == Some(PropertyType::Money);
    match &metric.kind {
        _ if metric.is_share() => Unit::Share,
        MetricKind::Nps(_) => Unit::Nps,
        MetricKind::TimeTo(_) => Unit::Days,
        MetricKind::Ratio(r) if r.denominator.property().is_some() => Unit::Number,
        _ => match (metric.properties().first().is_some_and(|p| money(p)), &model.manifest.currency) {
            (true, Some(currency)) => Unit::Money(currency.clone()),
            _ => Unit::Number,
        },
    }
}

/// Returns every metric's result: primaries in their family first, then secondaries, then guardrails.
pub(super) fn results(case: &Case<'_>) -> Vec<MetricResult> {
    let items = items(case);
    let gate = checks::gate(case);
    let effects: Vec<Vec<Result<Effect, Inconclusive>>> =
        items.iter().map(|item| treatments(case, item, &Cut::Total, gate)).collect();
    let levels = family(case, &items, &effects);
    let mut all = Vec::new();
    for ((item, effects), levels) in items.iter().zip(effects).zip(levels) {
        let Some((_, measure)) = measures(case, item.id).last().copied() else { continue };
        let comparisons = effects.into_iter().zip(levels).enumerate();
        let comparisons = comparisons
            .map(|(i, (effect, held))| Comparison { arm: i + 1, outcome: outcome(case, item, effect, held) });
        let unit = unit(case.model, item.metric);
        let comparisons = comparisons.collect();
        all.push(MetricResult {
            metric: item.metric.meta.id.clone(),
            title: item.metric.meta.title.clone(),
            role: item.role,
            higher_is_better: item.metric.better == Better::Higher,
            planned_change: item.change.map(|c| c.to_string()),
            values: values(case, item, meaning(item.metric, measure), &unit),
            unit,
            comparisons,
        });
    }
    all
}

fn values(case: &Case<'_>, item: &Item<'_>, meaning: Meaning, unit: &Unit) -> Vec<super::Value> {
    let place = measures(case, item.id).last().map_or(0, |(at, _)| *at);
    let arms = 0..u32::try_from(case.plan.variants.len()).unwrap_or(0);
    arms.map(|arm| value(case.tallies.get(place, arm, &Cut::Total), meaning, unit)).collect()
}

/// Returns the effect of each treatment in a cut.
fn treatments(case: &Case<'_>, item: &Item<'_>, cut: &Cut, gate: bool) -> Vec<Result<Effect, Inconclusive>> {
    let arms = 1..u32::try_from(case.plan.variants.len()).unwrap_or(0);
    let Some((place, measure)) = measures(case, item.id).last().copied() else {
        return arms.map(|_| Err(Inconclusive::Unknown)).collect();
    };
    let control = case.tallies.get(place, 0, cut);
    let one = |arm: u32| match (control, case.tallies.get(place, arm, cut)) {
        _ if gate => Err(Inconclusive::Withheld),
        (Some(a), Some(b)) => effect(a, b, meaning(item.metric, measure)),
        _ => Err(Inconclusive::NoData),
    };
    arms.map(one).collect()
}

/// The level a comparison is held to, and its adjusted p-value.
#[derive(Clone, Copy)]
struct Held {
    level: f64,
    adjusted: Option<f64>,
    shared: bool,
}

/// Returns the level of each comparison: the plan's, shared by Holm's method among the primaries, whose intervals are then
/// simultaneous: each is at the level its own step was held to.
fn family(case: &Case<'_>, items: &[Item<'_>], effects: &[Vec<Result<Effect, Inconclusive>>]) -> Vec<Vec<Held>> {
    let level = case.level();
    let alone = Held { level, adjusted: None, shared: false };
    let mut held: Vec<Vec<Held>> = effects.iter().map(|e| vec![alone; e.len()]).collect();
    let primary = |i: usize| items.get(i).is_some_and(|item| item.role == Role::Primary);
    let mut family: Vec<(f64, usize, usize)> = Vec::new();
    for (i, row) in effects.iter().enumerate().filter(|(i, _)| primary(*i)) {
        for (j, effect) in row.iter().enumerate() {
            let p = effect.as_ref().ok().and_then(|e| e.judge(looks(case, level)).p);
            family.extend(p.map(|p| (p, i, j)));
        }
    }
    if family.len() < 2 {
        return held;
    }
    family.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let adjusted = p_adjust::holm(&family.iter().map(|(p, ..)| Some(*p)).collect::<Vec<_>>());
    let mut open = None;
    for (rank, (p, i, j)) in family.iter().enumerate() {
        let step = open.unwrap_or(level / (family.len() - rank) as f64);
        if open.is_none() && *p >= step {
            open = Some(step);
        }
        let adjusted = adjusted.get(rank).copied().flatten();
        if let Some(slot) = held.get_mut(*i).and_then(|row| row.get_mut(*j)) {
            *slot = Held { level: step, adjusted, shared: true };
        }
    }
    held
}

fn looks(case: &Case<'_>, level: f64) -> Looks {
    match &case.experiment.method.kind {
        MethodKind::Fixed | MethodKind::Bayesian => Looks::Once(level),
        MethodKind::Sequential => Looks::Always(level, TUNING),
        MethodKind::GroupSequential { looks, spending } => {
            let look = case.look(*looks);
            let fractions: Vec<f64> = (1..=look).map(|k| f64::from(k) / f64::from(*looks)).collect();
            let (shape, parameter) = match spending {
                Spending::ObrienFleming => (Shape::Obf, None),
                Spending::Pocock => (Shape::Pocock, None),
                Spending::Power => (Shape::Power, Some(2.0)),
                Spending::Hsd => (Shape::Hsd, Some(-4.0)),
            };
            let bounds = group_sequential::bounds(&fractions, level, shape, parameter, 2);
            bounds.last().map_or(Looks::Once(level), |bound| Looks::Bound(*bound))
        }
    }
}

fn outcome(case: &Case<'_>, item: &Item<'_>, effect: Result<Effect, Inconclusive>, held: Held) -> Outcome {
    match effect {
        Ok(effect) => Outcome::Estimate(Box::new(estimate(case, item, &effect, held))),
        Err(why) => Outcome::Inconclusive(why),
    }
}

fn estimate(case: &Case<'_>, item: &Item<'_>, effect: &Effect, held: Held) -> Estimate {
    let judged = effect.judge(looks(case, held.level));
    let inner = effect.judge(Looks::Once(0.5)).interval;
    let margin = (item.role == Role::Guardrail).then_some(item.change).flatten();
    let bayes = (case.experiment.method.kind == MethodKind::Bayesian).then(|| posterior(item, effect));
    let mut notes = Vec::new();
    if held.shared {
        notes.push(say("note-held-to").with("level", percent(held.level)).done());
    }
    if judged.method == "seq_asymptotic_cs" && small(effect) {
        notes.push(say("note-asymptotic").done());
    }
    Estimate {
        effect: effect.difference(),
        decision: decide(item, effect, &judged, margin, bayes, held.level),
        p_non_inferior: margin.and_then(|m| non_inferior(item, effect, m)),
        margin: margin.and_then(|m| absolute(m, effect)),
        interval: judged.interval,
        inner,
        lift: effect.lift(),
        lift_interval: judged.lift_interval,
        p: judged.p.filter(|_| bayes.is_none()),
        p_adjusted: held.adjusted.filter(|_| bayes.is_none()),
        chance_better: bayes.map(|(chance, _)| chance),
        expected_loss: bayes.map(|(_, loss)| loss),
        method: judged.method,
        notes,
    }
}

fn small(effect: &Effect) -> bool {
    match effect {
        Effect::Shares(t) => t.n_a.min(t.n_b) < 1_000.0,
        Effect::Arms { a, b, .. } => a.n.min(b.n) < 1_000.0,
    }
}

/// Returns 1 where more is worse, -1 where more is better.
fn harm(item: &Item<'_>) -> f64 {
    if item.metric.better == Better::Higher { -1.0 } else { 1.0 }
}

fn decide(
    item: &Item<'_>,
    effect: &Effect,
    judged: &Judged,
    margin: Option<Change>,
    bayes: Option<(f64, f64)>,
    level: f64,
) -> Decision {
    let sign = harm(item);
    if let Some(margin) = margin {
        return guard(sign, effect, judged, margin);
    }
    if let Some((chance, _)) = bayes {
        return match chance {
            c if c >= 1.0 - level / 2.0 => Decision::Better,
            c if c <= level / 2.0 => Decision::Worse,
            _ => Decision::Open,
        };
    }
    match (judged.excludes_zero, effect.difference() * sign < 0.0) {
        (true, true) => Decision::Better,
        (true, false) => Decision::Worse,
        (false, _) => Decision::Open,
    }
}

/// A guardrail holds when the whole interval of the harm lies below what is tolerated.
fn guard(sign: f64, effect: &Effect, judged: &Judged, margin: Change) -> Decision {
    let (interval, limit) = match margin {
        Change::Relative(p) => (judged.lift_interval, p.share().abs()),
        other => (Some(judged.interval), absolute(other, effect).unwrap_or(0.0).abs()),
    };
    let Some(interval) = interval else { return Decision::Open };
    let harm = if sign > 0.0 { interval } else { interval.negated() };
    match (harm.low, harm.high) {
        (_, Some(high)) if high < limit => Decision::WithinMargin,
        (Some(low), _) if low > limit => Decision::BeyondMargin,
        _ => Decision::Open,
    }
}

/// Returns the one-sided p-value of "worse than tolerated", by the normal.
fn non_inferior(item: &Item<'_>, effect: &Effect, margin: Change) -> Option<f64> {
    let limit = absolute(margin, effect)?.abs();
    let z = (limit - harm(item) * effect.difference()) / effect.se();
    z.is_finite().then(|| normal_sf(z))
}

/// Returns a change as a difference in the metric's own unit.
fn absolute(change: Change, effect: &Effect) -> Option<f64> {
    let base = match effect {
        Effect::Shares(t) => t.x_a / t.n_a,
        Effect::Arms { relative, .. } => relative.base,
    };
    Some(match change {
        Change::Relative(p) => p.share() * base.abs(),
        Change::Points(d) => d.to_f64() / 100.0,
        Change::Money(m) => m.to_f64(),
        Change::Absolute(d, unit) => match unit {
            ChangeUnit::Plain | ChangeUnit::Millisecond | ChangeUnit::Day => d.to_f64(),
            ChangeUnit::Second => d.to_f64(),
            ChangeUnit::Minute => d.to_f64(),
            ChangeUnit::Hour => d.to_f64(),
        },
    })
    .filter(|v: &f64| v.is_finite())
}

/// Returns the chance that the treatment is better, and the expected loss of choosing it, both under a flat prior.
fn posterior(item: &Item<'_>, effect: &Effect) -> (f64, f64) {
    let more = match effect {
        Effect::Shares(t) => {
            let input = bayes_beta_binomial::Input {
                x_a: t.x_a,
                n_a: t.n_a,
                x_b: t.x_b,
                n_b: t.n_b,
                prior_a: [1.0, 1.0],
                prior_b: [1.0, 1.0],
                credible: 0.95,
            };
            bayes_beta_binomial::run(input)
                .ok()
                .map(|o| (o.chance_b_beats_a, o.expected_loss_choose_b, o.expected_loss_choose_a))
        }
        Effect::Arms { .. } => {
            let input = bayes_normal::Input {
                diff: effect.difference(),
                se: effect.se(),
                credible: 0.95,
                prior_mean: None,
                prior_sd: None,
            };
            bayes_normal::run(input).ok().and_then(|o| Some((o.chance_to_win?, o.loss_choose_b?, o.loss_choose_a?)))
        }
    };
    match more {
        Some((chance, loss_b, _)) if harm(item) < 0.0 => (chance, loss_b),
        // lower is better: the treatment wins where it is less, and choosing it loses where it is more
        Some((chance, _, loss_a)) => (1.0 - chance, loss_a),
        None => (0.5, 0.0),
    }
}

/// Returns the units that the plan needs over all arms, for the primary that needs most; none where none expects an effect.
pub(super) fn units_needed(case: &Case<'_>) -> Option<u64> {
    let arms = case.plan.variants.len() as f64;
    let needs = items(case).into_iter().filter(|i| i.role == Role::Primary).filter_map(|item| {
        let (place, measure) = measures(case, item.id).last().copied()?;
        let control = case.tallies.get(place, 0, &Cut::Total)?;
        let base = value(Some(control), meaning(item.metric, measure), &unit(case.model, item.metric)).value?;
        let delta = match item.change? {
            Change::Relative(p) => base * p.share(),
            Change::Points(d) => d.to_f64() / 100.0,
            Change::Money(m) => m.to_f64(),
            Change::Absolute(d, _) => d.to_f64(),
        };
        let (alpha, power) = (case.level(), case.power());
        let one_arm = if item.metric.is_share() {
            power_prop::Design { alpha, power, ratio: 1.0, sides: 2.0 }.units(base, (base + delta).clamp(0.0, 1.0))
        } else {
            let sd = spread(control)?;
            power_mean::units(&power_mean::Input {
                delta: delta.abs(),
                sd,
                alpha,
                power,
                ratio: 1.0,
                sides: 2.0,
                mde_n: None,
            })
        };
        (one_arm.is_finite() && one_arm > 0.0).then(|| (one_arm.ceil() * arms) as u64)
    });
    needs.max()
}

fn spread(tally: &crate::tally::Tally) -> Option<f64> {
    match tally {
        crate::tally::Tally::Mean(m) => m.variance().map(f64::sqrt),
        crate::tally::Tally::Pair(p) => p.y().variance().map(f64::sqrt),
        _ => None,
    }
}

/// Returns the smallest change the test could have seen with its power, by the spread it met: relative where that can be
/// said, and as a difference.
pub(super) fn smallest(case: &Case<'_>, effect: &Estimate) -> Option<(Option<f64>, f64)> {
    let half = effect.interval.high? - effect.effect;
    let z = crate::stats::special::normal_upper(case.level() / 2.0);
    let se = half / z;
    let smallest = (z + crate::stats::special::normal_upper(1.0 - case.power())) * se;
    let base = effect.lift.filter(|l| *l != 0.0).map(|l| effect.effect / l);
    Some((base.map(|b| smallest / b.abs()), smallest))
}

/// Returns the primaries cut by each segment, at a level shared by all the cuts; cells below the smallest are masked.
pub(super) fn segments(case: &Case<'_>) -> Vec<Segment> {
    let gate = checks::gate(case);
    let cuts: Vec<Cut> = case.tallies.cuts().into_iter().filter(|c| matches!(c, Cut::Segment { .. })).collect();
    let primaries: Vec<Item<'_>> = items(case).into_iter().filter(|i| i.role == Role::Primary).collect();
    let level = case.level() / (cuts.len().max(1) * primaries.len().max(1)) as f64;
    let smallest = case.model.manifest.privacy.smallest_cell;
    let mut all = Vec::new();
    for cut in &cuts {
        let Cut::Segment { by, value } = cut else { continue };
        let by = case.experiment.segments.get(*by as usize).map_or("", |s| match s {
            By::Property(name) => name.as_str(),
            By::Persona => "persona",
        });
        let arms = 0..u32::try_from(case.plan.variants.len()).unwrap_or(0);
        let units: Vec<u64> = arms.map(|arm| case.tallies.exposed(arm, cut)).collect();
        let masked = units.iter().any(|n| *n < smallest);
        for item in &primaries {
            let held = Held { level, adjusted: None, shared: false };
            let one = |effect| {
                if masked { Outcome::Inconclusive(Inconclusive::TooFew) } else { outcome(case, item, effect, held) }
            };
            let effects = treatments(case, item, cut, gate).into_iter().enumerate();
            let comparisons = effects.map(|(i, effect)| Comparison { arm: i + 1, outcome: one(effect) }).collect();
            all.push(Segment {
                by: by.to_owned(),
                value: value.clone(),
                metric: item.metric.meta.id.clone(),
                units: (!masked).then(|| units.clone()),
                comparisons,
            });
        }
    }
    all
}

/// Returns an interval as two texts, in percent where it is relative.
pub(super) fn ends(interval: &Interval) -> (String, String) {
    let end = |v: Option<f64>| v.map_or("unbounded".to_owned(), percent);
    (end(interval.low), end(interval.high))
}
