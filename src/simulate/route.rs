//! The way through a journey that data can see: [`Route`], its stops in order.

use super::truth::Truth;
use crate::model::funnel::Exclusion;
use crate::model::journey::Phase;
use crate::model::touchpoint::{Anchor, Ask, AskWhen, PainKind, Touchpoint};
use crate::model::{Event, Id, Journey, Message, Model, Persona, Stage};

/// A journey as a chain of touchpoints that can be seen.
pub(super) struct Route {
    /// Who travels; everybody when empty.
    pub personas: Vec<Id<Persona>>,
    /// The stops, in order.
    pub stops: Vec<Stop>,
    /// Where people come in: a weight for each stop.
    pub enters: Vec<f64>,
}

/// A touchpoint on the way.
pub(super) struct Stop {
    /// Which.
    pub touchpoint: Id<Touchpoint>,
    /// What is seen of it.
    pub event: Id<Event>,
    /// Only these pass here; everybody when empty.
    pub personas: Vec<Id<Persona>>,
    /// The chance of being seen here by those on the way.
    pub sees: f64,
    /// The chance of going on from here.
    pub goes_on: f64,
    /// When it happens.
    pub gap: Gap,
    /// Whether it may happen again: the chance of one time more, and the wait on average, in seconds.
    pub repeats: Option<(f64, f64)>,
    /// What is shown here.
    pub messages: Vec<Id<Message>>,
    /// What few people do after it.
    pub asides: Vec<Id<Event>>,
    /// Fields that change here for some: name, from, to.
    pub handovers: Vec<(String, String, String)>,
}

/// How long after what, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Gap {
    /// Log-normal after the stop before: median and spread.
    Before(f64, f64),
    /// Mostly within a time after another stop.
    Promise(usize, f64),
    /// Within a time after another stop with this chance, else later.
    Kept(usize, f64, f64),
    /// A time after another stop, when it is asked.
    Asked(usize, f64),
}

const DAY: f64 = 86_400.0;

impl Route {
    /// Returns the way through a journey; nothing where no touchpoint can be seen.
    pub fn new(model: &Model, truth: &Truth, id: Id<Journey>) -> Option<Self> {
        let journey = &model.journeys[id];
        let mut stops: Vec<Stop> = Vec::new();
        for stage in &journey.stages {
            let visible = model.stages[*stage].touchpoints.iter().filter(|t| model.touchpoints[**t].seen_by.is_some());
            let visible: Vec<Id<Touchpoint>> = visible.copied().collect();
            let shares = going_on(model, *stage, &visible);
            for (place, (touchpoint, goes_on)) in visible.iter().zip(shares).enumerate() {
                stops.extend(stop(model, truth, journey, *touchpoint, place, goes_on, &stops));
            }
        }
        let enters = enters(model, truth, journey, &stops);
        (!stops.is_empty()).then(|| Route { personas: journey.personas.clone(), stops, enters })
    }

    /// Returns the first stop after a place that shows an event.
    pub fn next(&self, after: usize, event: Id<Event>) -> Option<usize> {
        self.stops.iter().enumerate().skip(after + 1).find(|(_, s)| s.event == event).map(|(i, _)| i)
    }
}

/// Returns the chance of going on from each touchpoint of a stage: together what the stage's target says, with more loss
/// where a pain makes people leave.
fn going_on(model: &Model, stage: Id<Stage>, touchpoints: &[Id<Touchpoint>]) -> Vec<f64> {
    let of = &model.stages[stage];
    let usual = match of.phase {
        Some(Phase::PreSale) | None => 0.5,
        Some(Phase::Sale) => 0.55,
        Some(Phase::PostSale) => 0.9,
    };
    let whole = of.target.as_ref().map_or(usual, |t| t.share.share()).clamp(0.01, 1.0);
    let weights: Vec<f64> = touchpoints.iter().map(|t| 1.0 + leaving(model, *t)).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| libm::pow(whole, w / total)).collect()
}

fn leaving(model: &Model, touchpoint: Id<Touchpoint>) -> f64 {
    let here = model.pains.values().filter(|p| p.at == Anchor::Touchpoint(touchpoint) && p.kind == PainKind::Leaving);
    here.map(|p| 2.0 * f64::from(p.severity as u8 + 1)).sum()
}

fn stop(
    model: &Model,
    truth: &Truth,
    journey: &Journey,
    id: Id<Touchpoint>,
    place: usize,
    goes_on: f64,
    before: &[Stop],
) -> Option<Stop> {
    let touchpoint = &model.touchpoints[id];
    let must =
        place == 0 || journey.sale_at == Some(id) || model.stages[touchpoint.stage].phase != Some(Phase::PreSale);
    let asked = touchpoint.surveys.iter().any(|s| matches!(s.ask, Ask::Nps | Ask::Csat));
    let usual = match (asked, must) {
        (true, _) => 0.4,
        (_, true) => 1.0,
        _ => 0.8,
    };
    let name = touchpoint.meta.id.as_str();
    Some(Stop {
        touchpoint: id,
        event: touchpoint.seen_by?,
        personas: touchpoint.personas.clone(),
        sees: truth.sees.get(name).copied().unwrap_or(usual).clamp(0.0, 1.0),
        goes_on: truth.goes_on.get(name).copied().unwrap_or(goes_on).clamp(0.0, 1.0),
        gap: gap(model, truth, touchpoint, place, before),
        repeats: match truth.repeats.get(name) {
            Some(again) => Some((again.chance.clamp(0.0, 0.95), again.days.max(0.0) * DAY)),
            None => touchpoint.may_repeat.then_some((0.3, DAY / 4.0)),
        },
        messages: touchpoint.messages.clone(),
        asides: asides(model, journey, id),
        handovers: journey
            .handovers
            .iter()
            .filter(|h| h.at == id)
            .filter_map(|h| Some((h.by.clone()?, h.from.clone(), h.to.clone())))
            .collect(),
    })
}

fn gap(model: &Model, truth: &Truth, touchpoint: &Touchpoint, place: usize, before: &[Stop]) -> Gap {
    let at = |id: Id<Touchpoint>| before.iter().position(|s| s.touchpoint == id);
    let asked = touchpoint.surveys.iter().find_map(|s| match s.when {
        AskWhen::After(time, of) => Some(Gap::Asked(at(of)?, time.seconds() as f64)),
        AskWhen::OnLeaving => None,
    });
    let kept = truth.keeps.get(&touchpoint.meta.id);
    let promised = touchpoint.promise.as_ref().and_then(|p| {
        let (of, within) = (at(p.of)?, p.within.seconds() as f64);
        Some(kept.map_or(Gap::Promise(of, within), |share| Gap::Kept(of, within, share.clamp(0.0, 1.0))))
    });
    let target =
        before.last().map(|s| model.touchpoints[s.touchpoint].stage).and_then(|s| model.stages[s].target.as_ref());
    let usual = match (place, target) {
        (0, Some(target)) => Gap::Before(target.within.seconds() as f64 * 0.08, 1.0),
        (0, None) => Gap::Before(DAY, 1.2),
        _ => Gap::Before(180.0, 1.0),
    };
    asked.or(promised).unwrap_or(usual)
}

/// Returns what people sometimes do after a touchpoint, as funnels that exclude it know.
fn asides(model: &Model, journey: &Journey, id: Id<Touchpoint>) -> Vec<Id<Event>> {
    let exclusions = journey.funnels.iter().flat_map(|f| &model.funnels[*f].exclusions);
    let mut all: Vec<Id<Event>> = exclusions.filter(|e: &&Exclusion| e.from == id).map(|e| e.event).collect();
    all.sort();
    all.dedup();
    all
}

/// Returns where people come in: at the first stop; and where a funnel may start anywhere, some before each later stage
/// before the sale.
fn enters(model: &Model, truth: &Truth, journey: &Journey, stops: &[Stop]) -> Vec<f64> {
    let named = |stop: &Stop| truth.enters.get(&model.touchpoints[stop.touchpoint].meta.id).copied();
    if stops.iter().any(|s| named(s).is_some()) {
        return stops.iter().map(|s| named(s).unwrap_or(0.0).max(0.0)).collect();
    }
    let anywhere = journey.funnels.iter().any(|f| model.funnels[*f].may_start_anywhere);
    let stage = |i: usize| stops.get(i).map(|s| model.touchpoints[s.touchpoint].stage);
    let weight = |i: usize| {
        let early = stage(i).is_some_and(|s| model.stages[s].phase == Some(Phase::PreSale));
        match i {
            0 => 1.0,
            i if anywhere && early && stage(i) != stage(i - 1) => 0.25,
            _ => 0.0,
        }
    };
    (0..stops.len()).map(weight).collect()
}
