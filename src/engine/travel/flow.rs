//! Where a unit went from a touchpoint, or came from.
use super::Step;
use crate::plan::travel::PathsPlan;
use crate::tally::{LEFT, PathsTally, Place};

/// How many places a path shows, the anchor included.
pub(super) const DEPTH: usize = 5;

/// Counts the path of one unit from, or to, the first time it was at the anchor.
pub(super) fn flow(steps: &[Step], plan: &PathsPlan, tally: &mut PathsTally) {
    let Some(first) = steps.iter().position(|s| usize::from(s.place) == plan.anchor) else { return };
    let (before, after) = steps.split_at(first);
    let mut loops: Vec<(u8, Place)> = Vec::new();
    let path = if plan.forward {
        collapse(after.iter(), &mut loops)
    } else {
        collapse(after.iter().take(1).chain(before.iter().rev()), &mut loops)
    };
    *tally.paths.entry(path).or_default() += 1;
    for at in loops {
        *tally.loops.entry(at).or_default() += 1;
    }
}

/// Returns the places in turn, repeats collapsed; one that ends before its depth ends in [`LEFT`].
fn collapse<'s>(steps: impl Iterator<Item = &'s Step>, loops: &mut Vec<(u8, Place)>) -> Vec<Place> {
    let mut path: Vec<Place> = Vec::with_capacity(DEPTH);
    for step in steps {
        if path.last() == Some(&step.place) {
            let at = (u8::try_from(path.len() - 1).unwrap_or(u8::MAX), step.place);
            if loops.last() != Some(&at) {
                loops.push(at);
            }
            continue;
        }
        if path.len() == DEPTH {
            return path;
        }
        path.push(step.place);
    }
    if path.len() < DEPTH {
        path.push(LEFT);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(places: &[Place], forward: bool) -> PathsTally {
        let steps: Vec<Step> = (0..).zip(places).map(|(time, &place)| Step { time, place }).collect();
        let mut tally = PathsTally::default();
        flow(&steps, &PathsPlan { forward, anchor: 2 }, &mut tally);
        tally
    }

    #[test]
    fn both_ways_with_repeats_collapsed() {
        let on = counted(&[1, 2, 2, 2, 3, 4], true);
        assert_eq!(on.paths.into_iter().collect::<Vec<_>>(), [(vec![2, 3, 4, LEFT], 1)]);
        assert_eq!(on.loops.into_iter().collect::<Vec<_>>(), [((0, 2), 1)]);
        let back = counted(&[1, 1, 3, 2, 5, 2], false);
        assert_eq!(back.paths.into_iter().collect::<Vec<_>>(), [(vec![2, 3, 1, LEFT], 1)]);
        assert_eq!(counted(&[2, 3, 2, 3, 2, 3, 2], true).paths.into_keys().next(), Some(vec![2, 3, 2, 3, 2]));
        assert!(counted(&[1, 3], true).paths.is_empty());
    }
}
