//! Audiences whose gaps are told apart: those of the experiments on a map that says what should be.
use super::{Builder, PersonaPlan};
use crate::model::experiment::At;
use crate::model::{Audience, Experiment, Id, Journey};

impl Builder<'_> {
    /// Asks who is in the audiences; they stand behind the personas.
    pub(super) fn audiences(&mut self) {
        let mut asked: Vec<Id<Audience>> =
            self.model.journeys.iter().filter(|(_, j)| self.has_aims(j)).flat_map(|(id, _)| self.tested(id)).collect();
        asked.sort_unstable();
        asked.dedup();
        for id in asked {
            let audience = &self.model.audiences[id];
            self.fields_of(&audience.condition);
            let (id, condition) = (audience.meta.id.clone(), audience.condition.clone());
            self.plan.personas.push(PersonaPlan { persona: None, id, condition });
        }
    }

    /// Returns the places of the audiences of a map.
    pub(super) fn audiences_of(&self, journey: Id<Journey>) -> Vec<usize> {
        let tested = self.tested(journey);
        let mine =
            |p: &PersonaPlan| p.persona.is_none() && tested.iter().any(|a| self.model.audiences[*a].meta.id == p.id);
        self.plan.personas.iter().enumerate().filter(|(_, p)| mine(p)).map(|(at, _)| at).collect()
    }

    /// Returns whether a journey says where people should move on, or promises them something.
    fn has_aims(&self, journey: &Journey) -> bool {
        journey.stages.iter().map(|s| &self.model.stages[*s]).any(|stage| {
            stage.target.is_some() || stage.touchpoints.iter().any(|t| self.model.touchpoints[*t].promise.is_some())
        })
    }

    /// Returns the audiences of the experiments on a map.
    fn tested(&self, journey: Id<Journey>) -> Vec<Id<Audience>> {
        self.model.experiments.values().filter(|x| self.is_on(x, journey)).filter_map(|x| x.audience).collect()
    }

    /// Returns whether an experiment is at a place of a map.
    pub(super) fn is_on(&self, x: &Experiment, journey: Id<Journey>) -> bool {
        let place = match x.at {
            At::Touchpoint(t) => t,
            At::Message(m) => self.model.messages[m].touchpoint,
        };
        self.model.touchpoints[place].journey == journey
    }
}
