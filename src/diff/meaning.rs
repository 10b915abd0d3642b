//! What parts of an experiment mean, as text that is equal exactly when the meaning is.

use crate::model::metric::{Aggregate, Better, Cap, MetricKind};
use crate::model::value::Duration;
use crate::model::{Audience, Condition, Event, Experiment, Id, Metric, Model};

/// Returns a condition with the order of its parts taken out.
pub(super) fn condition(condition: &Condition) -> String {
    let sorted = |list: &[Condition], word: &str| {
        let mut parts: Vec<String> = list.iter().map(self::condition).collect();
        parts.sort();
        parts.dedup();
        format!("({})", parts.join(word))
    };
    match condition {
        Condition::And(list) => sorted(list, " and "),
        Condition::Or(list) => sorted(list, " or "),
        Condition::Not(inner) => format!("not {}", self::condition(inner)),
        Condition::In { field, values } => {
            let mut values: Vec<String> = values.iter().map(|v| format!("{v:?}")).collect();
            values.sort();
            values.dedup();
            format!("{field} in ({})", values.join(", "))
        }
        other => format!("{other:?}"),
    }
}

/// Returns who may enter; everybody for none.
pub(super) fn audience(model: &Model, audience: Option<Id<Audience>>) -> String {
    audience.map_or("everybody".to_owned(), |a| condition(&model.audiences[a].condition))
}

/// Returns an event as the data knows it, the order of its names taken out.
pub(super) fn event(model: &Model, event: Id<Event>) -> String {
    let name = |n: &crate::model::event::EventName| {
        format!("{:?} {}", n.name, n.condition.as_ref().map(condition).unwrap_or_default())
    };
    let mut names: Vec<String> = model.events[event].names.iter().map(name).collect();
    names.sort();
    names.join(" | ")
}

/// Returns the whole definition of a metric.
pub(super) fn metric(model: &Model, metric: &Metric) -> String {
    let seconds = |d: Duration| d.seconds();
    let property = |p: &crate::model::PropertyRef| format!("{}.{}", event(model, p.event), p.property);
    let aggregate = |a: &Aggregate| match a.property() {
        Some(p) => format!("{} {}", a.word(), property(p)),
        None => format!("{} {}", a.word(), event(model, a.event())),
    };
    let kind = match &metric.kind {
        MetricKind::Share(m) => format!("share {} {}", event(model, m.event), seconds(m.window)),
        MetricKind::ShareWithout(m) => format!("without {} {}", event(model, m.event), seconds(m.window)),
        MetricKind::Average(m) => format!("average {} {}", aggregate(&m.aggregate), seconds(m.window)),
        MetricKind::Ratio(m) => {
            format!("ratio {} {} {}", aggregate(&m.numerator), aggregate(&m.denominator), seconds(m.window))
        }
        MetricKind::Quantile(m) => format!("quantile {} {} {}", m.level, property(&m.property), seconds(m.window)),
        MetricKind::Nps(m) => format!("nps {} {}", property(&m.property), seconds(m.window)),
        MetricKind::TimeTo(m) => format!("time {} {}", event(model, m.event), seconds(m.window)),
        MetricKind::Steps(m) => funnel(model, m.funnel),
    };
    let cap = match metric.cap {
        None => String::new(),
        Some(Cap::Percentile(p)) => format!("cap {p}"),
        Some(Cap::Value(v)) => format!("cap at {v}"),
    };
    let better = if metric.better == Better::Higher { "higher" } else { "lower" };
    format!("{kind}; {cap}; {:?}; {better}", metric.adjust.map(seconds))
}

fn funnel(model: &Model, funnel: Id<crate::model::Funnel>) -> String {
    let funnel = &model.funnels[funnel];
    let step = |s: &crate::model::funnel::Step| {
        let seen = model.touchpoints[s.touchpoint].seen_by.map(|e| event(model, e)).unwrap_or_default();
        format!("{}{seen}", if s.optional { "optional " } else { "" })
    };
    let steps: Vec<String> = funnel.steps.iter().map(step).collect();
    let exclusions: Vec<String> =
        funnel.exclusions.iter().map(|x| format!("{:?} {}", x.verb, event(model, x.event))).collect();
    format!(
        "steps {} within {:?} {:?} {:?} {:?} {}",
        steps.join(" > "),
        funnel.within.map(Duration::seconds),
        funnel.within_step.map(Duration::seconds),
        funnel.order,
        funnel.attempt,
        exclusions.join(" ")
    )
}

/// Returns the event that counts a unit in.
pub(super) fn exposure(model: &Model, experiment: &Experiment) -> String {
    model.exposure_event(experiment).map(|e| event(model, e)).unwrap_or_default()
}
