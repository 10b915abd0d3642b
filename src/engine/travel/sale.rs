//! Purchases of a unit: how many, how soon again, worth how much.
use super::Step;
use crate::tally::{Mean, SaleTally};

const DAY: i64 = 86_400_000_000;
/// Worth is told up to so many days after the first purchase, and to the end of the data.
const HORIZONS: [Option<u32>; 4] = [Some(30), Some(90), Some(365), None];

/// Counts the purchases of one unit. A horizon that is not over when the data ends leaves the unit out of its mean.
pub(super) fn sales(steps: &[Step], at: usize, end: Option<i64>, money: &dyn Fn(usize) -> f64, tally: &mut SaleTally) {
    let bought: Vec<(i64, f64)> =
        steps.iter().enumerate().filter(|(_, s)| usize::from(s.place) == at).map(|(i, s)| (s.time, money(i))).collect();
    let Some(&(first, _)) = bought.first() else { return };
    if tally.worth.is_empty() {
        tally.worth = HORIZONS.iter().map(|h| (*h, Mean::default())).collect();
    }
    *tally.buyers.entry(bought.len() as u64).or_default() += 1;
    let millis = |micros: i64| u64::try_from(micros.max(0) / 1_000).unwrap_or(0);
    match bought.get(1) {
        Some((second, _)) => tally.again.push(millis(second - first), true),
        None => tally.again.push(millis(end.map_or(0, |e| e - first)), false),
    }
    for (days, mean) in &mut tally.worth {
        let until = days.map(|d| first.saturating_add(i64::from(d) * DAY));
        if until.zip(end).is_some_and(|(until, end)| until > end) {
            continue;
        }
        let sum: f64 = bought.iter().filter(|(t, _)| until.is_none_or(|u| *t <= u)).map(|(_, m)| m).sum();
        // the amounts were checked to be finite
        let _ = mean.push(sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worth_waits_for_its_horizon() {
        let steps = [Step { time: 0, place: 3 }, Step { time: 40 * DAY, place: 3 }];
        let mut tally = SaleTally::default();
        sales(&steps, 3, Some(100 * DAY), &|at| 10.0 * (at + 1) as f64, &mut tally);
        let mean = |i: usize| (tally.worth[i].1.n(), tally.worth[i].1.mean());
        assert_eq!((mean(0), mean(1)), ((1, Some(10.0)), (1, Some(30.0))));
        assert_eq!((mean(2), mean(3)), ((0, None), (1, Some(30.0))));
        assert_eq!(tally.buyers.get(&2), Some(&1));
        assert_eq!(tally.again.events(), 1);
    }
}
