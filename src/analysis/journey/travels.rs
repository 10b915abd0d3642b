//! Paths, handovers, conformance, visits, purchases.
use super::{
    Conformance, Ctx, Deviation, Handover, PathLink, PathNode, Paths, People, Sales, SessionPlace, Sessions, Worth,
    places, seconds,
};
use crate::model::manifest::PropertyType;
use crate::plan::travel::PathsPlan;
use crate::stats::method::logrank::{describe, rows};
use crate::tally::{PathsTally, Place};
use std::collections::{BTreeMap, BTreeSet};

/// Nodes of a column beyond this many become one.
const NODES: usize = 6;
/// Sequences beyond this many are not listed.
const VARIANTS: usize = 10;
/// The node of all places beyond the largest of a column.
pub(super) const OTHER: Place = crate::tally::LEFT - 1;

impl Ctx<'_> {
    pub(super) fn paths(&self) -> Vec<Paths> {
        let Some((plan, tally)) = self.travel else { return Vec::new() };
        plan.paths.iter().zip(&tally.paths).map(|(plan, tally)| self.path(plan, tally)).collect()
    }

    fn path(&self, plan: &PathsPlan, tally: &PathsTally) -> Paths {
        let (anchor, title) = self.place(Place::try_from(plan.anchor).unwrap_or_default());
        let depth = tally.paths.keys().map(Vec::len).max().unwrap_or(0);
        let columns: Vec<BTreeMap<Place, u64>> = (0..depth).map(|c| column(tally, c)).collect();
        let kept: Vec<BTreeSet<Place>> = columns.iter().map(largest).collect();
        let shown = |column: usize, place: Place| match kept.get(column) {
            Some(kept) if kept.contains(&place) => place,
            _ => OTHER,
        };
        let units: u64 = tally.paths.values().sum();
        let mut links: BTreeMap<(usize, Place, Place), u64> = BTreeMap::new();
        for (path, n) in &tally.paths {
            for column in 1..depth {
                let (from, to) = (at(path, column - 1), at(path, column));
                if from != crate::tally::LEFT {
                    *links.entry((column - 1, shown(column - 1, from), shown(column, to))).or_default() += n;
                }
            }
        }
        let link = |((column, from, to), n): ((usize, Place, Place), u64)| PathLink {
            column,
            from: self.node(from).0,
            to: self.node(to).0,
            units: self.mask.count(n),
        };
        let differences = self.versus(plan, tally, &columns, &shown);
        Paths {
            differences,
            anchor,
            title,
            forward: plan.forward,
            units: self.mask.count(units),
            columns: columns.iter().enumerate().map(|(c, all)| self.column(c, all, &shown, units, tally)).collect(),
            links: links.into_iter().map(link).collect(),
        }
    }

    fn column(
        &self,
        column: usize,
        all: &BTreeMap<Place, u64>,
        shown: &dyn Fn(usize, Place) -> Place,
        units: u64,
        tally: &PathsTally,
    ) -> Vec<PathNode> {
        let mut nodes: BTreeMap<Place, (u64, u64)> = BTreeMap::new();
        for (place, n) in all {
            let loops = u8::try_from(column).ok().and_then(|c| tally.loops.get(&(c, *place))).copied().unwrap_or(0);
            let node = nodes.entry(shown(column, *place)).or_default();
            node.0 += n;
            node.1 += loops;
        }
        let mut nodes: Vec<(Place, (u64, u64))> = nodes.into_iter().collect();
        // the largest first; what is no touchpoint comes last
        nodes.sort_by_key(|(place, (n, _))| (*place >= OTHER, std::cmp::Reverse(*n), *place));
        let counts: Vec<u64> = nodes.iter().map(|(_, (n, _))| *n).collect();
        let people = self.mask.parts(&counts);
        let node = |((place, (n, loops)), people): (&(Place, (u64, u64)), &People)| {
            let (id, title) = self.node(*place);
            let share = people.0.filter(|_| units > 0).map(|_| *n as f64 / units as f64);
            PathNode { id, title, units: *people, share, loops: self.mask.count(*loops) }
        };
        nodes.iter().zip(&people).map(node).collect()
    }

    pub(super) fn node(&self, place: Place) -> (String, String) {
        if place == OTHER { ("other".to_owned(), "other".to_owned()) } else { self.place(place) }
    }

    pub(super) fn handovers(&self) -> Vec<Handover> {
        let Some((plan, tally)) = self.travel else { return Vec::new() };
        let of = |(p, t): (&crate::plan::travel::HandoverPlan, &crate::tally::HandoverTally)| {
            let (at, title) = self.place(Place::try_from(p.at).unwrap_or_default());
            Handover {
                index: p.index,
                at,
                title,
                from: p.from.clone(),
                to: p.to.clone(),
                changed: self.mask.rate(t.changed, t.at),
                changed_on: self.mask.rate(t.changed_on, t.changed),
                stayed_on: self.mask.rate(t.stayed_on, t.stayed),
                lost: self.mask.count(t.changed - t.changed_on),
                time: seconds(&t.times),
            }
        };
        plan.handovers.iter().zip(&tally.handovers).map(of).collect()
    }

    pub(super) fn conformance(&self) -> Option<Conformance> {
        let (_, tally) = self.travel?;
        let t = &tally.conformance;
        let units = t.units();
        if units == 0 {
            return None;
        }
        let fit = |(cost, both): (u32, u32)| 1.0 - f64::from(cost) / f64::from(both.max(1));
        let sum: f64 = t.fits.iter().map(|(f, n)| fit(*f) * *n as f64).sum();
        let perfect: u64 = t.fits.iter().filter(|((cost, _), _)| *cost == 0).map(|(_, n)| n).sum();
        let seen: BTreeSet<Place> =
            t.skipped.keys().chain(t.repeated.keys()).chain(t.out_of_order.keys()).copied().collect();
        let rate = |map: &BTreeMap<Place, u64>, p: Place| self.mask.rate(map.get(&p).copied().unwrap_or(0), units);
        let deviation = |p: Place| {
            let (touchpoint, title) = self.place(p);
            Deviation {
                touchpoint,
                title,
                skipped: rate(&t.skipped, p),
                out_of_order: rate(&t.out_of_order, p),
                repeated: rate(&t.repeated, p),
            }
        };
        let mut variants: Vec<(&Vec<Place>, u64)> = t.variants.iter().map(|(v, n)| (v, *n)).collect();
        variants.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let common = variants.iter().filter(|(_, n)| !self.mask.is_small(*n)).take(VARIANTS);
        let named = |(v, n): &(&Vec<Place>, u64)| (v.iter().map(|p| self.place(*p).0).collect(), self.mask.count(*n));
        Some(Conformance {
            units: self.mask.count(units),
            fitness: sum / units as f64,
            perfect: self.mask.rate(perfect, units),
            unplanned: self.mask.rate(t.unplanned, units),
            places: seen.into_iter().map(deviation).collect(),
            variants: t.variants.len() as u64,
            common: common.map(named).collect(),
        })
    }

    pub(super) fn sessions(&self) -> Option<Sessions> {
        let (_, tally) = self.travel?;
        let t = &tally.sessions;
        if t.sessions == 0 {
            return None;
        }
        let place = |(place, n): (&Place, &crate::tally::SessionPlace)| {
            let (touchpoint, title) = self.place(*place);
            SessionPlace {
                touchpoint,
                title,
                began: self.mask.count(n.began),
                ended: self.mask.count(n.ended),
                alone: self.mask.rate(n.alone, n.began),
            }
        };
        Some(Sessions {
            gap_seconds: self.model.manifest.session_gap.0.seconds(),
            units: self.mask.count(t.units),
            sessions: t.sessions,
            alone: self.mask.rate(t.alone(), t.sessions),
            each: t.sessions as f64 / t.units.max(1) as f64,
            events_each: t.events as f64 / t.sessions as f64,
            time: seconds(&t.times),
            places: t.places.iter().map(place).collect(),
        })
    }

    pub(super) fn sales(&self) -> Option<Sales> {
        let (plan, tally) = self.travel?;
        let (sale, t) = (plan.sale?, &tally.sales);
        let (at, title) = self.place(Place::try_from(sale.at).unwrap_or_default());
        let buyers: u64 = t.buyers.values().sum();
        let again: u64 = t.buyers.iter().filter(|(n, _)| **n > 1).map(|(_, u)| u).sum();
        let rows = rows(&t.again);
        let after = |days: u32| (days, 1.0 - describe(&rows, f64::from(days)).survival_at_tau);
        let watched = rows.last().map_or(0.0, |r| r.t);
        let is_money =
            sale.money.and_then(|p| self.plan.properties.get(p)).is_some_and(|p| p.kind == PropertyType::Money);
        let unit = if is_money { self.unit() } else { 1.0 };
        let worth = |(days, m): &(Option<u32>, crate::tally::Mean)| {
            let people = self.mask.count(m.n());
            let value = places::mean(m).filter(|_| people.0.is_some() && m.n() > 0);
            Worth {
                days: *days,
                buyers: people,
                mean: value.map(|(v, _)| v / unit),
                interval: value.and_then(|(_, i)| i).map(|(a, b)| (a / unit, b / unit)),
            }
        };
        (buyers > 0 && !self.mask.is_small(buyers)).then(|| Sales {
            at,
            title,
            buyers: self.mask.count(buyers),
            purchases: t.buyers.iter().map(|(n, units)| n * units).sum(),
            again: self.mask.rate(again, buyers),
            again_after: [30, 90, 365].into_iter().filter(|d| f64::from(*d) <= watched).map(after).collect(),
            time: seconds(&t.again),
            worth: if sale.money.is_some() { t.worth.iter().map(worth).collect() } else { Vec::new() },
        })
    }
}

/// Returns the place of a path in a column; whoever left is gone in all that follow.
pub(super) fn at(path: &[Place], column: usize) -> Place {
    path.get(column).copied().unwrap_or(crate::tally::LEFT)
}

/// Returns how many units were where in a column; each column has all of them.
fn column(tally: &PathsTally, column: usize) -> BTreeMap<Place, u64> {
    let mut all = BTreeMap::new();
    for (path, n) in &tally.paths {
        *all.entry(at(path, column)).or_default() += n;
    }
    all
}

/// Returns the places that a column shows by name: the largest, and what stands for no touchpoint.
fn largest(column: &BTreeMap<Place, u64>) -> BTreeSet<Place> {
    let mut places: Vec<(Place, u64)> = column.iter().map(|(p, n)| (*p, *n)).filter(|(p, _)| *p < OTHER).collect();
    places.sort_by_key(|(p, n)| (std::cmp::Reverse(*n), *p));
    let kept = places.into_iter().take(NODES).map(|(p, _)| p);
    kept.chain([crate::tally::LEFT, crate::tally::OFF]).collect()
}
