//! The forest plot: one scale for all effects of one unit, the zero line strong, the inner interval thick.

use crate::render::words::{Unit, Words};
use crate::stats::Interval;
use serde::Serialize;

/// The scale of a group: its ends, and where its ticks stand.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(in crate::render) struct Axis {
    /// The tick marks: place in percent and label.
    pub ticks: Vec<(String, String)>,
    /// Which labels are kept where there is little room: zero, and those far enough from it and from each other.
    pub kept: Vec<bool>,
    /// Zero, in percent.
    pub zero: String,
    #[serde(skip)]
    low: f64,
    #[serde(skip)]
    high: f64,
}

/// The least distance of two labels where there is little room, in percent of the scale.
const APART: f64 = 34.0;

/// One effect on its scale; every place in percent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(in crate::render) struct Mark {
    pub low: String,
    pub high: String,
    /// Whether the interval goes on beyond the scale.
    pub open_low: bool,
    pub open_high: bool,
    pub inner_low: String,
    pub inner_high: String,
    pub dot: String,
    pub margin: Option<String>,
    pub desc: String,
}

/// What one effect needs of a scale.
#[derive(Clone, Copy, Debug)]
pub(in crate::render) struct Reach {
    pub effect: f64,
    pub interval: Interval,
    pub inner: Interval,
    pub margin: Option<f64>,
}

impl Reach {
    /// Returns the finite numbers it must show.
    fn numbers(&self) -> impl Iterator<Item = f64> {
        let ends = [Some(self.effect), self.interval.low, self.interval.high, self.margin];
        ends.into_iter().flatten().filter(|x| x.is_finite())
    }
}

impl Axis {
    /// Returns a scale that shows all of these and zero, with ticks at round numbers; nothing where nothing is finite.
    pub fn of(all: &[Reach], unit: Unit, words: &Words) -> Option<Self> {
        let numbers: Vec<f64> = all.iter().flat_map(Reach::numbers).collect();
        let (low, high) = numbers.iter().fold((0.0_f64, 0.0_f64), |(a, b), &x| (a.min(x), b.max(x)));
        let width = high - low;
        if numbers.is_empty() || width <= 0.0 {
            return None;
        }
        let (low, high) = (low - width * 0.05, high + width * 0.05);
        let mut axis = Self { ticks: Vec::new(), kept: Vec::new(), zero: String::new(), low, high };
        axis.zero = axis.at(0.0);
        axis.ticks = axis.round_ticks(unit, words);
        axis.kept = axis.far_apart();
        Some(axis)
    }

    /// Returns which ticks to keep where there is little room: zero first, then outwards each that stands [`APART`] from
    /// all that are kept.
    fn far_apart(&self) -> Vec<bool> {
        let zero = self.place(0.0);
        let mut order: Vec<(usize, f64)> =
            self.ticks.iter().map(|(at, _)| at.parse().unwrap_or(zero)).enumerate().collect();
        order.sort_by(|a, b| (a.1 - zero).abs().total_cmp(&(b.1 - zero).abs()));
        let mut kept: Vec<(usize, f64)> = Vec::new();
        for tick in order {
            if kept.iter().all(|k| (k.1 - tick.1).abs() >= APART) {
                kept.push(tick);
            }
        }
        (0..self.ticks.len()).map(|i| kept.iter().any(|k| k.0 == i)).collect()
    }

    fn round_ticks(&self, unit: Unit, words: &Words) -> Vec<(String, String)> {
        let step = round_step((self.high - self.low) / 5.0);
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step).floor() as i64;
        let shown = if matches!(unit, Unit::Share | Unit::Points | Unit::Relative) { step * 100.0 } else { step };
        let decimals = (0..6).find(|d| shown * 10_f64.powi(*d) >= 0.999).unwrap_or(6) as usize;
        let tick = |i: i64| {
            let x = i as f64 * step;
            (self.at(x), words.change(x, unit, decimals))
        };
        (first..=last).take(12).map(tick).collect()
    }

    /// Returns the place of a value in percent of the scale, kept within it.
    pub fn place(&self, x: f64) -> f64 {
        let share = (x - self.low) / (self.high - self.low);
        (share * 100.0).clamp(0.0, 100.0)
    }

    fn at(&self, x: f64) -> String {
        let text = format!("{:.2}", self.place(x));
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// Returns an effect on the scale.
    pub fn mark(&self, reach: &Reach, desc: String) -> Mark {
        let end = |x: Option<f64>, open: f64| self.at(x.unwrap_or(open));
        Mark {
            low: end(reach.interval.low, self.low),
            high: end(reach.interval.high, self.high),
            open_low: reach.interval.low.is_none(),
            open_high: reach.interval.high.is_none(),
            inner_low: end(reach.inner.low.or(reach.interval.low), self.low),
            inner_high: end(reach.inner.high.or(reach.interval.high), self.high),
            dot: self.at(reach.effect),
            margin: reach.margin.map(|m| self.at(m)),
            desc,
        }
    }
}

/// Returns 1, 2 or 5 times a power of ten, the smallest that is not below `rough`.
fn round_step(rough: f64) -> f64 {
    let power = 10_f64.powi(libm::floor(libm::log10(rough)) as i32);
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|m| m * power >= rough * 0.999).unwrap_or(10.0);
    step * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_zero_is_one_of_them() {
        let reach = Reach {
            effect: 0.041,
            interval: Interval::new(0.02, 0.061),
            inner: Interval::new(0.03, 0.05),
            margin: None,
        };
        let axis = Axis::of(&[reach], Unit::Points, &Words::of("en")).unwrap();
        let labels: Vec<_> = axis.ticks.iter().map(|(_, l)| l.as_str()).collect();
        assert_eq!(labels, ["0", "+2", "+4", "+6"]);
        assert_eq!(axis.kept, [true, false, true, false]);
    }

    #[test]
    fn what_is_unbounded_ends_at_the_edge() {
        let reach = Reach {
            effect: 1.0,
            interval: Interval { low: None, high: Some(2.0) },
            inner: Interval::default(),
            margin: None,
        };
        let axis = Axis::of(&[reach], Unit::Plain, &Words::of("en")).unwrap();
        let mark = axis.mark(&reach, String::new());
        assert!(mark.open_low && mark.low == "0");
    }

    #[test]
    fn steps_are_one_two_or_five() {
        for (rough, step) in [(0.9, 1.0), (1.2, 2.0), (2.1, 5.0), (0.013, 0.02), (70.0, 100.0)] {
            assert!((round_step(rough) - step).abs() < 1e-9 * step, "{rough}");
        }
    }
}
