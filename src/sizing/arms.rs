//! The arms of a test with its level and power: units, power and smallest effect of a design. See [`Arms`].

use super::effect::Effect;
use super::{Needs, looks};
use crate::model::Experiment;
use crate::model::experiment::{MethodKind, Spending as Named};
use crate::model::manifest::Baseline;
use crate::stats::method::group_sequential::{self, Spending};
use crate::stats::method::power_mean;
use crate::stats::method::power_prop::Design;
use crate::stats::method::seq_asymptotic_cs::{TIGHTEST_AT, Tuned};
use crate::stats::special::{bisect, normal_cdf, normal_sf, normal_upper};

/// What a look costs.
#[derive(Clone, Copy, Debug)]
enum Looking {
    /// Nothing: there is one.
    Once,
    /// So many times the units of a fixed test.
    Times(f64),
    /// The bound of an always-valid test, which depends on how many units there are.
    Always(Tuned),
}

/// The arms, and the design of the comparison with the smallest treatment, which needs the most.
#[derive(Clone, Debug)]
pub(super) struct Arms {
    /// Weights, the control's first; they add to 1.
    weights: Vec<f64>,
    control: f64,
    design: Design,
    looking: Looking,
}

impl Arms {
    /// Returns the arms of an experiment, to be looked at once; nothing where a weight is 0 or the control is missing.
    pub(super) fn of(experiment: &Experiment, level: f64) -> Option<Self> {
        let control = experiment.control()?.weight.share();
        let others = experiment.variants.iter().filter(|v| !v.is_control()).map(|v| v.weight.share());
        let weights: Vec<f64> = std::iter::once(control).chain(others).collect();
        let smallest = weights.iter().skip(1).copied().fold(f64::INFINITY, f64::min);
        let ratio = smallest / control;
        let design = Design { alpha: level, power: experiment.method.power.share(), ratio, sides: 2.0 };
        (ratio.is_finite() && ratio > 0.0).then_some(Self { weights, control, design, looking: Looking::Once })
    }

    /// Returns the same arms, looked at as the plan says.
    pub(super) fn with_looks(self, experiment: &Experiment) -> Self {
        Self { looking: looking(experiment, &self.design), ..self }
    }

    /// Returns the units that an effect takes; nothing where they are not finite.
    pub(super) fn needs(&self, effect: &Effect, entering: Option<f64>) -> Option<Needs> {
        let one_look = self.units(effect, self.design) / self.control;
        let units = match self.looking {
            Looking::Once => one_look,
            Looking::Times(factor) => one_look * factor,
            Looking::Always(_) => self.always(effect, one_look),
        };
        let arms = self.weights.iter().map(|w| (units * w).ceil()).collect();
        let days = entering.map(|a_day| (units / a_day).ceil());
        (one_look.is_finite() && units.is_finite()).then_some(Needs { one_look, units, arms, days })
    }

    /// The control's units for one look.
    fn units(&self, effect: &Effect, design: Design) -> f64 {
        let Design { alpha, power, ratio, sides } = design;
        match *effect {
            Effect::Shares(now, then) => design.units(now, then),
            Effect::Means { delta, deviation: sd } => {
                power_mean::units(&power_mean::Input { delta, sd, alpha, power, ratio, sides, mde_n: None })
            }
        }
    }

    /// The units of an always-valid test: the fewest whose fixed test at the bound then in force needs no more.
    fn always(&self, effect: &Effect, one_look: f64) -> f64 {
        let short = |n: f64| self.units(effect, self.at(n)) / self.control > n;
        bisect(one_look, 1000.0 * one_look, short).1
    }

    /// The design of a fixed test as strict as this one after `n` units over all arms.
    fn at(&self, n: f64) -> Design {
        let alpha = match self.looking {
            Looking::Always(tuned) => {
                let both = n * self.control * (1.0 + self.design.ratio);
                (2.0 * normal_sf(tuned.critical(both, self.design.alpha))).clamp(1e-300, 0.999)
            }
            Looking::Once | Looking::Times(_) => self.design.alpha,
        };
        Design { alpha, ..self.design }
    }

    /// The control's units that count, of `units` over all arms: looks of a group-sequential plan cost some.
    fn counting(&self, units: f64) -> f64 {
        let factor = if let Looking::Times(factor) = self.looking { factor } else { 1.0 };
        units * self.control / factor
    }

    /// Returns the chance to see an effect with `units` over all arms.
    pub(super) fn power(&self, effect: &Effect, units: f64) -> f64 {
        let (design, n) = (self.at(units), self.counting(units));
        match *effect {
            Effect::Shares(now, then) => design.power_of(n, now, then),
            Effect::Means { delta, deviation } => {
                let se = deviation * ((1.0 + 1.0 / design.ratio) / n).sqrt();
                normal_cdf(delta.abs() / se - normal_upper(design.alpha / design.sides))
            }
        }
    }

    /// Returns the smallest change, up or down, that `units` over all arms see with the power of the plan.
    pub(super) fn smallest(&self, baseline: Baseline, units: f64, upward: bool) -> Option<f64> {
        let (design, n) = (self.at(units), self.counting(units));
        let size = match baseline {
            // down from p is up from 1 - p
            Baseline::Share(now) => {
                let from = if upward { now } else { 1.0 - now };
                design.detectable(n, from).map(|to| to - from)?
            }
            Baseline::Mean { deviation, .. } => {
                let z = normal_upper(design.alpha / design.sides) + normal_upper(1.0 - design.power);
                z * deviation * ((1.0 + 1.0 / design.ratio) / n).sqrt()
            }
        };
        Some(if upward { size } else { -size })
    }
}

fn looking(experiment: &Experiment, design: &Design) -> Looking {
    let kind = &experiment.method.kind;
    if *kind == MethodKind::Sequential {
        return Looking::Always(Tuned { level: experiment.method.level.share(), units: TIGHTEST_AT });
    }
    let Some((looks, spending)) = looks(kind) else { return Looking::Once };
    let (spending, parameter) = match spending {
        Named::ObrienFleming => (Spending::Obf, None),
        Named::Pocock => (Spending::Pocock, None),
        Named::Power => (Spending::Power, Some(3.0)),
        Named::Hsd => (Spending::Hsd, Some(-4.0)),
    };
    let t = (1..=looks).map(|look| f64::from(look) / f64::from(looks)).collect();
    let input =
        group_sequential::Input { t, alpha: design.alpha, spending, parameter, sides: 2, power: Some(design.power) };
    let factor = group_sequential::run(input).ok().and_then(|o| o.inflation_factor);
    factor.map_or(Looking::Once, Looking::Times)
}
