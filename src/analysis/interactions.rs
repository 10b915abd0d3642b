//! Other experiments on the same units: whether they change the effect of this one.
use super::contrast::{Contrast, contrast};
use super::judge::Judge;
use super::report::{Inconclusive, Interaction, Role};
use super::request::{Measured, Request};
use crate::model::experiment::Variant;
use crate::stats::Interval;
use crate::stats::special::{normal_sf, normal_upper};
use crate::tally::Cut;

/// Returns what the arms of each experiment beside this one do to its primaries; none where results are withheld.
pub(super) fn interactions(request: &Request, gate: Option<Inconclusive>) -> Vec<Interaction> {
    if gate.is_some() { Vec::new() } else { found(request) }
}

/// Returns the interactions, p-values corrected for how many there are (Bonferroni); none while nothing may be read, and
/// none where weights changed, for then units in both are not comparable over time.
pub(super) fn found(request: &Request) -> Vec<Interaction> {
    let Some(judge) = Judge::of(request).filter(|_| !request.reweighted()) else { return Vec::new() };
    let mut all = Vec::new();
    for measured in request.measured().into_iter().filter(|m| m.role == Role::Primary) {
        for arm in 1..request.arms() {
            for (with, id) in (0_u32..).zip(&request.plan.beside) {
                let other = &request.model.experiments[*id];
                let control = other.variants.iter().filter(|v| v.is_control());
                let ordered = control.chain(other.variants.iter().filter(|v| !v.is_control()));
                let within = |place: u32| within(request, &measured, arm, &Cut::Beside { with, variant: place });
                let Some(base) = within(0) else { continue };
                for (place, variant) in (0_u32..).zip(ordered).skip(1) {
                    let Some(there) = within(place) else { continue };
                    let titles = (other.meta.id.as_str(), other.meta.title.as_str());
                    all.push(interaction(&measured, arm, titles, variant, (&base, &there), judge.level));
                }
            }
        }
    }
    let count = all.len() as f64;
    all.iter_mut().for_each(|i| i.p = (i.p * count).min(1.0));
    all
}

/// The effect of an arm among the units of a cut.
fn within(request: &Request, measured: &Measured, arm: u32, cut: &Cut) -> Option<Contrast> {
    let (a, b) = request.pair(measured.place, arm, cut)?;
    contrast(measured, a, b, request.weight_of(arm)).ok()
}

/// The difference of two effects on different units: (treated by both - by the other) - (by this one - by neither), with its
/// z test (Fisher 1935; Kohavi, Tang and Xu 2020, chapter 21). Each effect rests on 100 units an arm or more.
fn interaction(
    measured: &Measured,
    arm: u32,
    (with, title): (&str, &str),
    variant: &Variant,
    (base, there): (&Contrast, &Contrast),
    level: f64,
) -> Interaction {
    let se = (base.se() * base.se() + there.se() * there.se()).sqrt();
    let difference = there.effect() - base.effect();
    let critical = normal_upper(level / 2.0);
    let around = |c: &Contrast| Interval::around(c.effect(), critical * c.se());
    Interaction {
        with: with.to_owned(),
        title: title.to_owned(),
        variant: variant.meta.id.clone(),
        metric: measured.metric.meta.id.clone(),
        arm: arm as usize,
        beside_control: base.effect(),
        beside_control_interval: around(base),
        beside_variant: there.effect(),
        beside_variant_interval: around(there),
        difference,
        interval: Interval::around(difference, critical * se),
        p: if se > 0.0 { (2.0 * normal_sf((difference / se).abs())).min(1.0) } else { 1.0 },
    }
}
