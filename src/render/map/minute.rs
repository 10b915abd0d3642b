//! "In one minute": the few sentences at the top of a map, each chosen and filled by a rule.

use super::Ctx;
use super::data::{Count, FunnelData, Rate};
use super::funnels::worst_step;
use super::grid::Touch;
use crate::model::lane::Feeling;
use crate::model::touchpoint::PainSeverity;
use crate::model::{Id, Pain};
use crate::render::escape;
use crate::render::rich::{Piece, Rich};
use crate::render::words::Unit;

impl Ctx<'_> {
    /// Returns the sentences, the most important first; one rule each, and no rule speaks where it has nothing to say.
    pub(super) fn minute(&self) -> Vec<Rich> {
        let rules = [
            self.worst_loss(),
            self.dearest_loss(),
            self.lowest_feeling(),
            self.worst_pain(),
            self.broken_promise(),
            self.biggest_gap(),
            self.pains_untested(),
            self.assumed_personas(),
            self.running(),
        ];
        rules.into_iter().flatten().collect()
    }

    /// With data: after which step the largest share of the first funnel is lost.
    fn worst_loss(&self) -> Option<Rich> {
        let funnel = self.data?.funnels.iter().find(|f| f.persona.is_none())?;
        let worst = worst_step(funnel)?;
        let (here, next) = (funnel.steps.get(worst)?, funnel.steps.get(worst + 1)?);
        let (Count::Exactly(n), Count::Exactly(m)) = (here.reached, next.reached) else { return None };
        let lost = n.saturating_sub(m);
        let rate = Rate { hits: Count::Exactly(lost), base: here.reached, interval: None };
        let values = [
            ("n", Piece::figure(self.words.integer(lost))),
            ("share", Piece::figure(self.share(rate))),
            ("here", self.step(funnel, worst, &here.title)),
            ("next", self.step(funnel, worst + 1, &next.title)),
        ];
        Some(self.words.say("minute.loss", lost, &values))
    }

    /// Returns a step of a funnel as a link to its touchpoint; of the map as a funnel, to its stage.
    fn step(&self, funnel: &FunnelData, at: usize, title: &str) -> Piece {
        match funnel.funnel {
            Some(id) => match self.model.funnels[id].steps.get(at) {
                Some(step) => self.place(step.touchpoint),
                None => Piece::name(title),
            },
            None => match self.grid.journey.stages.get(at) {
                Some(&stage) => {
                    Piece::go(title, format!("#{}", escape::anchor("s", &self.model.stages[stage].meta.id)))
                }
                None => Piece::name(title),
            },
        }
    }

    /// With data and money: after which stage the most of it is lost.
    fn dearest_loss(&self) -> Option<Rich> {
        let loss = self.data?.losses.iter().find(|l| l.who == "everybody" && l.money.is_some())?;
        let (money, low, high) = loss.money.filter(|(money, ..)| *money >= 1.0)?;
        // no finer than the interval is wide
        let step = libm::pow(10.0, libm::floor(libm::log10((high - low).max(1.0))));
        let whole = |x: f64| self.words.value((x / step).round() * step, Unit::Money, 0);
        let values = [
            ("stage", Piece::go(&loss.title, format!("#{}", escape::anchor("s", &loss.stage)))),
            ("money", Piece::figure(whole(money))),
            ("low", Piece::text(whole(low))),
            ("high", Piece::text(whole(high))),
        ];
        Some(self.words.say("minute.worth", 0, &values))
    }

    /// Where it feels worst, if it feels bad anywhere.
    fn lowest_feeling(&self) -> Option<Rich> {
        let all = self.grid.touches_all().flat_map(|t| {
            let place = t.is.today.map(|id| &self.model.touchpoints[id].place);
            place.into_iter().flat_map(|p| &p.feelings).map(move |f| (t, f)).collect::<Vec<_>>()
        });
        let (touch, feeling): (&Touch, &Feeling) = all.min_by_key(|(_, f)| f.value).filter(|(_, f)| f.value < 0)?;
        let title = &self.grid.touchpoint(touch)?.meta.title;
        let place = Piece::go(title, format!("#{}", self.touch_anchor(touch)));
        let value = Piece::figure(self.words.signed(f64::from(feeling.value), 0));
        Some(match feeling.word.as_deref() {
            Some(word) => self.words.say(
                "minute.lowest_word",
                0,
                &[("place", place), ("value", value), ("word", Piece::name(word))],
            ),
            None => self.words.say("minute.lowest", 0, &[("place", place), ("value", value)]),
        })
    }

    fn pains_here(&self) -> Vec<Id<Pain>> {
        let spots = self.grid.columns.iter().flat_map(|c| self.grid.places(c));
        spots.filter_map(|s| s.today).flat_map(|p| p.pains.iter().copied()).collect()
    }

    fn is_tested(&self, pain: Id<Pain>) -> bool {
        let answers = self.model.opportunities.iter().filter(|(_, o)| o.solves.contains(&pain)).map(|(i, _)| i);
        let tested = |o| self.model.experiments.values().any(|e| e.tests == Some(o));
        answers.into_iter().any(tested)
    }

    /// The worst pain that is not healed, with the experiment that tries to.
    fn worst_pain(&self) -> Option<Rich> {
        let open = self.pains_here().into_iter().filter(|&p| self.model.pains[p].solved.is_none());
        let worst = open.rev().max_by_key(|&p| self.model.pains[p].severity)?;
        let pain = &self.model.pains[worst];
        if pain.severity < PainSeverity::High {
            return None;
        }
        let title = Piece::go(&pain.meta.title, format!("#{}", escape::anchor("p", &pain.meta.id)));
        let answers = self.model.opportunities.iter().filter(|(_, o)| o.solves.contains(&worst));
        let experiments =
            answers.flat_map(|(o, _)| self.model.experiments.values().filter(move |e| e.tests == Some(o)));
        Some(match experiments.into_iter().next() {
            Some(e) => {
                let go = Piece::go(&e.meta.title, format!("{}.html", crate::render::report_file(e)));
                let state = Piece::text(self.words.t(super::items::state(e).1));
                self.words.say("minute.pain_tested", 0, &[("pain", title), ("experiment", go), ("state", state)])
            }
            None => self.words.say("minute.pain", 0, &[("pain", title)]),
        })
    }

    /// With data: a promise that fewer than nine in ten see kept; else the first that is kept.
    fn broken_promise(&self) -> Option<Rich> {
        let data = self.data?;
        let all = self.grid.touches_all().filter_map(|touch| {
            let (rate, spread) = data.touchpoints.get(&touch.is.today?)?.promise?;
            Some((touch, rate, rate.share()?, spread))
        });
        let (touch, rate, share, spread) = all.min_by(|a, b| a.2.total_cmp(&b.2))?;
        let touchpoint = self.grid.touchpoint(touch)?;
        let promise = touchpoint.promise.as_ref()?;
        let key = if share >= 0.9 { "minute.promise_kept" } else { "minute.promise_broken" };
        let values = [
            ("place", Piece::go(&touchpoint.meta.title, format!("#{}", self.touch_anchor(touch)))),
            ("share", Piece::figure(self.share(rate))),
            ("time", Piece::text(self.words.duration(promise.within))),
            ("median", Piece::text(spread.map_or("–".to_owned(), |s| self.words.seconds(s.median)))),
        ];
        Some(self.words.say(key, 0, &values))
    }

    /// The gap to the ideal that ranks first.
    fn biggest_gap(&self) -> Option<Rich> {
        let gaps = self.ranked_gaps();
        let first = gaps.iter().find(|g| g.felt.is_some() && g.distance > 0)?;
        let (today, ideal) = first.felt?;
        let value = |v: i8| Piece::figure(self.words.signed(f64::from(v), 0));
        let place = Piece::go(&first.row.place, format!("#{}", first.row.to));
        let values = [
            ("n", Piece::figure(gaps.len().to_string())),
            ("place", place),
            ("today", value(today)),
            ("ideal", value(ideal)),
        ];
        Some(self.words.say("minute.gap", gaps.len() as u64, &values))
    }

    /// How many pains nothing tries to heal.
    fn pains_untested(&self) -> Option<Rich> {
        let open =
            self.pains_here().into_iter().filter(|&p| self.model.pains[p].solved.is_none() && !self.is_tested(p));
        let count = open.count() as u64;
        (count > 0).then(|| self.words.say("minute.untested", count, &[]))
    }

    /// Personas that nothing but guesses stands behind.
    fn assumed_personas(&self) -> Option<Rich> {
        let assumed = self.grid.personas().iter().filter(|&&p| self.model.personas[p].is_assumption());
        let count = assumed.count() as u64;
        (count > 0).then(|| self.words.say("minute.assumed", count, &[]))
    }

    /// How many experiments run now.
    fn running(&self) -> Option<Rich> {
        let running = self.grid.experiments().into_iter().filter(|(_, e)| e.status.name() == "running").count() as u64;
        (running > 0).then(|| self.words.say("minute.running", running, &[]))
    }
}
