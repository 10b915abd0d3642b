//! Which unit a metric's numbers are shown in.

use super::words::Unit;
use crate::model::manifest::PropertyType;
use crate::model::metric::{Aggregate, MetricKind};
use crate::model::{Metric, Model, PropertyRef};

/// Returns the unit of a metric's value.
pub(super) fn unit(model: &Model, metric: &Metric) -> Unit {
    let property = |p: &PropertyRef| match model.manifest.properties.get(&p.property) {
        Some(PropertyType::Money) => Unit::Money,
        _ => Unit::Plain,
    };
    let aggregate = |a: &Aggregate| a.property().map_or(Unit::Plain, property);
    match &metric.kind {
        MetricKind::Share(_) | MetricKind::ShareWithout(_) | MetricKind::Steps(_) => Unit::Share,
        MetricKind::Average(m) => aggregate(&m.aggregate),
        MetricKind::Ratio(m) => match m.denominator {
            Aggregate::Count(_) => aggregate(&m.numerator),
            _ => Unit::Plain,
        },
        MetricKind::Quantile(m) => property(&m.property),
        MetricKind::Nps(_) => Unit::Plain,
        MetricKind::TimeTo(_) => Unit::Seconds,
    }
}
