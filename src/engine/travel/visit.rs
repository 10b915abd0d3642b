//! Visits: runs of events without a gap longer than the project says.
use super::Step;
use crate::tally::SessionTally;

/// Counts the visits of one unit; a gap of exactly so many microseconds does not end one, nor does midnight.
pub(super) fn visits(steps: &[Step], gap: i64, tally: &mut SessionTally) {
    tally.units += 1;
    for visit in steps.chunk_by(|a, b| b.time - a.time <= gap) {
        let (Some(first), Some(last)) = (visit.first(), visit.last()) else { continue };
        tally.sessions += 1;
        tally.events += visit.len() as u64;
        tally.places.entry(first.place).or_default().began += 1;
        tally.places.entry(last.place).or_default().ended += 1;
        if visit.len() == 1 {
            tally.places.entry(first.place).or_default().alone += 1;
        } else {
            tally.times.push(u64::try_from((last.time - first.time) / 1_000).unwrap_or(0), true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_exactly_does_not_end_a_visit() {
        let minute = 60 * 1_000_000;
        let step = |at: i64, place: u16| Step { time: at * minute, place };
        let mut tally = SessionTally::default();
        let steps = [step(0, 0), step(30, 1), step(60, 2), step(91, 0)];
        visits(&steps, 30 * minute, &mut tally);
        assert_eq!((tally.units, tally.sessions, tally.events, tally.alone()), (1, 2, 4, 1));
        let mut long = SessionTally::default();
        visits(&steps, 31 * minute, &mut long);
        assert_eq!((long.sessions, long.alone()), (1, 0));
        assert_eq!(tally.places.get(&0).map(|p| (p.began, p.ended, p.alone)), Some((2, 1, 1)));
    }
}
