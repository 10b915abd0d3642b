//! The model becomes a [`Plan`]: everything the data must be asked, and nothing of how.
//!
//! ```text
//! metric kinds ─► measures ─┐
//! experiments ─► exposure, window, days, segments ─┤
//! journeys ─► maps: stages, touchpoints, promises ─┼─► Plan ─► one pass over the data ─► Counts
//! funnels ─► steps, windows, exclusions ───────────┤
//! manifest ─► sources: files, columns, shapes ─────┘
//! ```
//!
//! The engine and the SQL backend both start here and both end in tallies. Events, properties and personas are named by
//! their *places* in the plan's lists, so that equal things are asked once.
mod build;
mod explain;
mod like;
mod source;
pub mod travel;
mod wanted;

pub use like::{Compared, Difference, Tool};
pub use source::{Source, SourceShape, TallyMetric};
pub use travel::{RequirementPlan, TravelPlan};
pub use wanted::Wanted;

use crate::model::condition::Condition;
use crate::model::event::EventName;
use crate::model::funnel::{Attempt, BreakdownAt, CountUnit, ExclusionVerb, Order};
use crate::model::manifest::PropertyType;
use crate::model::metric::Cap;
use crate::model::{Event, Experiment, Funnel, Id, Journey, Metric, Model, Persona, Stage, Touchpoint};
use crate::tally::Shape;

/// What the data is asked for a whole project.
///
/// Made by [`Plan::new`]; every place in it is within its list.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The time zone that cuts days, by its IANA name.
    pub zone: String,
    /// A visit ends when nothing happens for longer than this, in microseconds.
    pub session_gap: i64,
    /// How many decimals money has; amounts in tallies are in the main unit.
    pub decimals: u8,
    /// Where the data is.
    pub sources: Vec<Source>,
    /// The kinds of unit that something counts; the manifest's first unit is the first.
    pub units: Vec<String>,
    /// The events that something asks for.
    pub events: Vec<EventPlan>,
    /// The properties whose values something asks for.
    pub properties: Vec<PropertyPlan>,
    /// The personas that the data can tell.
    pub personas: Vec<PersonaPlan>,
    /// The attributes and properties that conditions, segments and breakdowns look at, with their types.
    pub fields: Vec<(String, PropertyType)>,
    /// The experiments that have an exposure event, in the order of the model.
    pub experiments: Vec<ExperimentPlan>,
    /// The journeys, ideals aside.
    pub maps: Vec<MapPlan>,
    /// The funnels that are written, in the order of the model; then those that requirements and walks make.
    pub funnels: Vec<FunnelPlan>,
    /// How people travel the maps, one for each; none where nobody asked.
    pub travels: Vec<TravelPlan>,
    /// The floors under rates.
    pub requirements: Vec<RequirementPlan>,
    /// Funnels that are counted as another tool does as well.
    pub compared: Vec<Compared>,
}

impl Plan {
    /// Returns the plan of a model.
    pub fn new(model: &Model) -> Self {
        build::plan(model, false)
    }

    /// Returns the plan of a model with the travels of its maps.
    pub fn whole(model: &Model) -> Self {
        build::plan(model, true)
    }

    /// Forgets the names of events that no experiment, map or funnel of the plan asks for, so that their rows are passed
    /// over; for a caller that took parts out of the plan.
    pub fn forget_unasked(&mut self) {
        let mut asked = vec![false; self.events.len()];
        let mut ask = |at: usize| {
            if let Some(a) = asked.get_mut(at) {
                *a = true;
            }
        };
        for x in &self.experiments {
            ask(x.exposure);
            x.measures.iter().flat_map(|m| m.reads.events()).for_each(&mut ask);
        }
        for map in &self.maps {
            map.touchpoints
                .iter()
                .flat_map(|t| t.event.into_iter().chain(t.promise.map(|(of, _)| of)))
                .for_each(&mut ask);
        }
        for funnel in &self.funnels {
            funnel.steps.iter().map(|s| s.event).for_each(&mut ask);
            funnel.exclusions.iter().map(|x| x.event).for_each(&mut ask);
        }
        for (event, asked) in self.events.iter_mut().zip(asked) {
            if !asked {
                event.names.clear();
            }
        }
    }

    /// Returns the part of the plan that one of its units counts, and the places its experiments have here. Maps and funnels
    /// are of the first unit; of another, the funnels are kept for the measures that read their steps.
    pub fn of_unit(&self, unit: usize) -> (Self, Vec<usize>) {
        let mut part = self.clone();
        part.units = self.units.get(unit).cloned().into_iter().collect();
        part.experiments.retain(|x| x.unit == unit);
        part.experiments.iter_mut().for_each(|x| x.unit = 0);
        if unit > 0 {
            part.maps.clear();
            part.travels.clear();
            part.compared.clear();
        }
        let places = self.experiments.iter().enumerate().filter(|(_, x)| x.unit == unit).map(|(at, _)| at);
        (part, places.collect())
    }

    /// Returns the plan of an experiment, if it has one.
    pub fn experiment(&self, id: Id<Experiment>) -> Option<(usize, &ExperimentPlan)> {
        self.experiments.iter().enumerate().find(|(_, e)| e.experiment == id)
    }

    /// Returns the plan of a journey's map, if it has one.
    pub fn map(&self, id: Id<Journey>) -> Option<(usize, &MapPlan)> {
        self.maps.iter().enumerate().find(|(_, m)| m.journey == id)
    }

    /// Returns the plan of a funnel, if it has one.
    pub fn funnel(&self, id: Id<Funnel>) -> Option<(usize, &FunnelPlan)> {
        self.funnels.iter().enumerate().find(|(_, f)| f.funnel == Some(id))
    }
}

/// An event that something asks for.
#[derive(Clone, Debug)]
pub struct EventPlan {
    /// Which.
    pub event: Id<Event>,
    /// Its id in the specs.
    pub id: String,
    /// Its names in the data, each with what else must hold.
    pub names: Vec<EventName>,
    /// The places of the properties read of it, ascending.
    pub properties: Vec<usize>,
    /// The places of the fields whose texts travels read of it.
    pub fields: Vec<usize>,
}

/// A property whose values something asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyPlan {
    /// Its name in the specs.
    pub name: String,
    /// Number, money or truth; a property declared as something else gives no value.
    pub kind: PropertyType,
}

/// A persona, or an audience, that the data can tell. A unit belongs when the condition holds at its first row that has a value
/// for any field the condition names.
#[derive(Clone, Debug)]
pub struct PersonaPlan {
    /// Which persona; none of an audience. Personas come first.
    pub persona: Option<Id<Persona>>,
    /// Its id in the specs.
    pub id: String,
    /// Who belongs.
    pub condition: Condition,
}

/// One experiment.
///
/// The unit's first exposure in `[from, until)` counts; measures count from it. A unit exposed to two variants is left out
/// and counted. The variant is the one logged with the exposure, else the one recomputed from the payload.
#[derive(Clone, Debug)]
pub struct ExperimentPlan {
    /// Which.
    pub experiment: Id<Experiment>,
    /// Its id in the specs.
    pub id: String,
    /// The id under which the data knows it: the same, but where an assignment is drawn anew.
    pub logged_as: String,
    /// The place of its unit among the plan's units.
    pub unit: usize,
    /// The place of the event that exposes.
    pub exposure: usize,
    /// The ids of the variants; the control first, the others as written.
    pub variants: Vec<String>,
    /// The weights of the variants, in percent, in the same order.
    pub weights: Vec<f64>,
    /// The other experiments on the same unit that run in part of its time and may share units with it.
    pub beside: Vec<Id<Experiment>>,
    /// The first instant it runs, in microseconds since 1970; exposures from before are of clocks that are wrong.
    pub starts: i64,
    /// The first instant that counts.
    pub from: i64,
    /// The first instant that no longer does.
    pub until: i64,
    /// What is measured; a measure's place is its number in the tallies.
    pub measures: Vec<MeasurePlan>,
    /// How results are cut; a segment's place is its number in the tallies.
    pub segments: Vec<SegmentPlan>,
    /// The funnels that the exposed walk on; a walk's place is its number in the tallies. None where nobody asked.
    pub walks: Vec<WalkPlan>,
}

/// A funnel from where an experiment runs: the required steps that come after it, counted from the exposure.
///
/// All exposed are the base of every step, so that the arms stay comparable; who would be left out stays in it and is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkPlan {
    /// The funnel it is the end of.
    pub of: Id<Funnel>,
    /// Where its steps are.
    pub steps: Vec<Id<Touchpoint>>,
    /// The place of its own funnel.
    pub funnel: usize,
    /// Events count from the exposure to this long after it, both included, in microseconds.
    pub window: i64,
}

/// A cut of an experiment's results, by the value at the first exposure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SegmentPlan {
    /// By the value of a field of the plan.
    Field(usize),
    /// By persona.
    Persona,
}

/// One measure of an experiment: what is made of each unit, and the tally it ends in.
#[derive(Clone, Debug)]
pub struct MeasurePlan {
    /// Whose measure.
    pub metric: Id<Metric>,
    /// The metric's id in the specs.
    pub id: String,
    /// What is made of each unit's events.
    pub reads: ReadPlan,
    /// Events count from the exposure to this long after it, both included, in microseconds.
    pub window: i64,
    /// The same is counted this long before the exposure, as the covariate, in microseconds. The tally is a pair then:
    /// `y` the outcome, `x` the covariate.
    pub before: Option<i64>,
    /// Whether it decides: then it is counted beside other experiments too.
    pub decides: bool,
    /// For how many whole days since exposure it is counted day by day, where it decides; 0 where that says nothing.
    pub ages: u32,
    /// What the values are cut at.
    pub cap: Option<Cap>,
    /// The tally.
    pub shape: Shape,
}

impl MeasurePlan {
    /// Returns the shape of its tally without the covariate: of the time before the exposure, or of one day.
    pub fn bare_shape(&self) -> Shape {
        let terms = self.reads.terms();
        match (self.shape, terms.len(), terms.first().map(|t| t.make)) {
            (Shape::Pair, 1, Some(Make::Happened | Make::Absent)) => Shape::Share,
            (Shape::Pair, 1, _) => Shape::Mean,
            (shape, ..) => shape,
        }
    }
}

/// What a measure reads.
#[derive(Clone, Debug)]
pub enum ReadPlan {
    /// One value a unit.
    One(TermPlan),
    /// Two values a unit: numerator and denominator.
    Two(TermPlan, TermPlan),
    /// All values of a unit, for the quantile of this level.
    All(TermPlan, f64),
    /// Whether the unit reaches the step (from 0) of a funnel (its place in the plan), counted from the exposure.
    Step(usize, usize),
}

impl ReadPlan {
    /// Returns what it makes of events: one term, two of a ratio, none of a funnel's step.
    pub fn terms(&self) -> Vec<TermPlan> {
        match self {
            ReadPlan::One(t) | ReadPlan::All(t, _) => vec![*t],
            ReadPlan::Two(a, b) => vec![*a, *b],
            ReadPlan::Step(..) => Vec::new(),
        }
    }

    /// Returns the places of the events it reads; a funnel's own aside.
    pub fn events(&self) -> Vec<usize> {
        self.terms().into_iter().map(|t| t.event).collect()
    }
}

/// What is made of one unit's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermPlan {
    /// The event's place.
    pub event: usize,
    /// What is made of them.
    pub make: Make,
}

/// What is made of one unit's events of one kind; numbers are the places of properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Make {
    /// 1 if there is one, else 0.
    Happened,
    /// 1 if there is none, else 0.
    Absent,
    /// How many.
    Count,
    /// The total; 0 without any.
    Sum(usize),
    /// The largest; 0 without any.
    Max(usize),
    /// The last; nothing without any.
    Last(usize),
    /// Every value.
    Values(usize),
    /// The time to the first one, in milliseconds.
    FirstTime,
}

impl Make {
    /// Returns the place of the property it reads, if it reads one.
    pub fn property(self) -> Option<usize> {
        match self {
            Make::Sum(p) | Make::Max(p) | Make::Last(p) | Make::Values(p) => Some(p),
            Make::Happened | Make::Absent | Make::Count | Make::FirstTime => None,
        }
    }
}

/// The map of a journey: who reaches its stages and touchpoints.
#[derive(Clone, Debug)]
pub struct MapPlan {
    /// Which.
    pub journey: Id<Journey>,
    /// Its id in the specs.
    pub id: String,
    /// The stages, in order.
    pub stages: Vec<StagePlan>,
    /// The touchpoints, in order of stage and place.
    pub touchpoints: Vec<PlacePlan>,
    /// The places of its personas that the data can tell.
    pub personas: Vec<usize>,
    /// The places, among the personas, of the audiences whose gaps are told apart: those of its experiments.
    pub audiences: Vec<usize>,
}

/// A stage of a map.
#[derive(Clone, Debug)]
pub struct StagePlan {
    /// Which.
    pub stage: Id<Stage>,
    /// Its id in the specs.
    pub id: String,
    /// The target's time to move on, in microseconds; any time without one.
    pub within: Option<i64>,
    /// The next stage that has an event, by its place.
    pub next: Option<usize>,
}

/// A touchpoint of a map.
#[derive(Clone, Debug)]
pub struct PlacePlan {
    /// Which.
    pub touchpoint: Id<Touchpoint>,
    /// Its id in the specs.
    pub id: String,
    /// The place of its stage in the map.
    pub stage: usize,
    /// The place of the event that shows somebody was here; none where it cannot be seen.
    pub event: Option<usize>,
    /// The promise: the place of the event it starts with, and how soon this follows, in microseconds.
    pub promise: Option<(usize, i64)>,
}

/// A funnel.
#[derive(Clone, Debug)]
pub struct FunnelPlan {
    /// Which.
    pub funnel: Option<Id<Funnel>>,
    /// Its id in the specs.
    pub id: String,
    /// The steps, at least two.
    pub steps: Vec<StepPlan>,
    /// Time for the whole chain, in microseconds.
    pub within: Option<i64>,
    /// Time for each step after the one before, in microseconds.
    pub within_step: Option<i64>,
    /// How strictly they follow each other; the events that may come between in `directly`.
    pub order: OrderPlan,
    /// What is counted.
    pub count: CountUnit,
    /// Which attempt counts.
    pub attempt: Attempt,
    /// Who is lost, or left out.
    pub exclusions: Vec<ExclusionPlan>,
    /// The places of the personas for which it is drawn as well.
    pub personas: Vec<usize>,
    /// Whether everybody is drawn, or only the personas.
    pub everybody: bool,
    /// The field that counts units apart, by its place, where `count` is a property.
    pub count_field: Option<usize>,
    /// The fields of the breakdown, by their places.
    pub by: Vec<usize>,
    /// When the breakdown's value is taken.
    pub by_at: BreakdownAt,
    /// People may enter at any step.
    pub may_start_anywhere: bool,
    /// How far clocks may differ, in microseconds.
    pub tolerance: i64,
    /// One event may fill several steps in a row, as some tools count.
    pub reuses: bool,
    /// Those whose time is not over count as if it were, as some tools count.
    pub counts_open: bool,
    /// By step: whether nobody looks at it; empty where all are looked at.
    pub blind: Vec<bool>,
}

/// A step of a funnel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepPlan {
    /// Where.
    pub touchpoint: Id<Touchpoint>,
    /// Its id in the specs.
    pub id: String,
    /// The event's place.
    pub event: usize,
    /// May be passed over.
    pub optional: bool,
}

/// How strictly the steps of a funnel follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderPlan {
    /// In order.
    Listed,
    /// In order, with no other event of the plan between but these, by their places.
    Directly(Vec<usize>),
    /// In any order.
    Any,
}

impl From<&Order> for OrderPlan {
    fn from(order: &Order) -> Self {
        match order {
            Order::Listed => OrderPlan::Listed,
            Order::Directly(_) => OrderPlan::Directly(Vec::new()),
            Order::Any => OrderPlan::Any,
        }
    }
}

/// People who do something between two steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExclusionPlan {
    /// What happens to them.
    pub verb: ExclusionVerb,
    /// The event's place.
    pub event: usize,
    /// After this step,
    pub from: usize,
    /// and before this one.
    pub to: usize,
}
