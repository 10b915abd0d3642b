//! The funnels below the map: bars, the loss on the losing step, the ledger, and the rule in words.

use super::Ctx;
use super::curve::short;
use super::data::{Count, FunnelData, FunnelLedger};
use super::view::{FunnelPart, FunnelRow};
use crate::model::funnel::{Attempt, CountUnit, ExclusionVerb, Order};
use crate::model::{Funnel, Id, Model};
use crate::render::rich::{Piece, Rich};
use crate::render::words::Words;

impl Ctx<'_> {
    /// Returns every funnel of the data; without data, the declared ones with their steps and rules.
    pub(super) fn funnels(&self) -> Vec<FunnelPart> {
        match self.data {
            Some(data) if !data.funnels.is_empty() => data.funnels.iter().map(|f| self.funnel(f)).collect(),
            _ => self.grid.journey.funnels.iter().map(|&f| self.planned(f)).collect(),
        }
    }

    fn planned(&self, id: Id<Funnel>) -> FunnelPart {
        let funnel = &self.model.funnels[id];
        let row = |step: &crate::model::funnel::Step| FunnelRow {
            title: self.model.touchpoints[step.touchpoint].meta.title.clone(),
            ..empty_row()
        };
        FunnelPart {
            title: funnel.meta.title.clone(),
            persona: None,
            of: Vec::new(),
            rule: self.rule(Some(id)),
            steps: funnel.steps.iter().map(row).collect(),
            ledger: Vec::new(),
            finding: Rich::new(),
        }
    }

    fn funnel(&self, data: &FunnelData) -> FunnelPart {
        let title = match data.funnel {
            Some(id) => self.model.funnels[id].meta.title.clone(),
            None => self.words.t("funnel.map").to_owned(),
        };
        let worst = worst_step(data);
        FunnelPart {
            title,
            persona: data.persona.map(|p| self.model.personas[p].meta.title.clone()),
            of: data.persona.map(|p| self.of(&[p])).unwrap_or_default(),
            rule: if data.persona.is_none() { self.rule(data.funnel) } else { Vec::new() },
            steps: self.funnel_rows(data, worst),
            ledger: self.ledger(&data.ledger),
            finding: worst.and_then(|i| self.finding(data, i)).unwrap_or_default(),
        }
    }

    fn funnel_rows(&self, data: &FunnelData, worst: Option<usize>) -> Vec<FunnelRow> {
        let first = data.steps.first().map_or(0, |s| exactly(s.reached));
        let mut before = None;
        let mut rows = Vec::new();
        for (i, step) in data.steps.iter().enumerate() {
            let n = exactly(step.reached);
            let next = data.steps.get(i + 1).map(|s| exactly(s.reached));
            let share = |of: u64| if of == 0 { "–".to_owned() } else { self.words.rate(n as f64 / of as f64, of) };
            rows.push(FunnelRow {
                title: step.title.clone(),
                reached: self.count(step.reached),
                width: short(part(n, first)),
                on: short(part(next.unwrap_or(n).min(n), first)),
                of_first: share(first),
                of_before: before.map(share).unwrap_or_default(),
                lost: next.map(|next| self.lost(n, next)).unwrap_or_default(),
                time: step.time.map(|t| crate::render::rich::plain(&self.spread(t))).unwrap_or_default(),
                worst: worst == Some(i),
            });
            before = Some(n);
        }
        rows
    }

    fn lost(&self, here: u64, next: u64) -> String {
        let lost = here.saturating_sub(next);
        let share = if here == 0 { "–".to_owned() } else { self.words.rate(lost as f64 / here as f64, here) };
        self.words.fill("funnel.lost", &[("n", &self.words.integer(lost)), ("share", &share)])
    }

    fn ledger(&self, ledger: &FunnelLedger) -> Vec<(String, String)> {
        let all = [
            ("ledger.entrants", ledger.entrants),
            ("ledger.converted", ledger.converted),
            ("ledger.dropped", ledger.dropped),
            ("ledger.failed", ledger.failed),
            ("ledger.immature", ledger.immature),
            ("ledger.excluded", ledger.excluded),
            ("ledger.without_consent", ledger.without_consent),
        ];
        let always = |key: &str| matches!(key, "ledger.entrants" | "ledger.converted" | "ledger.dropped");
        let shown = all.into_iter().filter(|(key, n)| always(key) || *n > 0);
        shown.map(|(key, n)| (self.words.t(key).to_owned(), self.words.integer(n))).collect()
    }

    /// Returns where a funnel loses most, as its title sentence.
    fn finding(&self, data: &FunnelData, worst: usize) -> Option<Rich> {
        let (here, next) = (data.steps.get(worst)?, data.steps.get(worst + 1)?);
        let (n, m) = (exactly(here.reached), exactly(next.reached));
        let share = (n > 0).then(|| self.words.rate((n - m.min(n)) as f64 / n as f64, n))?;
        let values =
            [("share", Piece::figure(share)), ("here", Piece::name(&here.title)), ("next", Piece::name(&next.title))];
        Some(self.words.say("funnel.finding", 0, &values))
    }

    /// Returns the rule of a funnel in words.
    fn rule(&self, id: Option<Id<Funnel>>) -> Vec<Rich> {
        let Some(id) = id else { return vec![vec![Piece::text(self.words.t("funnel.rule.map"))]] };
        rules(self.model, &self.model.funnels[id], self.words)
    }
}

/// Returns the rules by which a funnel is counted, a sentence each.
pub(in crate::render) fn rules(model: &Model, funnel: &Funnel, words: &Words) -> Vec<Rich> {
    let t = |key: &str| vec![Piece::text(words.t(key))];
    let time = |key: &str, d| words.say(key, 0, &[("time", Piece::figure(words.duration(d)))]);
    let mut out = vec![match &funnel.count {
        CountUnit::People => t("funnel.count.people"),
        CountUnit::Sessions => time("funnel.count.sessions", model.manifest.session_gap.0),
        CountUnit::Property(name) => words.say("funnel.count.property", 0, &[("name", Piece::name(name))]),
    }];
    out.push(t(match funnel.order {
        Order::Listed => "funnel.order.listed",
        Order::Directly(_) => "funnel.order.directly",
        Order::Any => "funnel.order.any",
    }));
    out.extend(funnel.within.map(|d| time("funnel.within", d)));
    out.extend(funnel.within_step.map(|d| time("funnel.within_step", d)));
    out.push(t(match funnel.attempt {
        Attempt::Best => "funnel.attempt.best",
        Attempt::First => "funnel.attempt.first",
        Attempt::Every => "funnel.attempt.every",
    }));
    out.extend(funnel.may_start_anywhere.then(|| t("funnel.anywhere")));
    out.extend(funnel.clock_tolerance.map(|d| time("funnel.tolerance", d)));
    out.extend(funnel.exclusions.iter().map(|e| {
        let key = match e.verb {
            ExclusionVerb::Fail => "funnel.fail",
            ExclusionVerb::Drop => "funnel.drop",
        };
        let place = |t| Piece::name(&model.touchpoints[t].meta.title);
        let event = Piece::name(&model.events[e.event].meta.title);
        words.say(key, 0, &[("event", event), ("from", place(e.from)), ("to", place(e.to))])
    }));
    out
}

fn empty_row() -> FunnelRow {
    FunnelRow {
        title: String::new(),
        reached: String::new(),
        width: "0".to_owned(),
        on: "0".to_owned(),
        of_first: String::new(),
        of_before: String::new(),
        lost: String::new(),
        time: String::new(),
        worst: false,
    }
}

/// Returns a part in percent of the whole; 0 of nothing.
fn part(n: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { n as f64 / of as f64 * 100.0 }
}

fn exactly(count: Count) -> u64 {
    match count {
        Count::Exactly(n) => n,
        Count::Masked => 0,
    }
}

/// Returns the step after which the largest share is lost.
pub(super) fn worst_step(data: &FunnelData) -> Option<usize> {
    let reached: Vec<u64> = data.steps.iter().map(|s| exactly(s.reached)).collect();
    let lost = reached.windows(2).map(|w| match w {
        [a, b] if *a > 0 => a.saturating_sub(*b) as f64 / *a as f64,
        _ => 0.0,
    });
    let worst = lost.enumerate().max_by(|(i, a), (j, b)| a.total_cmp(b).then(j.cmp(i)))?;
    (worst.1 > 0.0).then_some(worst.0)
}
