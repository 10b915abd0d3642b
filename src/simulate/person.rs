//! One simulated person: [`Person`].

use super::draw::Draw;
use super::maker::Cell;
use super::script::Script;
use crate::assign::{Attr, Attributes};
use crate::model::condition::Value;
use crate::model::{Condition, Id, Persona};

/// How often attributes are drawn anew until they fit the persona.
const TRIES: usize = 200;

/// Somebody who travels.
pub(super) struct Person {
    /// The id in the data.
    pub id: String,
    /// What kind of person.
    pub persona: Option<Id<Persona>>,
    /// The attributes, in the order of the script; they may change on the way.
    pub attributes: Vec<(String, Cell)>,
    /// What they spend, around 1.
    pub wealth: f64,
    /// Whether they may be counted.
    pub consents: bool,
    /// The variants they were shown: trial and variant, by place.
    pub shown: Vec<(usize, usize)>,
}

impl Person {
    /// Returns the person of a number.
    pub fn new(script: &Script<'_>, number: u64, draw: &mut Draw) -> Self {
        let kind = script.kinds.get(draw.pick(script.kinds.iter().map(|(weight, ..)| *weight)));
        let mut person = Self {
            id: format!("u{:06}", number + 1),
            persona: kind.map(|(_, id, _)| *id),
            attributes: Vec::new(),
            wealth: draw.log_normal(1.0, 0.3),
            consents: draw.happens(script.truth.consents),
            shown: Vec::new(),
        };
        for _ in 0..TRIES {
            let drawn = script.attributes.iter().filter_map(|(name, maker)| Some((name.clone(), maker.draw(draw)?)));
            person.attributes = drawn.collect();
            if kind.and_then(|(.., condition)| *condition).is_none_or(|c| person.is(c)) {
                break;
            }
        }
        person
    }

    /// Returns whether a condition on attributes holds.
    pub fn is(&self, condition: &Condition) -> bool {
        condition.holds(&|name| self.attribute(name).map(Cell::value))
    }

    fn attribute(&self, name: &str) -> Option<&Cell> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, cell)| cell)
    }

    /// Changes an attribute from one value to another, if it has the one.
    pub fn hand_over(&mut self, name: &str, from: &str, to: &str) {
        let slot = self.attributes.iter_mut().find(|(n, cell)| n == name && *cell == Cell::Text(from.to_owned()));
        if let Some((_, cell)) = slot {
            *cell = Cell::Text(to.to_owned());
        }
    }
}

impl Attributes for Person {
    fn get(&self, name: &str, _: usize) -> Attr<'_> {
        match self.attribute(name).map(Cell::value) {
            None => Attr::Missing,
            Some(Value::Text(text)) => Attr::Text(text),
            Some(Value::Number(n)) => Attr::Number(n),
            Some(Value::Bool(b)) => Attr::Bool(b),
        }
    }
}
