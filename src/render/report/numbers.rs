//! The numbers behind the effects, for who wants to check them: standard errors, p-values, counts, methods; and the
//! effects among people who were in another test as well.

use super::Ctx;
use super::effects::change_unit;
use crate::analysis::{Comparison, Estimate, Interaction, MetricResult, Outcome, p_value};
use crate::render::words::{Unit, Words};
use crate::stats::Interval;
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

/// An effect beside the control and beside a variant of another test, each with its interval.
#[derive(Debug, Serialize)]
pub(super) struct BesideRow {
    pub test: String,
    pub variant: String,
    pub metric: String,
    /// The arm here, where there are several.
    pub arm: String,
    pub control: (String, String),
    pub there: (String, String),
    pub difference: (String, String),
    pub p: String,
}

impl Ctx<'_> {
    /// Returns a row for each variant of another test and each metric that was compared.
    pub(super) fn beside(&self) -> Vec<BesideRow> {
        let row = |i: &Interaction| {
            let metric = self.report.metrics.iter().find(|m| m.metric == i.metric)?;
            let unit = change_unit(&metric.unit);
            let said = |effect: f64, interval: Interval| {
                let width = interval.high.zip(interval.low).map_or(effect.abs(), |(high, low)| high - low);
                let decimals = Words::decimals(width, unit);
                let say = |x: f64| self.words.change(x, unit, decimals);
                let whole = match unit {
                    Unit::Points => self.words.fill("number.points", &[("n", &say(effect))]),
                    _ => say(effect),
                };
                (whole, self.range(interval, &say))
            };
            Some(BesideRow {
                test: i.title.clone(),
                variant: i.variant.clone(),
                metric: metric.title.clone(),
                arm: self.lettered(i.arm),
                control: said(i.beside_control, i.beside_control_interval),
                there: said(i.beside_variant, i.beside_variant_interval),
                difference: said(i.difference, i.interval),
                p: self.p(Some(i.p)),
            })
        };
        self.report.interactions.iter().filter_map(row).collect()
    }

    /// Returns a p-value in words; a dash where there is none.
    fn p(&self, p: Option<f64>) -> String {
        match p.map(p_value) {
            Some(Some((p, decimals))) => self.words.number(p, decimals),
            Some(None) => self.words.fill("number.p_below", &[("p", &self.words.number(0.0001, 4))]),
            None => "–".to_owned(),
        }
    }

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
        NumberRow {
            metric: metric.title.clone(),
            arm: self.arm(comparison.arm),
            counts: self.counts(metric, comparison.arm),
            se: self.words.number(e.se * scale, decimals),
            p: self.p(e.p),
            p_adjusted: self.p(e.p_adjusted),
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
