//! What a map shows of counts, with small cells masked: [`Mask`].
use crate::analysis::journey;
use crate::model::Id;
use crate::plan::MapPlan;
use crate::render::map::data::{Count, FunnelLedger, FunnelStep, Rate, Spread, StageData, TouchpointData};
use crate::tally::{FunnelGroup, MapGroup, PlaceTally, StageTally, Times};

/// Cells of fewer people than this are masked.
#[derive(Clone, Copy)]
pub(super) struct Mask(pub(super) u64);

impl Mask {
    /// Nobody is no secret; a few are.
    pub(super) fn count(self, n: u64) -> Count {
        if n > 0 && n < self.0 { Count::Masked } else { Count::Exactly(n) }
    }

    /// A share whose other side is small gives that away too.
    pub(super) fn rate(self, hits: u64, base: u64) -> Rate {
        let small = |n: u64| n > 0 && n < self.0;
        let hidden = small(hits) || small(base) || small(base.saturating_sub(hits));
        let hits_shown = if hidden { Count::Masked } else { Count::Exactly(hits) };
        let interval = journey::share_interval(hits, base).filter(|_| !hidden);
        Rate { hits: hits_shown, base: self.count(base), interval }
    }
}

fn seconds(times: &Times) -> Option<Spread> {
    journey::spread(times).map(|(low, median, high)| Spread { median, low, high })
}

pub(super) fn stage(mask: Mask, tally: &StageTally, has_target: bool) -> StageData {
    let settled = tally.moved_on + tally.left;
    let rate = (settled > 0).then(|| mask.rate(tally.moved_on, settled));
    StageData {
        reach: mask.count(tally.reached),
        moved_on: rate,
        to_next: seconds(&tally.times),
        target: rate.filter(|_| has_target),
    }
}

pub(super) fn places(
    mask: Mask,
    plan: &MapPlan,
    everybody: &MapGroup,
    personas: &[(Id<crate::model::Persona>, &MapGroup)],
) -> std::collections::BTreeMap<Id<crate::model::Touchpoint>, TouchpointData> {
    let mut all = std::collections::BTreeMap::new();
    let last = plan.touchpoints.iter().filter(|p| p.event.is_some()).map(|p| p.stage).max();
    for (i, (place, tally)) in plan.touchpoints.iter().zip(&everybody.touchpoints).enumerate() {
        if place.event.is_none() {
            continue;
        }
        let of = |group: &MapGroup| {
            let here = group.touchpoints.get(i).map_or(0, |t| t.reached);
            mask.rate(here, group.units)
        };
        let lost = tally.reached.saturating_sub(tally.went_on);
        all.insert(
            place.touchpoint,
            TouchpointData {
                reach: mask.count(tally.reached),
                personas: personas.iter().map(|(id, group)| (*id, of(group))).collect(),
                lost: (Some(place.stage) != last && tally.reached > 0).then(|| mask.rate(lost, tally.reached)),
                promise: promise(mask, place.promise.is_some(), tally),
            },
        );
    }
    all
}

fn promise(mask: Mask, made: bool, tally: &PlaceTally) -> Option<(Rate, Option<Spread>)> {
    (made && tally.due > 0).then(|| (mask.rate(tally.kept, tally.due), seconds(&tally.times)))
}

pub(super) fn step(mask: Mask, group: &FunnelGroup, i: usize, title: String) -> FunnelStep {
    let reached = group.mature.get(i).copied().unwrap_or(0);
    let time = i.checked_sub(1).and_then(|before| group.times.get(before)).and_then(seconds);
    FunnelStep { title, reached: mask.count(reached), time }
}

pub(super) fn ledger(group: &FunnelGroup) -> FunnelLedger {
    FunnelLedger {
        entrants: group.entrants,
        converted: group.converted,
        dropped: group.dropped.iter().sum(),
        failed: group.failed,
        immature: group.open,
        excluded: group.excluded,
        without_consent: 0,
    }
}
