//! Events of one instant that fit several steps: which fills which, so that a chain comes as far as it can.
use super::matcher::Hit;

/// Returns which events fill the steps from `first` on, each event at most once: as many steps in a row as can be filled.
///
/// The longest row is found by augmenting paths (Kuhn 1955): a step takes an event from an earlier step where that one
/// finds another.
pub(super) fn fill(instant: &[Hit], first: usize, steps: usize) -> Vec<usize> {
    // by event: the place of the step it fills, counted from `first`
    let mut filled: Vec<Option<usize>> = vec![None; instant.len()];
    let mut count = 0;
    while first + count < steps {
        let mut tried = vec![false; instant.len()];
        if !augment(instant, first, count, &mut filled, &mut tried) {
            break;
        }
        count += 1;
    }
    let event = |step: usize| filled.iter().position(|f| *f == Some(step));
    (0..count).filter_map(event).collect()
}

fn augment(instant: &[Hit], first: usize, step: usize, filled: &mut [Option<usize>], tried: &mut [bool]) -> bool {
    for (at, hit) in instant.iter().enumerate() {
        if hit.steps >> (first + step) & 1 == 0 || tried.get(at) != Some(&false) {
            continue;
        }
        if let Some(seen) = tried.get_mut(at) {
            *seen = true;
        }
        let before = filled.get(at).copied().flatten();
        if before.is_none_or(|other| augment(instant, first, other, filled, tried)) {
            if let Some(place) = filled.get_mut(at) {
                *place = Some(step);
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_gives_way_where_it_can() {
        let hit = |steps| Hit { time: 0, steps, outs: 0, options: 0 };
        assert_eq!(fill(&[hit(0b11), hit(0b01)], 0, 2), [1, 0]);
        assert_eq!(fill(&[hit(0b11)], 0, 2), [0]);
        assert_eq!(fill(&[hit(0b1101), hit(0b1110)], 1, 4), [1, 0]);
        assert_eq!(fill(&[hit(0b01), hit(0b01)], 1, 2), [0_usize; 0]);
    }
}
