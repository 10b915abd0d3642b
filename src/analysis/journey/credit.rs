//! Attribution: outcomes and money by touchpoint, channel and stage, under each model.
use super::{Attribution, Credit, Ctx, spend};
use crate::model::journey::AttributionModel;
use crate::model::manifest::PropertyType;
use crate::model::place::ChannelKind;
use crate::model::{Channel, Id, Stage};
use crate::plan::travel::AttributionPlan;
use crate::stats::method::attribution::{Input, Path, largest_remainder};
use crate::stats::method::heuristic_attribution::ends;
use crate::stats::method::{markov_attribution, shapley_attribution};
use crate::tally::{AttributionTally, Place};
use std::collections::BTreeMap;

/// Outcomes and money of one touchpoint under one model.
#[derive(Clone, Copy, Debug, Default)]
struct Given {
    outcomes: f64,
    money: f64,
}

type ByPlace = BTreeMap<Place, Given>;

impl Ctx<'_> {
    pub(super) fn attributions(&self) -> Vec<Attribution> {
        let Some((plan, tally)) = self.travel else { return Vec::new() };
        let written = &self.model.journeys[self.map.journey].attributions;
        let of = |(plan, tally): (&AttributionPlan, &AttributionTally)| {
            let outcome = self.map.touchpoints.get(plan.outcome)?.touchpoint;
            // credit of a few outcomes would tell of a few people
            if self.mask.is_small(tally.outcomes()) {
                return None;
            }
            let said = written.iter().find(|a| a.outcome == outcome).map_or(&[] as &[_], |a| a.models.as_slice());
            Some(self.attribution(plan, tally, &AttributionPlan::models(said)))
        };
        plan.attributions.iter().zip(&tally.attributions).filter_map(of).collect()
    }

    fn attribution(
        &self,
        plan: &AttributionPlan,
        tally: &AttributionTally,
        models: &[AttributionModel],
    ) -> Attribution {
        let (id, title) = self.place(Place::try_from(plan.outcome).unwrap_or_default());
        let touched = |(at, t): (usize, &crate::plan::PlacePlan)| {
            let place = Place::try_from(at).ok()?;
            (t.event.is_some() && at != plan.outcome).then_some(place)
        };
        let places: Vec<Place> = self.map.touchpoints.iter().enumerate().filter_map(touched).collect();
        let direct: Vec<Place> = places.iter().copied().filter(|p| self.is_direct(*p)).collect();
        let chain = models.contains(&AttributionModel::Markov).then(|| markov(tally));
        let by_model: Vec<ByPlace> =
            models.iter().map(|m| given(*m, tally, &direct, chain.as_ref().and_then(Option::as_ref))).collect();
        let money = plan.money.map(|property| {
            let is_money = self.plan.properties.get(property).is_some_and(|p| p.kind == PropertyType::Money);
            let total: f64 = tally.paths.values().map(|p| p.money.to_f64()).sum();
            (total * if is_money { 1.0 } else { self.unit() }).round() as i64
        });
        let rest = tally.paths.get(&Vec::new()).cloned().unwrap_or_default();
        let minor: Vec<Vec<i64>> = by_model
            .iter()
            .map(|given| {
                let mut weights: Vec<f64> = places.iter().map(|p| given.get(p).map_or(0.0, |g| g.money)).collect();
                weights.push(rest.money.to_f64());
                largest_remainder(&weights, money.unwrap_or(0))
            })
            .collect();
        let credit = |at: usize, place: Option<Place>| {
            let (id, title) =
                place.map_or(("unattributed".to_owned(), "no touch before it".to_owned()), |p| self.place(p));
            let outcomes = |given: &ByPlace| match place {
                Some(p) => given.get(&p).map_or(0.0, |g| g.outcomes),
                None => rest.outcomes as f64,
            };
            Credit {
                id,
                title,
                outcomes: by_model.iter().map(outcomes).collect(),
                money: minor.iter().map(|m| m.get(at).copied().unwrap_or(0)).collect(),
                removal: place.and_then(|p| chain.as_ref()?.as_ref()?.removal_effect.get(&key(p)).copied().flatten()),
                spend: place.and_then(|p| self.place_spend(p)),
                return_on_spend: Vec::new(),
                cost_each: Vec::new(),
            }
        };
        let mut rows: Vec<Credit> = places.iter().enumerate().map(|(at, p)| credit(at, Some(*p))).collect();
        rows.push(credit(places.len(), None));
        let channels = self.by_channel(&places, &rows);
        let stages = self.by_stage(&places, &rows);
        rows.iter_mut().for_each(|r| returns(r, money.is_some()));
        Attribution {
            outcome: id,
            title,
            look_back: plan.look_back as f64 / 1e6,
            models: models.iter().map(|m| m.name()).collect(),
            outcomes: tally.outcomes(),
            money,
            without: (tally.paths.values().map(|p| p.without).sum(), tally.open),
            channels: with_returns(channels, money.is_some()),
            stages: with_returns(stages, money.is_some()),
            touchpoints: rows,
            experiments: self.experiments_on(&places),
        }
    }

    /// A visit nobody sent: the touchpoint's channel is self-service, or is called direct.
    fn is_direct(&self, place: Place) -> bool {
        self.channel(place).is_some_and(|c| {
            let channel = &self.model.channels[c];
            channel.kind == Some(ChannelKind::SelfService) || channel.meta.id == "direct"
        })
    }

    fn channel(&self, place: Place) -> Option<Id<Channel>> {
        let t = self.map.touchpoints.get(usize::from(place))?;
        self.model.touchpoints[t.touchpoint].channel
    }

    fn place_spend(&self, place: Place) -> Option<i64> {
        let t = self.map.touchpoints.get(usize::from(place))?;
        spend::spent(&self.model.touchpoints[t.touchpoint].place.spends, self.days?)
    }

    fn by_channel(&self, places: &[Place], rows: &[Credit]) -> Vec<Credit> {
        let mut order: Vec<Id<Channel>> = places.iter().filter_map(|p| self.channel(*p)).collect();
        order.sort_unstable();
        order.dedup();
        let of = |c: &Id<Channel>| {
            let meta = &self.model.channels[*c].meta;
            let mine = |p: &Place| self.channel(*p) == Some(*c);
            sum(&meta.id, &meta.title, places.iter().zip(rows).filter(|(p, _)| mine(p)).map(|(_, r)| r))
        };
        order.iter().map(of).collect()
    }

    /// Stages have spend of their own, beside that of their touchpoints.
    fn by_stage(&self, places: &[Place], rows: &[Credit]) -> Vec<Credit> {
        let stage = |p: &Place| self.map.touchpoints.get(usize::from(*p)).map(|t| t.stage);
        let of = |(at, s): (usize, &crate::plan::StagePlan)| {
            let stage_of: &crate::model::Stage = &self.model.stages[s.stage as Id<Stage>];
            let meta = &stage_of.meta;
            let mine = places.iter().zip(rows).filter(|(p, _)| stage(p) == Some(at)).map(|(_, r)| r);
            let mut row = sum(&meta.id, &meta.title, mine);
            let own = self.days.and_then(|days| spend::spent(&stage_of.place.spends, days));
            row.spend = match (row.spend, own) {
                (Some(a), Some(b)) => Some(a + b),
                (one, other) => one.or(other),
            };
            row
        };
        self.map.stages.iter().enumerate().map(of).filter(|r| !r.outcomes.is_empty() || r.spend.is_some()).collect()
    }

    fn experiments_on(&self, places: &[Place]) -> Vec<String> {
        let on = |x: &crate::model::Experiment| match x.at {
            crate::model::experiment::At::Touchpoint(t) => Some(t),
            crate::model::experiment::At::Message(m) => Some(self.model.messages[m].touchpoint),
        };
        let touched =
            |t| places.iter().any(|p| self.map.touchpoints.get(usize::from(*p)).is_some_and(|o| o.touchpoint == t));
        let all = self.model.experiments.values().filter(|x| on(x).is_some_and(touched));
        all.map(|x| x.meta.id.clone()).collect()
    }
}

/// Returns the sum of rows, as one row.
fn sum<'r>(id: &str, title: &str, rows: impl Iterator<Item = &'r Credit>) -> Credit {
    let mut all = Credit {
        id: id.to_owned(),
        title: title.to_owned(),
        outcomes: Vec::new(),
        money: Vec::new(),
        removal: None,
        spend: None,
        return_on_spend: Vec::new(),
        cost_each: Vec::new(),
    };
    for row in rows {
        all.outcomes.resize(row.outcomes.len(), 0.0);
        all.money.resize(row.money.len(), 0);
        all.outcomes.iter_mut().zip(&row.outcomes).for_each(|(a, b)| *a += b);
        all.money.iter_mut().zip(&row.money).for_each(|(a, b)| *a += b);
        if let Some(spend) = row.spend {
            all.spend = Some(all.spend.unwrap_or(0) + spend);
        }
    }
    all
}

fn with_returns(mut rows: Vec<Credit>, has_money: bool) -> Vec<Credit> {
    rows.iter_mut().for_each(|r| returns(r, has_money));
    rows
}

/// Fills in what spend brought back, and what an outcome cost.
fn returns(row: &mut Credit, has_money: bool) {
    let Some(spend) = row.spend.filter(|s| *s > 0).map(|s| s as f64) else { return };
    row.cost_each = row.outcomes.iter().map(|o| (*o > 0.0).then(|| spend / o)).collect();
    if has_money {
        row.return_on_spend = row.money.iter().map(|m| Some(*m as f64 / spend - 1.0)).collect();
    }
}

fn key(place: Place) -> String {
    format!("{place:05}")
}

/// The paths with touches, as the methods read them.
fn input(tally: &AttributionTally) -> Input {
    let path = |(path, t): (&Vec<Place>, &crate::tally::PathTally)| Path {
        path: path.iter().map(|p| key(*p)).collect(),
        conv: t.outcomes as f64,
        null: t.without as f64,
    };
    Input { paths: tally.paths.iter().filter(|(p, _)| !p.is_empty()).map(path).collect(), order: 1 }
}

fn markov(tally: &AttributionTally) -> Option<markov_attribution::Output> {
    markov_attribution::run(input(tally)).ok()
}

/// Returns what each touchpoint is given under a model; the credits add up to the outcomes with a touch.
fn given(
    model: AttributionModel,
    tally: &AttributionTally,
    direct: &[Place],
    chain: Option<&markov_attribution::Output>,
) -> ByPlace {
    match model {
        AttributionModel::First => by_path(tally, &|p| ends(p.len(), 1.0, 0.0)),
        AttributionModel::Last => by_path(tally, &|p| ends(p.len(), 0.0, 1.0)),
        AttributionModel::LastNonDirect => by_path(tally, &|p| {
            let last = p.iter().rposition(|place| !direct.contains(place)).unwrap_or(p.len().saturating_sub(1));
            (0..p.len()).map(|at| f64::from(u8::from(at == last))).collect()
        }),
        AttributionModel::Linear => by_path(tally, &|p| vec![1.0 / p.len() as f64; p.len()]),
        AttributionModel::Position => by_path(tally, &|p| ends(p.len(), 0.4, 0.4)),
        AttributionModel::J => by_path(tally, &|p| ends(p.len(), 0.2, 0.6)),
        AttributionModel::InverseJ => by_path(tally, &|p| ends(p.len(), 0.6, 0.2)),
        AttributionModel::TimeDecay => {
            let of =
                |(o, m): &(crate::tally::Exact, crate::tally::Exact)| Given { outcomes: o.to_f64(), money: m.to_f64() };
            tally.decay.iter().map(|(place, sums)| (*place, of(sums))).collect()
        }
        AttributionModel::Markov => chain.map(|c| in_proportion(&c.attributed, tally)).unwrap_or_default(),
        AttributionModel::Shapley => {
            let shares = shapley_attribution::run(input(tally)).map(|s| s.attributed).unwrap_or_default();
            in_proportion(&shares, tally)
        }
    }
}

fn by_path(tally: &AttributionTally, weights: &dyn Fn(&[Place]) -> Vec<f64>) -> ByPlace {
    let mut all = ByPlace::new();
    for (path, t) in tally.paths.iter().filter(|(path, t)| !path.is_empty() && t.outcomes > 0) {
        let money = t.money.to_f64();
        for (place, weight) in path.iter().zip(weights(path)) {
            let given = all.entry(*place).or_default();
            given.outcomes += weight * t.outcomes as f64;
            given.money += weight * money;
        }
    }
    all
}

/// Credit that a model gives to channels over all paths; money follows it in proportion.
fn in_proportion(credit: &BTreeMap<String, f64>, tally: &AttributionTally) -> ByPlace {
    let touched = || tally.paths.iter().filter(|(path, _)| !path.is_empty());
    let money: f64 = touched().map(|(_, t)| t.money.to_f64()).sum();
    let all: f64 = credit.values().sum();
    let of = |(name, outcomes): (&String, &f64)| {
        let share = if all > 0.0 { outcomes / all } else { 0.0 };
        Some((name.parse().ok()?, Given { outcomes: *outcomes, money: money * share }))
    };
    credit.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example: ad 0, blog 1, email 2.
    fn example() -> AttributionTally {
        let mut tally = AttributionTally::default();
        for (path, yes, no) in
            [(&[0, 1, 2][..], 3, 1), (&[0], 1, 9), (&[1, 0, 1], 2, 2), (&[2, 2, 0], 1, 1), (&[0, 1], 0, 6)]
        {
            (0..yes).for_each(|_| tally.outcome(path.to_vec(), 1000.0));
            (0..no).for_each(|_| tally.without(path.to_vec(), false));
        }
        tally
    }

    #[test]
    fn markov_of_the_worked_example() {
        let tally = example();
        let chain = markov(&tally).unwrap();
        for (place, removal, credit) in [(0, 0.730159, 2.7882), (1, 0.630037, 2.4058), (2, 0.472954, 1.8060)] {
            let effect = chain.removal_effect[&key(place)].unwrap();
            assert!((effect - removal).abs() < 5e-7, "{effect}");
            assert!((chain.attributed[&key(place)] - credit).abs() < 5e-5);
        }
    }

    #[test]
    fn every_model_gives_away_every_outcome() {
        let tally = example();
        let chain = markov(&tally);
        for model in AttributionModel::ALL.into_iter().filter(|m| *m != AttributionModel::TimeDecay) {
            let given = given(model, &tally, &[0], chain.as_ref());
            let (outcomes, money) = given.values().fold((0.0, 0.0), |(o, m), g| (o + g.outcomes, m + g.money));
            assert!((outcomes - 7.0).abs() < 1e-9 && (money - 7000.0).abs() < 1e-6, "{}", model.name());
        }
    }

    #[test]
    fn last_non_direct_passes_over_direct() {
        let given = given(AttributionModel::LastNonDirect, &example(), &[2, 0], None);
        assert_eq!((given[&1].outcomes, given[&0].outcomes), (5.0, 2.0));
    }
}
