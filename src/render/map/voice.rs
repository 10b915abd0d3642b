//! The voice of the customer: what people say and feel at a place, in their words, and where we ask them.

use super::Ctx;
use super::grid::{Spot, When};
use super::view::Item;
use crate::model::lane::LaneKind;
use serde::Serialize;

/// A place where people speak or are asked.
#[derive(Debug, Serialize)]
pub(super) struct VoiceRow {
    /// The number of the touchpoint; none where it is a whole stage.
    pub number: Option<usize>,
    pub to: String,
    pub place: String,
    pub says: Vec<Item>,
    pub feels: Vec<Item>,
    pub asked: Vec<Item>,
}

impl Ctx<'_> {
    /// Returns the places of today's journey where something is said or asked, in the order of the map.
    pub(super) fn voice(&self) -> Vec<VoiceRow> {
        let here = |column| {
            let stage = self.grid.stage(column).map(|s| s.meta.title.as_str()).unwrap_or_default();
            let rows = self.grid.places(column).into_iter().map(|spot| self.voice_row(&spot, stage));
            rows.filter(|r| !r.says.is_empty() || !r.asked.is_empty()).collect::<Vec<_>>()
        };
        self.grid.columns.iter().flat_map(here).collect()
    }

    fn voice_row(&self, spot: &Spot, stage: &str) -> VoiceRow {
        let touch = spot.touch.as_ref();
        let today = |items: Vec<Item>| -> Vec<Item> {
            let now = items.into_iter().filter(|i| i.when != Some(When::Ideal));
            now.map(|i| Item { number: None, when: None, anchor: String::new(), ..i }).collect()
        };
        let said = [LaneKind::Asks, LaneKind::Thinks].into_iter().flat_map(|lane| self.lines(spot, lane));
        let felt = self.entries(spot, |p| p.feelings.iter().collect(), |feeling, item| self.feeling(feeling, item));
        let asked = touch.and_then(|t| t.is.today).map(|t| &self.model.touchpoints[t].surveys);
        let asked = asked.into_iter().flatten().map(|s| self.survey(s, self.at(touch, Vec::new())));
        let title = touch.and_then(|t| self.grid.touchpoint(t)).map(|t| t.meta.title.as_str());
        VoiceRow {
            number: touch.map(|t| t.number),
            to: touch.map(|t| self.touch_anchor(t)).unwrap_or_default(),
            place: title.unwrap_or(stage).to_owned(),
            says: today(said.collect()),
            feels: today(felt),
            asked: today(asked.collect()),
        }
    }
}
