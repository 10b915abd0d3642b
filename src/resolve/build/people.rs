//! Personas, teams, channels, lanes, audiences, layers, holdouts, consents.

use super::Builder;
use crate::model::Condition;
use crate::model::audience::{Audience, Consent, Holdout, Layer};
use crate::model::persona::Persona;
use crate::model::place::{Channel, ChannelKind, Lane, Team};
use crate::model::value::Percent;
use crate::resolve::node::Node;
use crate::resolve::scope::Here;

impl Builder<'_> {
    pub(super) fn persona(&mut self, node: &Node<'_>) {
        let persona = Persona {
            meta: self.meta(node),
            quote: node.text_of("quote"),
            portrait: node.text_of("portrait"),
            geographic: node.texts_of("geographic"),
            demographic: node.texts_of("demographic"),
            psychographic: node.texts_of("psychographic"),
            behavioural: node.texts_of("behavioural"),
            share: node.one("share").and_then(|n| n.args.percent()),
            condition: node.one("where").and_then(|n| self.condition(n)),
            lines: self.lines(node, Here::default()),
            evidence: self.evidence(node),
        };
        self.model.personas.push(persona);
    }

    pub(super) fn team(&mut self, node: &Node<'_>) {
        let team = Team { meta: self.meta(node) };
        self.model.teams.push(team);
    }

    pub(super) fn lane(&mut self, node: &Node<'_>) {
        let lane = Lane { meta: self.meta(node) };
        self.model.lanes.push(lane);
    }

    pub(super) fn channel(&mut self, node: &Node<'_>) {
        let kinds = [ChannelKind::Online, ChannelKind::Offline, ChannelKind::SelfService];
        let kind = node.one("kind").and_then(|n| kinds.into_iter().find(|k| n.args.has(k.name())));
        let colour = node.one("colour").and_then(|n| Some((n.args.text()?, n.span())));
        if let Some((text, span)) = &colour
            && !is_colour(text)
        {
            self.error("wrong-argument", *span, format!("\"{text}\" is no colour"))
                .help
                .push("write six hexadecimal digits, such as \"#0072B2\"".to_owned());
        }
        let channel = Channel { meta: self.meta(node), kind, colour: colour.map(|(text, _)| text) };
        self.model.channels.push(channel);
    }

    pub(super) fn audience(&mut self, node: &Node<'_>) {
        let condition = node.one("where").and_then(|n| self.condition(n)).unwrap_or(Condition::And(Vec::new()));
        let audience = Audience { meta: self.meta(node), condition };
        self.model.audiences.push(audience);
    }

    pub(super) fn layer(&mut self, node: &Node<'_>) {
        let layer = Layer { meta: self.meta(node), unit: self.unit(node.one("unit")) };
        self.model.layers.push(layer);
    }

    pub(super) fn holdout(&mut self, node: &Node<'_>) {
        let takes = node.one("takes").and_then(|n| n.args.percent()).unwrap_or_default();
        if takes >= Percent::WHOLE {
            self.error("share-above-whole", node.span(), "a holdout of everybody leaves nobody for experiments");
        }
        let holdout = Holdout { meta: self.meta(node), takes, unit: self.unit(node.one("unit")) };
        self.model.holdouts.push(holdout);
    }

    pub(super) fn consent(&mut self, node: &Node<'_>) {
        let consent = Consent { meta: self.meta(node), policy: node.text_of("policy").unwrap_or_default() };
        self.model.consents.push(consent);
    }
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}
