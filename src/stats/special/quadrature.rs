//! Gauss-Legendre rules.
use std::sync::LazyLock;

/// Nodes in -1 to 1 with their weights.
pub type Rule = Vec<(f64, f64)>;

/// Returns the rule of 16 nodes, exact to degree 31.
pub fn rule16() -> &'static Rule {
    static RULE: LazyLock<Rule> = LazyLock::new(|| legendre(16));
    &RULE
}

/// Returns the rule of 40 nodes.
pub fn rule40() -> &'static Rule {
    static RULE: LazyLock<Rule> = LazyLock::new(|| legendre(40));
    &RULE
}

/// Returns the rule of 48 nodes.
pub fn rule48() -> &'static Rule {
    static RULE: LazyLock<Rule> = LazyLock::new(|| legendre(48));
    &RULE
}

/// Returns the nodes and weights of a rule on each panel between neighbouring edges.
pub fn panels(rule: &Rule, edges: &[f64]) -> Rule {
    let pairs = edges.iter().zip(edges.iter().skip(1));
    pairs
        .flat_map(|(from, to)| {
            let (half, centre) = ((to - from) / 2.0, (to + from) / 2.0);
            rule.iter().map(move |(x, w)| (centre + half * x, half * w))
        })
        .collect()
}

/// Computes a rule by Newton's method on the Legendre polynomial, from Tricomi's first guess.
fn legendre(n: u32) -> Rule {
    let order = f64::from(n);
    let node = |i: u32| {
        let mut x = libm::cos(std::f64::consts::PI * (f64::from(i) + 0.75) / (order + 0.5));
        let mut slope = 1.0;
        for _ in 0..100 {
            let (value, derivative) = polynomial(n, x);
            slope = derivative;
            let step = value / derivative;
            x -= step;
            if step.abs() < 1e-16 {
                break;
            }
        }
        (x, 2.0 / ((1.0 - x * x) * slope * slope))
    };
    (0..n).rev().map(node).collect()
}

/// The Legendre polynomial of degree n and its derivative, by the three-term recurrence.
fn polynomial(n: u32, x: f64) -> (f64, f64) {
    let (mut before, mut now) = (1.0, x);
    for k in 2..=n {
        let k = f64::from(k);
        (before, now) = (now, ((2.0 * k - 1.0) * x * now - (k - 1.0) * before) / k);
    }
    (now, f64::from(n) * (x * now - before) / (x * x - 1.0))
}
