//! What was planned, and how many units it takes: [`planned`].
use super::report::{Planned, Role};
use super::request::{Measured, Request};
use crate::stats::method::power_prop::Design;
use crate::stats::special::normal_upper;
use crate::tally::{Cut, Tally};

/// Returns the plan, with the units it takes at the control's values seen.
pub(super) fn planned(request: &Request) -> Planned {
    let (spec, method) = (request.spec(), &request.spec().method);
    Planned {
        from: spec.counts_from().to_string(),
        to: spec.runs.1.to_string(),
        method: method.kind.name(),
        level: method.level.share(),
        power: method.power.share(),
        units: units(request),
    }
}

/// The units over all arms that the most demanding primary takes; its level is shared by all comparisons.
fn units(request: &Request) -> Option<u64> {
    let primaries: Vec<Measured> = request.measured().into_iter().filter(|m| m.role == Role::Primary).collect();
    let comparisons = (primaries.len() * request.arms().saturating_sub(1) as usize).max(1) as f64;
    let method = &request.spec().method;
    let (level, power) = (method.level.share() / comparisons, method.power.share());
    let weights = request.weights();
    let (whole, control) = (weights.iter().sum::<f64>(), weights.first().copied()?);
    let of = |m: &Measured| {
        let ratios = weights.iter().skip(1).map(|w| w / control);
        let each =
            ratios.filter_map(|ratio| control_units(request, m, Design { alpha: level, power, ratio, sides: 2.0 }));
        each.max_by(f64::total_cmp)
    };
    let most = primaries.iter().filter_map(of).max_by(f64::total_cmp)?;
    let all = (most * whole / control).ceil();
    (all.is_finite() && all < 1e15).then_some(all as u64)
}

/// The control's units for one primary: Fleiss for shares, the normal formula for the rest.
fn control_units(request: &Request, m: &Measured, design: Design) -> Option<f64> {
    let tally = request.tallies.get(m.place, 0, &Cut::Total)?;
    let shift = m.shift()?;
    if let Tally::Share(share) = tally {
        let p = share.share().filter(|p| *p > 0.0 && *p < 1.0)?;
        let q = (p + shift.absolute(p)).clamp(1e-9, 1.0 - 1e-9);
        return Some(design.units(p, q));
    }
    let treatment = request.tallies.get(m.place, 1, &Cut::Total)?;
    let super::contrast::Contrast::Normal(normal) =
        super::contrast::contrast(m, tally, treatment, request.weight_of(1)).ok()?
    else {
        return None;
    };
    let (base, n) = (normal.relative.base, tally.units() as f64);
    let z = normal_upper(design.alpha / 2.0) + normal_upper(1.0 - design.power);
    let planned = shift.absolute(base);
    (planned != 0.0).then(|| z * z * normal.relative.var_base * n * (1.0 + 1.0 / design.ratio) / (planned * planned))
}
