//! Time to an event with censoring: product-limit curve (Kaplan and Meier 1958), its variance (Greenwood 1926), restricted
//! mean (Royston and Parmar 2013), and the log-rank test (Mantel 1966).
use serde::{Deserialize, Serialize};

use crate::stats::special::chi2_tails;
use crate::stats::{Arm, Status};
use crate::tally::Times;

/// Times and whether they are events (else censored), of one arm.
#[derive(Clone, Debug, Deserialize)]
pub struct Sample {
    t: Vec<f64>,
    e: Vec<u8>,
}

/// Two arms, `a` the control.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    a: Sample,
    b: Sample,
    tau: f64,
}

/// One arm's curve.
#[derive(Clone, Debug, Serialize)]
pub struct Curve {
    /// The first time at which half or fewer are left; nothing if never.
    pub median: Option<f64>,
    /// The share left at tau.
    pub survival_at_tau: f64,
    /// Its standard error; nothing once nobody is left.
    pub greenwood_se_at_tau: Option<f64>,
    /// The mean time up to tau.
    pub rmst: f64,
}

/// The test and both curves.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// `degenerate` when there is nothing to compare.
    pub status: Status,
    /// Events in the treatment.
    pub observed_b: f64,
    /// Events in the treatment if both arms were alike.
    pub expected_b: f64,
    /// Variance of the difference of the two.
    pub variance: f64,
    /// The statistic, on one degree of freedom.
    pub chi2: Option<f64>,
    /// The p-value; 1 when degenerate.
    pub p_value: f64,
    /// The control.
    pub a: Curve,
    /// The treatment.
    pub b: Curve,
}

/// What happened at one time in one arm.
#[derive(Clone, Copy, Debug, Default)]
pub struct Row {
    /// The time.
    pub t: f64,
    /// Events.
    pub events: f64,
    /// Censored.
    pub censored: f64,
}

impl Row {
    fn gone(&self) -> f64 {
        self.events + self.censored
    }
}

impl Sample {
    fn rows(&self) -> Result<Vec<Row>, String> {
        if self.t.len() != self.e.len() || self.t.iter().any(|t| !(*t >= 0.0 && t.is_finite())) {
            return Err("expected as many `t` as `e`, no time below zero".to_owned());
        }
        let mut sorted: Vec<(f64, u8)> = self.t.iter().copied().zip(self.e.iter().copied()).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut rows: Vec<Row> = Vec::new();
        for (t, event) in sorted {
            if rows.last().is_none_or(|row| row.t != t) {
                rows.push(Row { t, ..Row::default() });
            }
            if let Some(row) = rows.last_mut() {
                if event != 0 { row.events += 1.0 } else { row.censored += 1.0 }
            }
        }
        Ok(rows)
    }
}

/// Returns a tally's rows, in days.
pub fn rows(times: &Times) -> Vec<Row> {
    const DAY: f64 = 86_400_000.0;
    times.rows().map(|(t, e, c)| Row { t: t as f64 / DAY, events: e as f64, censored: c as f64 }).collect()
}

/// A step of the product-limit curve.
struct Point {
    t: f64,
    at_risk: f64,
    events: f64,
    survival: f64,
    greenwood: Option<f64>,
}

/// The product-limit curve at the times of events.
fn curve(rows: &[Row]) -> Vec<Point> {
    let mut at_risk: f64 = rows.iter().map(Row::gone).sum();
    let (mut survival, mut greenwood) = (1.0, Some(0.0));
    let mut points = Vec::new();
    for row in rows {
        let left = at_risk - row.events;
        if row.events > 0.0 {
            survival *= left / at_risk;
            greenwood = greenwood.filter(|_| left > 0.0).map(|sum: f64| sum + row.events / (at_risk * left));
            points.push(Point { t: row.t, at_risk, events: row.events, survival, greenwood });
        }
        at_risk -= row.gone();
    }
    points
}

/// Returns median, survival and restricted mean at tau. Half means half up to rounding.
pub fn describe(rows: &[Row], tau: f64) -> Curve {
    let points = curve(rows);
    let median = points.iter().find(|p| p.survival <= 0.5 + 1e-12).map(|p| p.t);
    let (mut last, mut survival, mut area, mut greenwood) = (0.0, 1.0, 0.0, Some(0.0));
    for point in points.iter().take_while(|p| p.t <= tau) {
        area += survival * (point.t - last);
        (last, survival, greenwood) = (point.t, point.survival, point.greenwood);
    }
    area += survival * (tau - last);
    let se = greenwood.map(|g: f64| survival * g.sqrt());
    Curve { median, survival_at_tau: survival, greenwood_se_at_tau: se, rmst: area }
}

/// Returns the restricted mean time up to `tau` as an arm: its variance is that of the estimate times the units.
///
/// The variance is the sum over event times of (area right of t)^2 d / (r (r - d)) (Klein and Moeschberger 2003, 4.5).
pub fn restricted(rows: &[Row], tau: f64) -> Arm {
    let mean = describe(rows, tau).rmst;
    let points = curve(rows);
    let (mut right, mut until, mut var) = (0.0, tau, 0.0);
    for point in points.iter().rev().filter(|p| p.t <= tau) {
        right += point.survival * (until - point.t);
        until = point.t;
        let left = point.at_risk - point.events;
        if left > 0.0 {
            var += right * right * point.events / (point.at_risk * left);
        }
    }
    let n = rows.iter().map(Row::gone).sum();
    Arm { mean, var: var * n, n }
}

/// Observed, expected and variance of the events in the second arm.
fn compare(a: &[Row], b: &[Row]) -> (f64, f64, f64) {
    let mut merged: Vec<(f64, Row, bool)> =
        a.iter().map(|r| (r.t, *r, false)).chain(b.iter().map(|r| (r.t, *r, true))).collect();
    merged.sort_by(|x, y| x.0.total_cmp(&y.0));
    let (mut n_a, mut n_b) = (a.iter().map(Row::gone).sum::<f64>(), b.iter().map(Row::gone).sum::<f64>());
    let (mut observed, mut expected, mut variance) = (0.0, 0.0, 0.0);
    for group in merged.chunk_by(|x, y| x.0 == y.0) {
        let sum = |b: bool, of: fn(&Row) -> f64| group.iter().filter(|g| g.2 == b).map(|g| of(&g.1)).sum::<f64>();
        let (d_a, d_b) = (sum(false, |r| r.events), sum(true, |r| r.events));
        let (d, n) = (d_a + d_b, n_a + n_b);
        if d > 0.0 {
            observed += d_b;
            expected += d * n_b / n;
            if n > 1.0 {
                variance += d * (n_b / n) * (n_a / n) * (n - d) / (n - 1.0);
            }
        }
        n_a -= sum(false, Row::gone);
        n_b -= sum(true, Row::gone);
    }
    (observed, expected, variance)
}

/// Returns the log-rank test and both curves of arms given as rows in the order of time.
pub fn test(a: &[Row], b: &[Row], tau: f64) -> Output {
    let (observed, expected, variance) = compare(a, b);
    let off = observed - expected;
    let chi2 = (variance > 0.0).then(|| off * off / variance);
    Output {
        status: if chi2.is_some() { Status::Ok } else { Status::Degenerate },
        observed_b: observed,
        expected_b: expected,
        variance,
        chi2,
        p_value: chi2.map_or(1.0, |c| chi2_tails(c, 1.0).upper),
        a: describe(a, tau),
        b: describe(b, tau),
    }
}

/// Returns the test and both curves.
///
/// # Errors
/// When the samples cannot be.
pub fn run(input: Input) -> Result<Output, String> {
    if !(input.tau >= 0.0 && input.tau.is_finite()) {
        return Err("expected `tau` not below zero".to_owned());
    }
    Ok(test(&input.a.rows()?, &input.b.rows()?, input.tau))
}
