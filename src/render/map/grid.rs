//! The columns of a map: stages and touchpoints of today's journey and of its ideal, laid over each other.

use crate::model::experiment::Experiment;
use crate::model::journey::{Journey, Phase, Stage};
use crate::model::lane::Place;
use crate::model::touchpoint::Touchpoint;
use crate::model::{Id, Model, Persona};
use serde::Serialize;

/// In which view a thing is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum When {
    /// The same today and in the ideal.
    #[serde(rename = "")]
    Always,
    /// Today only.
    Today,
    /// In the ideal only.
    Ideal,
}

/// A thing of both journeys: today's, the ideal's, or both.
#[derive(Debug)]
pub(super) struct Both<T> {
    /// In the journey.
    pub today: Option<Id<T>>,
    /// In its ideal.
    pub ideal: Option<Id<T>>,
}

impl<T> Clone for Both<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Both<T> {}

/// A touchpoint's column.
#[derive(Clone, Debug)]
pub(super) struct Touch {
    /// Which.
    pub is: Both<Touchpoint>,
    /// Its number on the map, from 1.
    pub number: usize,
    /// In which views it stands.
    pub when: When,
}

/// A stage's column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Which.
    pub is: Both<Stage>,
    /// Its touchpoints, in order.
    pub touches: Vec<Touch>,
}

/// All columns of a map.
#[derive(Debug)]
pub(super) struct Grid<'a> {
    pub model: &'a Model,
    pub journey: &'a Journey,
    pub ideal: Option<&'a Journey>,
    /// Whether the page opens on the ideal.
    pub opens_ideal: bool,
    pub columns: Vec<Column>,
}

impl<'a> Grid<'a> {
    /// Returns the columns of a journey; an ideal journey is laid over the one it is the ideal of.
    pub fn new(model: &'a Model, shown: Id<Journey>) -> Self {
        let id = model.journeys[shown].ideal_of.unwrap_or(shown);
        let journey = &model.journeys[id];
        let ideal_id = if id == shown { model.ideal_of(id) } else { Some(shown) };
        let ideal = ideal_id.map(|i| &model.journeys[i]);
        let mut grid = Self { model, journey, ideal, opens_ideal: id != shown, columns: Vec::new() };
        grid.lay();
        grid
    }

    fn lay(&mut self) {
        let mut columns: Vec<Column> = Vec::new();
        for &stage in &self.journey.stages {
            columns.push(Column { is: Both { today: Some(stage), ideal: None }, touches: Vec::new() });
        }
        let mut behind = 0;
        for &stage in self.ideal.map_or(&[][..], |j| &j.stages) {
            let pair = self.model.stages[stage].pair;
            match columns.iter_mut().position(|c| c.is.today.is_some() && c.is.today == pair) {
                Some(at) => {
                    if let Some(column) = columns.get_mut(at) {
                        column.is.ideal = Some(stage);
                    }
                    behind = at + 1;
                }
                None => {
                    let column = Column { is: Both { today: None, ideal: Some(stage) }, touches: Vec::new() };
                    columns.insert(behind.min(columns.len()), column);
                    behind += 1;
                }
            }
        }
        let mut number = 0;
        for column in &mut columns {
            column.touches = self.touches(column.is, &mut number);
        }
        self.columns = columns;
    }

    fn touches(&self, stage: Both<Stage>, number: &mut usize) -> Vec<Touch> {
        let ids = |s: Option<Id<Stage>>| s.map_or(&[][..], |s| &self.model.stages[s].touchpoints);
        let mut out: Vec<Both<Touchpoint>> =
            ids(stage.today).iter().map(|&t| Both { today: Some(t), ideal: None }).collect();
        for touch in &mut out {
            touch.ideal = touch.today.and_then(|t| self.ideal_touch(t));
        }
        let fresh = ids(stage.ideal).iter().filter(|&&t| self.model.touchpoints[t].pair.is_none());
        out.extend(fresh.map(|&t| Both { today: None, ideal: Some(t) }));
        let mut numbered = |is: Both<Touchpoint>| {
            *number += 1;
            Touch { is, number: *number, when: self.touch_when(is) }
        };
        out.into_iter().map(&mut numbered).collect()
    }

    fn ideal_touch(&self, today: Id<Touchpoint>) -> Option<Id<Touchpoint>> {
        let stages = self.ideal.map_or(&[][..], |j| &j.stages);
        let mut all = stages.iter().flat_map(|&s| self.model.stages[s].touchpoints.iter().copied());
        all.find(|&t| self.model.touchpoints[t].pair == Some(today))
    }

    fn touch_when(&self, is: Both<Touchpoint>) -> When {
        let dropped = is.today.is_some_and(|t| self.ideal.is_some_and(|j| j.without.contains(&t)));
        match (is.today, dropped) {
            (None, _) => When::Ideal,
            (_, true) => When::Today,
            _ => When::Always,
        }
    }

    /// Returns every touchpoint of the map, in order.
    pub fn touches_all(&self) -> impl Iterator<Item = &Touch> {
        self.columns.iter().flat_map(|c| &c.touches)
    }

    /// Returns the number of a touchpoint of either journey.
    pub fn number(&self, id: Id<Touchpoint>) -> Option<usize> {
        self.touches_all().find(|t| t.is.today == Some(id) || t.is.ideal == Some(id)).map(|t| t.number)
    }

    /// Returns the touchpoint as it is shown: today's, else the ideal's.
    pub fn touchpoint(&self, touch: &Touch) -> Option<&'a Touchpoint> {
        touch.is.today.or(touch.is.ideal).map(|t| &self.model.touchpoints[t])
    }

    /// Returns the stage as it is shown: today's, else the ideal's.
    pub fn stage(&self, column: &Column) -> Option<&'a Stage> {
        column.is.today.or(column.is.ideal).map(|s| &self.model.stages[s])
    }

    /// Returns a column's phase; that of the column before where an ideal stage says none.
    pub fn phase(&self, column: &Column) -> Option<Phase> {
        self.stage(column).and_then(|s| s.phase)
    }

    /// Returns the places of a column: the stage itself, then its touchpoints.
    pub fn places(&self, column: &Column) -> Vec<Spot<'a>> {
        let stage = Spot {
            touch: None,
            when: if column.is.today.is_none() { When::Ideal } else { When::Always },
            today: column.is.today.map(|s| &self.model.stages[s].place),
            ideal: column.is.ideal.map(|s| &self.model.stages[s].place),
        };
        let touches = column.touches.iter().map(|touch| Spot {
            touch: Some(touch.clone()),
            when: touch.when,
            today: touch.is.today.map(|t| &self.model.touchpoints[t].place),
            ideal: touch.is.ideal.map(|t| &self.model.touchpoints[t].place),
        });
        std::iter::once(stage).chain(touches).collect()
    }

    /// Returns the personas who travel, in order.
    pub fn personas(&self) -> &'a [Id<Persona>] {
        &self.journey.personas
    }

    /// Returns the experiments of this journey and of its ideal, in order.
    pub fn experiments(&self) -> Vec<(Id<Experiment>, &'a Experiment)> {
        let ours = |e: &Experiment| {
            let at = self.model.place(e);
            self.number(at).is_some()
        };
        self.model.experiments.iter().filter(|(_, e)| ours(e)).collect()
    }
}

/// A stage or touchpoint with what is said there, today and ideally.
#[derive(Clone, Debug)]
pub(super) struct Spot<'a> {
    /// Which touchpoint; the stage itself without one.
    pub touch: Option<Touch>,
    /// In which views it stands.
    pub when: When,
    /// What is said today.
    pub today: Option<&'a Place>,
    /// What the ideal says.
    pub ideal: Option<&'a Place>,
}

impl<'a> Spot<'a> {
    /// Returns what a part of the place holds, with its view: what the ideal says replaces what is said today.
    pub fn lay<T: 'a>(&self, part: impl Fn(&'a Place) -> Vec<T>) -> Vec<(When, T)> {
        let today = self.today.map(&part).unwrap_or_default();
        let ideal = self.ideal.map(&part).unwrap_or_default();
        let replaced = !ideal.is_empty() || self.when == When::Today;
        let first = if replaced { When::Today } else { When::Always };
        let today = today.into_iter().map(|t| (first, t));
        today.chain(ideal.into_iter().map(|t| (When::Ideal, t))).collect()
    }
}
