//! Experiments.

use super::Builder;
use crate::model::experiment::{
    At, Experiment, Guardrail, Method, MethodKind, Primary, Restart, Segment, Slice, Spending, Status, Variant,
};
use crate::model::value::{Date, Decimal, Percent};
use crate::model::vocabulary::{Block, Slot};
use crate::model::{Id, Journey, Team};
use crate::resolve::args::Arg;
use crate::resolve::node::Node;
use crate::resolve::scope::Here;

impl Builder<'_> {
    pub(super) fn experiment(&mut self, node: &Node<'_>) {
        let (at, journey) = self.at(node);
        let here = Here { journey: Some(journey.index()) };
        let variants = self.variants(node);
        let status = node.one("status").map_or(Status::Draft, |n| self.status(n, &variants));
        let mut days =
            node.one("runs").map(|n| n.args.dates().copied().collect::<Vec<_>>()).unwrap_or_default().into_iter();
        let runs = (days.next().unwrap_or(Date::ZERO), days.next().unwrap_or(Date::ZERO));
        let experiment = Experiment {
            meta: self.meta(node),
            at,
            journey,
            because: node.text_of("because").unwrap_or_default(),
            tests: node.one("tests").and_then(|n| self.reference(n, Slot::Opportunity, here)),
            owner: node.one("owner").and_then(|n| self.reference::<Team>(n, Slot::Team, here)).unwrap_or(Id::at(0)),
            runs,
            status,
            restarts: self.restarts(node),
            next_question: node.text_of("next"),
            unit: self.unit(node.one("unit")),
            audience: node.one("audience").and_then(|n| self.reference(n, Slot::Audience, here)),
            traffic: node.one("traffic").and_then(|n| n.args.percent()).unwrap_or(Percent::WHOLE),
            layers: node.many("layer").filter_map(|n| self.slice(n, here)).collect(),
            consents: node.many("consent").filter_map(|n| self.reference(n, Slot::Consent, here)).collect(),
            exposed_by: node.one("exposed").and_then(|n| self.reference(n, Slot::Event, here)),
            variants,
            primaries: node.many("primary").filter_map(|n| self.primary(n, here)).collect(),
            secondaries: node.many("secondary").flat_map(|n| self.references(n, Slot::Metric, here)).collect(),
            guardrails: node.many("guardrail").filter_map(|n| self.guardrail(n, here)).collect(),
            segments: node.one("segments").map(|n| self.segments(n)).unwrap_or_default(),
            method: node.one("method").and_then(|n| self.method(n)).unwrap_or(Method {
                kind: MethodKind::Fixed,
                level: Percent::default(),
                power: Percent::default(),
                span: node.span(),
            }),
        };
        self.model.experiments.push(experiment);
    }

    /// Returns where the experiment runs: a touchpoint, else a message of that name.
    fn at(&mut self, node: &Node<'_>) -> (At, Id<Journey>) {
        let nowhere = (At::Touchpoint(Id::at(0)), Id::at(0));
        let Some((path, span)) = node.one("at").and_then(|n| n.args.reference(Slot::Place)) else { return nowhere };
        let here = Here::default();
        let message = self.scope.find(Block::Message, path, span, here).map(|e| (e.index, e.journey)).ok();
        match (self.scope.find(Block::Touchpoint, path, span, here).map(|e| (e.index, e.journey)), message) {
            (Ok((index, journey)), None) => (At::Touchpoint(Id::at(index)), Id::at(journey.unwrap_or(0))),
            (Err(_), Some((index, journey))) => (At::Message(Id::at(index)), Id::at(journey.unwrap_or(0))),
            (Ok(_), Some(_)) => {
                let name = path.join(".");
                self.error("ambiguous-name", span, format!("`{name}` is both a touchpoint and a message"))
                    .help
                    .push(format!("put its touchpoint before it: `TOUCHPOINT.{name}`"));
                nowhere
            }
            (Err(finding), None) => {
                self.findings.extend(finding.map(|f| *f));
                nowhere
            }
        }
    }

    fn variants(&mut self, node: &Node<'_>) -> Vec<Variant> {
        let mut variants: Vec<Variant> = Vec::new();
        for child in node.many("variant") {
            let meta = self.meta(child);
            if let Some(first) = variants.iter().find(|v| v.meta.id == meta.id) {
                let first = first.meta.span;
                let finding =
                    self.error("duplicate-name", meta.span, format!("variant `{}` is declared twice", meta.id));
                finding.secondary.push(crate::diagnostic::Label { span: first, text: "first here".to_owned() });
            }
            let weight = child.args.percent().unwrap_or_default();
            variants.push(Variant { meta, weight, changes: changes(child), sets: self.sets(child) });
        }
        variants
    }

    fn status(&mut self, node: &Node<'_>, variants: &[Variant]) -> Status {
        let on = node.args.date().unwrap_or(Date::ZERO);
        let because = node.args.text().unwrap_or_default();
        if let Some((path, span)) = node.args.reference(Slot::Variant) {
            let name = path.join(".");
            let Some(index) = variants.iter().position(|v| v.meta.id == name) else {
                let near = crate::resolve::names::nearest(&name, variants.iter().map(|v| v.meta.id.as_str()))
                    .map(str::to_owned);
                let finding =
                    self.error("unresolved-name", span, format!("variant `{name}` is not one of this experiment"));
                finding.help.extend(near.map(|n| format!("did you mean `{n}`?")));
                return Status::Draft;
            };
            return Status::Shipped(index, on, because);
        }
        match ["running", "paused", "stopped"].into_iter().find(|w| node.args.has(w)) {
            Some("running") => Status::Running,
            Some("paused") => Status::Paused,
            Some("stopped") => Status::Stopped(on, because),
            _ => Status::Draft,
        }
    }

    fn restarts(&mut self, node: &Node<'_>) -> Vec<Restart> {
        let mut restarts = Vec::new();
        for (i, child) in node.many("restart").enumerate() {
            let expected = i as i64 + 2;
            if child.args.number() != Some(Decimal::new(expected, 0)) {
                self.error("restart-number", child.span(), format!("this restart is number {expected}"))
                    .help
                    .push("restarts count from 2, one after the other".to_owned());
            }
            let (from, because) = (child.args.date().unwrap_or(Date::ZERO), child.args.text().unwrap_or_default());
            restarts.push(Restart { number: u32::try_from(expected).unwrap_or(2), from, because, span: child.span() });
        }
        restarts
    }

    fn slice(&mut self, node: &Node<'_>, here: Here) -> Option<Slice> {
        Some(Slice { layer: self.reference(node, Slot::Layer, here)?, takes: node.args.percent()?, span: node.span() })
    }

    fn primary(&mut self, node: &Node<'_>, here: Here) -> Option<Primary> {
        Some(Primary {
            metric: self.reference(node, Slot::Metric, here)?,
            expects: node.args.change(),
            span: node.span(),
        })
    }

    fn guardrail(&mut self, node: &Node<'_>, here: Here) -> Option<Guardrail> {
        let metric = self.reference(node, Slot::Metric, here)?;
        Some(Guardrail { metric, tolerates: node.args.change()?, span: node.span() })
    }

    fn segments(&mut self, node: &Node<'_>) -> Vec<Segment> {
        let mut segments = Vec::new();
        for (arg, span) in &node.args.items {
            match arg {
                Arg::Word("persona") => segments.push(Segment::Persona),
                Arg::Reference(Slot::Property, path) => {
                    let name = path.join(".");
                    self.property(&name, *span);
                    segments.push(Segment::Property(name));
                }
                _ => {}
            }
        }
        segments
    }

    fn method(&mut self, node: &Node<'_>) -> Option<Method> {
        let kind = match ["sequential", "group-sequential", "bayesian"].into_iter().find(|w| node.args.has(w)) {
            Some("sequential") => MethodKind::Sequential,
            Some("bayesian") => MethodKind::Bayesian,
            Some(_) => self.group_sequential(node),
            None => MethodKind::Fixed,
        };
        let mut shares = node.args.percents().copied();
        let (level, power) = (shares.next()?, shares.next()?);
        if level.0.is_zero() || level.share() >= 0.5 {
            self.error("out-of-range", node.span(), format!("a level of {level} decides nothing"))
                .help
                .push("write `level 5%`".to_owned());
        }
        if power.share() < 0.5 || power >= Percent::WHOLE {
            self.error("out-of-range", node.span(), format!("power lies from 50% to below 100%, and {power} does not"))
                .help
                .push("write `power 80%`".to_owned());
        }
        Some(Method { kind, level, power, span: node.span() })
    }

    fn group_sequential(&mut self, node: &Node<'_>) -> MethodKind {
        let looks = node
            .args
            .number()
            .and_then(|n| n.scaled(0))
            .and_then(|n| u32::try_from(n).ok())
            .filter(|n| (2..=50).contains(n));
        if looks.is_none() {
            self.error("out-of-range", node.span(), "a group-sequential test has 2 to 50 looks");
        }
        let spending = Spending::ALL.into_iter().find(|s| node.args.has(s.name())).unwrap_or(Spending::ObrienFleming);
        MethodKind::GroupSequential { looks: looks.unwrap_or(2), spending }
    }
}

/// Returns the weights given while the experiment ran, in order of their days.
fn changes(node: &Node<'_>) -> Vec<(Date, Percent)> {
    let change = |n: &Node<'_>| Some((n.args.date()?, n.args.percent()?));
    let mut changes: Vec<(Date, Percent)> = node.many("weight").filter_map(change).collect();
    changes.sort_by_key(|(from, _)| *from);
    changes
}
