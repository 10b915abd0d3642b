//! Journeys and stages.

use super::Builder;
use crate::model::journey::{
    Attribution, AttributionModel, Direction, Handover, Journey, Paths, Phase, Requirement, Review, Stage, Target,
};
use crate::model::touchpoint::Anchor;
use crate::model::value::Literal;
use crate::model::vocabulary::{Block, Slot};
use crate::model::{Id, Touchpoint};
use crate::resolve::node::Node;
use crate::resolve::scope::Here;

impl Builder<'_> {
    /// Learns which journey is the ideal of which, before names are looked up.
    pub(super) fn pair_ideals(&mut self, nodes: &[Node<'_>]) {
        let journeys = nodes.iter().filter(|n| n.row.opens == Some(Block::Journey) && n.args.name().is_some());
        for (index, node) in journeys.enumerate() {
            let Some((path, span)) = node.one("ideal").and_then(|n| n.args.reference(Slot::Journey)) else { continue };
            match self.scope.find(Block::Journey, path, span, Here::default()).map(|e| e.index) {
                Ok(base) if base == index => {
                    self.error("ideal-of-itself", span, "a journey cannot be the ideal of itself");
                }
                Ok(base) => {
                    self.scope.ideals.insert(index, base);
                }
                Err(_) => {}
            }
        }
    }

    /// Builds a journey with all that stands in it.
    pub(super) fn journey(&mut self, node: &Node<'_>) {
        let id = self.model.journeys.next_id();
        let here = Here { journey: Some(id.index()) };
        let stages = node.many("stage").map(|n| self.stage(n, id, here)).collect();
        let funnels = node.many("funnel").map(|n| self.funnel(n, id, here)).collect();
        let journey = Journey {
            meta: self.meta(node),
            personas: node.one("for").map(|n| self.references(n, Slot::Persona, here)).unwrap_or_default(),
            starts: node.text_of("starts"),
            ends: node.text_of("ends"),
            sale_at: node.one("sale").and_then(|n| self.reference(n, Slot::Touchpoint, here)),
            review: node
                .one("review")
                .and_then(|n| Some(Review { every: n.args.period()?, since: n.args.date()?, span: n.span() })),
            evidence: self.evidence(node),
            claims: self.claims(node),
            stages,
            ideal_of: node.one("ideal").and_then(|n| self.reference(n, Slot::Journey, here)),
            without: node.many("without").filter_map(|n| self.reference(n, Slot::Touchpoint, here)).collect(),
            funnels,
            attributions: node.many("attribution").filter_map(|n| self.attribution(n, here)).collect(),
            handovers: node.many("handover").filter_map(|n| self.handover(n, here)).collect(),
            paths: node.many("paths").filter_map(|n| self.paths(n, here)).collect(),
            requirements: node.many("require").filter_map(|n| self.requirement(n, here)).collect(),
        };
        self.model.journeys.push(journey);
    }

    fn stage(&mut self, node: &Node<'_>, journey: Id<Journey>, here: Here) -> Id<Stage> {
        let id = self.model.stages.next_id();
        let meta = self.meta(node);
        let phases = [Phase::PreSale, Phase::Sale, Phase::PostSale];
        let phase = node.one("phase").and_then(|n| phases.into_iter().find(|p| n.args.has(p.name())));
        let pair = self.pair(Block::Stage, &meta.id, here);
        let stage = Stage {
            journey,
            phase,
            target: node
                .one("target")
                .and_then(|n| Some(Target { share: n.args.percent()?, within: n.args.duration()?, span: n.span() })),
            touchpoints: Vec::new(),
            place: Default::default(),
            pair,
            meta,
        };
        self.model.stages.push(stage);
        let touchpoints = node.many("touchpoint").map(|n| self.touchpoint(n, journey, id, here)).collect();
        let place = self.place(node, Anchor::Stage(id), here);
        if let Some(stage) = self.model.stages.get_mut(id) {
            stage.touchpoints = touchpoints;
            stage.place = place;
        }
        id
    }

    /// Returns the thing of the same id in the journey that this one is the ideal of.
    pub(super) fn pair<T>(&self, kind: Block, id: &str, here: Here) -> Option<Id<T>> {
        let base = here.journey.and_then(|j| self.scope.ideals.get(&j))?;
        let entry = self.scope.all(kind).iter().find(|e| e.journey == Some(*base) && e.id == id)?;
        Some(Id::at(entry.index))
    }

    fn attribution(&mut self, node: &Node<'_>, here: Here) -> Option<Attribution> {
        let outcome = self.reference(node, Slot::Touchpoint, here)?;
        let by = node.args.reference(Slot::EventProperty).map(|(path, span)| self.property_ref(path, span));
        let mut models = Vec::new();
        for (path, span) in
            node.one("models").map(|n| n.args.references(Slot::Model).collect::<Vec<_>>()).unwrap_or_default()
        {
            let name = path.join(".");
            match AttributionModel::ALL.into_iter().find(|m| m.name() == name) {
                Some(model) => models.push(model),
                None => {
                    let near = crate::resolve::names::nearest(&name, AttributionModel::ALL.iter().map(|m| m.name()));
                    let help = near.map_or(Slot::Model.expected().to_owned(), |n| format!("did you mean `{n}`?"));
                    self.error("wrong-argument", span, format!("`{name}` is no attribution model")).help.push(help);
                }
            }
        }
        let look_back = node.one("look").and_then(|n| n.args.duration());
        Some(Attribution { outcome, by, look_back, models, span: node.span() })
    }

    fn handover(&mut self, node: &Node<'_>, here: Here) -> Option<Handover> {
        let mut values = node.args.values().map(|v| match v {
            Literal::Text(t) => t.clone(),
            other => other.to_string(),
        });
        let (from, to) = (values.next()?, values.next()?);
        let by = node.args.reference(Slot::Property).map(|(path, span)| {
            let name = path.join(".");
            self.property(&name, span);
            name
        });
        let at = self.reference(node, Slot::Touchpoint, here)?;
        Some(Handover { from, to, by, at, span: node.span() })
    }

    fn paths(&mut self, node: &Node<'_>, here: Here) -> Option<Paths> {
        let direction = if node.args.has("into") { Direction::Into } else { Direction::From };
        Some(Paths { direction, anchor: self.reference(node, Slot::Touchpoint, here)?, span: node.span() })
    }

    fn requirement(&mut self, node: &Node<'_>, here: Here) -> Option<Requirement> {
        let places: Vec<Id<Touchpoint>> = self.references(node, Slot::Touchpoint, here);
        let (from, to) = (*places.first()?, *places.get(1)?);
        let personas = self.references(node, Slot::Persona, here);
        Some(Requirement { at_least: node.args.percent()?, from, to, personas, span: node.span() })
    }
}
