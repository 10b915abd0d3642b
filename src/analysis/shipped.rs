//! What shipping would bring: [`if_shipped`].
use super::report::{Estimate, IfShipped, MetricResult, Outcome, Role, Unit, Verdict};
use super::request::{Request, days_between};
use crate::model::metric::Metric;

/// Days in a month, on average.
const MONTH: f64 = 365.25 / 12.0;

/// Returns what the verdict's variant would bring a month by the deciding primary; only beside a verdict to ship.
pub(super) fn if_shipped(request: &Request, metrics: &[MetricResult], verdict: &Verdict) -> Option<IfShipped> {
    let Verdict::Ship { arm, .. } = verdict else { return None };
    let primary = metrics.iter().filter(|m| m.role == Role::Primary).find_map(|m| Some((m, estimate(m, *arm)?)))?;
    let (result, estimate) = primary;
    let metric = request.model.metrics.iter().map(|(_, m)| m).find(|m| m.meta.id == result.metric)?;
    let units = units_a_month(request)?;
    let more = [estimate.interval.low, Some(likely(estimate)), estimate.interval.high].map(|e| e.map(|e| e * units));
    let worth = worth(metric, &result.unit);
    Some(IfShipped {
        metric: result.metric.clone(),
        units_a_month: units,
        more,
        money: worth.as_ref().map(|(each, _)| more.map(|m| m.map(|m| m * each))),
        currency: worth.map(|(_, currency)| currency),
    })
}

fn estimate(metric: &MetricResult, arm: usize) -> Option<&Estimate> {
    metric.comparisons.iter().find(|c| c.arm == arm).and_then(|c| match &c.outcome {
        Outcome::Estimate(estimate) => Some(&**estimate),
        Outcome::Inconclusive(_) => None,
    })
}

/// Units a month at the rate seen, were everybody let in who might be.
fn units_a_month(request: &Request) -> Option<f64> {
    let (first, last) = request.days().unwrap_or((request.spec().counts_from(), request.spec().runs.1));
    let days = (days_between(first, last) + 1).max(1) as f64;
    let spec = request.spec();
    let enrolled = spec.traffic.share() * spec.layers.iter().map(|s| s.takes.share()).product::<f64>();
    (enrolled > 0.0).then(|| request.all_units() as f64 / days * MONTH / enrolled)
}

/// The effect less what winning alone adds: an estimate that had to exceed its bound is too large on average. Shrunken by
/// 1 - 1 / z^2 (James and Stein 1961), never past zero.
fn likely(estimate: &Estimate) -> f64 {
    let noise = estimate.se / estimate.effect;
    estimate.effect * (1.0 - noise * noise).max(0.0)
}

/// What one more of the metric is worth, where it is money itself or says so.
fn worth(metric: &Metric, unit: &Unit) -> Option<(f64, String)> {
    match unit {
        Unit::Money(currency) => Some((1.0, currency.clone())),
        _ => metric.worth.map(|money| (money.to_f64(), money.currency.code.to_owned())),
    }
}
