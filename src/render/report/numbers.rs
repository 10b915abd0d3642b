//! The numbers behind the effects, for who wants to check them: standard errors, p-values, counts, methods.

use super::Ctx;
use super::effects::change_unit;
use crate::analysis::{Comparison, Estimate, MetricResult, Outcome, p_value};
use crate::render::words::{Unit, Words};
use serde::Serialize;

/// One comparison in numbers; what there is none of is a dash.
#[derive(Debug, Serialize)]
pub(super) struct NumberRow {
    pub metric: String,
    pub arm: String,
    /// Of a share: how many did it of how many, in the control and in the treatment.
    pub counts: String,
    pub se: String,
    pub p: String,
    pub p_adjusted: String,
    /// The smallest change the test could see with the planned power.
    pub least: String,
    pub method: &'static str,
}

impl Ctx<'_> {
    /// Returns a row for each estimate.
    pub(super) fn numbers(&self) -> Vec<NumberRow> {
        let all = self.report.metrics.iter().flat_map(|m| m.comparisons.iter().map(move |c| (m, c)));
        all.filter_map(|(m, c)| match &c.outcome {
            Outcome::Estimate(e) => Some(self.number_row(m, c, e)),
            Outcome::Inconclusive(_) => None,
        })
        .collect()
    }

    fn number_row(&self, metric: &MetricResult, comparison: &Comparison, e: &Estimate) -> NumberRow {
        let unit = change_unit(&metric.unit);
        let (scale, decimals) = match unit {
            Unit::Points => (100.0, Words::decimals(e.se, unit) + 1),
            _ => (1.0, Words::decimals(e.se, unit) + 1),
        };
        let p = |p: Option<f64>| match p.map(p_value) {
            Some(Some((p, decimals))) => self.words.number(p, decimals),
            Some(None) => self.words.fill("number.p_below", &[("p", &self.words.number(0.0001, 4))]),
            None => "–".to_owned(),
        };
        NumberRow {
            metric: metric.title.clone(),
            arm: self.arm(comparison.arm),
            counts: self.counts(metric, comparison.arm),
            se: self.words.number(e.se * scale, decimals),
            p: p(e.p),
            p_adjusted: p(e.p_adjusted),
            least: e.smallest_lift.map_or("–".to_owned(), |l| self.words.percent(l.abs(), 1)),
            method: e.method,
        }
    }

    fn counts(&self, metric: &MetricResult, arm: usize) -> String {
        let of = |i: usize| {
            let value = metric.values.get(i)?;
            let (x, n) = (self.words.integer(value.count?), self.words.integer(value.n));
            Some(self.words.fill("number.of", &[("x", &x), ("n", &n)]))
        };
        of(0).zip(of(arm)).map_or("–".to_owned(), |(a, b)| format!("{a} → {b}"))
    }
}
