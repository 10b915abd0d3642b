//! Roots of increasing functions, in a bounded number of steps.

/// The most steps any search takes.
const STEPS: usize = 200;

/// Returns the root of an increasing function between `low` and `high`, from `start`; `f` gives value and slope.
///
/// Newton's method, with a halving of the bracket whenever a step would leave it. Takes at most 200 steps, and any value
/// that is not a number counts as "halve".
pub fn newton(mut low: f64, mut high: f64, start: f64, f: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut x = if start > low && start < high { start } else { low + (high - low) / 2.0 };
    for _ in 0..STEPS {
        let (value, slope) = f(x);
        if value == 0.0 {
            return x;
        }
        if value < 0.0 {
            low = x
        } else {
            high = x
        }
        let step = x - value / slope;
        let next = if step > low && step < high { step } else { low + (high - low) / 2.0 };
        // convergence is quadratic: after a step this small the next would change nothing
        if (next - x).abs() <= 1e-11 * x.abs().min(1.0) || next == low && next == high {
            return next;
        }
        x = next;
    }
    x
}

/// Returns the bracket, as narrow as doubles allow, of the place between `low` and `high` where `below` turns from true to
/// false: (the last that is below, the first that is not).
pub fn bisect(mut low: f64, mut high: f64, below: impl Fn(f64) -> bool) -> (f64, f64) {
    for _ in 0..STEPS {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if below(middle) { low = middle } else { high = middle }
    }
    (low, high)
}
