//! One person's way through a journey.

use super::draw::Draw;
use super::log::Row;
use super::person::Person;
use super::route::{Gap, Route};
use super::script::Script;
use super::trial::Lift;
use crate::model::{Event, Id};

const DAY: f64 = 86_400.0;
/// How many of those who are shown a message act on it, and how many do what a funnel excludes.
const ACTS: f64 = 0.15;
const SHOWN: f64 = 0.6;
const ASIDE: f64 = 0.03;
/// When in the day people come: a weight an hour.
const HOURS: [f64; 24] = [
    1.0, 0.5, 0.3, 0.2, 0.2, 0.4, 1.0, 2.0, 3.0, 3.5, 4.0, 4.0, 4.5, 4.5, 4.0, 4.0, 4.0, 4.5, 5.0, 6.0, 7.0, 7.0, 5.0,
    2.5,
];

/// Returns the events of the person of a number, in order of time.
pub(super) fn walk(script: &Script<'_>, number: u64) -> Vec<Row> {
    let mut draw = Draw::of(script.truth.seed, number);
    let person = Person::new(script, number, &mut draw);
    let travels =
        |route: &&Route| route.personas.is_empty() || person.persona.is_some_and(|p| route.personas.contains(&p));
    let routes: Vec<&Route> = script.routes.iter().filter(travels).collect();
    let Some(route) = routes.get(draw.pick(routes.iter().map(|_| 1.0))).copied() else { return Vec::new() };
    let mut walker = Walker { script, route, number, person, draw, rows: Vec::new(), boost: Vec::new() };
    walker.past();
    walker.go();
    let mut rows = walker.rows;
    rows.retain(|row| row.time < script.until);
    rows.sort_by_key(|row| row.time);
    rows
}

struct Walker<'s, 'm> {
    script: &'s Script<'m>,
    route: &'s Route,
    number: u64,
    person: Person,
    draw: Draw,
    rows: Vec<Row>,
    /// By what the chance of going on from a stop is multiplied.
    boost: Vec<(usize, f64)>,
}

impl Walker<'_, '_> {
    fn arrival(&mut self) -> i64 {
        let days = &self.script.days;
        let day = days.get(self.draw.pick(days.iter().map(|(_, weight)| *weight))).map_or(0, |(second, _)| *second);
        let hour = self.draw.pick(HOURS.into_iter()) as f64;
        day + ((hour + self.draw.share()) * 3_600.0) as i64
    }

    /// Some have bought before the data's own story begins: what is measured of them then is their past.
    fn past(&mut self) {
        let model = self.script.model;
        let sale = self.route.stops.iter().find(|stop| {
            let journey = &model.journeys[model.touchpoints[stop.touchpoint].journey];
            journey.sale_at == Some(stop.touchpoint)
        });
        let Some((event, first)) = sale.map(|s| s.event).zip(self.script.days.first().map(|(second, _)| *second))
        else {
            return;
        };
        if self.draw.happens(self.script.truth.returns) {
            let time = first + (self.draw.share() * 10.0 * DAY) as i64;
            self.record(event, time);
        }
    }

    fn go(&mut self) {
        let stops = &self.route.stops;
        let mut time = self.arrival();
        let mut times: Vec<Option<i64>> = vec![None; stops.len()];
        let enters = self.draw.pick(self.route.enters.iter().copied());
        for (at, stop) in stops.iter().enumerate().skip(enters) {
            let meant = stop.personas.is_empty() || self.person.persona.is_some_and(|p| stop.personas.contains(&p));
            let entering = times.iter().all(Option::is_none);
            if meant && (entering || self.draw.happens(stop.sees)) {
                time = if entering { time } else { self.when(at, time, &times) };
                if time >= self.script.until {
                    return;
                }
                if let Some(slot) = times.get_mut(at) {
                    *slot = Some(time);
                }
                self.visit(at, time);
            }
            let chance =
                self.boost.iter().filter(|(of, _)| *of == at).fold(stop.goes_on, |chance, (_, by)| chance * by);
            if !self.draw.happens(chance) {
                return;
            }
        }
    }

    fn when(&mut self, at: usize, now: i64, times: &[Option<i64>]) -> i64 {
        let seen = |stop: usize| times.get(stop).copied().flatten();
        let Some(stop) = self.route.stops.get(at) else { return now };
        let slower = self.time_lift(stop.event);
        let after = |base: i64, seconds: f64| base + (seconds * slower) as i64;
        let meant = match stop.gap {
            Gap::Before(median, spread) => after(now, self.draw.log_normal(median, spread)),
            Gap::Promise(of, within) => {
                let base = seen(of).unwrap_or(now);
                after(base, self.draw.log_normal(within * 0.5, 0.4))
            }
            Gap::Kept(of, within, share) => {
                let base = seen(of).unwrap_or(now);
                let kept = self.draw.happens(share);
                let late = if kept { self.draw.share() } else { 1.01 + self.draw.exponential(0.3) };
                after(base, within * late)
            }
            Gap::Asked(of, time) => {
                let base = seen(of).unwrap_or(now);
                after(base, time + self.draw.exponential(DAY / 2.0))
            }
        };
        meant.max(now + 1)
    }

    fn visit(&mut self, at: usize, time: i64) {
        let Some(stop) = self.route.stops.get(at) else { return };
        let change = |_: &&(String, String, String)| self.draw.happens(self.script.truth.hands_over);
        let changes: Vec<_> = stop.handovers.iter().filter(change).collect();
        self.see(at, stop.event, time);
        let mut again = time;
        while let Some((chance, wait)) = stop.repeats
            && self.draw.happens(chance)
        {
            again += 1 + self.draw.exponential(wait) as i64;
            self.see(at, stop.event, again);
        }
        // here they still were on the first device: whatever comes next is on the second
        for (field, from, to) in changes {
            self.person.hand_over(field, from, to);
        }
        for message in &stop.messages {
            self.show(at, *message, time);
        }
        for event in &stop.asides {
            if self.draw.happens(ASIDE) {
                let later = 60 + self.draw.exponential(DAY / 4.0) as i64;
                self.see(at, *event, time + later);
            }
        }
    }

    fn show(&mut self, at: usize, id: Id<crate::model::Message>, time: i64) {
        let message = &self.script.model.messages[id];
        let audience = message.audience.map(|a| &self.script.model.audiences[a].condition);
        if !audience.is_none_or(|c| self.person.is(c)) || !self.draw.happens(SHOWN) {
            return;
        }
        if let Some(event) = message.seen_by {
            self.see(at, event, time + 40);
        }
        if let Some(event) = message.counts_as.filter(|_| self.draw.happens(ACTS)) {
            self.see(at, event, time + 90);
        }
    }

    /// Records an event at a stop, and what experiments it shows them.
    fn see(&mut self, at: usize, event: Id<Event>, time: i64) {
        for (place, trial) in self.script.trials.iter().enumerate() {
            let new = !self.person.shown.iter().any(|(of, _)| *of == place);
            let met = trial.exposure == event && new && (trial.window.0..trial.window.1).contains(&time);
            if let Some(variant) = met.then(|| trial.variant(&self.person.id, &self.person)).flatten() {
                self.person.shown.push((place, variant));
                self.boost(at, place, variant);
            }
        }
        self.record(event, time);
    }

    /// Notes where a variant changes the chance of going on: at the stop before the event it acts on.
    fn boost(&mut self, at: usize, trial: usize, variant: usize) {
        let lifts = self.script.trials.get(trial).and_then(|t| t.variants.get(variant)).map(|(_, lifts)| lifts);
        for lift in lifts.into_iter().flatten() {
            if let Lift::Reach(event, effect) = lift {
                let before = self.route.next(at, *event).map(|next| next - 1);
                self.boost.extend(before.map(|stop| (stop, 1.0 + effect)));
            }
        }
    }

    fn lifts(&self) -> impl Iterator<Item = &Lift> {
        let of = |(trial, variant): &(usize, usize)| self.script.trials.get(*trial)?.variants.get(*variant);
        self.person.shown.iter().filter_map(of).flat_map(|(_, lifts)| lifts)
    }

    fn time_lift(&self, event: Id<Event>) -> f64 {
        let by = self.lifts().filter_map(|lift| match lift {
            Lift::Time(of, effect) if *of == event => Some(1.0 + effect),
            _ => None,
        });
        by.product()
    }

    fn size_lift(&self, event: Id<Event>, property: &str) -> f64 {
        let by = self.lifts().filter_map(|lift| match lift {
            Lift::Size(of, name, effect) if *of == event && name == property => Some(1.0 + effect),
            _ => None,
        });
        by.product()
    }

    fn record(&mut self, event: Id<Event>, time: i64) {
        let makers = self.script.events.get(event.index()).map(|(_, makers)| makers.as_slice()).unwrap_or_default();
        let mut properties = Vec::with_capacity(makers.len());
        for (name, maker) in makers {
            let lift = self.size_lift(event, name);
            properties.push((name.clone(), maker.draw(&mut self.draw, self.person.wealth, lift)));
        }
        let trials = self.script.trials.iter().enumerate().filter(|(_, trial)| trial.exposure == event);
        let shown = trials.filter_map(|(place, _)| self.person.shown.iter().find(|(of, _)| *of == place)).copied();
        self.rows.push(Row {
            time,
            person: self.number,
            event,
            shown: shown.clone().next(),
            properties,
            attributes: self.person.attributes.clone(),
            consents: self.person.consents,
        });
    }
}
