//! From weights and traffic to whole buckets, exactly.

use super::super::Experiment;
use super::super::value::Percent;
use super::{BUCKETS, Buckets};

/// Decimals of a percentage that are kept: more than a spec can write beside three digits.
const PLACES: u8 = 12;
const UNIT: i128 = 10_i128.pow(PLACES as u32);

/// Returns the percentage in units of 10^-12 percent; negative ones count as 0.
fn fine(percent: Percent) -> i128 {
    percent.0.scaled(PLACES).map_or(0, |digits| i128::from(digits).max(0))
}

/// Returns how many of the 10,000 buckets that share is, half a bucket rounded up.
pub fn part_of_buckets(share: Percent) -> u16 {
    let hundredths = (fine(share) * 200 / UNIT + 1) / 2;
    u16::try_from(hundredths).map_or(BUCKETS, |buckets| buckets.min(BUCKETS))
}

/// Returns whole buckets in proportion to the weights, 10,000 in all.
///
/// Each gets the floor of its due, and the buckets that are left go to the
/// largest remainders, earlier arms first (Hamilton's method).
fn widths(weights: &[i128]) -> Vec<u16> {
    let total = weights.iter().sum::<i128>().max(1);
    let due = |weight: &i128| weight * i128::from(BUCKETS);
    let mut widths: Vec<u16> = weights.iter().map(|w| u16::try_from(due(w) / total).unwrap_or(BUCKETS)).collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|&arm| weights.get(arm).map(|w| -(due(w) % total)));
    let left = usize::from(BUCKETS.saturating_sub(widths.iter().sum()));
    for arm in by_remainder.into_iter().take(left) {
        if let Some(width) = widths.get_mut(arm) {
            *width += 1;
        }
    }
    widths
}

/// Returns the buckets of each variant of the experiment, in its order.
///
/// Arm i starts where the weights before it end, wherever traffic stands, and
/// takes `weight * traffic` of the buckets from there, half a bucket rounded
/// up; all of its width where traffic is 100 %. So growing traffic never moves
/// a unit from one arm to another.
pub fn arms(experiment: &Experiment) -> Vec<Buckets> {
    let weights: Vec<i128> = experiment.variants.iter().map(|v| fine(v.weight)).collect();
    let traffic = fine(experiment.traffic);
    let mut start = 0;
    let arm = |(width, weight): (u16, &i128)| {
        let buckets = Buckets { start, end: start + taken(*weight, traffic, width) };
        start += width;
        buckets
    };
    widths(&weights).into_iter().zip(&weights).map(arm).collect()
}

/// Returns how many of an arm's `width` buckets are in use.
fn taken(weight: i128, traffic: i128, width: u16) -> u16 {
    if traffic >= 100 * UNIT {
        return width;
    }
    // Percent times percent is in buckets of 10,000.
    let doubled = weight * traffic * 2 / (UNIT * UNIT);
    u16::try_from((doubled + 1) / 2).map_or(width, |buckets| buckets.min(width))
}

/// Returns which arm that bucket is in.
pub fn arm_of_bucket(arms: &[Buckets], bucket: u16) -> Option<usize> {
    arms.iter().position(|arm| arm.holds(bucket))
}

/// What an edit does to the units of an experiment, in buckets of 10,000.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Impact {
    /// In no arm before, in one after.
    pub enter: u16,
    /// In an arm before, in none after.
    pub leave: u16,
    /// In one arm before, in another after.
    pub switch: u16,
    /// In the same arm before and after.
    pub stay: u16,
}

/// Returns what moving from the ranges `before` to `after` does; each range
/// stands with its arm's key. The seed is taken to be the same.
pub fn impact(before: &[(&str, Buckets)], after: &[(&str, Buckets)]) -> Impact {
    let mut impact = Impact::default();
    for [start, end] in cuts(before, after) {
        let key = |arms: &[(&str, Buckets)]| arms.iter().position(|(_, b)| b.holds(start));
        let was = key(before).and_then(|at| before.get(at)).map(|(key, _)| *key);
        let is = key(after).and_then(|at| after.get(at)).map(|(key, _)| *key);
        *match (was, is) {
            (None, None) => continue,
            (None, Some(_)) => &mut impact.enter,
            (Some(_), None) => &mut impact.leave,
            (Some(a), Some(b)) if a == b => &mut impact.stay,
            (Some(_), Some(_)) => &mut impact.switch,
        } += end - start;
    }
    impact
}

/// Returns the stretches between all the ends of ranges, in order: within one,
/// nothing changes.
fn cuts(before: &[(&str, Buckets)], after: &[(&str, Buckets)]) -> Vec<[u16; 2]> {
    let ends = before.iter().chain(after).flat_map(|(_, b)| [b.start, b.end]);
    let mut ends: Vec<u16> = ends.map(|end| end.min(BUCKETS)).collect();
    ends.sort_unstable();
    ends.dedup();
    let next = ends.iter().skip(1);
    ends.iter().zip(next).map(|(start, end)| [*start, *end]).collect()
}
