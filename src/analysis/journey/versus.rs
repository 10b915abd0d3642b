//! The paths of two groups side by side: two personas, or the arms of an experiment.
use super::travels::{OTHER, at};
use super::{Ctx, NodeDifference, PathsDifference, People, Rate};
use crate::plan::travel::{PathsPlan, Versus};
use crate::stats::method::{prop_diff_newcombe, prop_z_test};
use crate::tally::{PathsTally, Place, Ways};
use std::collections::BTreeMap;

/// The node of the exposed who never came to the anchor.
const ABSENT: Place = OTHER - 1;

/// Where a place of a column is shown.
type Shown<'f> = &'f dyn Fn(usize, Place) -> Place;

/// Two groups: what they are called, and their paths.
struct Pair<'a> {
    experiment: Option<String>,
    names: [String; 2],
    ways: [&'a Ways; 2],
}

impl Ctx<'_> {
    /// Returns how the paths of the groups of a plan differ; a pair of which a group is empty is left out.
    pub(super) fn versus(
        &self,
        plan: &PathsPlan,
        tally: &PathsTally,
        all: &[BTreeMap<Place, u64>],
        shown: Shown<'_>,
    ) -> Vec<PathsDifference> {
        let pairs = plan.versus.iter().zip(&tally.versus).flat_map(|(v, groups)| self.pairs(v, groups));
        let some = pairs.filter(|p| p.ways.iter().all(|w| !w.is_empty()));
        some.map(|pair| self.differ(&pair, all, shown)).collect()
    }

    /// Returns two personas, or each arm beside the control.
    fn pairs<'a>(&self, versus: &Versus, groups: &'a [Ways]) -> Vec<Pair<'a>> {
        let Some((control, others)) = groups.split_first() else { return Vec::new() };
        let persona = |at: usize| self.plan.personas.get(at).map_or_else(String::new, |p| p.id.clone());
        let name = |experiment: Option<&crate::plan::ExperimentPlan>, at: usize| {
            experiment.and_then(|x| x.variants.get(at)).cloned().unwrap_or_default()
        };
        let pair = |(at, other): (usize, &'a Ways)| match versus {
            Versus::Personas(a, b) => {
                Pair { experiment: None, names: [persona(*a), persona(*b)], ways: [control, other] }
            }
            Versus::Arms { experiment, .. } => {
                let x = self.plan.experiment(*experiment).map(|(_, x)| x);
                let names = [name(x, 0), name(x, at)];
                Pair { experiment: x.map(|x| x.id.clone()), names, ways: [control, other] }
            }
        };
        (1..).zip(others).map(pair).collect()
    }

    fn differ(&self, pair: &Pair<'_>, all: &[BTreeMap<Place, u64>], shown: Shown<'_>) -> PathsDifference {
        let units = pair.ways.map(|w| w.values().sum::<u64>());
        let depth = pair.ways.iter().flat_map(|w| w.keys()).map(Vec::len).max().unwrap_or(0).min(all.len());
        let nodes = |c: usize| self.nodes(pair.ways.map(|w| column(w, c)), units, &|place| shown(c, place));
        let [first, second] = pair.names.clone();
        let [first_units, second_units] = units.map(|n| self.mask.count(n));
        let (experiment, columns) = (pair.experiment.clone(), (0..depth).map(nodes).collect());
        PathsDifference { experiment, first, second, first_units, second_units, columns }
    }

    /// Returns the nodes of a column, from how many of each group were where.
    fn nodes(
        &self,
        groups: [BTreeMap<Place, u64>; 2],
        units: [u64; 2],
        shown: &dyn Fn(Place) -> Place,
    ) -> Vec<NodeDifference> {
        let shown = |place: Place| if place == ABSENT { ABSENT } else { shown(place) };
        let mut nodes: BTreeMap<Place, [u64; 2]> = BTreeMap::new();
        for (of, group) in groups.iter().enumerate() {
            for (place, n) in group {
                if let Some(count) = nodes.entry(shown(*place)).or_default().get_mut(of) {
                    *count += n;
                }
            }
        }
        let mut nodes: Vec<(Place, [u64; 2])> = nodes.into_iter().collect();
        // the largest first; what is no touchpoint comes last
        nodes.sort_by_key(|(place, [a, b])| (*place >= ABSENT, std::cmp::Reverse(a + b), *place));
        let firsts = self.mask.parts(&nodes.iter().map(|(_, [a, _])| *a).collect::<Vec<_>>());
        let seconds = self.mask.parts(&nodes.iter().map(|(_, [_, b])| *b).collect::<Vec<_>>());
        let people = firsts.into_iter().zip(seconds);
        nodes.into_iter().zip(people).map(|((place, hits), (a, b))| self.beside(place, hits, [a, b], units)).collect()
    }

    fn beside(&self, place: Place, hits: [u64; 2], people: [People; 2], units: [u64; 2]) -> NodeDifference {
        let (id, title) = match place {
            ABSENT => ("absent".to_owned(), "absent".to_owned()),
            _ => self.node(place),
        };
        let rate = |hits: u64, people: People, of: u64| {
            let rate = self.mask.rate(hits, of);
            let hidden = Rate { hits: People(None), share: None, low: None, high: None, ..rate };
            if people.0.is_some() { rate } else { hidden }
        };
        let ([x_a, x_b], [n_a, n_b]) = (hits, units);
        let (first, second) = (rate(x_a, people[0], n_a), rate(x_b, people[1], n_b));
        let (x_a, n_a, x_b, n_b) = (x_a as f64, n_a as f64, x_b as f64, n_b as f64);
        let input = prop_z_test::Input { x_a, n_a, x_b, n_b, alpha: 0.05, alternative: Default::default() };
        let both = first.share.is_some() && second.share.is_some();
        let out = prop_diff_newcombe::run(input).ok().filter(|_| both);
        let (difference, low, high) = out.map_or((None, None, None), |o| (o.diff, o.ci_low, o.ci_high));
        NodeDifference { id, title, first, second, difference, low, high }
    }
}

/// Returns how many units of a group were where in a column; each column has all of them.
fn column(ways: &Ways, column: usize) -> BTreeMap<Place, u64> {
    let mut all = BTreeMap::new();
    for (path, n) in ways {
        let place = if path.is_empty() { ABSENT } else { at(path, column) };
        *all.entry(place).or_default() += n;
    }
    all
}
