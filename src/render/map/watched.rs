//! What the authors watch on the map: gates, handovers, credit, paths, the next review.

use super::Ctx;
use crate::model::journey::{Attribution, Direction, Handover, Paths, Requirement};
use crate::model::{Id, Touchpoint};
use crate::render::rich::{Piece, Rich};

impl Ctx<'_> {
    /// Returns one sentence for each thing that is watched.
    pub(super) fn watched(&self) -> Vec<Rich> {
        let journey = self.grid.journey;
        let mut out: Vec<Rich> = journey.requirements.iter().map(|r| self.requirement(r)).collect();
        // those that the data knows of stand in a section of their own
        let planned = journey.handovers.iter().enumerate().filter(|(i, _)| self.handed_over(*i).is_none());
        out.extend(planned.map(|(_, h)| self.handover(h)));
        out.extend(journey.attributions.iter().map(|a| self.attribution(a)));
        out.extend(journey.paths.iter().map(|p| self.paths(p)));
        out.extend(journey.review.as_ref().map(|review| {
            let next = review.every.after(review.since).map_or("–".to_owned(), |d| self.words.date(d));
            let since = Piece::text(self.words.date(review.since));
            self.words.say("watch.review", 0, &[("since", since), ("next", Piece::figure(next))])
        }));
        out
    }

    pub(super) fn place(&self, id: Id<Touchpoint>) -> Piece {
        let meta = &self.model.touchpoints[id].meta;
        Piece::go(&meta.title, format!("#{}", crate::render::escape::anchor("t", &meta.id)))
    }

    fn requirement(&self, requirement: &Requirement) -> Rich {
        let share = self.words.fill("number.percent", &[("n", &requirement.at_least.0.to_string())]);
        let values = [
            ("share", Piece::figure(share)),
            ("from", self.place(requirement.from)),
            ("to", self.place(requirement.to)),
            ("who", Piece::name(self.names(&self.places(&requirement.personas)))),
        ];
        let key = if requirement.personas.is_empty() { "watch.require" } else { "watch.require_for" };
        let mut out = self.words.say(key, 0, &values);
        out.extend(self.required(requirement).into_iter().flat_map(|said| [Piece::text(" "), said]));
        out
    }

    /// Returns what the data says of a requirement: kept or missed, by how many; for each persona it is asked of.
    fn required(&self, requirement: &Requirement) -> Vec<Piece> {
        let Some(data) = self.data else { return Vec::new() };
        let id = |t: Id<Touchpoint>| &self.model.touchpoints[t].meta.id;
        let asked = |who: &str| match requirement.personas.is_empty() {
            true => who == "everybody",
            false => requirement.personas.iter().any(|&p| self.model.personas[p].meta.id == who),
        };
        let here = data.requirements.iter().filter(|r| r.from == *id(requirement.from) && r.to == *id(requirement.to));
        here.filter(|r| asked(&r.who))
            .filter_map(|r| {
                let key = if r.met? { "kept.yes" } else { "kept.no" };
                let rate = r.rate?;
                let share = rate.share.zip(rate.of.0).map_or("–".to_owned(), |(s, of)| self.words.rate(s, of));
                Some(Piece::figure(self.words.fill(key, &[("share", &share)])))
            })
            .collect()
    }

    fn places(&self, personas: &[Id<crate::model::Persona>]) -> Vec<usize> {
        let all = self.grid.personas();
        personas.iter().filter_map(|p| all.iter().position(|q| q == p)).collect()
    }

    fn handover(&self, handover: &Handover) -> Rich {
        let by = handover.by.clone().unwrap_or_else(|| self.words.t("watch.channel").to_owned());
        let values = [
            ("from", Piece::name(&handover.from)),
            ("to", Piece::name(&handover.to)),
            ("by", Piece::name(by)),
            ("place", self.place(handover.at)),
        ];
        self.words.say("watch.handover", 0, &values)
    }

    fn attribution(&self, attribution: &Attribution) -> Rich {
        let names = attribution.models.iter().map(|m| self.words.t(&format!("credit.{}", m.name())));
        let models = names.collect::<Vec<_>>().join(self.words.t("list.comma"));
        let back = attribution.look_back.map_or("–".to_owned(), |d| self.words.duration(d));
        let values =
            [("place", self.place(attribution.outcome)), ("models", Piece::text(models)), ("time", Piece::text(back))];
        self.words.say("watch.credit", 0, &values)
    }

    fn paths(&self, paths: &Paths) -> Rich {
        let key = match paths.direction {
            Direction::From => "watch.paths_from",
            Direction::Into => "watch.paths_into",
        };
        self.words.say(key, 0, &[("place", self.place(paths.anchor))])
    }
}
