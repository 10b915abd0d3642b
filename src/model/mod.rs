//! What is meant: ids resolved, units normal, invariants kept.
//!
//! A [`Model`] is built only by the `resolve` room; a name that resolves to nothing cannot be represented, since
//! every reference is an [`Id`] handed out by a [`Table`].

pub mod audience;
pub mod colour;
pub mod condition;
pub mod event;
pub mod experiment;
pub mod funnel;
pub mod journey;
pub mod lane;
pub mod manifest;
pub mod measure;
pub mod metric;
pub mod persona;
pub mod place;
pub mod preset;
pub mod space;
pub mod touchpoint;
pub mod value;
pub mod vocabulary;

use crate::source::Span;
use std::fmt;
use std::marker::PhantomData;

pub use audience::{Audience, Consent, Holdout, Layer};
pub use condition::Condition;
pub use event::{Event, PropertyRef};
pub use experiment::Experiment;
pub use funnel::Funnel;
pub use journey::{Journey, Stage};
pub use manifest::Manifest;
pub use metric::Metric;
pub use persona::Persona;
pub use place::{Channel, Lane, Team};
pub use touchpoint::{Message, Opportunity, Pain, Touchpoint};

/// The number of one `T` in its [`Table`].
pub struct Id<T> {
    index: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// Returns the id of a position, for the room that builds the model and knows where things will stand.
    pub(crate) fn at(index: usize) -> Self {
        Self { index: u32::try_from(index).unwrap_or(u32::MAX), kind: PhantomData }
    }

    /// Returns the position in the table, from 0, in the order of declaration.
    pub fn index(self) -> usize {
        self.index as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.index.cmp(&other.index)
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index)
    }
}

/// All things of one kind, in the order they were declared.
#[derive(Clone, Debug)]
pub struct Table<T> {
    items: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<T> Table<T> {
    /// Adds a thing and returns its id.
    pub fn push(&mut self, item: T) -> Id<T> {
        let id = self.next_id();
        self.items.push(item);
        id
    }

    /// Returns the id that the next [`Table::push`] will hand out.
    pub fn next_id(&self) -> Id<T> {
        Id { index: u32::try_from(self.items.len()).unwrap_or(u32::MAX), kind: PhantomData }
    }

    /// Returns the id at a position, if something stands there.
    pub fn id(&self, index: usize) -> Option<Id<T>> {
        self.items.get(index)?;
        Some(Id { index: u32::try_from(index).ok()?, kind: PhantomData })
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns all with their ids, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Id<T>, &T)> + ExactSizeIterator {
        self.items
            .iter()
            .enumerate()
            .map(|(i, item)| (Id { index: u32::try_from(i).unwrap_or(u32::MAX), kind: PhantomData }, item))
    }

    /// Returns all, in order.
    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// Returns the thing to change it; for the room that builds the model.
    pub fn get_mut(&mut self, id: Id<T>) -> Option<&mut T> {
        self.items.get_mut(id.index())
    }
}

impl<T> std::ops::Index<Id<T>> for Table<T> {
    type Output = T;

    #[allow(clippy::indexing_slicing, reason = "ids come only from this table, and nothing is ever removed from it")]
    fn index(&self, id: Id<T>) -> &T {
        &self.items[id.index()]
    }
}

/// What every declared thing has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// The id, NFC-normalised.
    pub id: String,
    /// The title people read; the id where the kind has no title.
    pub title: String,
    /// `about`: one line of explanation.
    pub about: Option<String>,
    /// `was`: the former id, for `diff`.
    pub was: Option<String>,
    /// The header of the declaration.
    pub span: Span,
}

/// One project, whole: everything its files declare.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The manifest, `waypost.yaml`.
    pub manifest: Manifest,
    /// `journey`
    pub journeys: Table<Journey>,
    /// `stage`, over all journeys, in order.
    pub stages: Table<Stage>,
    /// `touchpoint`, over all journeys, in order.
    pub touchpoints: Table<Touchpoint>,
    /// `message`
    pub messages: Table<Message>,
    /// `pain`
    pub pains: Table<Pain>,
    /// `opportunity`
    pub opportunities: Table<Opportunity>,
    /// `funnel`
    pub funnels: Table<Funnel>,
    /// `persona`
    pub personas: Table<Persona>,
    /// `team`
    pub teams: Table<Team>,
    /// `channel`
    pub channels: Table<Channel>,
    /// `lane`
    pub lanes: Table<Lane>,
    /// `event`
    pub events: Table<Event>,
    /// `metric`
    pub metrics: Table<Metric>,
    /// `audience`
    pub audiences: Table<Audience>,
    /// `layer`
    pub layers: Table<Layer>,
    /// `holdout`
    pub holdouts: Table<Holdout>,
    /// `consent`
    pub consents: Table<Consent>,
    /// `experiment`
    pub experiments: Table<Experiment>,
}

impl Model {
    /// Returns the experiment of this id, if it is declared.
    pub fn experiment(&self, id: &str) -> Option<Id<Experiment>> {
        self.experiments.iter().find(|(_, e)| e.meta.id == id).map(|(i, _)| i)
    }

    /// Returns the journey of this id, if it is declared.
    pub fn journey(&self, id: &str) -> Option<Id<Journey>> {
        self.journeys.iter().find(|(_, j)| j.meta.id == id).map(|(i, _)| i)
    }

    /// Returns the touchpoints of a journey in order of stage and place.
    pub fn touchpoints_of(&self, journey: Id<Journey>) -> impl Iterator<Item = (Id<Touchpoint>, &Touchpoint)> {
        self.touchpoints.iter().filter(move |(_, t)| t.journey == journey)
    }

    /// Returns the journey that is the ideal of this one, if one is declared.
    pub fn ideal_of(&self, journey: Id<Journey>) -> Option<Id<Journey>> {
        self.journeys.iter().find(|(_, j)| j.ideal_of == Some(journey)).map(|(i, _)| i)
    }

    /// Returns the event that shows a unit was at the experiment's place: `exposed by`, else `seen by` of its `at`.
    pub fn exposure_event(&self, experiment: &Experiment) -> Option<Id<Event>> {
        let seen = match experiment.at {
            experiment::At::Touchpoint(t) => self.touchpoints[t].seen_by,
            experiment::At::Message(m) => {
                let message = &self.messages[m];
                message.seen_by.or(self.touchpoints[message.touchpoint].seen_by)
            }
        };
        experiment.exposed_by.or(seen)
    }

    /// Returns where on the map an experiment runs: its touchpoint, or that of its message.
    pub fn place(&self, experiment: &Experiment) -> Id<Touchpoint> {
        match experiment.at {
            experiment::At::Touchpoint(t) => t,
            experiment::At::Message(m) => self.messages[m].touchpoint,
        }
    }
}
