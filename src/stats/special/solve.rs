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

/// Returns the bracket, about as narrow as doubles allow, of the place between `low` and `high` where a falling function
/// crosses 0: (the last that is above, the first that is not). Where it does not cross, the end it would cross at, twice.
///
/// The secant rule of Illinois (Dowell and Jarratt 1971) with every fourth step a halving; infinite values are halved.
pub fn falling(low: f64, high: f64, f: impl Fn(f64) -> f64) -> (f64, f64) {
    let (mut above, mut below) = ((low, f(low)), (high, f(high)));
    if above.1 <= 0.0 || above.1.is_nan() {
        return (low, low);
    }
    if below.1 > 0.0 {
        return (high, high);
    }
    let mut side = 0;
    for step in 0..STEPS {
        let (width, size) = (below.0 - above.0, above.0.abs().max(below.0.abs()));
        let grain = 1e-17 + 4e-16 * size;
        if width <= grain {
            break;
        }
        let secant = above.0 + width * (above.1 / (above.1 - below.1));
        let x = if step % 4 == 3 || !secant.is_finite() { above.0 + width / 2.0 } else { secant };
        let x = x.clamp(above.0 + grain / 2.0, below.0 - grain / 2.0);
        let value = f(x);
        if value > 0.0 {
            above = (x, value);
            below.1 *= if side == 1 { 0.5 } else { 1.0 };
            side = 1;
        } else {
            below = (x, value);
            above.1 *= if side == -1 { 0.5 } else { 1.0 };
            side = -1;
        }
    }
    (above.0, below.0)
}
