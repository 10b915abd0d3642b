//! Entries of cells: lines, feelings, pains and the like, with their views, owners and evidence.

use super::Ctx;
use super::data::Count;
use super::grid::{Spot, Touch, When};
use super::view::{Icon, Item};
use crate::model::lane::{Effort, Evidence, Feeling, LaneKind, Line, Place, Quality, Spend, SpendEvery};
use crate::model::touchpoint::{
    Anchor, Ask, AskWhen, Message, Opportunity, Pain, PainKind, PainSeverity, Promise, Survey,
};
use crate::model::{Experiment, Id, Meta};
use crate::render::escape;
use crate::render::rich::{Piece, Rich, inline};

impl Ctx<'_> {
    /// Returns an entry that stands at a touchpoint, or at the stage itself.
    pub(super) fn at(&self, touch: Option<&Touch>, text: Rich) -> Item {
        Item {
            number: touch.map(|t| t.number),
            to: touch.map(|t| self.touch_anchor(t)).unwrap_or_default(),
            text,
            ..Item::default()
        }
    }

    /// Returns the anchor of a touchpoint.
    pub(super) fn touch_anchor(&self, touch: &Touch) -> String {
        self.grid.touchpoint(touch).map(|t| escape::anchor("t", &t.meta.id)).unwrap_or_default()
    }

    /// Returns the entries that one part of a spot makes, with their views.
    pub(super) fn entries<'p, T: 'p>(
        &self,
        spot: &Spot<'p>,
        part: impl Fn(&'p Place) -> Vec<T>,
        item: impl Fn(&T, Item) -> Item,
    ) -> Vec<Item> {
        let made = |(when, thing): (When, T)| {
            let blank = Item { when: Some(when), ..self.at(spot.touch.as_ref(), Rich::new()) };
            item(&thing, blank)
        };
        spot.lay(part).into_iter().map(made).collect()
    }

    /// Returns the lines of one lane at a spot.
    pub(super) fn lines(&self, spot: &Spot, lane: LaneKind) -> Vec<Item> {
        let part = |place| lines_of(place, lane);
        self.entries(spot, part, |line, item| self.line(line, item))
    }

    /// Returns one line.
    pub(super) fn line(&self, line: &Line, item: Item) -> Item {
        let icon = match line.lane {
            LaneKind::Answers(Some(quality)) => Some(self.quality(quality)),
            _ => None,
        };
        let quoted = matches!(line.lane, LaneKind::Asks | LaneKind::Thinks);
        Item { text: inline(&line.text), of: self.of(&line.personas), icon, quoted, ..item }
    }

    fn quality(&self, quality: Quality) -> Icon {
        let (name, key) = match quality {
            Quality::Well => ("full", "quality.well"),
            Quality::Partly => ("half", "quality.partly"),
            Quality::Badly => ("empty", "quality.badly"),
        };
        self.icon(name, key, false)
    }

    /// Returns an icon with its label.
    pub(super) fn icon(&self, name: &'static str, key: &str, shown: bool) -> Icon {
        Icon { name, label: self.words.t(key).to_owned(), shown }
    }

    /// Returns a feeling: its face, its value, its word.
    pub(super) fn feeling(&self, feeling: &Feeling, item: Item) -> Item {
        let value = self.words.signed(f64::from(feeling.value), 0);
        let icon = Icon { name: face(feeling.value), label: value, shown: true };
        let text = inline(feeling.word.as_deref().unwrap_or(""));
        let marks = self.evidence_mark(&feeling.evidence).into_iter().collect();
        Item { icon: Some(icon), text, of: self.of(&feeling.personas), marks, ..item }
    }

    /// Returns the mark of evidence: research, or no more than a vendor's word or a guess; nothing without any.
    pub(super) fn evidence_mark(&self, evidence: &[Evidence]) -> Option<Icon> {
        let research = evidence.iter().filter(|e| e.kind.is_research());
        let titles = |list: Vec<&Evidence>| list.iter().map(|e| e.title.as_str()).collect::<Vec<_>>().join("; ");
        let strong: Vec<&Evidence> = research.collect();
        let (name, key, list) = match strong.is_empty() {
            false => ("full", "evidence.by", strong),
            true => ("empty", "evidence.weak", evidence.iter().collect()),
        };
        let label = self.words.fill(key, &[("titles", &titles(list))]);
        (!evidence.is_empty()).then_some(Icon { name, label, shown: false })
    }

    /// Returns a pain: how bad, what, which kind.
    pub(super) fn pain(&self, pain: &Pain, item: Item) -> Item {
        let (name, key) = match pain.severity {
            PainSeverity::High => ("high", "severity.high"),
            PainSeverity::Medium => ("medium", "severity.medium"),
            PainSeverity::Low => ("low", "severity.low"),
        };
        let mut notes = vec![vec![Piece::text(self.words.t(&format!("pain.{}", pain.kind.name())))]];
        notes.extend(self.leaving(pain));
        notes.extend(about(&pain.meta));
        notes.extend(
            pain.found_in_data.map(|d| self.words.say("pain.found", 0, &[("date", Piece::text(self.words.date(d)))])),
        );
        notes.extend(pain.solved.map(|(e, d)| {
            let title = Piece::name(&self.model.experiments[e].meta.title);
            self.words.say("pain.solved", 0, &[("experiment", title), ("date", Piece::text(self.words.date(d)))])
        }));
        Item {
            anchor: escape::anchor("p", &pain.meta.id),
            icon: Some(self.icon(name, key, false)),
            text: vec![Piece::text(&pain.meta.title)],
            marks: self.evidence_mark(&pain.evidence).into_iter().collect(),
            notes,
            ..item
        }
    }

    /// Returns how many people a pain drives away, where the data can tell: it says that people leave, and no other pain of
    /// the touchpoint does.
    fn leaving(&self, pain: &Pain) -> Option<Rich> {
        let Anchor::Touchpoint(at) = pain.at else { return None };
        let leaves = |p: &Pain| p.kind == PainKind::Leaving && p.solved.is_none();
        let others = self.model.touchpoints[at].place.pains.iter().filter(|&&p| leaves(&self.model.pains[p])).count();
        let rate = self.data?.touchpoints.get(&at)?.lost.filter(|_| leaves(pain) && others == 1)?;
        let ((low, high), Count::Exactly(of)) = (rate.interval?, rate.base) else { return None };
        rate.share()?;
        let values = [
            ("share", Piece::figure(self.share(rate))),
            ("low", Piece::text(self.words.rate(low, of))),
            ("high", Piece::text(self.words.rate(high, of))),
        ];
        Some(self.words.say("pain.measured", 0, &values))
    }

    /// Returns an opportunity: what, its worth and cost, which pains it heals.
    pub(super) fn opportunity(&self, opportunity: &Opportunity, item: Item) -> Item {
        let (value, cost) = (opportunity.value.to_string(), opportunity.cost.to_string());
        let worth = self.words.fill("opportunity.worth", &[("value", &value), ("cost", &cost)]);
        let mut notes = vec![vec![Piece::text(worth)]];
        notes.extend(about(&opportunity.meta));
        for &pain in &opportunity.solves {
            let pain = &self.model.pains[pain].meta;
            let go = Piece::go(&pain.title, format!("#{}", escape::anchor("p", &pain.id)));
            notes.push(self.words.say("opportunity.solves", 0, &[("pain", go)]));
        }
        let id = self.model.opportunities.iter().find(|(_, o)| std::ptr::eq(*o, opportunity)).map(|(i, _)| i);
        if !self.model.experiments.values().any(|e| e.tests.is_some() && e.tests == id) {
            notes.push(vec![Piece::text(self.words.t("opportunity.untested"))]);
        }
        Item {
            anchor: escape::anchor("o", &opportunity.meta.id),
            icon: Some(self.icon("up", "row.opportunities", false)),
            text: vec![Piece::text(&opportunity.meta.title)],
            notes,
            ..item
        }
    }

    /// Returns an experiment pinned where it runs, with its state.
    pub(super) fn experiment(&self, id: Id<Experiment>, item: Item) -> Item {
        let experiment = &self.model.experiments[id];
        Item {
            icon: Some(self.icon("test", "row.experiments", false)),
            text: vec![Piece::text(&experiment.meta.title)],
            href: format!("{}.html", crate::render::report_file(experiment)),
            marks: vec![self.state(experiment)],
            ..item
        }
    }

    /// Returns the mark of an experiment's state.
    pub(super) fn state(&self, experiment: &Experiment) -> Icon {
        let (name, key) = state(experiment);
        self.icon(name, key, true)
    }

    /// Returns a promise, in words.
    pub(super) fn promise(&self, promise: &Promise, item: Item) -> Item {
        let of = &self.model.touchpoints[promise.of].meta.title;
        let within = Piece::figure(self.words.duration(promise.within));
        Item {
            icon: Some(self.icon("clock", "row.promises", false)),
            text: self.words.say("promise.within", 0, &[("time", within), ("place", Piece::name(of))]),
            ..item
        }
    }

    /// Returns a survey: what is asked, when, what follows.
    pub(super) fn survey(&self, survey: &Survey, item: Item) -> Item {
        let text = match &survey.ask {
            Ask::Nps => vec![Piece::text(self.words.t("survey.nps"))],
            Ask::Csat => vec![Piece::text(self.words.t("survey.csat"))],
            Ask::Choice(text, _) | Ask::Open(text) => inline(text),
        };
        let quoted = matches!(survey.ask, Ask::Choice(..) | Ask::Open(_));
        Item {
            icon: Some(self.icon("speech", "row.surveys", false)),
            text,
            quoted,
            notes: self.survey_notes(survey),
            ..item
        }
    }

    fn survey_notes(&self, survey: &Survey) -> Vec<Rich> {
        let mut notes = Vec::new();
        if let Ask::Choice(_, answers) = &survey.ask {
            notes.push(vec![Piece::name(answers.join(self.words.t("list.or")))]);
        }
        notes.push(match &survey.when {
            AskWhen::OnLeaving => vec![Piece::text(self.words.t("survey.leaving"))],
            AskWhen::After(time, place) => {
                let place = Piece::name(&self.model.touchpoints[*place].meta.title);
                self.words.say(
                    "survey.after",
                    0,
                    &[("time", Piece::text(self.words.duration(*time))), ("place", place)],
                )
            }
        });
        notes.extend(survey.then.as_deref().map(|t| self.words.say("survey.then", 0, &[("question", Piece::name(t))])));
        notes.extend(
            survey
                .to
                .map(|t| self.words.say("survey.to", 0, &[("team", Piece::name(&self.model.teams[t].meta.title))])),
        );
        notes
    }

    /// Returns a message: its title, what triggers it, who gets it, its parts, its micro-conversion.
    pub(super) fn message(&self, message: &Message, item: Item) -> Item {
        let mut notes = vec![self.words.say("message.when", 0, &[("when", Piece::name(&message.when))])];
        notes.extend(about(&message.meta));
        notes.extend(message.audience.map(|a| {
            self.words.say("message.audience", 0, &[("audience", Piece::name(&self.model.audiences[a].meta.title))])
        }));
        for (name, value) in &message.sets {
            let values = [("name", Piece::name(name)), ("value", Piece::name(value.to_string()))];
            notes.push(self.words.say("message.part", 0, &values));
        }
        notes.extend(
            message.counts_as.map(|e| {
                self.words.say("message.counts", 0, &[("event", Piece::name(&self.model.events[e].meta.title))])
            }),
        );
        Item {
            anchor: escape::anchor("m", &message.meta.id),
            icon: Some(self.icon("message", "row.messages", false)),
            text: vec![Piece::text(&message.meta.title)],
            notes,
            ..item
        }
    }

    /// Returns how much work something is.
    pub(super) fn effort(&self, effort: Effort) -> String {
        self.words.t(&format!("effort.{}", effort.name())).to_owned()
    }

    /// Returns what something costs.
    pub(super) fn spend(&self, spend: &Spend) -> String {
        let amount = self.words.money(spend.amount);
        let text = match spend.every {
            None => amount,
            Some(SpendEvery::Week) => self.words.fill("spend.week", &[("amount", &amount)]),
            Some(SpendEvery::Month) => self.words.fill("spend.month", &[("amount", &amount)]),
        };
        let dates = spend.dates.map(|(a, b)| format!(", {}", self.words.dates(a, b)));
        text + &dates.unwrap_or_default()
    }
}

/// Returns the line of explanation, in pieces.
fn about(meta: &Meta) -> Option<Rich> {
    meta.about.as_deref().map(inline)
}

/// Returns the lines of a place that stand in one lane, `answers` of any quality.
pub(super) fn lines_of(place: &Place, lane: LaneKind) -> Vec<&Line> {
    place.lines.iter().filter(|l| l.lane.same_row(lane)).collect()
}

/// Returns the mark and the label of an experiment's state.
pub(in crate::render) fn state(experiment: &Experiment) -> (&'static str, &'static str) {
    match experiment.status.name() {
        "draft" => ("draft", "state.draft"),
        "running" => ("running", "state.running"),
        "paused" => ("paused", "state.paused"),
        "shipped" => ("shipped", "state.shipped"),
        _ => ("stopped", "state.stopped"),
    }
}

/// Returns the drawing of a face for a feeling from -3 to +3.
pub(super) fn face(value: i8) -> &'static str {
    match value {
        i8::MIN..=-3 => "face-3",
        -2 => "face-2",
        -1 => "face-1",
        0 => "face0",
        1 => "face1",
        2 => "face2",
        3..=i8::MAX => "face3",
    }
}
