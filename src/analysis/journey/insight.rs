//! Where people are lost, what that costs, which pains the data suggests, and which experiments are worth running.
use super::{Ctx, Input, People, Rate};
use crate::model::touchpoint::{Anchor, PainKind, PainSeverity};
use crate::model::value::Date;
use crate::model::{Id, Model};
use crate::stats::method::power_prop::{self, Design};
use crate::tally::{Mean, Who};
use serde::Serialize;

/// The version of the shape of [`Insights`].
pub const SCHEMA: &str = "waypost/insights/1";

/// The level and power that suggested experiments are sized for.
const DESIGN: Design = Design { alpha: 0.05, power: 0.8, ratio: 1.0, sides: 2.0 };
/// Without a target, an experiment is sized for this change of the share that moves on.
const LIFT: f64 = 0.1;
/// A promise kept for fewer than this is a pain.
const KEPT: f64 = 0.9;
/// A stage that loses more than this without a target is a pain.
const LOST: f64 = 0.5;

/// What the data of one journey suggests. Nothing of it is done without being asked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Insights {
    /// The version of this shape.
    pub schema: &'static str,
    /// The journey's id.
    pub journey: String,
    /// Its title.
    pub title: String,
    /// The days of the data.
    pub days: u32,
    /// Where people are lost: most money first, then most people; everybody and each persona.
    pub losses: Vec<Loss>,
    /// Pains that the specs do not have.
    pub pains: Vec<Suggested>,
    /// Experiments on the losses of everybody.
    pub experiments: Vec<Worthwhile>,
}

/// People who did not move on from a stage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loss {
    /// The stage's id.
    pub stage: String,
    /// Its title.
    pub title: String,
    /// Everybody, or a persona's id.
    pub who: String,
    /// Of those whose time is over, who did not move on.
    pub lost: Rate,
    /// The share that the target lets go.
    pub allowed: Option<f64>,
    /// How many more were lost than the target lets go.
    pub above_target: Option<People>,
    /// The money they would have brought, had they gone on like those who did: in the currency's main unit, with the
    /// interval that comes of the interval of the share; bookkeeping, not a forecast.
    pub money: Option<(f64, f64, f64)>,
    /// The touchpoint of the stage after which most are seen no more.
    pub worst: Option<String>,
    /// Its place among the losses by people, from 1.
    pub rank_by_people: usize,
}

/// A pain that the data suggests.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Suggested {
    /// Where: a touchpoint's id.
    pub at: String,
    /// The pain's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// `leaving` or `delivery`.
    pub kind: &'static str,
    /// `low`, `medium` or `high`.
    pub severity: &'static str,
    /// How many people it rests on.
    pub people: Option<u64>,
    /// The last day of the data.
    pub on: String,
    /// The touchpoint itself, for the patch.
    #[serde(skip)]
    pub touchpoint: Id<crate::model::Touchpoint>,
}

impl Suggested {
    /// Returns the statement as it stands in a spec.
    pub fn statement(&self) -> String {
        let Self { id, title, kind, severity, on, .. } = self;
        format!("pain {id} \"{title}\" {{\n  kind {kind}\n  severity {severity}\n  found in data on {on}\n}}\n")
    }
}

/// An experiment worth running.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Worthwhile {
    /// The touchpoint where it would stand.
    pub at: String,
    /// The stage whose loss it is about.
    pub stage: String,
    /// The share that moves on now.
    pub now: f64,
    /// The share it is sized to tell from that.
    pub hoped: f64,
    /// Units in each of two arms, at a level of 5 % and a power of 80 % (Fleiss 1981).
    pub units_each: u64,
    /// Units a day, as in the data.
    pub units_a_day: f64,
    /// Whole weeks that takes, in days.
    pub days: u64,
    /// An opportunity there that nothing tests, where there is one.
    pub tries: Option<String>,
    /// Experiments that stand there already.
    pub has: Vec<String>,
}

/// Returns what the data suggests, journey by journey.
pub fn insights(input: Input<'_>) -> Vec<Insights> {
    (0..input.plan.maps.len()).filter_map(|at| Some(Ctx::new(input, at)?.insights())).collect()
}

/// Returns where people are lost on one map by its place in the plan, most money first.
pub fn losses(input: Input<'_>, at: usize) -> Vec<Loss> {
    Ctx::new(input, at).map_or(Vec::new(), |ctx| ctx.losses())
}

impl Ctx<'_> {
    fn insights(&self) -> Insights {
        let meta = &self.model.journeys[self.map.journey].meta;
        let days = self.days.map_or(0, |(a, b)| u32::try_from(super::spend::count(a, b)).unwrap_or(0));
        Insights {
            schema: SCHEMA,
            journey: meta.id.clone(),
            title: meta.title.clone(),
            days,
            losses: self.losses(),
            pains: self.pains(),
            experiments: self.worthwhile(days),
        }
    }

    fn losses(&self) -> Vec<Loss> {
        let mut all: Vec<(u64, Loss)> = Vec::new();
        for (who, group) in self.tally.groups.iter().filter(|(w, _)| !matches!(w, Who::Unknown | Who::Audience(_))) {
            for (at, (plan, t)) in self.map.stages.iter().zip(&group.stages).enumerate() {
                let settled = t.moved_on + t.left;
                if plan.next.is_none() || settled == 0 {
                    continue;
                }
                let stage = &self.model.stages[plan.stage];
                let lost = self.mask.rate(t.left, settled);
                let allowed = stage.target.as_ref().map(|t| 1.0 - t.share.share());
                let above = allowed.map(|a| t.left.saturating_sub((a * settled as f64).round() as u64));
                let money = lost.share.and(self.worth_after(at)).map(|each| {
                    let base = settled as f64;
                    let of = |share: Option<f64>| share.unwrap_or(0.0) * base * each;
                    (t.left as f64 * each, of(lost.low), of(lost.high))
                });
                all.push((
                    t.left,
                    Loss {
                        stage: plan.id.clone(),
                        title: stage.meta.title.clone(),
                        who: self.who(who),
                        lost,
                        allowed,
                        above_target: above.map(|n| self.mask.count(n)),
                        money,
                        worst: self.worst(at).map(|p| p.1),
                        rank_by_people: 0,
                    },
                ));
            }
        }
        all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.stage.cmp(&b.1.stage)).then(a.1.who.cmp(&b.1.who)));
        for (at, (_, loss)) in all.iter_mut().enumerate() {
            loss.rank_by_people = at + 1;
        }
        let worth = |l: &Loss| l.money.map_or(0.0, |m| m.0);
        all.sort_by(|a, b| worth(&b.1).total_cmp(&worth(&a.1)).then(a.1.rank_by_people.cmp(&b.1.rank_by_people)));
        all.into_iter().map(|(_, loss)| loss).collect()
    }

    /// Returns what somebody who reaches the stage after this one brings on average, in the main unit: the money of all
    /// buyers over those who reached it. Nothing behind the sale.
    fn worth_after(&self, stage: usize) -> Option<f64> {
        let (plan, tally) = self.travel?;
        let sale = plan.sale.filter(|s| s.money.is_some())?;
        let sold_at = self.map.touchpoints.get(sale.at)?.stage;
        let next = self.map.stages.get(stage)?.next.filter(|next| *next <= sold_at)?;
        let reached = self.tally.of(&Who::Everybody)?.stages.get(next)?.reached;
        let all: &Mean = &tally.sales.worth.iter().find(|(days, _)| days.is_none())?.1;
        let unit = sale
            .money
            .and_then(|p| self.plan.properties.get(p))
            .map_or(1.0, |p| if p.kind == crate::model::manifest::PropertyType::Money { self.unit() } else { 1.0 });
        (reached > 0).then(|| all.sum().to_f64() / unit / reached as f64)
    }

    /// Returns the touchpoint of a stage after which most reach no later stage, and its id.
    fn worst(&self, stage: usize) -> Option<(Id<crate::model::Touchpoint>, String)> {
        let group = self.tally.of(&Who::Everybody)?;
        let here =
            self.map.touchpoints.iter().zip(&group.touchpoints).filter(|(p, t)| p.stage == stage && t.reached > 0);
        let (plan, _) = here.max_by_key(|(_, t)| t.reached.saturating_sub(t.went_on))?;
        Some((plan.touchpoint, plan.id.clone()))
    }

    fn pains(&self) -> Vec<Suggested> {
        let Some(group) = self.tally.of(&Who::Everybody) else { return Vec::new() };
        let Some((_, last)) = self.days else { return Vec::new() };
        let mut all = Vec::new();
        for (at, (plan, t)) in self.map.stages.iter().zip(&group.stages).enumerate() {
            let settled = t.moved_on + t.left;
            let lost = self.mask.rate(t.left, settled);
            let target = self.model.stages[plan.stage].target.as_ref().map(|t| t.share.share());
            // even the end of the interval that suits us best falls short
            let allowed = target.map_or(LOST, |t| 1.0 - t);
            let short = lost.low.is_some_and(|low| low > allowed);
            let Some((touchpoint, place)) = self.worst(at).filter(|_| plan.next.is_some() && short) else { continue };
            if self.has_pain(touchpoint, Some(plan.stage), PainKind::Leaving) {
                continue;
            }
            let next = plan.next.and_then(|n| self.map.stages.get(n)).map(|s| s.stage);
            let next = next.map_or("the next stage", |s| self.model.stages[s].meta.title.as_str());
            let share = lost.share.unwrap_or(0.0);
            let title = format!(
                "{:.0} % of those in {} do not reach {}",
                share * 100.0,
                plain(&self.model.stages[plan.stage].meta.title),
                plain(next)
            );
            let severity = match share - allowed {
                d if d > 0.2 => PainSeverity::High,
                d if d > 0.05 => PainSeverity::Medium,
                _ => PainSeverity::Low,
            };
            let id = self.free_id(&format!("{}-left", plan.id));
            all.push(suggested(place, id, title, PainKind::Leaving, severity, settled, last, touchpoint));
        }
        for (plan, t) in self.map.touchpoints.iter().zip(&group.touchpoints) {
            let kept = self.mask.rate(t.kept, t.due);
            let broken = kept.high.is_some_and(|high| high < KEPT);
            if plan.promise.is_none() || !broken || self.has_pain(plan.touchpoint, None, PainKind::Delivery) {
                continue;
            }
            let share = 1.0 - kept.share.unwrap_or(1.0);
            let title = format!(
                "The promise at {} is broken for {:.0} %",
                plain(&self.model.touchpoints[plan.touchpoint].meta.title),
                share * 100.0
            );
            let severity = if share > 0.3 { PainSeverity::High } else { PainSeverity::Medium };
            let id = self.free_id(&format!("{}-late", plan.id));
            all.push(suggested(plan.id.clone(), id, title, PainKind::Delivery, severity, t.due, last, plan.touchpoint));
        }
        all
    }

    /// Returns whether a place, or its stage, has an unsolved pain of a kind.
    fn has_pain(
        &self,
        touchpoint: Id<crate::model::Touchpoint>,
        stage: Option<Id<crate::model::Stage>>,
        kind: PainKind,
    ) -> bool {
        self.model.pains.values().any(|p| {
            let here = match p.at {
                Anchor::Touchpoint(t) => t == touchpoint || stage.is_some_and(|s| self.model.touchpoints[t].stage == s),
                Anchor::Stage(s) => Some(s) == stage || self.model.touchpoints[touchpoint].stage == s,
            };
            here && p.kind == kind && p.solved.is_none()
        })
    }

    fn free_id(&self, wish: &str) -> String {
        let taken = |id: &str| is_taken(self.model, id);
        let numbered = (2_u32..1_000).map(|n| format!("{wish}-n{n}"));
        std::iter::once(wish.to_owned()).chain(numbered).find(|id| !taken(id)).unwrap_or_else(|| wish.to_owned())
    }

    fn worthwhile(&self, days: u32) -> Vec<Worthwhile> {
        let Some(group) = self.tally.of(&Who::Everybody).filter(|_| days > 0) else { return Vec::new() };
        let mut all: Vec<(f64, Worthwhile)> = Vec::new();
        for (at, (plan, t)) in self.map.stages.iter().zip(&group.stages).enumerate() {
            let settled = t.moved_on + t.left;
            let Some(now) = self.mask.rate(t.moved_on, settled).share else { continue };
            let Some((touchpoint, place)) = self.worst(at).filter(|_| plan.next.is_some()) else { continue };
            let target = self.model.stages[plan.stage].target.as_ref().map(|t| t.share.share());
            let hoped = target.filter(|t| *t > now).unwrap_or(now * (1.0 + LIFT));
            let input = power_prop::Input {
                p1: now,
                p2: hoped,
                alpha: DESIGN.alpha,
                power: DESIGN.power,
                ratio: DESIGN.ratio,
                sides: DESIGN.sides,
                mde_n: None,
                daily: None,
            };
            let Ok(size) = power_prop::run(input) else { continue };
            let a_day = t.reached as f64 / f64::from(days);
            let weeks = ((size.n1_ceil + size.n2_ceil) / a_day / 7.0).ceil().max(1.0);
            let here = |x: &crate::model::Experiment| match x.at {
                crate::model::experiment::At::Touchpoint(t) => t == touchpoint,
                crate::model::experiment::At::Message(m) => self.model.messages[m].touchpoint == touchpoint,
            };
            let tested = |o: Id<crate::model::Opportunity>| self.model.experiments.values().any(|x| x.tests == Some(o));
            let open = self.model.touchpoints[touchpoint].place.opportunities.iter().find(|o| !tested(**o));
            all.push((
                self.worth_after(at).unwrap_or(0.0) * t.left as f64,
                Worthwhile {
                    at: place,
                    stage: plan.id.clone(),
                    now,
                    hoped,
                    units_each: size.n1_ceil as u64,
                    units_a_day: a_day,
                    days: (weeks * 7.0) as u64,
                    tries: open.map(|o| self.model.opportunities[*o].meta.id.clone()),
                    has: self.model.experiments.values().filter(|x| here(x)).map(|x| x.meta.id.clone()).collect(),
                },
            ));
        }
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.days.cmp(&b.1.days)));
        all.into_iter().map(|(_, x)| x).collect()
    }
}

#[allow(clippy::too_many_arguments, reason = "each is one part of the statement")]
fn suggested(
    at: String,
    id: String,
    title: String,
    kind: PainKind,
    severity: PainSeverity,
    people: u64,
    on: Date,
    touchpoint: Id<crate::model::Touchpoint>,
) -> Suggested {
    let (kind, severity, on) = (kind.name(), severity.name(), on.to_string());
    Suggested { at, id, title, kind, severity, people: Some(people), on, touchpoint }
}

/// Titles go into a text between quotes.
fn plain(title: &str) -> String {
    title.replace(['"', '\\', '\n'], "'")
}

fn is_taken(model: &Model, id: &str) -> bool {
    let pains = model.pains.values().map(|p| &p.meta.id);
    let opportunities = model.opportunities.values().map(|o| &o.meta.id);
    let touchpoints = model.touchpoints.values().map(|t| &t.meta.id);
    pains.chain(opportunities).chain(touchpoints).any(|taken| taken == id)
}
