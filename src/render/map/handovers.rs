//! People who change device or channel on the way: how many do, and whether they go on as well as those who stay.

use super::Ctx;
use super::data::{Count, HandoverData, Rate};
use super::view::{HandoverPart, HandoverRow};
use crate::model::journey::Handover;
use crate::render::rich::{Piece, Rich};

impl Ctx<'_> {
    /// Returns a part for each handover that the data knows of.
    pub(super) fn handover_parts(&self) -> Vec<HandoverPart> {
        let part = |(index, handover): (usize, &Handover)| {
            let data = self.handed_over(index)?;
            Some(HandoverPart {
                title: format!("{} → {}", handover.from, handover.to),
                at: self.handover_place(handover),
                finding: self.handed(data),
                rows: self.handover_rows(handover, data),
            })
        };
        self.grid.journey.handovers.iter().enumerate().filter_map(part).collect()
    }

    /// Returns what the data says of a handover, where anybody was there to change.
    pub(super) fn handed_over(&self, index: usize) -> Option<&HandoverData> {
        let all = &self.data?.handovers;
        all.iter().find(|h| h.index == index && h.changed.base != Count::Exactly(0))
    }

    /// Returns where, and by what the two are told apart.
    fn handover_place(&self, handover: &Handover) -> Rich {
        let by = handover.by.clone().unwrap_or_else(|| self.words.t("watch.channel").to_owned());
        self.words.say("handover.at", 0, &[("place", self.place(handover.at)), ("by", Piece::name(by))])
    }

    fn handover_rows(&self, handover: &Handover, data: &HandoverData) -> Vec<HandoverRow> {
        let row = |key: &str, rate: Rate| {
            let share = rate.share();
            let (hits, base) = (self.count(rate.hits), self.count(rate.base));
            HandoverRow {
                what: self.words.fill(key, &[("from", &handover.from), ("to", &handover.to)]),
                width: super::curve::short(share.unwrap_or(0.0) * 100.0),
                share: self.share(rate),
                range: self.rate_range(rate),
                people: self.words.fill("number.of", &[("x", &hits), ("n", &base)]),
            }
        };
        vec![
            row("handover.changed", data.changed),
            row("handover.went_on", data.went_on),
            row("handover.stayed", data.stayed_went_on),
        ]
    }

    /// Returns the interval of a rate, with as many digits as its base supports; nothing where it has none.
    fn rate_range(&self, rate: Rate) -> String {
        let (Some((low, high)), Count::Exactly(base), Some(_)) = (rate.interval, rate.base, rate.share()) else {
            return String::new();
        };
        let (low, high) = (self.words.rate(low, base), self.words.rate(high, base));
        self.words.fill("number.range", &[("low", &low), ("high", &high)])
    }

    /// Returns what the data says of a handover, in a sentence.
    fn handed(&self, data: &HandoverData) -> Rich {
        let stayed = ("stayed", Piece::figure(self.share(data.stayed_went_on)));
        if data.changed.share().is_none_or(|s| s == 0.0) {
            return self.words.say("watch.handed_none", 0, &[stayed]);
        }
        let values = [
            ("changed", Piece::figure(self.share(data.changed))),
            ("on", Piece::figure(self.share(data.went_on))),
            stayed,
        ];
        self.words.say("watch.handed", 0, &values)
    }
}
