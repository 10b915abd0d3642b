//! People who change device or channel.
use super::Step;
use crate::engine::shapes::Shared;
use crate::plan::TravelPlan;
use crate::plan::travel::HandoverPlan;
use crate::tally::{HandoverTally, OFF, Place};

/// The two values of a handover: texts of a field, or places of a channel.
pub(super) enum Values {
    /// The numbers of the two texts.
    Texts(u64, u64),
    /// The places of the two channels.
    Channels(Vec<Place>, Vec<Place>),
}

/// Which of the two an event is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    From,
    To,
    Other,
}

impl Values {
    pub(super) fn new(travel: &TravelPlan, plan: &HandoverPlan, shared: &Shared) -> Self {
        if plan.by.is_some() {
            return Self::Texts(u64::from(shared.text(&plan.from)), u64::from(shared.text(&plan.to)));
        }
        let of = |name: &str| {
            let named = travel
                .channels
                .iter()
                .enumerate()
                .filter(|(_, c)| c.as_ref().is_some_and(|(id, title)| id == name || title == name));
            named.filter_map(|(at, _)| Place::try_from(at).ok()).collect()
        };
        Self::Channels(of(&plan.from), of(&plan.to))
    }

    /// Returns the side of an event; nothing where it is not known.
    fn side(&self, step: Step, text: Option<u64>) -> Option<Side> {
        match self {
            Self::Texts(from, to) => text.map(|t| match t {
                t if t == *from => Side::From,
                t if t == *to => Side::To,
                _ => Side::Other,
            }),
            Self::Channels(..) if step.place == OFF => None,
            Self::Channels(from, _) if from.contains(&step.place) => Some(Side::From),
            Self::Channels(_, to) if to.contains(&step.place) => Some(Side::To),
            Self::Channels(..) => Some(Side::Other),
        }
    }
}

/// Counts one unit: its first event at the touchpoint on the first side, and the next event whose side is known. It went
/// on where it was seen at a later touchpoint of the map afterwards.
pub(super) fn handover(
    steps: &[Step],
    plan: &HandoverPlan,
    values: &Values,
    text: &dyn Fn(usize) -> Option<u64>,
    tally: &mut HandoverTally,
) {
    let side = |at: usize| steps.get(at).and_then(|s| values.side(*s, text(at)));
    let here = |at: &usize| {
        let at_place = steps.get(*at).is_some_and(|s| usize::from(s.place) == plan.at);
        // a channel is that of the touchpoint, whatever the statement calls it
        at_place && (matches!(values, Values::Channels(..)) || side(*at) == Some(Side::From))
    };
    let Some((first, start)) = (0..steps.len()).find(here).and_then(|at| Some((at, steps.get(at)?.time))) else {
        return;
    };
    let next = (first + 1..steps.len()).find_map(|at| {
        let there = steps.get(at)?;
        let again = matches!(values, Values::Channels(..)) && usize::from(there.place) == plan.at;
        side(at).filter(|_| !again).map(|s| (s, there.time))
    });
    let later = |s: &Step| s.place != OFF && usize::from(s.place) > plan.at;
    let on = u64::from(steps.iter().skip(first + 1).any(later));
    tally.at += 1;
    match next {
        Some((Side::To, time)) => {
            tally.changed += 1;
            tally.changed_on += on;
            tally.times.push(u64::try_from((time - start) / 1_000).unwrap_or(0), true);
        }
        Some((Side::From, _)) | None => {
            tally.stayed += 1;
            tally.stayed_on += on;
        }
        Some((Side::Other, _)) => tally.elsewhere += 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts one unit of (place, text) at place 2, from text 1 to text 2.
    fn counted(list: &[(Place, u64)]) -> HandoverTally {
        let steps: Vec<Step> = (0..).zip(list).map(|(time, &(place, _))| Step { time, place }).collect();
        let plan = HandoverPlan { index: 0, at: 2, by: Some(0), from: String::new(), to: String::new() };
        let text = |at: usize| list.get(at).map(|(_, t)| *t).filter(|t| *t != 0);
        let mut tally = HandoverTally::default();
        handover(&steps, &plan, &Values::Texts(1, 2), &text, &mut tally);
        tally
    }

    #[test]
    fn the_next_event_with_a_known_device_tells() {
        let changed = counted(&[(1, 1), (2, 1), (2, 0), (2, 2), (3, 2)]);
        assert_eq!((changed.at, changed.changed, changed.changed_on, changed.stayed), (1, 1, 1, 0));
        let lost = counted(&[(2, 1), (1, 2)]);
        assert_eq!((lost.changed, lost.changed_on), (1, 0));
        let stayed = counted(&[(2, 1), (3, 1), (3, 2)]);
        assert_eq!((stayed.stayed, stayed.stayed_on, stayed.changed), (1, 1, 0));
        assert_eq!(counted(&[(2, 1)]).stayed, 1);
        assert_eq!(counted(&[(2, 2), (3, 1)]).at, 0, "it was there on the other device");
        assert_eq!(counted(&[(2, 1), (3, 7)]).elsewhere, 1);
    }
}
