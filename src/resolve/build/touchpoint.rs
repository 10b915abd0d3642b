//! Touchpoints, their surveys and messages.

use super::Builder;
use crate::model::Id;
use crate::model::journey::{Journey, Stage};
use crate::model::touchpoint::{Anchor, Ask, AskWhen, Message, Owner, Promise, Survey, Touchpoint};
use crate::model::value::Literal;
use crate::model::vocabulary::{Block, Slot};
use crate::resolve::args::Arg;
use crate::resolve::node::Node;
use crate::resolve::scope::Here;

impl Builder<'_> {
    pub(super) fn touchpoint(
        &mut self,
        node: &Node<'_>,
        journey: Id<Journey>,
        stage: Id<Stage>,
        here: Here,
    ) -> Id<Touchpoint> {
        let id = self.model.touchpoints.next_id();
        let meta = self.meta(node);
        let pair = self.pair(Block::Touchpoint, &meta.id, here);
        let touchpoint = Touchpoint {
            journey,
            stage,
            channel: node.one("channel").and_then(|n| self.reference(n, Slot::Channel, here)),
            owners: node.one("owner").map(|n| self.owners(n)).unwrap_or_default(),
            personas: node.one("for").map(|n| self.references(n, Slot::Persona, here)).unwrap_or_default(),
            seen_by: node.one("seen").and_then(|n| self.reference(n, Slot::Event, here)),
            moment_of_truth: node.one("moment").is_some(),
            earns_trust: node.one("earns").is_some(),
            may_repeat: node.one("may").is_some(),
            promise: node.one("promise").and_then(|n| {
                let of = self.reference(n, Slot::Touchpoint, here)?;
                Some(Promise { within: n.args.duration()?, of, span: n.span() })
            }),
            leaves_to: node.texts_of("leaves"),
            against: node.many("against").flat_map(|n| n.args.texts().cloned().collect::<Vec<_>>()).collect(),
            unique: node.texts_of("unique"),
            surveys: node.many("survey").filter_map(|n| self.survey(n, here)).collect(),
            messages: node.many("message").map(|n| self.message(n, id, here)).collect(),
            place: Default::default(),
            pair,
            meta,
        };
        self.model.touchpoints.push(touchpoint);
        let place = self.place(node, Anchor::Touchpoint(id), here);
        if let Some(touchpoint) = self.model.touchpoints.get_mut(id) {
            touchpoint.place = place;
        }
        id
    }

    /// Reads `TEAM [PERCENT], …`: a percentage belongs to the team before it.
    fn owners(&mut self, node: &Node<'_>) -> Vec<Owner> {
        let mut owners: Vec<Owner> = Vec::new();
        for (arg, span) in &node.args.items {
            match arg {
                Arg::Reference(Slot::Team, path) => {
                    let team = self.id(Block::Team, path, *span, Here::default());
                    owners.push(Owner { team, influence: None, span: *span });
                }
                Arg::Percent(share) => {
                    if let Some(owner) = owners.last_mut() {
                        owner.influence = Some(*share);
                        owner.span = owner.span.to(*span);
                    }
                }
                _ => {}
            }
        }
        owners
    }

    fn survey(&mut self, node: &Node<'_>, here: Here) -> Option<Survey> {
        let mut texts = node.args.texts().cloned();
        let ask = match (node.args.has("nps"), node.args.has("csat"), node.args.choices()) {
            (true, ..) => Ask::Nps,
            (_, true, _) => Ask::Csat,
            (_, _, Some(answers)) => Ask::Choice(texts.next()?, answers),
            _ => Ask::Open(texts.next()?),
        };
        let when = match node.args.has("leaving") {
            true => AskWhen::OnLeaving,
            false => AskWhen::After(node.args.duration()?, self.reference(node, Slot::Touchpoint, here)?),
        };
        let then = if node.args.has("then") { texts.next() } else { None };
        Some(Survey { ask, when, then, to: self.reference(node, Slot::Team, here), span: node.span() })
    }

    fn message(&mut self, node: &Node<'_>, touchpoint: Id<Touchpoint>, here: Here) -> Id<Message> {
        let message = Message {
            meta: self.meta(node),
            touchpoint,
            when: node.text_of("when").unwrap_or_default(),
            audience: node.one("audience").and_then(|n| self.reference(n, Slot::Audience, here)),
            sets: self.sets(node),
            counts_as: node.one("counts").and_then(|n| self.reference(n, Slot::Event, here)),
            seen_by: node.one("seen").and_then(|n| self.reference(n, Slot::Event, here)),
        };
        self.model.messages.push(message)
    }

    /// Returns what a variant or message sets; each name once.
    pub(super) fn sets(&mut self, node: &Node<'_>) -> Vec<(String, Literal)> {
        let mut sets: Vec<(String, Literal)> = Vec::new();
        for child in node.many("set") {
            let Some((name, value)) = child.args.name().zip(child.args.value()) else { continue };
            if sets.iter().any(|(n, _)| *n == name) {
                self.error("duplicate-name", child.span(), format!("`{name}` is set twice"))
                    .help
                    .push("keep one".to_owned());
            }
            sets.push((name, value));
        }
        sets
    }
}
