//! Below the map: personas, experiments, claims with their evidence.

use super::Ctx;
use super::items::state;
use super::view::{ClaimRow, EvidenceRow, ExperimentRow, Item, Lane, PersonaCard};
use crate::model::lane::{Evidence, LaneKind};
use crate::model::{Experiment, Id, Persona};
use crate::render::escape;
use crate::render::rich::inline;

impl Ctx<'_> {
    /// Returns the cards of the personas who travel.
    pub(super) fn cards(&self) -> Vec<PersonaCard> {
        self.grid.personas().iter().enumerate().map(|(i, &p)| self.card(i, p)).collect()
    }

    fn card(&self, index: usize, id: Id<Persona>) -> PersonaCard {
        let persona = &self.model.personas[id];
        let share = persona.share.map(|s| self.words.fill("number.percent", &[("n", &s.0.to_string())]));
        let portrait = persona.portrait.as_ref().and_then(|path| self.portraits.iter().find(|(p, _)| p == path));
        PersonaCard {
            portrait: portrait.map(|(_, picture)| picture.clone()),
            index,
            anchor: escape::anchor("who", &persona.meta.id),
            title: persona.meta.title.clone(),
            about: persona.meta.about.as_deref().map(inline),
            quote: persona.quote.as_deref().map(inline),
            share: share.map(|s| self.words.fill("persona.share", &[("share", &s)])),
            assumption: persona.is_assumption(),
            segments: self.segments(persona),
            lanes: self.persona_lanes(persona),
            data: persona.condition.as_ref().map(ToString::to_string),
            evidence: self.evidence(&persona.evidence),
        }
    }

    fn segments(&self, persona: &Persona) -> Vec<Lane> {
        let all = [
            ("segment.geographic", &persona.geographic),
            ("segment.demographic", &persona.demographic),
            ("segment.psychographic", &persona.psychographic),
            ("segment.behavioural", &persona.behavioural),
        ];
        let lane = |(key, lines): (&str, &Vec<String>)| Lane {
            label: self.words.t(key).to_owned(),
            lines: lines.iter().map(|t| Item { text: inline(t), ..Item::default() }).collect(),
        };
        all.into_iter().filter(|(_, lines)| !lines.is_empty()).map(lane).collect()
    }

    fn persona_lanes(&self, persona: &Persona) -> Vec<Lane> {
        let lane = |kind: LaneKind| {
            let lines = persona.lines.iter().filter(|l| l.lane.same_row(kind));
            let label = self.words.t(&format!("row.{}", kind.keyword())).to_owned();
            Lane { label, lines: lines.map(|l| self.line(l, Item::default())).collect() }
        };
        LaneKind::ALL.into_iter().map(lane).filter(|l| !l.lines.is_empty()).collect()
    }

    /// Returns evidence with its kind, people and day.
    pub(super) fn evidence(&self, list: &[Evidence]) -> Vec<EvidenceRow> {
        let row = |e: &Evidence| {
            let people = e.people.map(|n| self.words.count("evidence.people", n, &[]));
            let kind = self.words.t(&format!("evidence.{}", e.kind.name())).to_owned();
            let facts: Vec<String> = people.into_iter().chain(std::iter::once(self.words.date(e.on))).collect();
            EvidenceRow { title: e.title.clone(), kind, research: e.kind.is_research(), facts: facts.join(" · ") }
        };
        list.iter().map(row).collect()
    }

    /// Returns the experiments of the journey with their states.
    pub(super) fn experiment_rows(&self) -> Vec<ExperimentRow> {
        self.grid.experiments().into_iter().map(|(_, e)| self.experiment_row(e)).collect()
    }

    fn experiment_row(&self, experiment: &Experiment) -> ExperimentRow {
        let place = self.model.place(experiment);
        let meta = &self.model.touchpoints[place].meta;
        let (mark, key) = state(experiment);
        ExperimentRow {
            title: experiment.meta.title.clone(),
            href: format!("{}.html", crate::render::report_file(experiment)),
            state: mark,
            state_label: self.words.t(key).to_owned(),
            number: self.grid.number(place),
            to: escape::anchor("t", &meta.id),
            place: meta.title.clone(),
            because: inline(&experiment.because),
            dates: self.words.dates(experiment.runs.0, experiment.runs.1),
            owner: self.model.teams[experiment.owner].meta.title.clone(),
        }
    }

    /// Returns the claims of the journey with their evidence, and the journey's own evidence.
    pub(super) fn claims(&self) -> Vec<ClaimRow> {
        let own = &self.grid.journey.evidence;
        let whole = (!own.is_empty()).then(|| ClaimRow {
            text: vec![crate::render::rich::Piece::text(self.words.t("claims.map"))],
            numbers: None,
            evidence: self.evidence(own),
        });
        let claims = self.grid.journey.claims.iter().map(|claim| ClaimRow {
            text: inline(&claim.text),
            numbers: claim.with_without.map(|(with, without)| {
                self.words.fill("claims.numbers", &[("with", &with.to_string()), ("without", &without.to_string())])
            }),
            evidence: self.evidence(&claim.evidence),
        });
        whole.into_iter().chain(claims).collect()
    }
}
