//! Funnels.

use super::Builder;
use crate::model::funnel::{
    Attempt, Breakdown, BreakdownAt, CountUnit, Exclusion, ExclusionVerb, Funnel, FunnelFor, Order, Step,
};
use crate::model::journey::Journey;
use crate::model::vocabulary::{Block, Slot};
use crate::model::{Id, Touchpoint};
use crate::resolve::args::Arg;
use crate::resolve::node::Node;
use crate::resolve::scope::Here;

impl Builder<'_> {
    pub(super) fn funnel(&mut self, node: &Node<'_>, journey: Id<Journey>, here: Here) -> Id<Funnel> {
        let (per_step, whole): (Vec<_>, Vec<_>) = node.many("within").partition(|n| n.args.has("previous"));
        for twice in [&per_step, &whole].into_iter().filter_map(|list| list.get(1)) {
            self.error("repeated-statement", twice.span(), "this time is given twice");
        }
        let funnel = Funnel {
            meta: self.meta(node),
            journey,
            steps: node.one("steps").map(|n| self.steps(n, here)).unwrap_or_default(),
            personas: self.funnel_for(node, here),
            order: node.one("order").map_or(Order::Listed, |n| self.order(n, here)),
            within: whole.first().and_then(|n| n.args.duration()),
            within_step: per_step.first().and_then(|n| n.args.duration()),
            count: node.one("count").map_or(CountUnit::People, |n| self.count_unit(n)),
            attempt: node.one("attempt").map_or(Attempt::Best, attempt),
            exclusions: self.exclusions(node, here),
            by: node.one("by").map(|n| self.breakdown(n, here)),
            may_start_anywhere: node.one("may").is_some(),
            clock_tolerance: node.one("clock").and_then(|n| n.args.duration()),
        };
        self.model.funnels.push(funnel)
    }

    /// Reads `[optional] TOUCHPOINT > …`.
    fn steps(&mut self, node: &Node<'_>, here: Here) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut optional = false;
        for (arg, span) in &node.args.items {
            match arg {
                Arg::Word("optional") => optional = true,
                Arg::Reference(Slot::Touchpoint, path) => {
                    let touchpoint = self.id(Block::Touchpoint, path, *span, here);
                    steps.push(Step { touchpoint, optional: std::mem::take(&mut optional) });
                }
                _ => {}
            }
        }
        if steps.len() < 2 {
            self.error("too-few-steps", node.span(), "a funnel has at least two steps")
                .help
                .push("add `> TOUCHPOINT`".to_owned());
        }
        if steps.first().is_some_and(|s| s.optional) || steps.last().is_some_and(|s| s.optional) {
            self.error("optional-end", node.span(), "the first and the last step cannot be optional");
        }
        steps
    }

    fn funnel_for(&mut self, node: &Node<'_>, here: Here) -> FunnelFor {
        match node.one("for") {
            None => FunnelFor::Everybody,
            Some(n) if n.args.has("each") => FunnelFor::EachPersona,
            Some(n) => FunnelFor::Only(self.references(n, Slot::Persona, here)),
        }
    }

    fn order(&mut self, node: &Node<'_>, here: Here) -> Order {
        match (node.args.has("directly"), node.args.has("any")) {
            (true, _) => Order::Directly(self.references(node, Slot::Event, here)),
            (_, true) => Order::Any,
            _ => Order::Listed,
        }
    }

    fn count_unit(&mut self, node: &Node<'_>) -> CountUnit {
        match node.args.reference(Slot::Property) {
            Some((path, span)) => {
                let name = path.join(".");
                self.property(&name, span);
                CountUnit::Property(name)
            }
            None if node.args.has("sessions") => CountUnit::Sessions,
            None => CountUnit::People,
        }
    }

    fn exclusions(&mut self, node: &Node<'_>, here: Here) -> Vec<Exclusion> {
        let mut all = Vec::new();
        for child in node.children.iter().filter(|c| matches!(c.keyword, "fail" | "drop")) {
            let verb = if child.keyword == "fail" { ExclusionVerb::Fail } else { ExclusionVerb::Drop };
            let places: Vec<Id<Touchpoint>> = self.references(child, Slot::Touchpoint, here);
            let event = self.reference(child, Slot::Event, here);
            if let (Some(event), Some(from), Some(to)) = (event, places.first(), places.get(1)) {
                all.push(Exclusion { verb, event, from: *from, to: *to });
            }
        }
        all
    }

    fn breakdown(&mut self, node: &Node<'_>, here: Here) -> Breakdown {
        let properties =
            node.args.references(Slot::Property).map(|(path, span)| (path.join("."), span)).collect::<Vec<_>>();
        for (name, span) in &properties {
            self.property(name, *span);
        }
        let at = match self.reference(node, Slot::Touchpoint, here) {
            Some(touchpoint) => BreakdownAt::Touchpoint(touchpoint),
            None if node.args.has("first") => BreakdownAt::FirstKnown,
            None if node.args.has("last") => BreakdownAt::LastKnown,
            None if node.args.has("person") => BreakdownAt::Person,
            None => BreakdownAt::Entry,
        };
        Breakdown { properties: properties.into_iter().map(|(name, _)| name).collect(), at }
    }
}

fn attempt(node: &Node<'_>) -> Attempt {
    match (node.args.has("first"), node.args.has("every")) {
        (true, _) => Attempt::First,
        (_, true) => Attempt::Every,
        _ => Attempt::Best,
    }
}
