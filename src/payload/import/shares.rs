//! Ranges back to weights and traffic.

use super::super::endpoint::buckets_of;
use super::super::schema::Rule;
use crate::model::space::{BUCKETS, Buckets};
use crate::model::value::Decimal;

/// Weights and traffic that make a rule's ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shares {
    pub(super) weights: Vec<Decimal>,
    pub(super) traffic: Decimal,
}

impl Shares {
    /// Returns the weights and the traffic of a rule: those it writes where they
    /// explain its ranges, else those that its ranges show.
    pub(super) fn of(rule: &Rule) -> Option<Self> {
        let count = rule.variations.as_ref().map_or(0, Vec::len);
        let Some(ranges) = &rule.ranges else {
            return written(rule, count);
        };
        let ranges: Vec<Buckets> = ranges.iter().map(|range| buckets_of(*range)).collect();
        written(rule, count).filter(|shares| shares.explain(&ranges)).or_else(|| shown(&ranges))
    }

    fn explain(&self, ranges: &[Buckets]) -> bool {
        let mut start = 0;
        let traffic = self.traffic.to_f64() / 100.0;
        self.weights.len() == ranges.len()
            && self.weights.iter().zip(ranges).all(|(weight, range)| {
                let width = (weight.to_f64() * 100.0).round() as u16;
                let taken = (f64::from(width) * traffic).round() as u16;
                let fits = range.start.abs_diff(start) <= 1 && range.count().abs_diff(taken) <= 1;
                start += width;
                fits
            })
    }
}

fn written(rule: &Rule, count: usize) -> Option<Shares> {
    let equal = || vec![1.0 / count as f64; count];
    let weights = rule.weights.clone().filter(|w| w.len() == count).unwrap_or_else(equal);
    let hundredths = whole(&weights.iter().map(|w| w * 10_000.0).collect::<Vec<_>>());
    (count > 1).then(|| Shares {
        weights: hundredths.into_iter().map(|h| Decimal::new(h, 2)).collect(),
        traffic: percent(rule.coverage.unwrap_or(1.0).clamp(0.0, 1.0)),
    })
}

/// Returns whole numbers near those given that add to 10,000: what is missing goes to the last.
fn whole(parts: &[f64]) -> Vec<i64> {
    let mut whole: Vec<i64> = parts.iter().map(|p| p.round() as i64).collect();
    let missing = i64::from(BUCKETS) - whole.iter().sum::<i64>();
    if let Some(last) = whole.last_mut() {
        *last += missing;
    }
    whole
}

/// Reads weights from where ranges start, and traffic from how much of each arm is in use.
fn shown(ranges: &[Buckets]) -> Option<Shares> {
    let ends = ranges.iter().skip(1).map(|r| r.start).chain([BUCKETS]);
    let widths: Vec<u16> = ranges.iter().zip(ends).map(|(r, end)| end.checked_sub(r.start)).collect::<Option<_>>()?;
    let used: u32 = ranges.iter().map(|r| u32::from(r.count())).sum();
    let shares = Shares {
        weights: widths.iter().map(|w| Decimal::new(i64::from(*w), 2)).collect(),
        traffic: percent(f64::from(used) / f64::from(BUCKETS)),
    };
    (ranges.first().is_some_and(|r| r.start == 0) && shares.explain(ranges)).then_some(shares)
}

/// Returns the share of all buckets that the ranges take.
pub(super) fn taken(ranges: &[[f64; 2]]) -> f64 {
    let count: u32 = ranges.iter().map(|range| u32::from(buckets_of(*range).count())).sum();
    f64::from(count) / f64::from(BUCKETS)
}

/// Returns a share as a percentage of two decimals.
pub(super) fn percent(share: f64) -> Decimal {
    Decimal::new((share * 10_000.0).round() as i64, 2)
}
