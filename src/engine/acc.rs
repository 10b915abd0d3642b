//! What is counted of experiments, cut by cut: [`Cells`].
use super::quick::Quick;
use super::shapes::Shared;
use crate::tally::{Cut, Key, Shape, Tallies, Tally};
use std::collections::HashMap;

/// A cut, with texts still numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum CutKey {
    Total,
    Day(i32),
    Before,
    /// Which of the experiments beside it, and the variant there.
    Beside(u32, u32),
    /// Which segment, and the number of its text.
    Segment(u32, u64),
}

/// What one unit gives one measure.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sample {
    /// It did, or did not.
    Did(bool),
    /// One number.
    One(f64),
    /// Two numbers: outcome and covariate, or numerator and denominator.
    Two(f64, f64),
    /// All its values.
    All(Vec<f64>),
    /// An answer, where there is one.
    Score(Option<f64>),
    /// Milliseconds, and whether it happened then.
    Time(u64, bool),
}

/// Adds a unit to a tally; returns false when the number is not finite.
pub(super) fn push(tally: &mut Tally, sample: &Sample) -> bool {
    match (tally, sample) {
        (Tally::Share(t), Sample::Did(did)) => {
            t.push(*did);
            true
        }
        (Tally::Mean(t), Sample::One(y)) => t.push(*y).is_ok(),
        (Tally::Pair(t), Sample::Two(y, x)) => t.push(*y, *x).is_ok(),
        (Tally::Values(t), Sample::All(values)) => t.push_unit(values).is_ok(),
        (Tally::Nps(t), Sample::Score(score)) => score.is_none_or(|s| t.push(s)),
        (Tally::Times(t), Sample::Time(millis, happened)) => {
            t.push(*millis, *happened);
            true
        }
        _ => false,
    }
}

/// The tallies of one experiment by variant and cut.
///
/// A cell is looked up once for each unit, and then known by its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    places: HashMap<(u32, CutKey), usize, Quick>,
    list: Vec<Cell>,
}

/// The tallies of one variant in one cut.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) exposed: u64,
    /// One for each measure; none until a unit comes.
    pub(super) tallies: Vec<Option<Tally>>,
}

impl Cell {
    /// Returns the tally of a measure, made empty when it is not there.
    pub(super) fn tally(&mut self, measure: usize, shape: Shape) -> Option<&mut Tally> {
        if self.tallies.len() <= measure {
            self.tallies.resize(measure + 1, None);
        }
        self.tallies.get_mut(measure).map(|t| t.get_or_insert_with(|| Tally::empty(shape)))
    }

    fn merge(&mut self, other: &Cell) {
        self.exposed += other.exposed;
        for (measure, tally) in other.tallies.iter().enumerate() {
            let Some(tally) = tally else { continue };
            if let Some(mine) = self.tally(measure, tally.shape()) {
                // Both are of the measure's shape; a mismatch cannot be.
                let _ = mine.merge(tally);
            }
        }
    }
}

impl Cells {
    /// Returns the place of the cell of a variant in a cut.
    pub(super) fn place(&mut self, variant: u32, cut: CutKey) -> usize {
        *self.places.entry((variant, cut)).or_insert_with(|| {
            self.list.push(Cell::default());
            self.list.len() - 1
        })
    }

    /// Returns the cell at a place that [`Cells::place`] gave.
    pub(super) fn at(&mut self, place: usize) -> Option<&mut Cell> {
        self.list.get_mut(place)
    }

    fn merge_cell(&mut self, variant: u32, cut: CutKey, other: &Cell) {
        let place = self.place(variant, cut);
        if let Some(cell) = self.at(place) {
            cell.merge(other);
        }
    }

    /// Returns all cells by variant and cut, in order.
    fn iter(&self) -> impl Iterator<Item = ((u32, CutKey), &Cell)> {
        let mut places: Vec<_> = self.places.iter().collect();
        places.sort_unstable();
        places.into_iter().filter_map(|(key, place)| Some((*key, self.list.get(*place)?)))
    }

    pub(super) fn merge(&mut self, other: &Cells) {
        for ((variant, cut), cell) in other.iter() {
            self.merge_cell(variant, cut, cell);
        }
    }

    /// Adds the days up, so that the total is there as well.
    pub(super) fn total(&mut self) {
        let days: Vec<(u32, Cell)> = self
            .iter()
            .filter(|((_, cut), _)| matches!(cut, CutKey::Day(_)))
            .map(|((variant, _), cell)| (variant, cell.clone()))
            .collect();
        for (variant, cell) in days {
            self.merge_cell(variant, CutKey::Total, &cell);
        }
    }

    /// Puts everything into the tallies, but for the measures in `withheld`.
    pub(super) fn finish(&self, shared: &Shared, personas: &[String], withheld: &[bool], into: &mut Tallies) {
        for ((variant, cut), cell) in self.iter() {
            let cut = match cut {
                CutKey::Total => Cut::Total,
                CutKey::Day(day) => Cut::Day(day),
                CutKey::Before => Cut::Before,
                CutKey::Beside(with, variant) => Cut::Beside { with, variant },
                CutKey::Segment(by, text) => Cut::Segment { by, value: segment(text, shared, personas) },
            };
            if cell.exposed > 0 {
                into.expose(variant, cut.clone(), cell.exposed);
            }
            for (measure, tally) in (0_u32..).zip(&cell.tallies) {
                let kept = withheld.get(measure as usize) != Some(&true);
                if let Some(tally) = tally.as_ref().filter(|_| kept) {
                    let key = Key { measure, variant, cut: cut.clone() };
                    let _ = into.add(key, tally);
                }
            }
        }
    }
}

/// Numbers of personas in segments start here; texts lie below.
pub(super) const PERSONAS: u64 = 1 << 40;

fn segment(text: u64, shared: &Shared, personas: &[String]) -> String {
    match text {
        super::shapes::NO_TEXT => "unknown".to_owned(),
        text if text >= PERSONAS => {
            let at = usize::try_from(text - PERSONAS).ok();
            at.and_then(|at| personas.get(at)).cloned().unwrap_or_else(|| "unknown".to_owned())
        }
        text => shared.text_of(text),
    }
}
