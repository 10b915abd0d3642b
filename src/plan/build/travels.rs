//! Travels of maps: credit, paths, handovers, purchases, measured places; and the floors under rates.
use super::super::travel::{
    AttributionPlan, HandoverPlan, PathsPlan, RequirementPlan, SalePlan, SpotPlan, TravelPlan, Versus,
};
use super::super::{FunnelPlan, MapPlan, OrderPlan, ReadPlan, StepPlan};
use super::{Builder, shape};
use crate::model::funnel::{Attempt, BreakdownAt, CountUnit};
use crate::model::journey::{Attribution, AttributionModel, Direction, Handover, Paths, Requirement};
use crate::model::measure::{PerUnit, Reads};
use crate::model::{Id, Journey, Metric, Touchpoint};

const DAY: i64 = 86_400_000_000;
/// How old a touch may be, where nobody says.
const LOOK_BACK: i64 = 30 * DAY;
/// Credit by age halves in this time.
const HALF_LIFE: i64 = 7 * DAY;

impl Builder<'_> {
    pub(super) fn travels(&mut self) {
        for at in 0..self.plan.maps.len() {
            let Some(map) = self.plan.maps.get(at).cloned() else { continue };
            let travel = self.travel(at, &map);
            self.plan.travels.push(travel);
            for (index, requirement) in self.model.journeys[map.journey].requirements.iter().enumerate() {
                let funnel = self.requirement(map.journey, requirement);
                let funnel = funnel.map(|f| {
                    self.plan.funnels.push(f);
                    self.plan.funnels.len() - 1
                });
                self.plan.requirements.push(RequirementPlan { map: at, index, funnel });
            }
        }
    }

    fn travel(&mut self, at: usize, map: &MapPlan) -> TravelPlan {
        let journey = &self.model.journeys[map.journey];
        let touchpoints = || map.touchpoints.iter().map(|p| &self.model.touchpoints[p.touchpoint]);
        let channel = |t: &Touchpoint| {
            t.channel.map(|c| &self.model.channels[c].meta).map(|meta| (meta.id.clone(), meta.title.clone()))
        };
        let only_for = |t: &Touchpoint| t.personas.iter().filter_map(|p| self.persona(*p)).collect();
        let mut travel = TravelPlan {
            map: at,
            channels: touchpoints().map(channel).collect(),
            only_for: touchpoints().map(only_for).collect(),
            may_repeat: touchpoints().map(|t| t.may_repeat).collect(),
            ..TravelPlan::default()
        };
        travel.passed_over = self.message_events(map);
        travel.attributions = journey.attributions.iter().filter_map(|a| self.attribution(map, a)).collect();
        let versus = self.versus(map);
        let path = |p: &Paths| {
            let anchor = seen_at(map, p.anchor)?;
            Some(PathsPlan { forward: p.direction == Direction::From, anchor, versus: versus.clone() })
        };
        travel.paths = journey.paths.iter().filter_map(path).collect();
        travel.handovers = journey.handovers.iter().enumerate().filter_map(|(i, h)| self.handover(map, i, h)).collect();
        travel.sale = journey.sale_at.and_then(|sale| self.sale(map, journey, sale));
        travel.measured = self.spots(map);
        travel
    }

    /// Returns the groups whose paths are compared: each two personas of the map, and the arms of each experiment on it.
    fn versus(&self, map: &MapPlan) -> Vec<Versus> {
        let pairs = map.personas.iter().enumerate().flat_map(|(at, a)| {
            let later = map.personas.get(at + 1..).unwrap_or_default();
            later.iter().map(|b| Versus::Personas(*a, *b))
        });
        // units of another kind travel no map
        let counted = self.plan.experiments.iter().filter(|x| x.unit == 0);
        let here = counted.filter(|x| self.is_on(&self.model.experiments[x.experiment], map.journey));
        pairs.chain(here.map(|x| Versus::Arms { experiment: x.experiment, arms: x.variants.len() })).collect()
    }

    fn message_events(&self, map: &MapPlan) -> Vec<usize> {
        let messages = map.touchpoints.iter().flat_map(|t| &self.model.touchpoints[t.touchpoint].messages);
        let events = messages.map(|m| &self.model.messages[*m]).flat_map(|m| [m.seen_by, m.counts_as]).flatten();
        let known = |event: Id<crate::model::Event>| self.plan.events.iter().position(|e| e.event == event);
        events.filter_map(known).collect()
    }

    fn attribution(&mut self, map: &MapPlan, a: &Attribution) -> Option<AttributionPlan> {
        let outcome = seen_at(map, a.outcome)?;
        let money = a.by.as_ref().map(|by| {
            let event = self.event(by.event);
            self.property(event, &by.property)
        });
        let look_back = a.look_back.map_or(LOOK_BACK, |d| d.micros());
        Some(AttributionPlan { outcome, money, look_back, half_life: HALF_LIFE })
    }

    fn handover(&mut self, map: &MapPlan, index: usize, h: &Handover) -> Option<HandoverPlan> {
        let at = seen_at(map, h.at)?;
        let by = h.by.as_ref().map(|name| self.field(name));
        if let Some(field) = by {
            let events: Vec<usize> = map.touchpoints.iter().filter_map(|t| t.event).collect();
            for event in events {
                if let Some(e) = self.plan.events.get_mut(event)
                    && !e.fields.contains(&field)
                {
                    e.fields.push(field);
                }
            }
        }
        Some(HandoverPlan { index, at, by, from: h.from.clone(), to: h.to.clone() })
    }

    /// The money of a sale is that of its attribution; without one, that which a metric sums up.
    fn sale(&mut self, map: &MapPlan, journey: &Journey, sale: Id<Touchpoint>) -> Option<SalePlan> {
        let at = seen_at(map, sale)?;
        let seen = self.model.touchpoints[sale].seen_by?;
        let credited = journey.attributions.iter().filter(|a| a.outcome == sale).find_map(|a| a.by.clone());
        let summed = || {
            self.model.metrics.values().find_map(|m| match m.measure(self.model).reads {
                Reads::One(term) | Reads::Two(term, _) if term.event == seen => match term.per_unit {
                    PerUnit::Sum(property) => Some(property),
                    _ => None,
                },
                _ => None,
            })
        };
        let credited = credited.filter(|by| by.event == seen).map(|by| by.property);
        let money = credited.or_else(summed).map(|property| {
            let event = self.event(seen);
            self.property(event, &property)
        });
        Some(SalePlan { at, money })
    }

    fn spots(&mut self, map: &MapPlan) -> Vec<SpotPlan> {
        let mut spots = Vec::new();
        for (at, stage) in map.stages.iter().enumerate() {
            for metric in self.model.stages[stage.stage].place.measured_by.clone() {
                let spot = (Some((at, stage.stage)), None);
                spots.extend(self.spot(spot.0, spot.1, metric));
            }
            let here: Vec<_> = map.touchpoints.iter().enumerate().filter(|(_, t)| t.stage == at).collect();
            for (place, t) in here.into_iter().filter(|(_, t)| t.event.is_some()) {
                for metric in self.model.touchpoints[t.touchpoint].place.measured_by.clone() {
                    spots.extend(self.spot(None, Some((place, t.touchpoint)), metric));
                }
            }
        }
        spots
    }

    fn spot(
        &mut self,
        stage: Option<(usize, Id<crate::model::Stage>)>,
        touchpoint: Option<(usize, Id<Touchpoint>)>,
        metric: Id<Metric>,
    ) -> Option<SpotPlan> {
        let mut measure = self.measures(metric, false).into_iter().next()?;
        if matches!(measure.reads, ReadPlan::Step(..)) {
            return None;
        }
        // there is no exposure on a map that a unit's past could be told from
        measure.before = None;
        measure.shape = shape(&measure.reads, self.model.metrics[metric].measure(self.model).shape, false);
        Some(SpotPlan { stage, touchpoint, metric, measure })
    }

    fn requirement(&mut self, journey: Id<Journey>, r: &Requirement) -> Option<FunnelPlan> {
        let step = |b: &mut Self, touchpoint: Id<Touchpoint>| {
            let id = b.model.touchpoints[touchpoint].meta.id.clone();
            Some(StepPlan { touchpoint, id, event: b.seen(touchpoint)?, optional: false })
        };
        let steps = vec![step(self, r.from)?, step(self, r.to)?];
        let personas: Vec<usize> = r.personas.iter().filter_map(|p| self.persona(*p)).collect();
        Some(FunnelPlan {
            funnel: None,
            id: format!("{}-require", self.model.journeys[journey].meta.id),
            steps,
            within: None,
            within_step: None,
            order: OrderPlan::Listed,
            count: CountUnit::People,
            attempt: Attempt::Best,
            exclusions: Vec::new(),
            everybody: r.personas.is_empty(),
            personas,
            count_field: None,
            by: Vec::new(),
            by_at: BreakdownAt::Entry,
            may_start_anywhere: false,
            tolerance: 0,
            reuses: false,
            counts_open: false,
            blind: Vec::new(),
        })
    }
}

/// Returns the place of a touchpoint on a map, where it can be seen.
fn seen_at(map: &MapPlan, touchpoint: Id<Touchpoint>) -> Option<usize> {
    map.touchpoints.iter().position(|t| t.touchpoint == touchpoint && t.event.is_some())
}

impl AttributionPlan {
    /// Returns the models a journey asks for: all ten where it names none.
    pub fn models(written: &[AttributionModel]) -> Vec<AttributionModel> {
        if written.is_empty() { AttributionModel::ALL.to_vec() } else { written.to_vec() }
    }
}
