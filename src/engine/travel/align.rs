//! How far a unit keeps to the map: alignment of what it did with what is planned.
//!
//! Leaving out a planned touchpoint costs 1, an event that is not planned costs 1 (Adriansyah, van Dongen and van der Aalst
//! 2011, with costs of one). The cheapest alignment is what a longest common subsequence leaves over, so
//! `cost = events + planned - 2 * common` and `fitness = 1 - cost / (events + planned)`.
use super::Step;
use crate::engine::quick::Quick;
use crate::tally::{ConformanceTally, OFF, Place};
use std::collections::{BTreeSet, HashMap};

/// Events of one unit beyond this many are not aligned: it is a machine.
const MOST: usize = 4_096;

/// What an alignment leaves over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Left {
    /// Places planned and left out.
    skipped: Vec<Place>,
    /// Places seen and not planned then.
    extra: Vec<Place>,
    /// Places where both agree.
    kept: Vec<Place>,
}

/// So many courses are kept apart before they are aligned.
const COURSES: usize = 1 << 14;

/// How far the units of one map keep to it. Most go one of a few courses, and each of those is aligned once.
#[derive(Debug, Default)]
pub(super) struct Conformance {
    /// How many units went each course: how many places are planned for them, these places, and those they came to.
    courses: HashMap<Vec<Place>, u64, Quick>,
    /// The course of the unit at hand.
    course: Vec<Place>,
    tally: ConformanceTally,
}

impl Conformance {
    /// Counts one unit, for which these places are planned.
    pub(super) fn unit(&mut self, steps: &[Step], planned: impl Iterator<Item = Place>, may_repeat: &[bool]) {
        let course = &mut self.course;
        course.clear();
        course.push(0);
        course.extend(planned);
        let planned = course.len() - 1;
        if let Some(head) = course.first_mut() {
            // a map has fewer touchpoints than places have numbers
            *head = Place::try_from(planned).unwrap_or(Place::MAX);
        }
        course.extend(steps.iter().map(|s| s.place).take(MOST));
        match self.courses.get_mut(course.as_slice()) {
            Some(units) => *units += 1,
            None => {
                self.courses.insert(course.clone(), 1);
            }
        }
        if self.courses.len() >= COURSES {
            self.align(may_repeat);
        }
    }

    /// Aligns the courses kept apart.
    fn align(&mut self, may_repeat: &[bool]) {
        for (course, units) in self.courses.drain() {
            let Some((planned, rest)) = course.split_first() else { continue };
            let (planned, came) = rest.split_at_checked(usize::from(*planned)).unwrap_or((rest, &[]));
            conform(came, planned, may_repeat, units, &mut self.tally);
        }
    }

    pub(super) fn merge(&mut self, mut other: Self, may_repeat: &[bool]) {
        other.align(may_repeat);
        self.tally.merge(&other.tally);
    }

    pub(super) fn finish(mut self, may_repeat: &[bool]) -> ConformanceTally {
        self.align(may_repeat);
        self.tally
    }
}

/// Counts units that came to these places.
fn conform(places: &[Place], planned: &[Place], may_repeat: &[bool], units: u64, tally: &mut ConformanceTally) {
    let mut came: Vec<Place> = Vec::new();
    for place in places {
        let again = may_repeat.get(usize::from(*place)) == Some(&true) && came.contains(place);
        if !again {
            came.push(*place);
        }
    }
    let left = align(&came, planned);
    let cost = left.skipped.len() + left.extra.len();
    let size = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    *tally.fits.entry((size(cost), size(came.len() + planned.len()))).or_default() += units;
    let skipped: BTreeSet<Place> = left.skipped.into_iter().collect();
    let extra: BTreeSet<Place> = left.extra.into_iter().collect();
    if extra.iter().any(|p| *p == OFF || !planned.contains(p)) {
        tally.unplanned += units;
    }
    for place in &skipped {
        let list = if extra.contains(place) { &mut tally.out_of_order } else { &mut tally.skipped };
        *list.entry(*place).or_default() += units;
    }
    for place in extra.iter().filter(|p| left.kept.contains(p)) {
        *tally.repeated.entry(*place).or_default() += units;
    }
    let variant = places.iter().copied().filter(|p| *p != OFF).take(ConformanceTally::LONGEST).collect();
    *tally.variants.entry(variant).or_default() += units;
}

/// Returns what the cheapest alignment leaves over; of several, the one that keeps the earliest events.
fn align(came: &[Place], planned: &[Place]) -> Left {
    let width = planned.len() + 1;
    // common[i * width + j]: the longest common subsequence of came[i..] and planned[j..]
    let mut common = vec![0_u32; (came.len() + 1) * width];
    let at = |table: &[u32], i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(0);
    for (i, event) in came.iter().enumerate().rev() {
        for (j, plan) in planned.iter().enumerate().rev() {
            let best = if event == plan {
                at(&common, i + 1, j + 1) + 1
            } else {
                at(&common, i + 1, j).max(at(&common, i, j + 1))
            };
            if let Some(cell) = common.get_mut(i * width + j) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j, mut left) = (0, 0, Left::default());
    loop {
        match (came.get(i), planned.get(j)) {
            (Some(event), Some(plan)) if event == plan => {
                left.kept.push(*event);
                (i, j) = (i + 1, j + 1);
            }
            (Some(_), Some(plan)) if at(&common, i, j + 1) >= at(&common, i + 1, j) => {
                left.skipped.push(*plan);
                j += 1;
            }
            (Some(event), _) => {
                left.extra.push(*event);
                i += 1;
            }
            (None, Some(plan)) => {
                left.skipped.push(*plan);
                j += 1;
            }
            (None, None) => return left,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(units: &[&[Place]], planned: &[Place], may_repeat: &[bool]) -> ConformanceTally {
        let mut all = Conformance::default();
        for came in units {
            let steps: Vec<Step> = (0..).zip(*came).map(|(time, &place)| Step { time, place }).collect();
            all.unit(&steps, planned.iter().copied(), may_repeat);
        }
        all.finish(may_repeat)
    }

    fn fitness(came: &[Place]) -> (f64, ConformanceTally) {
        let tally = counted(&[came], &[0, 1, 2, 3, 4], &[false, false, false, false, false, true]);
        let (&(cost, both), _) = tally.fits.first_key_value().unwrap();
        (1.0 - f64::from(cost) / f64::from(both), tally)
    }

    #[test]
    fn fitness_on_a_plan_of_five() {
        for (came, fit) in [
            (&[0, 1, 2, 3, 4][..], 1.0),
            (&[0, 1, 2], 0.7500),
            (&[0, 1, 2, OFF, 3, 4], 0.9091),
            (&[0, 1, 3, 4], 0.8889),
            (&[0, 2, 1, 3, 4], 0.8000),
            (&[0, 1, 1, 2, 3, 4], 0.9091),
        ] {
            assert!((fitness(came).0 - fit).abs() < 5e-5, "{came:?}: {}", fitness(came).0);
        }
    }

    #[test]
    fn deviations_have_names() {
        let swapped = fitness(&[0, 2, 1, 3, 4]).1;
        assert_eq!((swapped.out_of_order.len(), swapped.skipped.len(), swapped.repeated.len()), (1, 0, 0));
        let repeated = fitness(&[0, 1, 1, 2, 3, 4]).1;
        assert_eq!(repeated.repeated.get(&1), Some(&1));
        assert_eq!(fitness(&[0, 1, 3, 4]).1.skipped.get(&2), Some(&1));
        assert_eq!(fitness(&[0, OFF, 1, 2, 3, 4]).1.unplanned, 1);
    }

    #[test]
    fn what_may_repeat_is_no_deviation() {
        let tally = counted(&[&[0, 0, 1, 0]], &[0, 1], &[true, false]);
        assert_eq!(tally.fits.keys().next(), Some(&(0, 4)));
    }

    #[test]
    fn units_of_one_course_count_as_one_by_one() {
        let units: [&[Place]; 5] = [&[0, 1], &[1, 0], &[0, 1], &[OFF, 0], &[0, 1]];
        let mut apart = ConformanceTally::default();
        units.iter().for_each(|came| apart.merge(&counted(&[came], &[0, 1], &[])));
        assert_eq!(counted(&units, &[0, 1], &[]), apart);
        // what is planned tells courses apart, too
        let mut both = Conformance::default();
        let steps: Vec<Step> = [1, 2].map(|place| Step { time: 0, place }).to_vec();
        both.unit(&steps, [1, 2].into_iter(), &[]);
        both.unit(&steps[1..], [1].into_iter(), &[]);
        assert_eq!(both.finish(&[]).fits.into_iter().collect::<Vec<_>>(), [((0, 4), 1), ((2, 2), 1)]);
    }
}
