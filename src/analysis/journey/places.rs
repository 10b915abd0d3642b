//! Stages and touchpoints: reach, moving on, promises, requirements, measured places, gaps.
use super::{Ctx, Gap, Measured, Promise, Rate, Requirement, Stage, Touchpoint, seconds};
use crate::model::lane::Place;
use crate::model::metric::MetricKind;
use crate::model::{Id, Persona};
use crate::plan::PlacePlan;
use crate::plan::travel::SpotPlan;
use crate::stats::method::nps_diff::score;
use crate::stats::method::{logrank, ratio_delta};
use crate::stats::special::normal_upper;
use crate::tally::{MapGroup, Mean, PlaceTally, Tally, Who, quantile7};

impl Ctx<'_> {
    pub(super) fn stages(&self) -> Vec<Stage> {
        let mut all = Vec::new();
        for (at, plan) in self.map.stages.iter().enumerate() {
            let stage = &self.model.stages[plan.stage];
            let shown = |(who, g): &&(Who, MapGroup)| match who {
                Who::Unknown | Who::Audience(_) => g.units > 0,
                _ => true,
            };
            for (who, group) in self.tally.groups.iter().filter(shown) {
                let Some(t) = group.stages.get(at) else { continue };
                let settled = t.moved_on + t.left;
                let moved_on = (plan.next.is_some() && settled > 0).then(|| self.mask.rate(t.moved_on, settled));
                let target = stage.target.as_ref().map(|t| t.share.share());
                // the verdict is told even where the numbers are masked
                let share = moved_on.map(|_| t.moved_on as f64 / settled as f64);
                all.push(Stage {
                    stage: plan.id.clone(),
                    title: stage.meta.title.clone(),
                    who: self.who(who),
                    reached: self.mask.count(t.reached),
                    moved_on,
                    target: target.filter(|_| plan.next.is_some()),
                    below_target: share.zip(target).map(|(share, target)| share < target),
                    open: self.mask.count(t.open),
                    time: seconds(&t.times),
                });
            }
        }
        all
    }

    pub(super) fn touchpoints(&self) -> Vec<Touchpoint> {
        let Some(group) = self.tally.of(&Who::Everybody) else { return Vec::new() };
        let last = self.map.touchpoints.iter().filter(|p| p.event.is_some()).map(|p| p.stage).max();
        let seen = self.map.touchpoints.iter().zip(&group.touchpoints).filter(|(p, _)| p.event.is_some());
        let row = |(p, t): (&crate::plan::PlacePlan, &crate::tally::PlaceTally)| {
            let promise = self.promise(p, t);
            let lost = (Some(p.stage) != last && t.reached > 0)
                .then(|| self.mask.rate(t.reached.saturating_sub(t.went_on), t.reached));
            let reached = self.mask.count(t.reached);
            let events_each = reached.0.filter(|n| *n > 0).map(|n| t.events as f64 / n as f64);
            let title = self.model.touchpoints[p.touchpoint].meta.title.clone();
            Touchpoint { touchpoint: p.id.clone(), title, reached, events_each, lost, promise }
        };
        seen.map(row).collect()
    }

    /// Returns whether the promise of a touchpoint is kept for a group; nothing where it was due to nobody.
    fn promise(&self, place: &PlacePlan, tally: &PlaceTally) -> Option<Promise> {
        let (_, within) = place.promise.filter(|_| tally.due > 0)?;
        Some(Promise {
            within: within as f64 / 1e6,
            kept: self.mask.rate(tally.kept, tally.due),
            time: seconds(&tally.times),
            open: self.mask.count(tally.open),
        })
    }

    pub(super) fn requirements(&self) -> Vec<Requirement> {
        let mut all = Vec::new();
        let written = &self.model.journeys[self.map.journey].requirements;
        for plan in self.plan.requirements.iter().filter(|r| r.map == self.at) {
            let Some(r) = written.get(plan.index) else { continue };
            let id = |t| self.model.touchpoints[t].meta.id.clone();
            let row = |who: String, counted: Option<(u64, u64)>| {
                let at_least = r.at_least.share();
                let counted = counted.filter(|(_, of)| *of > 0);
                // the verdict is told even where the numbers are masked
                let met = counted.map(|(hits, of)| hits as f64 / of as f64 >= at_least);
                let rate = counted.map(|(hits, of)| self.mask.rate(hits, of));
                Requirement { from: id(r.from), to: id(r.to), who, at_least, rate, met }
            };
            match plan.funnel.and_then(|f| self.counts.funnels.get(f)) {
                Some(tally) => {
                    for (who, group) in tally.groups.iter().filter(|(w, _)| *w != Who::Unknown) {
                        let reached = |step: usize| group.reached.get(step).copied().unwrap_or(0);
                        all.push(row(self.who(who), Some((reached(1), reached(0)))));
                    }
                }
                None => all.push(row("everybody".to_owned(), None)),
            }
        }
        all
    }

    pub(super) fn measured(&self) -> Vec<Measured> {
        let Some((plan, tally)) = self.travel else { return Vec::new() };
        let mut all = Vec::new();
        for (spot, groups) in plan.measured.iter().zip(&tally.measured) {
            let meta = match (spot.touchpoint, spot.stage) {
                (Some((_, t)), _) => &self.model.touchpoints[t].meta,
                (None, Some((_, s))) => &self.model.stages[s].meta,
                (None, None) => continue,
            };
            let metric = &self.model.metrics[spot.metric].meta;
            for (who, tally) in groups {
                let people = self.mask.count(tally.units());
                let value = value(tally, &spot.measure).filter(|_| people.0.is_some());
                all.push(Measured {
                    at: meta.id.clone(),
                    title: meta.title.clone(),
                    is_stage: spot.touchpoint.is_none(),
                    metric: metric.id.clone(),
                    metric_title: metric.title.clone(),
                    who: self.who(who),
                    people,
                    value: value.map(|(v, _)| v),
                    interval: value.and_then(|(_, i)| i),
                    response: self.response(spot, who, tally),
                });
            }
        }
        all
    }

    /// Returns who answered of those who came to the place, where a score is asked for there.
    fn response(&self, spot: &SpotPlan, who: &Who, tally: &Tally) -> Option<Rate> {
        let asks = matches!(self.model.metrics[spot.metric].kind, MetricKind::Nps(_));
        let group = self.tally.of(who).filter(|_| asks)?;
        let came = match (spot.touchpoint, spot.stage) {
            (Some((at, _)), _) => group.touchpoints.get(at)?.reached,
            (None, stage) => group.stages.get(stage?.0)?.reached,
        };
        (came >= tally.units() && came > 0).then(|| self.mask.rate(tally.units(), came))
    }

    /// Returns what should be beside what is felt and what is measured, where the specs say what should be.
    pub(super) fn gaps(&self, stages: &[Stage], measured: &[Measured], requirements: &[Requirement]) -> Vec<Gap> {
        let mut all = Vec::new();
        for s in stages.iter().filter(|s| s.target.is_some()) {
            let rate = s.moved_on;
            all.push(Gap {
                at: s.stage.clone(),
                title: s.title.clone(),
                who: s.who.clone(),
                what: "target",
                ideal: s.target,
                felt: None,
                measured: rate.and_then(|r| r.share),
                interval: rate.and_then(|r| r.low.zip(r.high)),
                short: s.below_target,
            });
        }
        all.extend(self.promises());
        all.extend(self.feelings(measured));
        for r in requirements {
            let title = format!("{} to {}", r.from, r.to);
            all.push(Gap {
                at: r.from.clone(),
                title,
                who: r.who.clone(),
                what: "requirement",
                ideal: Some(r.at_least),
                felt: None,
                measured: r.rate.and_then(|r| r.share),
                interval: r.rate.and_then(|r| r.low.zip(r.high)),
                short: r.met.map(|met| !met),
            });
        }
        all
    }

    /// Returns what is promised at each touchpoint beside the times that people wait, by group.
    fn promises(&self) -> Vec<Gap> {
        let mut all = Vec::new();
        for (at, place) in self.map.touchpoints.iter().enumerate() {
            for (who, group) in self.tally.groups.iter().filter(|(w, _)| *w != Who::Unknown) {
                let Some(promise) = group.touchpoints.get(at).and_then(|t| self.promise(place, t)) else { continue };
                // a few people's times would tell of each of them
                let shown = promise.kept.of.0.is_some();
                let time = promise.time.filter(|_| shown || *who == Who::Everybody);
                let ideal = self.ideal_promise(&place.id).unwrap_or(promise.within);
                all.push(Gap {
                    at: place.id.clone(),
                    title: self.model.touchpoints[place.touchpoint].meta.title.clone(),
                    who: self.who(who),
                    what: "promise",
                    ideal: Some(ideal),
                    felt: Some(promise.within),
                    measured: time.map(|t| t.median),
                    interval: time.map(|t| (t.low, t.high)),
                    short: promise.time.map(|t| t.median > ideal),
                });
            }
        }
        all
    }

    /// Returns the time an ideal journey promises at a touchpoint, in seconds.
    fn ideal_promise(&self, id: &str) -> Option<f64> {
        let ideals = self.model.journeys.iter().filter(|(_, j)| j.ideal_of == Some(self.map.journey));
        let mut touchpoints = ideals.flat_map(|(id, _)| self.model.touchpoints_of(id));
        let promise = touchpoints.find_map(|(_, t)| t.promise.as_ref().filter(|_| t.meta.id == id))?;
        Some(promise.within.micros() as f64 / 1e6)
    }

    /// Returns, for every touchpoint, how each persona should feel, feels, and answers where a score is measured there.
    fn feelings(&self, measured: &[Measured]) -> Vec<Gap> {
        let personas = &self.model.journeys[self.map.journey].personas;
        let ideals: Vec<_> = self
            .model
            .journeys
            .iter()
            .filter(|(_, j)| j.ideal_of == Some(self.map.journey))
            .map(|(id, _)| id)
            .collect();
        let mut all = Vec::new();
        for plan in &self.map.touchpoints {
            let t = &self.model.touchpoints[plan.touchpoint];
            let ideal = ideals
                .iter()
                .flat_map(|j| self.model.touchpoints_of(*j))
                .find(|(_, i)| i.pair == Some(plan.touchpoint));
            for &persona in personas {
                let who = self.model.personas[persona].meta.id.clone();
                let felt = felt(&t.place, persona);
                let should = ideal.and_then(|(_, i)| self::felt(&i.place, persona));
                let score =
                    measured.iter().find(|m| !m.is_stage && m.at == plan.id && m.who == who && self.is_score(m));
                if should.is_none() && score.is_none_or(|s| s.value.is_none()) {
                    continue;
                }
                all.push(Gap {
                    at: plan.id.clone(),
                    title: t.meta.title.clone(),
                    who,
                    what: "feeling",
                    ideal: should,
                    felt,
                    measured: score.and_then(|s| s.value),
                    interval: score.and_then(|s| s.interval),
                    short: should.zip(felt).map(|(should, felt)| felt < should),
                });
            }
        }
        all
    }

    fn is_score(&self, measured: &Measured) -> bool {
        let metric = self.model.metrics.values().find(|m| m.meta.id == measured.metric);
        metric.is_some_and(|m| matches!(m.kind, MetricKind::Nps(_)))
    }
}

/// Returns the mean feeling of a persona at a place, -3 to 3: its own where it has one, else everybody's.
fn felt(place: &Place, persona: Id<Persona>) -> Option<f64> {
    let mean = |of: &dyn Fn(&crate::model::lane::Feeling) -> bool| {
        let values: Vec<f64> = place.feelings.iter().filter(|f| of(f)).map(|f| f64::from(f.value)).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    mean(&|f| f.personas.contains(&persona)).or_else(|| mean(&|f| f.personas.is_empty()))
}

/// The two ends, where there are any.
pub type Interval = Option<(f64, f64)>;

/// Returns the value of a tally with its 95 % interval.
pub fn value(tally: &Tally, measure: &crate::plan::MeasurePlan) -> Option<(f64, Interval)> {
    let z = normal_upper(0.025);
    match tally {
        Tally::Share(s) => Some((s.share()?, super::share_interval(s.x, s.n))),
        Tally::Mean(m) => mean(m),
        Tally::Pair(p) => {
            let arm = ratio_delta::arm(p).ok()?;
            let half = z * arm.of_mean().sqrt();
            Some((arm.mean, Some((arm.mean - half, arm.mean + half))))
        }
        Tally::Nps(n) => {
            let (nps, se) = score([n.promoters as f64, n.passives as f64, n.detractors as f64])?;
            Some((nps, Some(((nps - z * se).max(-100.0), (nps + z * se).min(100.0)))))
        }
        Tally::Values(v) => {
            let level = match measure.reads {
                crate::plan::ReadPlan::All(_, level) => level,
                _ => 0.5,
            };
            let sorted = v.sorted();
            // distribution-free: the order statistics around the level (David and Nagaraja 2003, 7.1)
            let n = sorted.len() as f64;
            let half = z * (n * level * (1.0 - level)).sqrt();
            let rank = |r: f64| sorted.get((r.max(0.0) as usize).min(sorted.len().saturating_sub(1))).copied();
            let interval = rank((n * level - half).floor()).zip(rank((n * level + half).ceil()));
            Some((quantile7(&sorted, level)?, interval))
        }
        Tally::Times(t) => {
            let rows = logrank::rows(t);
            let tau = rows.last().map_or(0.0, |r| r.t);
            let arm = logrank::restricted(&rows, tau);
            let half = z * (arm.var / arm.n).sqrt();
            (arm.n > 0.0).then_some((arm.mean, Some((arm.mean - half, arm.mean + half))))
        }
    }
}

/// Returns a mean with its interval by the normal.
pub(super) fn mean(m: &Mean) -> Option<(f64, Interval)> {
    let mean = m.mean()?;
    let half = m.variance().map(|v| normal_upper(0.025) * (v / m.n() as f64).sqrt());
    Some((mean, half.map(|h| (mean - h, mean + h))))
}
