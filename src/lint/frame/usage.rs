use crate::model::experiment::{At, Experiment};
use crate::model::funnel::{Funnel, FunnelFor, Order};
use crate::model::journey::Journey;
use crate::model::lane::{LaneKind, Place};
use crate::model::touchpoint::Touchpoint;
use crate::model::{
    Audience, Channel, Consent, Event, Id, Lane, Layer, Metric, Model, Opportunity, Pain, Persona, Table, Team,
};

/// A set of things of one kind.
#[derive(Debug)]
pub(in crate::lint) struct Marks<T> {
    marks: Vec<bool>,
    kind: std::marker::PhantomData<fn() -> T>,
}

impl<T> Marks<T> {
    fn of(table: &Table<T>) -> Self {
        Self { marks: vec![false; table.len()], kind: std::marker::PhantomData }
    }

    fn mark(&mut self, id: Id<T>) {
        if let Some(mark) = self.marks.get_mut(id.index()) {
            *mark = true;
        }
    }

    fn mark_all(&mut self, ids: impl IntoIterator<Item = Id<T>>) {
        ids.into_iter().for_each(|id| self.mark(id));
    }

    /// Returns whether the thing is in the set.
    pub(in crate::lint) fn has(&self, id: Id<T>) -> bool {
        self.marks.get(id.index()).copied().unwrap_or(false)
    }
}

/// Things of one kind for each thing of another.
#[derive(Debug)]
pub(in crate::lint) struct Lists<K, V> {
    lists: Vec<Vec<Id<V>>>,
    kind: std::marker::PhantomData<fn() -> K>,
}

impl<K, V> Lists<K, V> {
    fn of(table: &Table<K>) -> Self {
        Self { lists: vec![Vec::new(); table.len()], kind: std::marker::PhantomData }
    }

    fn push(&mut self, key: Id<K>, value: Id<V>) {
        if let Some(list) = self.lists.get_mut(key.index()) {
            list.push(value);
        }
    }

    /// Returns the things of a key, in the order of declaration.
    pub(in crate::lint) fn get(&self, key: Id<K>) -> &[Id<V>] {
        self.lists.get(key.index()).map_or(&[], Vec::as_slice)
    }
}

/// Who uses what, over the whole project.
#[derive(Debug)]
pub(in crate::lint) struct Usage {
    /// Personas that travel in a journey.
    pub personas: Marks<Persona>,
    /// Teams that own a touchpoint or an experiment, or close a loop.
    pub teams: Marks<Team>,
    /// Channels of touchpoints.
    pub channels: Marks<Channel>,
    /// Lanes with a line.
    pub lanes: Marks<Lane>,
    /// Events that anything reads.
    pub events: Marks<Event>,
    /// Events that stand on a map, or that a funnel or an experiment names.
    pub placed: Marks<Event>,
    /// Metrics of experiments and maps.
    pub metrics: Marks<Metric>,
    /// Audiences of experiments and messages.
    pub audiences: Marks<Audience>,
    /// Layers with a slice taken.
    pub layers: Marks<Layer>,
    /// Consents of experiments.
    pub consents: Marks<Consent>,
    /// Touchpoints whose `seen by` is this event.
    pub seen_at: Lists<Event, Touchpoint>,
    /// Opportunities that solve a pain.
    pub solvers: Lists<Pain, Opportunity>,
    /// Experiments that test an opportunity.
    pub testers: Lists<Opportunity, Experiment>,
    /// Experiments that run at a touchpoint or one of its messages.
    pub experiments_at: Lists<Touchpoint, Experiment>,
}

impl Usage {
    pub(super) fn of(model: &Model) -> Self {
        let mut usage = Self {
            personas: Marks::of(&model.personas),
            teams: Marks::of(&model.teams),
            channels: Marks::of(&model.channels),
            lanes: Marks::of(&model.lanes),
            events: Marks::of(&model.events),
            placed: Marks::of(&model.events),
            metrics: Marks::of(&model.metrics),
            audiences: Marks::of(&model.audiences),
            layers: Marks::of(&model.layers),
            consents: Marks::of(&model.consents),
            seen_at: Lists::of(&model.events),
            solvers: Lists::of(&model.pains),
            testers: Lists::of(&model.opportunities),
            experiments_at: Lists::of(&model.touchpoints),
        };
        model.journeys.values().for_each(|j| usage.journey(j));
        model.stages.values().for_each(|s| usage.spot(&s.place));
        model.touchpoints.iter().for_each(|(id, t)| usage.touchpoint(id, t));
        model.personas.values().for_each(|p| p.lines.iter().for_each(|l| usage.lane(l.lane)));
        for message in model.messages.values() {
            usage.audiences.mark_all(message.audience);
            usage.placed.mark_all(message.seen_by.into_iter().chain(message.counts_as));
        }
        model.funnels.values().for_each(|f| usage.funnel(f));
        model.opportunities.iter().for_each(|(id, o)| o.solves.iter().for_each(|p| usage.solvers.push(*p, id)));
        model.experiments.iter().for_each(|(id, e)| usage.experiment(model, id, e));
        for metric in model.metrics.values() {
            usage.events.mark_all(metric.events(model));
        }
        for (id, _) in model.events.iter().filter(|(id, _)| usage.placed.has(*id)) {
            usage.events.mark(id);
        }
        usage
    }

    fn journey(&mut self, journey: &Journey) {
        self.personas.mark_all(journey.personas.iter().copied());
        self.placed.mark_all(journey.attributions.iter().filter_map(|a| Some(a.by.as_ref()?.event)));
    }

    fn lane(&mut self, lane: LaneKind) {
        if let LaneKind::Own(own) = lane {
            self.lanes.mark(own);
        }
    }

    fn spot(&mut self, place: &Place) {
        place.lines.iter().for_each(|l| self.lane(l.lane));
        self.metrics.mark_all(place.measured_by.iter().copied());
    }

    fn touchpoint(&mut self, id: Id<Touchpoint>, touchpoint: &Touchpoint) {
        self.spot(&touchpoint.place);
        self.teams.mark_all(touchpoint.owners.iter().map(|o| o.team));
        self.teams.mark_all(touchpoint.surveys.iter().filter_map(|s| s.to));
        self.channels.mark_all(touchpoint.channel);
        self.placed.mark_all(touchpoint.seen_by);
        if let Some(event) = touchpoint.seen_by {
            self.seen_at.push(event, id);
        }
    }

    fn funnel(&mut self, funnel: &Funnel) {
        self.placed.mark_all(funnel.exclusions.iter().map(|e| e.event));
        if let Order::Directly(ignored) = &funnel.order {
            self.placed.mark_all(ignored.iter().copied());
        }
        if let FunnelFor::Only(personas) = &funnel.personas {
            self.personas.mark_all(personas.iter().copied());
        }
    }

    fn experiment(&mut self, model: &Model, id: Id<Experiment>, experiment: &Experiment) {
        self.teams.mark(experiment.owner);
        self.audiences.mark_all(experiment.audience);
        self.layers.mark_all(experiment.layers.iter().map(|s| s.layer));
        self.consents.mark_all(experiment.consents.iter().copied());
        self.placed.mark_all(experiment.exposed_by);
        self.metrics.mark_all(experiment.metrics());
        if let Some(opportunity) = experiment.tests {
            self.testers.push(opportunity, id);
        }
        let place = match experiment.at {
            At::Touchpoint(touchpoint) => touchpoint,
            At::Message(message) => model.messages[message].touchpoint,
        };
        self.experiments_at.push(place, id);
    }
}
