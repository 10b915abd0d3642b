//! Statements to the model, one file for each family of declarations.
//!
//! Things are pushed in the order `scope` counted them, so that an id known before its thing is built is right after.
//! Where something is missing a finding has been made already, and a stand-in keeps the order: the model is thrown
//! away then.

mod data;
mod experiment;
mod funnel;
mod journey;
mod lanes;
mod people;
mod touchpoint;

use super::node::Node;
use super::scope::{Here, Scope};
use crate::diagnostic::Diagnostic;
use crate::model::manifest::PropertyType;
use crate::model::vocabulary::{Block, Slot};
use crate::model::{Condition, Id, Manifest, Meta, Model, PropertyRef};
use crate::source::Span;

/// Builds the model.
pub(super) struct Builder<'m> {
    manifest: &'m Manifest,
    scope: Scope,
    model: Model,
    findings: Vec<Diagnostic>,
}

impl<'m> Builder<'m> {
    /// Returns a builder with nothing built.
    pub(super) fn new(manifest: &'m Manifest, scope: Scope) -> Self {
        let model = Model { manifest: manifest.clone(), ..Model::default() };
        Self { manifest, scope, model, findings: Vec::new() }
    }

    /// Builds everything.
    pub(super) fn project(&mut self, nodes: &[Node<'_>]) {
        self.pair_ideals(nodes);
        for node in nodes {
            match node.row.opens {
                Some(Block::Journey) => self.journey(node),
                Some(Block::Persona) => self.persona(node),
                Some(Block::Team) => self.team(node),
                Some(Block::Channel) => self.channel(node),
                Some(Block::Lane) => self.lane(node),
                Some(Block::Event) => self.event(node),
                Some(Block::Metric) => self.metric(node),
                Some(Block::Audience) => self.audience(node),
                Some(Block::Layer) => self.layer(node),
                Some(Block::Holdout) => self.holdout(node),
                Some(Block::Consent) => self.consent(node),
                Some(Block::Experiment) => self.experiment(node),
                _ => {}
            }
        }
    }

    /// Returns the model and what was found.
    pub(super) fn finish(self) -> (Model, Vec<Diagnostic>) {
        (self.model, self.findings)
    }

    fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.findings.push(Diagnostic::error(code, span, message));
        let last = self.findings.len() - 1;
        #[allow(clippy::indexing_slicing, reason = "the finding was pushed just above")]
        &mut self.findings[last]
    }

    fn meta(&self, node: &Node<'_>) -> Meta {
        let id = node.args.name().unwrap_or_default();
        let title = node.args.text().unwrap_or_else(|| id.clone());
        let was = node.one("was").and_then(|n| n.args.name());
        Meta { id, title, about: node.text_of("about"), was, span: node.span() }
    }

    /// Returns the id of what a path names; a stand-in after a finding.
    fn id<T>(&mut self, kind: Block, path: &[String], span: Span, here: Here) -> Id<T> {
        match self.scope.find(kind, path, span, here) {
            Ok(entry) => Id::at(entry.index),
            Err(finding) => {
                self.findings.extend(finding.map(|f| *f));
                Id::at(0)
            }
        }
    }

    /// Returns the id of the first reference of a slot, if the statement has one.
    fn reference<T>(&mut self, node: &Node<'_>, slot: Slot, here: Here) -> Option<Id<T>> {
        let kind = kind_of(slot)?;
        let (path, span) = node.args.reference(slot)?;
        Some(self.id(kind, path, span, here))
    }

    /// Returns the ids of all references of a slot.
    fn references<T>(&mut self, node: &Node<'_>, slot: Slot, here: Here) -> Vec<Id<T>> {
        let Some(kind) = kind_of(slot) else { return Vec::new() };
        node.args.references(slot).map(|(path, span)| self.id(kind, path, span, here)).collect()
    }

    /// Returns the event and property of a path of two parts.
    fn property_ref(&mut self, path: &[String], span: Span) -> PropertyRef {
        let (property, event) = path.split_last().map_or((String::new(), &[][..]), |(p, e)| (p.clone(), e));
        let event = self.id(Block::Event, event, span, Here::default());
        self.property(&property, span);
        PropertyRef { event, property }
    }

    /// Returns the type of a declared property, after a finding where it is not declared.
    fn property(&mut self, name: &str, span: Span) -> Option<PropertyType> {
        let declared = self.manifest.field_type(name);
        if declared.is_none() && self.manifest.written {
            self.unknown_field(name, span);
        }
        declared
    }

    fn unknown_field(&mut self, name: &str, span: Span) {
        let manifest = self.manifest;
        let known = manifest.attributes.iter().chain(manifest.properties.iter()).map(|(k, _)| k);
        let near = super::names::nearest(name, known).map(str::to_owned);
        let finding =
            self.error("unknown-property", span, format!("`{name}` is no attribute or property of `waypost.yaml`"));
        finding.help.push(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "declare it with its type, under `attributes` (of people) or `properties` (of events)".to_owned(),
        });
    }

    /// Returns the condition of a statement, its fields and types checked.
    fn condition(&mut self, node: &Node<'_>) -> Option<Condition> {
        let condition = node.args.condition()?;
        let span = node.args.span_of(|a| matches!(a, super::args::Arg::Condition(_))).unwrap_or_default();
        self.check_condition(&condition, span);
        Some(condition)
    }

    fn check_condition(&mut self, condition: &Condition, span: Span) {
        use crate::model::value::Literal;
        let mut uses: Vec<(String, Vec<Literal>, bool)> = Vec::new();
        collect(condition, &mut uses);
        for (field, values, regex) in uses {
            let Some(declared) = self.property(&field, span) else { continue };
            if regex && declared != PropertyType::Text {
                let name = declared.name();
                self.error("wrong-type", span, format!("`matches` reads text, and `{field}` is {name}"));
            }
            for value in values.iter().filter(|v| !fits(declared, v)) {
                let name = declared.name();
                let shown = match value {
                    Literal::Text(t) => format!("the text \"{t}\""),
                    other => format!("`{other}`"),
                };
                self.error("wrong-type", span, format!("`{field}` is {name}, and is compared with {shown}"))
                    .help
                    .push("mend the value, or the type in `waypost.yaml`".to_owned());
            }
        }
    }

    /// Returns the unit a statement names, checked, or the manifest's first.
    fn unit(&mut self, node: Option<&Node<'_>>) -> String {
        let Some((path, span)) = node.and_then(|n| n.args.reference(Slot::Unit)) else {
            return self.manifest.default_unit().to_owned();
        };
        let name = path.join(".");
        if self.manifest.written && self.manifest.units.get(&name).is_none() {
            let known = super::names::nearest(&name, self.manifest.units.iter().map(|(k, _)| k)).map(str::to_owned);
            let finding = self.error("unresolved-name", span, format!("unit `{name}` is not declared"));
            finding.help.push(match known {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("declare it in `waypost.yaml`: `units: {{ {name}: COLUMN }}`"),
            });
        }
        name
    }
}

fn kind_of(slot: Slot) -> Option<Block> {
    match slot {
        Slot::Persona => Some(Block::Persona),
        Slot::Touchpoint => Some(Block::Touchpoint),
        Slot::Journey => Some(Block::Journey),
        Slot::Team => Some(Block::Team),
        Slot::Channel => Some(Block::Channel),
        Slot::Lane => Some(Block::Lane),
        Slot::Event => Some(Block::Event),
        Slot::Metric => Some(Block::Metric),
        Slot::Audience => Some(Block::Audience),
        Slot::Layer => Some(Block::Layer),
        Slot::Consent => Some(Block::Consent),
        Slot::Experiment => Some(Block::Experiment),
        Slot::Pain => Some(Block::Pain),
        Slot::Opportunity => Some(Block::Opportunity),
        Slot::Funnel => Some(Block::Funnel),
        _ => None,
    }
}

fn collect(condition: &Condition, uses: &mut Vec<(String, Vec<crate::model::value::Literal>, bool)>) {
    match condition {
        Condition::And(list) | Condition::Or(list) => list.iter().for_each(|c| collect(c, uses)),
        Condition::Not(inner) => collect(inner, uses),
        Condition::Compare { field, value, .. } => uses.push((field.clone(), vec![value.clone()], false)),
        Condition::In { field, values } => uses.push((field.clone(), values.clone(), false)),
        Condition::Matches { field, .. } => uses.push((field.clone(), Vec::new(), true)),
        Condition::Exists { field } => uses.push((field.clone(), Vec::new(), false)),
    }
}

fn fits(declared: PropertyType, value: &crate::model::value::Literal) -> bool {
    use crate::model::value::Literal;
    matches!(
        (declared, value),
        (PropertyType::Text | PropertyType::Time, Literal::Text(_))
            | (PropertyType::Number | PropertyType::Money, Literal::Number(_))
            | (PropertyType::Boolean, Literal::Bool(_))
    )
}
