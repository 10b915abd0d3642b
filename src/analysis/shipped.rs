//! What shipping would bring: people, then the metric, then money; with the winner's curse taken off.

use super::Case;
use super::report::{IfShipped, MetricResult, Outcome, Role, Unit, Verdict};

/// Days of an average month.
const MONTH: f64 = 30.436_875;

/// Returns what shipping the verdict's arm would bring, by its best primary; nothing without a verdict to ship.
pub(super) fn if_shipped(case: &Case<'_>, metrics: &[MetricResult], verdict: &Verdict) -> Option<IfShipped> {
    let Verdict::Ship { arm, .. } = verdict else { return None };
    let (result, estimate) = metrics.iter().filter(|m| m.role == Role::Primary).find_map(|m| {
        let comparison = m.comparisons.iter().find(|c| c.arm == *arm)?;
        match &comparison.outcome {
            Outcome::Estimate(e) => Some((m, e)),
            Outcome::Inconclusive(_) => None,
        }
    })?;
    let (first, last) = case.days()?;
    let days = f64::from((last - first).get_days()) + 1.0;
    let enrolled =
        case.experiment.traffic.share() * case.experiment.layers.iter().map(|s| s.takes.share()).product::<f64>();
    let units = case.units() as f64 / days * MONTH / enrolled.max(1e-4);
    // an effect that was picked because it won is too large on average: shrink it by its own noise
    let se = (estimate.interval.high? - estimate.interval.low?)
        / 2.0
        / crate::stats::special::normal_upper(case.level() / 2.0);
    let z = (estimate.effect / se).abs();
    let likely = estimate.effect * (1.0 - 1.0 / (z * z).max(1.0));
    let all = |v: Option<f64>| v.map(|v| v * units);
    let more = [all(estimate.interval.low), all(Some(likely)), all(estimate.interval.high)];
    let metric = case.model.metrics.values().find(|m| m.meta.id == result.metric)?;
    let worth = metric.worth.map(|w| (w.to_f64(), w.currency.code.to_owned()));
    let (money, currency) = match (&result.unit, worth) {
        (Unit::Money(currency), _) => (Some(more), Some(currency.clone())),
        (_, Some((each, currency))) => (Some(more.map(|v| v.map(|v| v * each))), Some(currency)),
        _ => (None, None),
    };
    Some(IfShipped { metric: result.metric.clone(), units_a_month: units, more, money, currency })
}
