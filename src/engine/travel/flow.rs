//! Where a unit went from a touchpoint, or came from.
use super::Step;
use crate::plan::travel::{PathsPlan, Versus};
use crate::tally::{LEFT, PathsTally, Place, Ways};

/// How many places a path shows, the anchor included.
pub(super) const DEPTH: usize = 5;

/// Counts the path of one unit, of these personas, from or to the first time it was at the anchor.
pub(super) fn flow(steps: &[Step], plan: &PathsPlan, personas: &[Option<bool>], tally: &mut PathsTally) {
    let mut loops: Vec<(u8, Place)> = Vec::new();
    let Some(path) = path(steps, plan, &mut loops) else { return };
    let is = |persona: usize| personas.get(persona) == Some(&Some(true));
    for (versus, groups) in plan.versus.iter().zip(&mut tally.versus) {
        let Versus::Personas(a, b) = versus else { continue };
        let mine = match (is(*a), is(*b)) {
            (true, false) => groups.first_mut(),
            (false, true) => groups.last_mut(),
            _ => None,
        };
        if let Some(ways) = mine {
            *ways.entry(path.clone()).or_default() += 1;
        }
    }
    *tally.paths.entry(path).or_default() += 1;
    for at in loops {
        *tally.loops.entry(at).or_default() += 1;
    }
}

/// Counts the path of one exposed unit in its arm, from its exposure on: who does not come to the anchor counts too, since
/// the arm may be why.
pub(super) fn arm(steps: &[Step], plan: &PathsPlan, exposed: i64, ways: Option<&mut Ways>) {
    let from = steps.partition_point(|s| s.time < exposed);
    let path = path(steps.get(from..).unwrap_or_default(), plan, &mut Vec::new()).unwrap_or_default();
    if let Some(ways) = ways {
        *ways.entry(path).or_default() += 1;
    }
}

/// Returns the places in turn from, or back from, the first time at the anchor.
fn path(steps: &[Step], plan: &PathsPlan, loops: &mut Vec<(u8, Place)>) -> Option<Vec<Place>> {
    let first = steps.iter().position(|s| usize::from(s.place) == plan.anchor)?;
    let (before, after) = steps.split_at(first);
    Some(if plan.forward {
        collapse(after.iter(), loops)
    } else {
        collapse(after.iter().take(1).chain(before.iter().rev()), loops)
    })
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
        flow(&steps, &PathsPlan { forward, anchor: 2, versus: Vec::new() }, &[], &mut tally);
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
