//! Small projects, made by hand, to build payloads from.

use waypost::model::condition::{Comparison, Condition};
use waypost::model::experiment::{At, Method, MethodKind, Slice, Status, Variant};
use waypost::model::value::{Date, Decimal, Literal, Percent};
use waypost::model::{Audience, Experiment, Holdout, Id, Layer, Meta, Model, Table};
use waypost::source::Span;

pub fn meta(id: &str) -> Meta {
    Meta { id: id.to_owned(), title: id.to_owned(), about: None, was: None, span: Span::default() }
}

pub fn percent(text: &str) -> Percent {
    Percent(Decimal::parse(text).unwrap())
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn project() -> Model {
    let mut model = Model::default();
    let units = [("user", "user_id"), ("device", "device_id")];
    model.manifest.units = units.into_iter().map(|(u, c)| (u.to_owned(), c.to_owned())).collect();
    model
}

pub fn variant(id: &str, weight: &str, sets: &[(&str, Literal)]) -> Variant {
    let sets = sets.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Variant { meta: meta(id), weight: percent(weight), changes: Vec::new(), sets }
}

/// A running experiment of everybody, over October 2026.
pub fn experiment(id: &str, variants: Vec<Variant>) -> Experiment {
    Experiment {
        meta: meta(id),
        at: At::Touchpoint(Table::default().next_id()),
        journey: Table::default().next_id(),
        because: String::new(),
        tests: None,
        owner: Table::default().next_id(),
        runs: (day("2026-10-05"), day("2026-11-01")),
        status: Status::Running,
        restarts: Vec::new(),
        next_question: None,
        unit: "user".to_owned(),
        audience: None,
        traffic: Percent::WHOLE,
        layers: Vec::new(),
        consents: Vec::new(),
        exposed_by: None,
        variants,
        primaries: Vec::new(),
        secondaries: Vec::new(),
        guardrails: Vec::new(),
        segments: Vec::new(),
        method: Method { kind: MethodKind::Fixed, level: percent("5"), power: percent("80"), span: Span::default() },
    }
}

pub fn halves(id: &str) -> Experiment {
    experiment(id, vec![variant("control", "50", &[]), variant("new", "50", &[])])
}

pub fn layer(model: &mut Model, id: &str, unit: &str) -> Id<Layer> {
    model.layers.push(Layer { meta: meta(id), unit: unit.to_owned() })
}

pub fn takes(layer: Id<Layer>, share: &str) -> Slice {
    Slice { layer, takes: percent(share), span: Span::default() }
}

pub fn holdout(model: &mut Model, id: &str, share: &str) {
    model.holdouts.push(Holdout { meta: meta(id), takes: percent(share), unit: "user".to_owned() });
}

pub fn audience(model: &mut Model, id: &str, condition: Condition) -> Id<Audience> {
    model.audiences.push(Audience { meta: meta(id), condition })
}

pub fn text(value: &str) -> Literal {
    Literal::Text(value.to_owned())
}

pub fn number(value: &str) -> Literal {
    Literal::Number(Decimal::parse(value).unwrap())
}

pub fn compare(field: &str, how: Comparison, value: Literal) -> Condition {
    Condition::Compare { field: field.to_owned(), how, value }
}

pub fn among(field: &str, values: &[Literal]) -> Condition {
    Condition::In { field: field.to_owned(), values: values.to_vec() }
}

/// Changes one experiment; all ids stay.
pub fn edit(model: &mut Model, id: Id<Experiment>, change: impl Fn(&mut Experiment)) {
    let before = std::mem::take(&mut model.experiments);
    for (at, experiment) in before.iter() {
        let mut experiment = experiment.clone();
        if at == id {
            change(&mut experiment);
        }
        model.experiments.push(experiment);
    }
}
