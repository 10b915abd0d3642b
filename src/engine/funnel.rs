//! Funnels: how far each unit comes, group by group.
use super::matcher::{Chain, Follow, Hit, Out, Rules, Walker, Which, attempt, every};
use super::shapes::{NO_TEXT, Shapes, Shared, Slot};
use super::timeline::{Entry, Timelines};
use crate::model::funnel::{Attempt, BreakdownAt, CountUnit, ExclusionVerb};
use crate::plan::{FunnelPlan, OrderPlan, Plan};
use crate::tally::{FunnelGroup, FunnelTally, Told, Who};
use std::collections::BTreeMap;

const UNBOUNDED: i64 = i64::MAX / 4;

/// Counts one funnel.
pub(super) struct Funnel<'p> {
    plan: &'p FunnelPlan,
    /// A gap longer than this ends a session, in microseconds.
    session_gap: i64,
    rules: Rules,
    /// For each step: its place among the required ones, or among the optional ones.
    required: Vec<Option<usize>>,
    /// By shape: what of it a funnel sees; time zero.
    hits: Vec<Option<Hit>>,
    /// By shape: where the text that counts units apart stands.
    count: Option<Vec<Option<usize>>>,
    /// For each field of the breakdown, by shape: where its text stands.
    by: Vec<Vec<Option<usize>>>,
    end: Option<i64>,
    groups: Vec<(Who, FunnelGroup)>,
    values: BTreeMap<Vec<u64>, FunnelGroup>,
    walker: Walker,
    /// The hits of the unit at hand.
    found: Vec<Hit>,
    /// Whether it is in each group.
    joined: Vec<bool>,
    /// Memory for the times of an outcome.
    times: Vec<Option<i64>>,
}

impl<'p> Funnel<'p> {
    pub(super) fn new(plan: &Plan, funnel: &'p FunnelPlan, shapes: &Shapes, end: Option<i64>) -> Self {
        let places =
            |field: usize| (0..shapes.list.len()).map(|s| shapes.place(s, Slot::Field(field))).collect::<Vec<_>>();
        let required = required(funnel);
        let steps = required.iter().flatten().count();
        let new = || FunnelGroup::new(funnel.steps.len());
        let mut groups: Vec<(Who, FunnelGroup)> = Vec::new();
        if funnel.everybody {
            groups.push((Who::Everybody, new()));
        }
        groups.extend(funnel.personas.iter().map(|p| (Who::Persona(*p), new())));
        if funnel.everybody && !funnel.personas.is_empty() {
            groups.push((Who::Unknown, new()));
        }
        Self {
            plan: funnel,
            session_gap: plan.session_gap,
            rules: rules(funnel, &required, steps),
            hits: hits(funnel, &required, shapes),
            count: funnel.count_field.map(places),
            by: funnel.by.iter().map(|f| places(*f)).collect(),
            required,
            end,
            groups,
            values: BTreeMap::new(),
            walker: Walker::default(),
            found: Vec::new(),
            joined: Vec::new(),
            times: Vec::new(),
        }
    }

    /// Counts one unit.
    pub(super) fn unit(&mut self, lines: &Timelines, line: &[Entry], personas: &[Option<bool>]) {
        // Of a funnel that only experiments read, no group is counted.
        let asked = !self.groups.is_empty() || !self.by.is_empty();
        if !asked {
            return;
        }
        match (&self.plan.count, &self.count) {
            (CountUnit::People, _) | (CountUnit::Property(_), None) => self.part(lines, line, personas),
            (CountUnit::Sessions, _) => {
                let gap = self.session_gap;
                for session in line.chunk_by(|a, b| b.time - a.time <= gap) {
                    self.part(lines, session, personas);
                }
            }
            (CountUnit::Property(_), Some(places)) => {
                let text = |e: &Entry| places.get(e.shape()).copied().flatten().map_or(NO_TEXT, |p| lines.value(*e, p));
                let mut apart: BTreeMap<u64, Vec<Entry>> = BTreeMap::new();
                for entry in line.iter().filter(|e| text(e) != NO_TEXT) {
                    apart.entry(text(entry)).or_default().push(*entry);
                }
                apart.values().for_each(|part| self.part(lines, part, personas));
            }
        }
    }

    /// Counts one unit, session or value of a unit.
    fn part(&mut self, lines: &Timelines, line: &[Entry], personas: &[Option<bool>]) {
        let mut found = std::mem::take(&mut self.found);
        self.look(line, &mut found);
        if !found.is_empty() {
            self.count_hits(lines, line, &found, personas);
        }
        self.found = found;
    }

    fn count_hits(&mut self, lines: &Timelines, line: &[Entry], hits: &[Hit], personas: &[Option<bool>]) {
        self.join(personas);
        if self.plan.attempt == Attempt::Every {
            every(&self.rules, hits).into_iter().for_each(|chain| self.count(lines, line, hits, chain));
        } else if let Some(chain) = self.walker.attempt(&self.rules, hits) {
            self.count(lines, line, hits, chain);
        }
    }

    /// Notes which groups the unit at hand is in, and that it was seen.
    fn join(&mut self, personas: &[Option<bool>]) {
        let mut known = false;
        self.joined.clear();
        for (who, group) in &mut self.groups {
            let member = match who {
                Who::Everybody => true,
                Who::Persona(at) => personas.get(*at) == Some(&Some(true)),
                Who::Unknown => !known,
                Who::Value(_) | Who::Audience(_) => false,
            };
            known |= member && matches!(who, Who::Persona(_));
            group.seen += u64::from(member);
            self.joined.push(member);
        }
    }

    /// Counts one attempt of the unit at hand.
    fn count(&mut self, lines: &Timelines, line: &[Entry], hits: &[Hit], chain: Chain) {
        let outcome = self.outcome(chain, hits);
        for ((_, group), _) in self.groups.iter_mut().zip(&self.joined).filter(|(_, joined)| **joined) {
            outcome.add(group);
        }
        if !self.by.is_empty() {
            let value = self.broken_down(lines, line, &outcome.chain);
            let group = self.values.entry(value).or_insert_with(|| FunnelGroup::new(self.plan.steps.len()));
            group.seen += 1;
            outcome.add(group);
        }
        self.reuse(outcome);
    }

    /// Keeps the memory of an outcome for the next.
    fn reuse(&mut self, outcome: Outcome) {
        self.times = outcome.times;
        self.walker.reuse(outcome.chain);
    }

    /// Returns what the funnel says of a unit: nothing where it is in no rate, else how many steps it reached.
    pub(super) fn told(&mut self, line: &[Entry]) -> Told {
        let mut found = std::mem::take(&mut self.found);
        self.look(line, &mut found);
        let chain = self.walker.attempt(&self.rules, &found);
        let outcome = chain.map(|c| self.outcome(c, &found));
        self.found = found;
        let outcome = outcome?;
        let told = outcome.times.iter().filter(|t| t.is_some()).count();
        let told = (outcome.over && !outcome.chain.dropped).then_some(told);
        self.reuse(outcome);
        told
    }

    /// Finds what the funnel sees of entries.
    fn look(&self, line: &[Entry], found: &mut Vec<Hit>) {
        let hit = |e: &Entry| self.hits.get(e.shape()).copied().flatten().map(|h| Hit { time: e.time, ..h });
        found.clear();
        found.extend(line.iter().filter_map(hit));
    }

    /// Returns how many steps the unit reaches by events in `[from, from + window]`.
    pub(super) fn steps_from(&mut self, line: &[Entry], from: i64, window: i64) -> usize {
        let to = from.saturating_add(window);
        let mut found = std::mem::take(&mut self.found);
        self.look(line, &mut found);
        found.retain(|h| (from..=to).contains(&h.time));
        let chain = self.walker.attempt(&self.rules, &found);
        let depth = chain.as_ref().map(Chain::depth);
        chain.into_iter().for_each(|c| self.walker.reuse(c));
        self.found = found;
        depth.map_or(0, |depth| self.listed(depth))
    }

    /// Returns how many steps as written come with so many required ones.
    fn listed(&self, depth: usize) -> usize {
        let reached = |r: &Option<usize>| r.is_some_and(|at| at < depth);
        self.required.iter().rposition(reached).map_or(0, |at| at + 1)
    }

    /// Returns the texts of the breakdown for an attempt.
    fn broken_down(&self, lines: &Timelines, line: &[Entry], chain: &Chain) -> Vec<u64> {
        let start = chain.times.first().copied().unwrap_or(0);
        let value = |places: &Vec<Option<usize>>| {
            let text = |e: &Entry| {
                places.get(e.shape()).copied().flatten().map(|p| lines.value(*e, p)).filter(|t| *t != NO_TEXT)
            };
            let at = |time: i64| line.iter().filter(|e| e.time == time).find_map(text);
            match &self.plan.by_at {
                BreakdownAt::Entry => at(start),
                BreakdownAt::FirstKnown | BreakdownAt::Person => line.iter().find_map(text),
                BreakdownAt::LastKnown => line.iter().rev().find_map(text),
                BreakdownAt::Touchpoint(t) => {
                    let step = self.plan.steps.iter().position(|s| s.touchpoint == *t);
                    let step = step.and_then(|s| self.required.get(s).copied().flatten());
                    let time = step.and_then(|s| s.checked_sub(chain.entry)).and_then(|i| chain.times.get(i));
                    time.and_then(|t| at(*t))
                }
            }
        };
        self.by.iter().map(|places| value(places).unwrap_or(NO_TEXT)).collect()
    }

    fn outcome(&mut self, chain: Chain, hits: &[Hit]) -> Outcome {
        let start = chain.times.first().copied().unwrap_or(0);
        let over =
            self.plan.counts_open || self.plan.within.zip(self.end).is_none_or(|(w, e)| start.saturating_add(w) <= e);
        let converted = chain.depth() == self.rules.steps;
        let in_one_instant = chain.times.windows(2).any(|w| w.first() == w.last() || self.rules.tolerance > 0);
        let tied = converted && in_one_instant && {
            let strict = Rules { strict: true, ..self.rules.clone() };
            attempt(&strict, hits).is_none_or(|c| c.depth() < chain.depth())
        };
        let mut times = std::mem::take(&mut self.times);
        times.clear();
        self.time_steps(&chain, hits, &mut times);
        let watched = self.end.map_or(UNBOUNDED, |e| e - start).min(self.rules.within).max(0);
        Outcome { chain, times, over, converted, tied, watched }
    }

    /// Appends the time of each step as written, where it was reached; optional steps between the required ones around them.
    fn time_steps(&self, chain: &Chain, hits: &[Hit], times: &mut Vec<Option<i64>>) {
        let at = |required: usize| required.checked_sub(chain.entry).and_then(|i| chain.times.get(i)).copied();
        let start = chain.times.first().copied().unwrap_or(0);
        let mut options = 0;
        let mut before = None;
        for (step, required) in self.required.iter().enumerate() {
            if let Some(r) = required {
                before = at(*r).or(before);
                times.push(at(*r));
                continue;
            }
            let next = self.required.iter().skip(step).flatten().next().and_then(|r| at(*r));
            let to = next.unwrap_or(start.saturating_add(self.rules.within));
            let fits = |h: &&Hit| h.options >> options & 1 == 1 && before.is_some_and(|b| (b..=to).contains(&h.time));
            times.push(hits.iter().find(fits).map(|h| h.time));
            options += 1;
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for ((_, mine), (_, theirs)) in self.groups.iter_mut().zip(&other.groups) {
            mine.merge(theirs);
        }
        for (value, group) in other.values {
            self.values.entry(value).or_insert_with(|| FunnelGroup::new(self.plan.steps.len())).merge(&group);
        }
    }

    pub(super) fn finish(mut self, shared: &Shared) -> FunnelTally {
        let text = |t: &u64| if *t == NO_TEXT { "unknown".to_owned() } else { shared.text_of(*t) };
        let named = self
            .values
            .into_iter()
            .map(|(texts, group)| (texts.iter().map(text).collect::<Vec<_>>().join(", "), group));
        let named: BTreeMap<String, FunnelGroup> = named.collect();
        self.groups.extend(named.into_iter().map(|(name, group)| (Who::Value(name), group)));
        FunnelTally { groups: self.groups }
    }
}

/// What became of one attempt.
struct Outcome {
    chain: Chain,
    times: Vec<Option<i64>>,
    /// Its time is over.
    over: bool,
    converted: bool,
    tied: bool,
    /// How long it was watched, in microseconds.
    watched: i64,
}

impl Outcome {
    fn add(&self, group: &mut FunnelGroup) {
        if self.chain.dropped {
            group.excluded += 1;
            return;
        }
        group.entrants += 1;
        let mut last = 0;
        for (step, time) in self.times.iter().enumerate() {
            if time.is_none() {
                continue;
            }
            last = step;
            bump(&mut group.reached, step, 1);
            bump(&mut group.mature, step, u64::from(self.over));
        }
        if let Some(entry) = self.times.iter().position(Option::is_some) {
            bump(&mut group.inflow, entry, 1);
        }
        match (self.over, self.converted, self.chain.failed) {
            (false, ..) => group.open += 1,
            (true, true, _) => group.converted += 1,
            (true, false, true) => group.failed += 1,
            (true, false, false) => bump(&mut group.dropped, last, 1),
        }
        group.tied += u64::from(self.tied);
        self.clock(group);
    }

    /// Adds the times between steps, and of the whole; those who went no further are censored.
    fn clock(&self, group: &mut FunnelGroup) {
        let millis = |micros: i64| u64::try_from(micros.max(0) / 1_000).unwrap_or(0);
        let mut reached = (0_usize..).zip(&self.times).filter_map(|(step, time)| Some((step, (*time)?)));
        let Some((_, start)) = reached.next() else { return };
        let mut end = start;
        for (step, at) in reached {
            if let Some(times) = group.times.get_mut(step - 1) {
                times.push(millis(at - end), true);
            }
            end = at;
        }
        if let Some(whole) = group.times.last_mut() {
            match self.converted {
                true => whole.push(millis(end - start), true),
                false => whole.push(millis(self.watched), false),
            }
        }
    }
}

fn bump(counts: &mut [u64], at: usize, by: u64) {
    if let Some(count) = counts.get_mut(at) {
        *count += by;
    }
}

/// Returns, for each step, its place among the required ones.
fn required(funnel: &FunnelPlan) -> Vec<Option<usize>> {
    let mut count = 0;
    let place = |optional: bool| {
        (!optional).then(|| {
            count += 1;
            count - 1
        })
    };
    funnel.steps.iter().map(|s| s.optional).map(place).collect()
}

fn rules(funnel: &FunnelPlan, required: &[Option<usize>], steps: usize) -> Rules {
    // An exclusion hangs on the required steps around it.
    let from = |step: usize| required.iter().take(step + 1).flatten().next_back().copied();
    let to = |step: usize| required.iter().skip(step).flatten().next().copied();
    let outs = funnel.exclusions.iter().filter_map(|x| {
        let drops = x.verb == ExclusionVerb::Drop;
        Some(Out { from: from(x.from)?, to: to(x.to).unwrap_or(steps), drops })
    });
    Rules {
        steps,
        within: funnel.within.unwrap_or(UNBOUNDED),
        within_step: funnel.within_step.unwrap_or(UNBOUNDED),
        follow: match funnel.order {
            OrderPlan::Listed => Follow::Listed,
            OrderPlan::Directly(_) => Follow::Directly,
            OrderPlan::Any => Follow::Any,
        },
        which: if funnel.attempt == Attempt::First { Which::First } else { Which::Best },
        outs: outs.collect(),
        anywhere: funnel.may_start_anywhere,
        tolerance: funnel.tolerance,
        strict: false,
        reuses: funnel.reuses,
    }
}

/// Returns, by shape, what a funnel sees of it.
fn hits(funnel: &FunnelPlan, required: &[Option<usize>], shapes: &Shapes) -> Vec<Option<Hit>> {
    let ignored: &[usize] = match &funnel.order {
        OrderPlan::Directly(list) => list,
        OrderPlan::Listed | OrderPlan::Any => &[],
    };
    let of = |shape: &super::shapes::Shape| {
        let is = |event: usize| shape.events.iter().any(|e| usize::from(*e) == event);
        let (mut steps, mut options, mut optional) = (0_u32, 0_u32, 0);
        let blind = |at: usize| funnel.blind.get(at) == Some(&true);
        for (at, (step, required)) in funnel.steps.iter().zip(required).enumerate() {
            let is = |event: usize| !blind(at) && is(event);
            match required {
                Some(at) => steps |= u32::from(is(step.event)).checked_shl(*at as u32).unwrap_or(0),
                None => {
                    options |= u32::from(is(step.event)).checked_shl(optional).unwrap_or(0);
                    optional += 1;
                }
            }
        }
        let outs = funnel.exclusions.iter().enumerate().filter(|(_, x)| is(x.event));
        let outs = outs.fold(0, |all, (at, _)| all | 1_u32.checked_shl(at as u32).unwrap_or(0));
        let between = matches!(funnel.order, OrderPlan::Directly(_))
            && !shape.events.iter().all(|e| ignored.contains(&usize::from(*e)));
        let seen = steps | outs | options != 0 || between;
        (seen && !shape.quiet).then_some(Hit { time: 0, steps, outs, options })
    };
    shapes.list.iter().map(|(shape, _)| of(shape)).collect()
}
