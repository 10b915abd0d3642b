//! Group-sequential boundaries by alpha spending (Lan and DeMets 1983; DeMets and Lan 1994; Kim and DeMets 1987; Hwang,
//! Shih and DeCani 1990), by the recursion of Armitage, McPherson and Rowe (1969; Jennison and Turnbull 2000, chapter 19).
use serde::{Deserialize, Serialize};

use crate::stats::Status;
use crate::stats::door::probability;
use crate::stats::special::{Rule, newton, normal_cdf, normal_density, normal_sf, normal_upper, panels, rule16};

/// How alpha is spent over the information so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spending {
    /// Little at first: the shape of O'Brien and Fleming.
    Obf,
    /// Evenly: the shape of Pocock.
    Pocock,
    /// alpha t^parameter.
    Power,
    /// Hwang, Shih and DeCani's family.
    Hsd,
}

/// A plan of looks.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// Information fractions, rising, at most 1.
    pub t: Vec<f64>,
    /// The level over both sides.
    pub alpha: f64,
    /// The spending function.
    pub spending: Spending,
    /// Its parameter, for `power` and `hsd`.
    #[serde(default)]
    pub parameter: Option<f64>,
    /// 2, or 1 for "greater" only.
    #[serde(default = "two")]
    pub sides: u8,
    /// The power for which the design's size is wanted.
    #[serde(default)]
    pub power: Option<f64>,
}

fn two() -> u8 {
    2
}

/// The boundaries.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// Always `ok`.
    pub status: Status,
    /// The z that must be exceeded at each look.
    pub bounds: Vec<f64>,
    /// The alpha spent up to each look.
    pub cumulative_alpha: Vec<f64>,
    /// The p-value that each bound is.
    pub nominal_p: Vec<f64>,
    /// The drift (mean z at the end) for the power.
    pub drift: Option<f64>,
    /// The drift that a fixed design needs for it.
    pub fixed_drift: Option<f64>,
    /// How many times the units of a fixed design the plan may need.
    pub inflation_factor: Option<f64>,
}

impl Spending {
    /// Returns the alpha of one side that is spent at `t`, of `alpha` for that side.
    pub fn spent(self, parameter: Option<f64>, alpha: f64, t: f64) -> f64 {
        if t >= 1.0 {
            return alpha;
        }
        match (self, parameter.unwrap_or(if self == Self::Power { 1.0 } else { 0.0 })) {
            (Self::Obf, _) => 2.0 * normal_sf(normal_upper(alpha / 2.0) / t.sqrt()),
            (Self::Pocock, _) => alpha * libm::log1p((std::f64::consts::E - 1.0) * t),
            (Self::Power, rho) => alpha * libm::pow(t, rho),
            (Self::Hsd, 0.0) => alpha * t,
            (Self::Hsd, gamma) => alpha * libm::expm1(-gamma * t) / libm::expm1(-gamma),
        }
    }
}

/// The density of the score s = z sqrt(t) over the region in which the test went on, at the nodes of a rule.
struct Running {
    t: f64,
    /// (node, weight times density), in ascending order.
    nodes: Rule,
}

/// One look: how far the score moves up to it.
struct Step<'a> {
    before: Option<&'a Running>,
    sd: f64,
    mean: f64,
}

impl Step<'_> {
    /// Returns the chance that the score goes beyond `c`, upwards for `sign` 1 and downwards for -1, and its density there.
    fn beyond(&self, c: f64, sign: f64) -> (f64, f64) {
        let from = |s: f64| {
            let z = (c - sign * (s + self.mean)) / self.sd;
            (normal_sf(z), normal_density(z) / self.sd)
        };
        match self.before {
            None => from(0.0),
            Some(running) => running.nodes.iter().fold((0.0, 0.0), |(tail, density), (s, w)| {
                let (t, d) = from(*s);
                (tail + w * t, density + w * d)
            }),
        }
    }

    /// Returns the density of the score at `s`; only nodes within ten deviations count.
    fn density(&self, s: f64) -> f64 {
        let kernel = |u: f64| normal_density((s - u - self.mean) / self.sd) / self.sd;
        let Some(running) = self.before else { return kernel(0.0) };
        let near = |u: f64| (s - u - self.mean) / self.sd;
        let first = running.nodes.partition_point(|(u, _)| near(*u) > 10.0);
        running.nodes.iter().skip(first).take_while(|(u, _)| near(*u) > -10.0).map(|(u, w)| w * kernel(*u)).sum()
    }
}

/// A design whose crossing chances are wanted.
struct Design<'a> {
    t: &'a [f64],
    two_sided: bool,
}

impl Design<'_> {
    /// Runs through the looks; `bound` says where the score's bound lies at each. Returns the chance of crossing at each.
    fn run(&self, drift: f64, mut bound: impl FnMut(usize, f64, &Step) -> f64) -> Vec<f64> {
        let mut running: Option<Running> = None;
        let mut crossed = Vec::new();
        for (k, &t) in self.t.iter().enumerate() {
            let before = running.as_ref().map_or(0.0, |r| r.t);
            let step = Step { before: running.as_ref(), sd: (t - before).sqrt(), mean: drift * (t - before) };
            let c = bound(k, t, &step);
            let down = if self.two_sided { step.beyond(c, -1.0).0 } else { 0.0 };
            crossed.push(step.beyond(c, 1.0).0 + down);
            let after = self.t.get(k + 1).map(|next| self.go_on(&step, c, t, next - t, drift));
            running = after;
        }
        crossed
    }

    /// The density after a look that crossed nothing.
    fn go_on(&self, step: &Step, c: f64, t: f64, next: f64, drift: f64) -> Running {
        let far = 9.5 * t.sqrt();
        let low = (drift * t).min(0.0) - far;
        let low = if self.two_sided { low.max(-c) } else { low };
        let high = ((drift * t).max(0.0) + far).min(c);
        let width = 2.0 * step.sd.min(next.sqrt());
        let count = (((high - low) / width).ceil() as usize).clamp(1, 20_000);
        let edges: Vec<f64> = (0..=count).map(|i| low + (high - low) * i as f64 / count as f64).collect();
        let nodes = panels(rule16(), &edges).into_iter().map(|(s, w)| (s, w * step.density(s))).collect();
        Running { t, nodes }
    }

    /// Returns the bounds, as z, that spend `increments` on one side.
    fn bounds(&self, increments: &[f64]) -> Vec<f64> {
        let mut bounds = Vec::new();
        self.run(0.0, |k, t, step| {
            let target = increments.get(k).copied().unwrap_or(0.0);
            let root = t.sqrt();
            let f = |c: f64| {
                let (tail, density) = step.beyond(c, 1.0);
                (libm::log(target / tail.max(1e-320)), density / tail.max(1e-320))
            };
            let c = if target > 0.0 { newton(-6.0 * root, 40.0 * root, 2.5 * root, f) } else { 40.0 * root };
            bounds.push(c / root);
            c
        });
        bounds
    }

    /// Returns the chance to cross anywhere, at a drift.
    fn power(&self, bounds: &[f64], drift: f64) -> f64 {
        self.run(drift, |k, t, _| bounds.get(k).copied().unwrap_or(f64::INFINITY) * t.sqrt()).into_iter().sum()
    }
}

/// Returns the root of an increasing function by the secant method kept inside a bracket.
fn increasing_root(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let slope = |x: f64, value: f64| (f(x + 1e-5) - value) / 1e-5;
    newton(low, high, (low + high) / 3.0, |x| {
        let value = f(x);
        (value, slope(x, value))
    })
}

/// Returns the bounds of a design; `t` rises, `alpha` is over all sides.
pub fn bounds(t: &[f64], alpha: f64, spending: Spending, parameter: Option<f64>, sides: u8) -> Vec<f64> {
    let side = alpha / f64::from(sides);
    let cumulative: Vec<f64> = t.iter().map(|t| spending.spent(parameter, side, *t)).collect();
    let before = std::iter::once(&0.0).chain(&cumulative);
    let increments: Vec<f64> = cumulative.iter().zip(before).map(|(now, before)| now - before).collect();
    Design { t, two_sided: sides == 2 }.bounds(&increments)
}

/// Returns the boundaries, and with `power` the size of the design against a fixed one.
///
/// # Errors
/// When the looks do not rise within 0 to 1 or a level is none.
pub fn run(input: Input) -> Result<Output, String> {
    probability("alpha", input.alpha)?;
    input.power.map_or(Ok(()), |p| probability("power", p))?;
    let rising = input.t.iter().zip(input.t.iter().skip(1)).all(|(a, b)| a < b);
    if !rising || input.t.iter().any(|t| !(*t > 0.0 && *t <= 1.0)) || input.t.len() > 1000 || input.t.is_empty() {
        return Err("expected `t` to rise, above 0 and up to 1".to_owned());
    }
    if !(1..=2).contains(&input.sides) {
        return Err(format!("expected `sides` to be 1 or 2, not `{}`", input.sides));
    }
    let sides = f64::from(input.sides);
    let side = input.alpha / sides;
    let bounds = bounds(&input.t, input.alpha, input.spending, input.parameter, input.sides);
    let drifts = input.power.map(|power| {
        let design = Design { t: &input.t, two_sided: input.sides == 2 };
        let z = normal_upper(side);
        let other = |drift: f64| if input.sides == 2 { normal_cdf(-drift - z) } else { 0.0 };
        let fixed = increasing_root(0.01, 20.0, |drift| normal_cdf(drift - z) + other(drift) - power);
        (increasing_root(0.01, 20.0, |drift| design.power(&bounds, drift) - power), fixed)
    });
    Ok(Output {
        status: Status::Ok,
        cumulative_alpha: input.t.iter().map(|t| sides * input.spending.spent(input.parameter, side, *t)).collect(),
        nominal_p: bounds.iter().map(|b| sides * normal_sf(*b)).collect(),
        bounds,
        drift: drifts.map(|d| d.0),
        fixed_drift: drifts.map(|d| d.1),
        inflation_factor: drifts.map(|(drift, fixed)| (drift / fixed) * (drift / fixed)),
    })
}
