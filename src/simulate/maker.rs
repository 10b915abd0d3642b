//! How values are made: of attributes from the conditions they must meet, of properties from what is measured.

use super::draw::Draw;
use super::truth::{Choices, Scores, Spread, Truth};
use crate::model::condition::{Comparison, Value};
use crate::model::manifest::PropertyType;
use crate::model::metric::MetricKind;
use crate::model::value::Literal;
use crate::model::{Condition, Event, Id, Model};

/// A value in a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number in the smallest unit, and how many decimals that is.
    Decimal(i64, u8),
    /// True or false.
    Bool(bool),
}

impl Cell {
    /// Returns the value as conditions see it.
    pub fn value(&self) -> Value<'_> {
        match self {
            Cell::Text(text) => Value::Text(text),
            Cell::Whole(n) => Value::Number(*n as f64),
            Cell::Decimal(n, decimals) => Value::Number(*n as f64 / 10_f64.powi(i32::from(*decimals))),
            Cell::Bool(b) => Value::Bool(*b),
        }
    }

    fn of(literal: &Literal) -> Self {
        match literal {
            Literal::Text(text) => Cell::Text(text.clone()),
            Literal::Bool(b) => Cell::Bool(*b),
            Literal::Number(n) => n.scaled(0).map_or(Cell::Decimal(n.scaled(6).unwrap_or(0), 6), Cell::Whole),
        }
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Cell::Text(text) => f.write_str(text),
            Cell::Whole(n) => write!(f, "{n}"),
            Cell::Decimal(n, decimals) => write!(f, "{}", crate::model::value::Decimal::new(*n, *decimals)),
            Cell::Bool(b) => write!(f, "{b}"),
        }
    }
}

/// How the values of an attribute are drawn.
#[derive(Clone, Debug)]
pub(super) enum Maker {
    /// Some values with their weights.
    Pick(Vec<(Cell, f64)>),
    /// Whole numbers of a range.
    Range(i64, i64),
}

impl Maker {
    /// Returns a value.
    pub fn draw(&self, draw: &mut Draw) -> Option<Cell> {
        match self {
            Maker::Pick(all) => all.get(draw.pick(all.iter().map(|(_, weight)| *weight))).map(|(cell, _)| cell.clone()),
            Maker::Range(from, to) => Some(Cell::Whole(from + (draw.share() * (to - from + 1) as f64) as i64)),
        }
    }

    /// Returns how an attribute is drawn: as the truth says, else so that every condition on it is met by some.
    pub fn attribute(model: &Model, truth: &Truth, name: &str, kind: PropertyType) -> Self {
        match truth.attributes.get(name) {
            Some(Choices::Range(range)) => Maker::Range(range.from, range.to.max(range.from)),
            Some(Choices::Weights(weights)) => {
                Maker::Pick(weights.iter().map(|(value, weight)| (cell(value, kind), weight.max(0.0))).collect())
            }
            None => Self::from_conditions(model, name, kind),
        }
    }

    fn from_conditions(model: &Model, name: &str, kind: PropertyType) -> Self {
        let mut met = Vec::new();
        conditions(model).into_iter().for_each(|c| literals(c, name, false, &mut met));
        if kind == PropertyType::Boolean {
            return Maker::Pick(vec![(Cell::Bool(true), 1.0), (Cell::Bool(false), 1.0)]);
        }
        if matches!(kind, PropertyType::Number | PropertyType::Money) {
            let numbers = met.iter().filter_map(|(literal, _)| match literal {
                Literal::Number(n) => Some(n.to_f64()),
                _ => None,
            });
            let (low, high) = numbers.fold((f64::MAX, f64::MIN), |(low, high), n| (low.min(n), high.max(n)));
            return if low > high {
                Maker::Range(1, 100)
            } else {
                Maker::Range((low * 0.6) as i64, (high * 1.8) as i64 + 1)
            };
        }
        let mut all: Vec<(Cell, f64)> = Vec::new();
        for (literal, wanted) in &met {
            if let (Literal::Text(_), false) = (literal, all.iter().any(|(c, _)| *c == Cell::of(literal))) {
                // What is only ever excluded is rare: bots, test accounts.
                let weight = if *wanted { 1.0 / (all.len() + 1) as f64 } else { 0.01 };
                all.push((Cell::of(literal), weight));
            }
        }
        all.push((Cell::Text("other".to_owned()), 0.3));
        Maker::Pick(all)
    }
}

fn cell(value: &str, kind: PropertyType) -> Cell {
    let number = crate::model::value::Decimal::parse(value).map(Literal::Number);
    match kind {
        PropertyType::Number | PropertyType::Money => Cell::of(&number.unwrap_or(Literal::Text(value.to_owned()))),
        PropertyType::Boolean => Cell::Bool(value == "true"),
        PropertyType::Text | PropertyType::Time => Cell::Text(value.to_owned()),
    }
}

/// Returns every condition on units, in the order of the model.
fn conditions(model: &Model) -> Vec<&Condition> {
    let personas = model.personas.values().filter_map(|p| p.condition.as_ref());
    personas.chain(model.audiences.values().map(|a| &a.condition)).collect()
}

/// Collects the values that a condition compares a field with, and whether it wants them.
fn literals<'c>(condition: &'c Condition, name: &str, negated: bool, found: &mut Vec<(&'c Literal, bool)>) {
    match condition {
        Condition::And(list) | Condition::Or(list) => list.iter().for_each(|c| literals(c, name, negated, found)),
        Condition::Not(inner) => literals(inner, name, !negated, found),
        Condition::Compare { field, how, value } if field == name => {
            found.push((value, (*how == Comparison::NotEqual) == negated));
        }
        Condition::In { field, values } if field == name => found.extend(values.iter().map(|v| (v, !negated))),
        _ => (),
    }
}

/// How the value of a property of an event is made.
#[derive(Clone, Debug)]
pub(super) enum PropertyMaker {
    /// Always this: the event is known by it.
    Fixed(Cell),
    /// A log-normal number with so many decimals; money grows with what the person has to spend.
    Number { spread: Spread, decimals: u8, money: bool },
    /// An answer from 0 to 10, as the truth says or as such surveys usually look.
    Score(Option<Scores>),
}

/// Returns the properties of an event, sorted by name: those that its name demands, and those that something measures.
pub(super) fn properties(model: &Model, truth: &Truth, event: Id<Event>) -> Vec<(String, PropertyMaker)> {
    let mut all: Vec<(String, PropertyMaker)> = Vec::new();
    let first = model.events[event].names.first();
    if let Some(condition) = first.and_then(|name| name.condition.as_ref()) {
        demanded(condition, &mut all);
    }
    let outcomes = model.journeys.values().flat_map(|j| &j.attributions).filter_map(|a| a.by.as_ref());
    let measured = model.metrics.values().flat_map(|m| m.properties()).chain(outcomes);
    for property in measured.filter(|p| p.event == event) {
        if !all.iter().any(|(name, _)| *name == property.property) {
            all.push((property.property.clone(), number(model, truth, &property.property)));
        }
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

fn demanded(condition: &Condition, all: &mut Vec<(String, PropertyMaker)>) {
    let mut fix = |field: &String, value: &Literal| all.push((field.clone(), PropertyMaker::Fixed(Cell::of(value))));
    match condition {
        Condition::And(list) => list.iter().for_each(|c| demanded(c, all)),
        Condition::Or(list) => list.iter().take(1).for_each(|c| demanded(c, all)),
        Condition::Compare { field, how: Comparison::Equal, value } => fix(field, value),
        Condition::In { field, values } => values.iter().take(1).for_each(|v| fix(field, v)),
        _ => (),
    }
}

/// Returns whether a metric is the net promoter score of a property.
pub(super) fn scores(kind: &MetricKind, property: &str) -> bool {
    matches!(kind, MetricKind::Nps(nps) if nps.property.property == property)
}

fn number(model: &Model, truth: &Truth, name: &str) -> PropertyMaker {
    if model.metrics.values().any(|m| scores(&m.kind, name)) {
        return PropertyMaker::Score(truth.scores.get(name).copied());
    }
    let money = model.manifest.field_type(name) == Some(PropertyType::Money);
    let currency = model.manifest.currency.as_deref().and_then(crate::model::value::Currency::parse);
    let decimals = if money { currency.map_or(2, |c| c.decimals) } else { 0 };
    let usual = Spread { median: if money { 100.0 } else { 1_000.0 }, spread: 0.5 };
    PropertyMaker::Number { spread: truth.properties.get(name).copied().unwrap_or(usual), decimals, money }
}

impl PropertyMaker {
    /// Returns a value; `wealth` and `lift` multiply numbers.
    pub fn draw(&self, draw: &mut Draw, wealth: f64, lift: f64) -> Cell {
        match self {
            PropertyMaker::Fixed(cell) => cell.clone(),
            PropertyMaker::Score(Some(of)) => {
                let (from, answers) = match draw.pick([of.detractors, of.passives, of.promoters].into_iter()) {
                    0 => (0, 7.0),
                    1 => (7, 2.0),
                    _ => (9, 2.0),
                };
                Cell::Whole(from + (draw.share() * answers) as i64)
            }
            PropertyMaker::Score(None) => {
                // Many tens, a hump at seven and eight, a tail below: what such surveys look like.
                const WEIGHTS: [f64; 11] = [2.0, 1.0, 1.0, 2.0, 2.0, 5.0, 6.0, 13.0, 20.0, 19.0, 29.0];
                Cell::Whole(draw.pick(WEIGHTS.into_iter()) as i64)
            }
            PropertyMaker::Number { spread, decimals, money } => {
                let size = draw.log_normal(spread.median, spread.spread) * lift * if *money { wealth } else { 1.0 };
                let units = (size * 10_f64.powi(i32::from(*decimals))).round() as i64;
                if *decimals == 0 { Cell::Whole(units) } else { Cell::Decimal(units, *decimals) }
            }
        }
    }
}
