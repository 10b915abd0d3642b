//! Weights that were changed while a test ran: arms are compared within each time of equal weights, and never over them.
//!
//! A unit belongs to the day of its first exposure, and weights change at midnight, so a period is some of the days. Pooled
//! over periods, an arm that grew has more of the later units, and whatever differs between early and late units would look
//! like an effect (Simpson's paradox).
use super::blank::Blank;
use super::contrast::{Contrast, Normal, compare, contrast, from_arms, too_few, value, varies};
use super::report::{Inconclusive, Value};
use super::request::{Measured, Request, date};
use super::words::say;
use crate::stats::Arm;
use crate::stats::method::prop_diff_miettinen_nurminen::Table;
use crate::stats::method::rel_lift::Relative;
use crate::tally::{Cut, Tally};

/// A time of equal weights in which somebody was exposed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Period {
    /// The weights, the control first, in percent.
    pub weights: Vec<f64>,
    /// The cuts that make it up: its days; of data without days, everything.
    pub cuts: Vec<Cut>,
}

impl Request<'_> {
    /// Whether other weights were given while the experiment ran.
    pub(super) fn reweighted(&self) -> bool {
        !self.spec().reweighted().is_empty()
    }

    /// Returns the times of equal weights, in order. One of everything where the weights stayed; none where they changed and
    /// the data does not say on which day units were exposed.
    pub(super) fn periods(&self) -> Vec<Period> {
        if !self.reweighted() {
            return vec![Period { weights: self.weights(), cuts: vec![Cut::Total] }];
        }
        let mut periods: Vec<Period> = Vec::new();
        for cut in self.tallies.cuts() {
            let Cut::Day(day) = cut else { continue };
            let Some(weights) = date(day).map(|day| self.weights_on(day)) else { continue };
            match periods.last_mut().filter(|p| p.weights == weights) {
                Some(period) => period.cuts.push(cut),
                None => periods.push(Period { weights, cuts: vec![cut] }),
            }
        }
        periods
    }

    /// Returns the units exposed in a period, by arm.
    pub(super) fn exposed_in(&self, period: &Period) -> Vec<f64> {
        let units = |arm: u32| match self.reweighted() {
            false => self.units(arm),
            true => period.cuts.iter().map(|cut| self.tallies.exposed(arm, cut)).sum(),
        };
        (0..self.arms()).map(|arm| units(arm) as f64).collect()
    }

    /// Returns the tallies of the control and of a treatment in each period that has both.
    fn strata(&self, measure: u32, arm: u32) -> Vec<(Tally, Tally)> {
        self.periods().iter().filter_map(|p| self.pair_of(measure, arm, &p.cuts)).collect()
    }

    /// Returns the tallies of the control and of a treatment over some days.
    fn pair_of(&self, measure: u32, arm: u32, cuts: &[Cut]) -> Option<(Tally, Tally)> {
        Some((self.merged(measure, 0, cuts)?, self.merged(measure, arm, cuts)?))
    }

    /// Returns the tally of an arm over some days; nothing where there is none.
    fn merged(&self, measure: u32, arm: u32, cuts: &[Cut]) -> Option<Tally> {
        let mut all = cuts.iter().filter_map(|cut| self.tallies.get(measure, arm, cut));
        let mut sum = all.next()?.clone();
        all.try_for_each(|tally| sum.merge(tally)).ok()?;
        Some(sum)
    }

    /// Returns a treatment against the control over everything.
    ///
    /// # Errors
    /// Why nothing can be said.
    pub(super) fn compared(&self, m: &Measured, arm: u32) -> Result<Contrast, Inconclusive> {
        if self.reweighted() {
            let strata = self.strata(m.place, arm);
            if strata.is_empty() && self.pair(m.place, arm, &Cut::Total).is_some() {
                return Err(Inconclusive::Unknown);
            }
            return stratified(m, &strata, self.weight_of(arm));
        }
        let (a, b) = self.pair(m.place, arm, &Cut::Total).ok_or(Inconclusive::NoData)?;
        contrast(m, a, b, self.weight_of(arm))
    }

    /// Returns an arm's value. Where weights changed, it is put together from the periods as the effect is, so that the
    /// values of two arms differ by the effect.
    pub(super) fn value(&self, m: &Measured, arm: u32) -> Option<Value> {
        let whole = value(m, self.tallies.get(m.place, arm, &Cut::Total)?);
        let periods = self.periods();
        if !self.reweighted() || periods.len() < 2 {
            return Some(whole);
        }
        let (mut sum, mut units) = (0.0, 0.0);
        for period in &periods {
            let all: f64 = self.exposed_in(period).iter().sum();
            let Some(here) = self.merged(m.place, arm, &period.cuts).and_then(|t| value(m, &t).value) else { continue };
            sum += all * here;
            units += all;
        }
        Some(Value { value: (units > 0.0).then(|| sum / units), ..whole })
    }
}

/// Returns the contrast over strata: the difference within each, weighed by its units (Miratrix, Sekhon and Yu 2013). A
/// stratum with fewer than two units in an arm compares nothing and is left out.
///
/// # Errors
/// Why nothing can be said.
pub(super) fn stratified(m: &Measured, strata: &[(Tally, Tally)], weight_b: f64) -> Result<Contrast, Inconclusive> {
    let both = |(a, b): &&(Tally, Tally)| a.units() > 1 && b.units() > 1;
    let strata: Vec<&(Tally, Tally)> = strata.iter().filter(both).collect();
    let [first, rest @ ..] = strata.as_slice() else { return Err(Inconclusive::NoData) };
    if rest.is_empty() {
        return contrast(m, &first.0, &first.1, weight_b);
    }
    let (mut a, mut b) = (first.0.clone(), first.1.clone());
    rest.iter().try_for_each(|s| a.merge(&s.0).and_then(|()| b.merge(&s.1))).map_err(|_| Inconclusive::Unknown)?;
    if too_few(&a, &b) {
        return Err(Inconclusive::TooFew);
    }
    let total = (a.units() + b.units()) as f64;
    let mut parts = Vec::new();
    for (a, b) in &strata {
        let normal = match compare(m, a, b, weight_b)? {
            Contrast::Normal(normal) => normal,
            Contrast::Shares { table, .. } => of_shares(&table),
        };
        parts.push(((a.units() + b.units()) as f64 / total, normal));
    }
    varies(Contrast::Normal(together(&parts, total)))
}

/// Returns the difference of two shares, as one of means of zeros and ones.
fn of_shares(table: &Table) -> Normal {
    let arm = |x: f64, n: f64| Arm { mean: x / n, var: x / n * (n - x) / (n - 1.0), n };
    from_arms(arm(table.x_a, table.n_a), arm(table.x_b, table.n_b))
}

/// Returns the weighted sum of independent differences; degrees of freedom by Satterthwaite (1946).
fn together(parts: &[(f64, Normal)], n: f64) -> Normal {
    let sum = |of: &dyn Fn(f64, &Relative) -> f64| parts.iter().map(|(w, p)| of(*w, &p.relative)).sum::<f64>();
    let relative = Relative {
        diff: sum(&|w, r| w * r.diff),
        base: sum(&|w, r| w * r.base),
        var_diff: sum(&|w, r| w * w * r.var_diff),
        var_base: sum(&|w, r| w * w * r.var_base),
        covariance: sum(&|w, r| w * w * r.covariance),
    };
    let fourth = |(w, part): &(f64, Normal)| part.df.map_or(0.0, |df| (w * w * part.relative.var_diff).powi(2) / df);
    let fourths: f64 = parts.iter().map(fourth).sum();
    let df = (fourths > 0.0).then(|| relative.var_diff * relative.var_diff / fourths);
    let notes = vec![say("note-stratified", vec![("periods", Blank::Count(parts.len() as u64))])];
    Normal { relative, df, n, has_lift: parts.iter().all(|(_, p)| p.has_lift), method: "stratified", notes }
}
