//! What a row says of its units: [`Sample`].
use super::{Cell, number};
use crate::model::manifest::PropertyType;
use crate::plan::{MeasurePlan, Plan, TermPlan};
use crate::tally::{Mean, Nps, Pair, Shape, Share, Tally, Times, Values};

/// What one unit gives a measure, once for many units.
pub(super) struct Sample {
    pub(super) y: f64,
    pub(super) x: f64,
    list: Vec<f64>,
    /// There is an answer.
    known: bool,
}

/// Returns how many minor units make one of what a term gives.
fn unit(plan: &Plan, term: Option<&TermPlan>) -> f64 {
    let property = term.and_then(|t| t.make.property()).and_then(|p| plan.properties.get(p));
    match property {
        Some(p) if p.kind == PropertyType::Money => 10_f64.powi(i32::from(plan.decimals)),
        _ => 1.0,
    }
}

/// Returns what a row says that each of its units gives a measure.
pub(super) fn sample(plan: &Plan, measure: &MeasurePlan, cell: &Cell<'_>) -> Result<Sample, String> {
    let terms = measure.reads.terms();
    let first = unit(plan, terms.first());
    let second = if measure.before.is_some() { first } else { unit(plan, terms.get(1)) };
    let parts = cell.list.map_or_else(Vec::new, |l| l.split(',').collect());
    let list: Result<Vec<f64>, String> = parts.into_iter().map(|v| number(v).map(|v| v / first)).collect();
    Ok(Sample {
        y: cell.y.unwrap_or(0.0) / first,
        x: cell.x.unwrap_or(0.0) / second,
        list: list?,
        known: cell.y.is_some(),
    })
}

/// Returns the values that a percentile is taken of.
pub(super) fn outcomes(shape: Shape, sample: &Sample) -> &[f64] {
    match shape {
        Shape::Mean | Shape::Pair => std::slice::from_ref(&sample.y),
        Shape::Values => &sample.list,
        Shape::Share | Shape::Nps | Shape::Times => &[],
    }
}

/// Cuts what lies above the cap: the outcome and its covariate, or the numerator of a ratio.
pub(super) fn cut(sample: &mut Sample, cap: f64, ratio: bool) {
    sample.y = sample.y.min(cap);
    if !ratio {
        sample.x = sample.x.min(cap);
    }
    sample.list.iter_mut().for_each(|v| *v = v.min(cap));
}

/// Returns the tally of one unit; nothing where it gave no answer that counts.
pub(super) fn one(shape: Shape, s: &Sample) -> Option<Tally> {
    Some(match shape {
        Shape::Share => Tally::Share(Share { n: 1, x: u64::from(s.y != 0.0) }),
        Shape::Mean => {
            let mut mean = Mean::default();
            mean.push(s.y).ok()?;
            Tally::Mean(mean)
        }
        Shape::Pair => {
            let mut pair = Pair::default();
            pair.push(s.y, s.x).ok()?;
            Tally::Pair(pair)
        }
        Shape::Values => {
            let mut values = Values::default();
            values.push_unit(&s.list).ok()?;
            Tally::Values(values)
        }
        Shape::Nps => {
            let mut nps = Nps::default();
            if s.known {
                nps.push(s.y);
            }
            Tally::Nps(nps)
        }
        Shape::Times => {
            let mut times = Times::default();
            times.push(s.y as u64, s.x != 0.0);
            Tally::Times(times)
        }
    })
}

/// Returns the tally of so many units that are all alike, by doubling: merging keeps the law of sums.
pub(super) fn many(one: &Tally, units: u64) -> Tally {
    let (mut all, mut power, mut left) = (Tally::empty(one.shape()), one.clone(), units);
    while left > 0 {
        if left & 1 == 1 {
            // Both are of one shape, so this cannot fail.
            let _ = all.merge(&power);
        }
        left >>= 1;
        if left > 0 {
            let twin = power.clone();
            let _ = power.merge(&twin);
        }
    }
    all
}
