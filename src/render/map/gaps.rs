//! What stands between today and the ideal, ranked: by the worth of the best answer there, then by the distance felt.

use super::Ctx;
use super::grid::{Column, Touch, When};
use super::view::{GapRow, Item};
use crate::model::value::Decimal;
use crate::render::rich::Piece;

/// What should become of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Changed,
    Added,
    Dropped,
    NewStage,
}

impl Kind {
    /// Returns the stable word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Dropped => "dropped",
            Self::NewStage => "new-stage",
        }
    }

    /// Returns the label that says it.
    fn label(self) -> &'static str {
        match self {
            Self::Changed => "gap.changed",
            Self::Added => "gap.added",
            Self::Dropped => "gap.dropped",
            Self::NewStage => "gap.new_stage",
        }
    }
}

/// A gap with what ranks it.
pub(super) struct Gap {
    pub kind: Kind,
    /// The id of its stage.
    pub stage: String,
    /// Worth of the best opportunity at the place.
    worth: Decimal,
    /// Distance in feeling, 0 to 6.
    pub distance: i32,
    /// Feelings today and in the ideal, where both say one.
    pub felt: Option<(i8, i8)>,
    pub row: GapRow,
}

impl Ctx<'_> {
    /// Returns the rows of the list of gaps, the most worthwhile first.
    pub(super) fn gaps(&self) -> Vec<GapRow> {
        self.ranked_gaps().into_iter().map(|g| g.row).collect()
    }

    /// Returns the gaps, the most worthwhile first.
    pub(super) fn ranked_gaps(&self) -> Vec<Gap> {
        if self.grid.ideal.is_none() {
            return Vec::new();
        }
        let mut gaps: Vec<Gap> = self.grid.columns.iter().flat_map(|c| self.column_gaps(c)).collect();
        gaps.sort_by_key(|g| std::cmp::Reverse((g.worth, g.distance)));
        gaps
    }

    fn column_gaps(&self, column: &Column) -> Vec<Gap> {
        let touches = column.touches.iter().filter_map(|t| self.touch_gap(column, t));
        self.stage_gap(column).into_iter().chain(touches).collect()
    }

    fn stage_gap(&self, column: &Column) -> Option<Gap> {
        let title = self.grid.stage(column)?.meta.title.clone();
        let kind = if column.is.today.is_none() { Kind::NewStage } else { Kind::Changed };
        let (today, ideal) = self.sides(column, None);
        if ideal.is_empty() && column.is.today.is_some() {
            return None;
        }
        Some(self.gap(column, None, title, kind, today, ideal))
    }

    fn touch_gap(&self, column: &Column, touch: &Touch) -> Option<Gap> {
        let title = self.grid.touchpoint(touch)?.meta.title.clone();
        let (today, ideal) = self.sides(column, Some(touch.number));
        let kind = match touch.when {
            When::Today => Kind::Dropped,
            When::Ideal => Kind::Added,
            When::Always if ideal.is_empty() => return None,
            When::Always => Kind::Changed,
        };
        Some(self.gap(column, Some(touch), title, kind, today, ideal))
    }

    /// Returns what stands at a place in only one of the views, as the rows of the map show it.
    fn sides(&self, column: &Column, number: Option<usize>) -> (Vec<Item>, Vec<Item>) {
        let at = self.grid.columns.iter().position(|c| std::ptr::eq(c, column)).unwrap_or(usize::MAX);
        let bands = self.changes(at);
        let side = |when: When| {
            let here = bands.iter().filter(|i| i.number == number && i.when == Some(when));
            here.map(|i| Item { number: None, to: String::new(), anchor: String::new(), when: None, ..i.clone() })
                .collect()
        };
        (side(When::Today), side(When::Ideal))
    }

    /// Returns the entries of one column that only one view has.
    fn changes(&self, at: usize) -> Vec<Item> {
        let mut out = Vec::new();
        for row in self.bands().into_iter().flat_map(|b| b.rows).filter(|r| r.differs && r.key != "touchpoints") {
            let Some(cell) = row.cells.into_iter().nth(at) else { continue };
            let labelled = |mut item: Item| {
                if row.key != "feels" && row.key != "promises" {
                    item.notes.insert(0, vec![Piece::text(&row.label)]);
                }
                item
            };
            out.extend(cell.items.into_iter().filter(|i| i.when.is_some_and(|w| w != When::Always)).map(labelled));
        }
        out
    }

    fn gap(
        &self,
        column: &Column,
        touch: Option<&Touch>,
        place: String,
        kind: Kind,
        today: Vec<Item>,
        ideal: Vec<Item>,
    ) -> Gap {
        let spot = self
            .grid
            .places(column)
            .into_iter()
            .find(|s| s.touch.as_ref().map(|t| t.number) == touch.map(|t| t.number));
        let opportunities = spot.as_ref().and_then(|s| s.today).map(|p| p.opportunities.clone()).unwrap_or_default();
        let answers = opportunities.iter().map(|&o| {
            let meta = &self.model.opportunities[o].meta;
            let href = format!("#{}", crate::render::escape::anchor("o", &meta.id));
            Item { text: vec![Piece::text(&meta.title)], href, ..Item::default() }
        });
        let worth = opportunities.iter().map(|&o| self.model.opportunities[o].value).max().unwrap_or_default();
        let felt = spot.and_then(|s| {
            let mean = |p: Option<&crate::model::lane::Place>| p.and_then(|p| p.feelings.iter().map(|f| f.value).min());
            mean(s.today).zip(mean(s.ideal))
        });
        let row = GapRow {
            number: touch.map(|t| t.number),
            to: touch.map(|t| self.touch_anchor(t)).unwrap_or_default(),
            place,
            what: self.words.t(kind.label()).to_owned(),
            today,
            ideal,
            answers: answers.collect(),
        };
        let stage = self.grid.stage(column).map(|s| s.meta.id.clone()).unwrap_or_default();
        Gap { kind, stage, worth, distance: felt.map_or(0, |(a, b)| i32::from(b) - i32::from(a)).abs(), felt, row }
    }
}
