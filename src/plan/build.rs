//! From the model to the plan.
mod audiences;
mod travels;
mod walks;

use super::{
    EventPlan, ExclusionPlan, ExperimentPlan, FunnelPlan, Make, MapPlan, MeasurePlan, OrderPlan, PersonaPlan,
    PlacePlan, Plan, PropertyPlan, ReadPlan, SegmentPlan, Source, StagePlan, StepPlan, TermPlan,
};
use crate::model::experiment::{Segment, Status};
use crate::model::funnel::{BreakdownAt, CountUnit, FunnelFor, Order};
use crate::model::manifest::PropertyType;
use crate::model::measure::{PerUnit, Reads, Term};
use crate::model::metric::Metric;
use crate::model::value::{Currency, Date};
use crate::model::{Condition, Event, Experiment, Funnel, Id, Journey, Model, Persona, Touchpoint};
use crate::tally::Shape;
use jiff::tz::TimeZone;

/// Days since exposure that are looked at one by one: the first four weeks.
const AGES: i64 = 28;
/// Fewer do not show a trend.
const FEWEST_AGES: i64 = 5;
const DAY: i64 = 86_400_000_000;

/// Longer than any data: windows that are not bounded.
const FOREVER: i64 = i64::MAX / 4;

pub(super) fn plan(model: &Model, whole: bool) -> Plan {
    let manifest = &model.manifest;
    let mut builder = Builder { model, plan: Plan::default() };
    let plan = &mut builder.plan;
    plan.zone = manifest.zone().to_owned();
    plan.session_gap = manifest.session_gap.0.micros();
    plan.decimals = manifest.currency.as_deref().and_then(Currency::parse).map_or(2, |c| c.decimals);
    plan.sources = manifest.data.iter().map(|data| Source::new(manifest, data)).collect();
    plan.units.push(manifest.default_unit().to_owned());
    builder.personas();
    if whole {
        builder.audiences();
    }
    builder.funnels();
    builder.maps();
    builder.experiments();
    if whole {
        builder.travels();
        builder.walks();
    }
    builder.plan
}

struct Builder<'m> {
    model: &'m Model,
    plan: Plan,
}

impl Builder<'_> {
    fn personas(&mut self) {
        for (persona, p) in self.model.personas.iter() {
            if let Some(condition) = &p.condition {
                self.fields_of(condition);
                let (id, condition) = (p.meta.id.clone(), condition.clone());
                self.plan.personas.push(PersonaPlan { persona: Some(persona), id, condition });
            }
        }
    }

    fn persona(&self, id: Id<Persona>) -> Option<usize> {
        self.plan.personas.iter().position(|p| p.persona == Some(id))
    }

    /// Returns the place of an event, asking for it.
    fn event(&mut self, event: Id<Event>) -> usize {
        if let Some(at) = self.plan.events.iter().position(|e| e.event == event) {
            return at;
        }
        let of = &self.model.events[event];
        for name in &of.names {
            if let Some(condition) = &name.condition {
                self.fields_of(condition);
            }
        }
        let (id, names) = (of.meta.id.clone(), of.names.clone());
        self.plan.events.push(EventPlan { event, id, names, properties: Vec::new(), fields: Vec::new() });
        self.plan.events.len() - 1
    }

    /// Returns the place of a property of an event, asking for it.
    fn property(&mut self, event: usize, name: &str) -> usize {
        let kind = self.model.manifest.properties.get(name).copied().unwrap_or(PropertyType::Number);
        let known = self.plan.properties.iter().position(|p| p.name == name);
        let at = known.unwrap_or_else(|| {
            self.plan.properties.push(PropertyPlan { name: name.to_owned(), kind });
            self.plan.properties.len() - 1
        });
        if let Some(e) = self.plan.events.get_mut(event)
            && !e.properties.contains(&at)
        {
            e.properties.push(at);
            e.properties.sort_unstable();
        }
        at
    }

    fn fields_of(&mut self, condition: &Condition) {
        condition.fields(&mut |name| {
            self.field(name);
        });
    }

    fn field(&mut self, name: &str) -> usize {
        if let Some(at) = self.plan.fields.iter().position(|(n, _)| n == name) {
            return at;
        }
        let kind = self.model.manifest.field_type(name).unwrap_or(PropertyType::Text);
        self.plan.fields.push((name.to_owned(), kind));
        self.plan.fields.len() - 1
    }

    fn unit(&mut self, name: &str) -> usize {
        if let Some(at) = self.plan.units.iter().position(|u| u == name) {
            return at;
        }
        self.plan.units.push(name.to_owned());
        self.plan.units.len() - 1
    }

    fn seen(&mut self, touchpoint: Id<Touchpoint>) -> Option<usize> {
        let event = self.model.touchpoints[touchpoint].seen_by?;
        Some(self.event(event))
    }
}

// ---------------------------------------------------------------- journeys
impl Builder<'_> {
    fn maps(&mut self) {
        let real = self.model.journeys.iter().filter(|(_, j)| j.ideal_of.is_none());
        for (id, journey) in real {
            let map = self.map(id, journey);
            self.plan.maps.push(map);
        }
    }

    fn map(&mut self, journey: Id<Journey>, of: &Journey) -> MapPlan {
        let (mut stages, mut touchpoints) = (Vec::new(), Vec::new());
        for (at, &stage) in of.stages.iter().enumerate() {
            let s = &self.model.stages[stage];
            let within = s.target.as_ref().map(|t| t.within.micros());
            stages.push(StagePlan { stage, id: s.meta.id.clone(), within, next: None });
            for &touchpoint in &s.touchpoints {
                touchpoints.push(self.place(touchpoint, at));
            }
        }
        let has_event = |at: usize| touchpoints.iter().any(|t| t.stage == at && t.event.is_some());
        let count = stages.len();
        for (at, stage) in stages.iter_mut().enumerate() {
            stage.next = (at + 1..count).find(|next| has_event(*next));
        }
        let personas = of.personas.iter().filter_map(|p| self.persona(*p)).collect();
        let audiences = self.audiences_of(journey);
        MapPlan { journey, id: of.meta.id.clone(), stages, touchpoints, personas, audiences }
    }

    fn place(&mut self, touchpoint: Id<Touchpoint>, stage: usize) -> PlacePlan {
        let t = &self.model.touchpoints[touchpoint];
        let event = self.seen(touchpoint);
        let promise = t.promise.as_ref().and_then(|p| Some((self.seen(p.of)?, p.within.micros())));
        PlacePlan { touchpoint, id: t.meta.id.clone(), stage, event, promise: promise.filter(|_| event.is_some()) }
    }

    fn funnels(&mut self) {
        for (id, funnel) in self.model.funnels.iter() {
            let plan = self.funnel(id, funnel);
            self.plan.funnels.push(plan);
        }
    }

    fn funnel(&mut self, id: Id<Funnel>, f: &Funnel) -> FunnelPlan {
        let journey = &self.model.journeys[f.journey];
        let of_persona = |list: &[Id<Persona>]| list.iter().filter_map(|p| self.persona(*p)).collect::<Vec<_>>();
        let (everybody, personas) = match &f.personas {
            FunnelFor::Everybody => (true, Vec::new()),
            FunnelFor::EachPersona => (true, of_persona(&journey.personas)),
            FunnelFor::Only(list) => (false, of_persona(list)),
        };
        let order = match &f.order {
            Order::Directly(ignored) => OrderPlan::Directly(ignored.iter().map(|e| self.event(*e)).collect()),
            other => OrderPlan::from(other),
        };
        let mut steps = Vec::new();
        for step in &f.steps {
            if let Some(event) = self.seen(step.touchpoint) {
                let id = self.model.touchpoints[step.touchpoint].meta.id.clone();
                steps.push(StepPlan { touchpoint: step.touchpoint, id, event, optional: step.optional });
            }
        }
        let at = |t: Id<Touchpoint>| steps.iter().position(|s: &StepPlan| s.touchpoint == t);
        let mut exclusions = Vec::new();
        for x in &f.exclusions {
            if let (Some(from), Some(to)) = (at(x.from), at(x.to)) {
                exclusions.push(ExclusionPlan { verb: x.verb, event: self.event(x.event), from, to });
            }
        }
        let count_field = match &f.count {
            CountUnit::Property(name) => Some(self.field(name)),
            CountUnit::People | CountUnit::Sessions => None,
        };
        let by_at = f.by.as_ref().map_or(BreakdownAt::Entry, |b| b.at.clone());
        let by = f.by.iter().flat_map(|b| &b.properties).map(|name| self.field(name)).collect();
        FunnelPlan {
            funnel: Some(id),
            id: f.meta.id.clone(),
            steps,
            within: f.within.map(|d| d.micros()),
            within_step: f.within_step.map(|d| d.micros()),
            order,
            count: f.count.clone(),
            attempt: f.attempt,
            exclusions,
            personas,
            everybody,
            count_field,
            by,
            by_at,
            may_start_anywhere: f.may_start_anywhere,
            tolerance: f.clock_tolerance.map_or(0, |d| d.micros()),
            reuses: false,
            counts_open: false,
            blind: Vec::new(),
        }
    }
}

// ---------------------------------------------------------------- experiments
impl Builder<'_> {
    fn experiments(&mut self) {
        for (id, experiment) in self.model.experiments.iter() {
            if let Some(plan) = self.experiment(id, experiment) {
                self.plan.experiments.push(plan);
            }
        }
    }

    fn experiment(&mut self, id: Id<Experiment>, x: &Experiment) -> Option<ExperimentPlan> {
        let exposure = self.model.exposure_event(x)?;
        let exposure = self.event(exposure);
        let unit = self.unit(&x.unit);
        if let Some(audience) = x.audience {
            // Recomputing an assignment asks who is in the audience.
            self.fields_of(&self.model.audiences[audience].condition);
        }
        let mut variants: Vec<_> = x.variants.iter().collect();
        variants.sort_by_key(|v| !v.is_control());
        let decides = |m: &Id<Metric>| x.primaries.iter().any(|p| p.metric == *m);
        let measures = x.metrics().into_iter().flat_map(|m| self.measures(m, decides(&m))).collect();
        let segments = x.segments.iter().map(|s| match s {
            Segment::Property(name) => SegmentPlan::Field(self.field(name)),
            Segment::Persona => SegmentPlan::Persona,
        });
        let segments = segments.collect();
        let last = match &x.status {
            Status::Stopped(on, _) | Status::Shipped(_, on, _) => (*on).min(x.runs.1),
            _ => x.runs.1,
        };
        Some(ExperimentPlan {
            experiment: id,
            id: x.meta.id.clone(),
            logged_as: x.meta.id.clone(),
            unit,
            exposure,
            variants: variants.iter().map(|v| v.meta.id.clone()).collect(),
            weights: variants.iter().map(|v| v.weight.0.to_f64()).collect(),
            beside: self.beside(id, x),
            starts: midnight(x.runs.0, &self.plan.zone),
            from: midnight(x.counts_from(), &self.plan.zone),
            until: last.tomorrow().map_or(FOREVER, |day| midnight(day, &self.plan.zone)),
            measures,
            segments,
            walks: Vec::new(),
        })
    }

    /// Returns the experiments that may have units in common with this one: on the same unit, at the same time, and not in
    /// another slice of the same layer.
    fn beside(&self, id: Id<Experiment>, x: &Experiment) -> Vec<Id<Experiment>> {
        let apart = |y: &Experiment| y.layers.iter().any(|l| x.layers.iter().any(|mine| mine.layer == l.layer));
        let meets = |y: &Experiment| y.counts_from() <= x.runs.1 && x.counts_from() <= y.runs.1;
        let with = |y: &Experiment| y.unit == x.unit && meets(y) && !apart(y) && y.status != Status::Draft;
        self.model.experiments.iter().filter(|(other, y)| *other != id && with(y)).map(|(other, _)| other).collect()
    }

    /// Returns the measures of a metric: one, or one a step.
    fn measures(&mut self, id: Id<Metric>, decides: bool) -> Vec<MeasurePlan> {
        let metric = &self.model.metrics[id];
        let measure = metric.measure(self.model);
        let reads: Vec<ReadPlan> = match &measure.reads {
            Reads::One(term) => vec![ReadPlan::One(self.term(term))],
            Reads::Two(a, b) => vec![ReadPlan::Two(self.term(a), self.term(b))],
            Reads::All(term, level) => vec![ReadPlan::All(self.term(term), *level)],
            Reads::Steps(funnel, count) => {
                let at = self.plan.funnels.iter().position(|f| f.funnel == Some(*funnel));
                at.map_or_else(Vec::new, |f| (0..*count).map(|step| ReadPlan::Step(f, step)).collect())
            }
        };
        let plan = |reads: ReadPlan| MeasurePlan {
            metric: id,
            id: metric.meta.id.clone(),
            before: metric.adjust.map(|d| d.micros()).filter(|_| matches!(reads, ReadPlan::One(_))),
            shape: shape(&reads, measure.shape, metric.adjust.is_some()),
            reads,
            window: measure.window.map_or(FOREVER, |d| d.micros()),
            decides,
            ages: 0,
            cap: metric.cap,
        };
        let with_ages = |m: MeasurePlan| MeasurePlan { ages: if decides { ages(&m) } else { 0 }, ..m };
        reads.into_iter().map(plan).map(with_ages).collect()
    }

    fn term(&mut self, term: &Term) -> TermPlan {
        let event = self.event(term.event);
        let make = match &term.per_unit {
            PerUnit::Happened => Make::Happened,
            PerUnit::Absent => Make::Absent,
            PerUnit::Count => Make::Count,
            PerUnit::Sum(p) => Make::Sum(self.property(event, p)),
            PerUnit::Max(p) => Make::Max(self.property(event, p)),
            PerUnit::Last(p) => Make::Last(self.property(event, p)),
            PerUnit::Values(p) => Make::Values(self.property(event, p)),
            PerUnit::FirstTime => Make::FirstTime,
        };
        TermPlan { event, make }
    }
}

/// Returns for how many days since exposure a measure is counted day by day: where what happens on a day is a part of what
/// happens in the whole window.
fn ages(m: &MeasurePlan) -> u32 {
    let part = |t: &TermPlan| matches!(t.make, Make::Happened | Make::Count | Make::Sum(_));
    let parts = match &m.reads {
        ReadPlan::One(t) => part(t),
        ReadPlan::Two(a, b) => part(a) && part(b),
        ReadPlan::All(..) | ReadPlan::Step(..) => false,
    };
    let days = (m.window / DAY).min(AGES);
    if parts && m.cap.is_none() && days >= FEWEST_AGES { u32::try_from(days).unwrap_or(0) } else { 0 }
}

/// A covariate makes a pair of a share or a mean; other tallies have no place for one.
fn shape(reads: &ReadPlan, shape: Shape, adjusted: bool) -> Shape {
    match (reads, shape) {
        (ReadPlan::One(_), Shape::Mean | Shape::Share) if adjusted => Shape::Pair,
        _ => shape,
    }
}

/// Returns the first instant of a day, in microseconds since 1970; of an unknown zone, that of UTC.
fn midnight(day: Date, zone: &str) -> i64 {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    day.to_zoned(zone).map_or(0, |z| z.timestamp().as_microsecond())
}
