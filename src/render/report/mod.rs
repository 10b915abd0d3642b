//! The report of an experiment: [`report`] puts the verdict first, then why, what was shown, what came out, how sure.

mod effects;
pub(in crate::render) mod forest;
mod markdown;
mod numbers;
mod over_time;
mod verdict;
mod view;
mod walks;

pub(in crate::render) use verdict::verdict_key;

use super::page;
use super::rich::{Piece, Rich, inline};
use super::words::Words;
use super::{Document, Options, RenderError, escape};
use crate::analysis::{CheckId, Finding, Report, Role, Sentence};
use crate::model::experiment::{Experiment, Status};
use crate::model::{Id, Model};
use view::{ArmHead, Dot, Part, PlanRow, ReportPage, Strip, Why};

/// All that the parts of a report are drawn from.
struct Ctx<'a> {
    model: &'a Model,
    experiment: &'a Experiment,
    report: &'a Report,
    words: &'a Words,
    revision: Option<&'a str>,
}

/// Returns the report of an experiment.
///
/// # Errors
/// When a template is wrong; ours are tested not to be.
pub fn report(
    model: &Model,
    experiment: Id<Experiment>,
    report: &Report,
    options: &Options,
) -> Result<Document, RenderError> {
    let revision = options.revision.as_deref();
    let ctx = Ctx { model, experiment: &model.experiments[experiment], report, words: &options.words, revision };
    let view = ctx.page();
    let html = page::page("report.html", &view, options, page::Fit::default())?;
    Ok(Document { html, markdown: markdown::write(&view, &options.words) })
}

/// Returns the forest plot of a report as a picture by itself; nothing where no effect can be shown.
pub(super) fn forest_svg(
    model: &Model,
    experiment: Id<Experiment>,
    report: &Report,
    options: &Options,
) -> Option<String> {
    let ctx = Ctx { model, experiment: &model.experiments[experiment], report, words: &options.words, revision: None };
    let says = super::rich::plain(&ctx.verdict().says);
    let groups: Vec<super::svg::ForestGroup> = ctx.effects().into_iter().filter_map(picture).collect();
    (!groups.is_empty()).then(|| super::svg::forest(&ctx.experiment.meta.title, &says, &groups))
}

fn picture(group: view::Group) -> Option<super::svg::ForestGroup> {
    let axis = group.axis?;
    let row = |r: view::EffectRow| {
        let label = if r.arm.is_empty() { r.metric } else { format!("{} · {}", r.metric, r.arm) };
        let says = if r.effect.is_empty() { r.decision_label } else { format!("{} ({})", r.effect, r.interval) };
        (label, r.mark, says)
    };
    Some(super::svg::ForestGroup {
        title: format!("{} {}", group.title, group.unit),
        axis,
        rows: group.rows.into_iter().map(row).collect(),
    })
}

/// Returns the letter of an arm: A is the control.
fn letter(arm: usize) -> String {
    let letter = u8::try_from(arm).ok().and_then(|i| b'A'.checked_add(i)).filter(u8::is_ascii_uppercase);
    letter.map(|b| char::from(b).to_string()).unwrap_or_default()
}

impl Ctx<'_> {
    fn page(&self) -> ReportPage {
        let (state, key) = super::map::state(self.experiment);
        let journey = &self.model.journeys[self.experiment.journey];
        let passed = self.report.checks.iter().filter(|c| c.finding == Finding::Pass).count();
        ReportPage {
            project: self.model.manifest.name.clone(),
            title: self.experiment.meta.title.clone(),
            map: format!("{}.html", super::map_file(journey)),
            map_title: journey.meta.title.clone(),
            state,
            state_label: self.words.t(key).to_owned(),
            simulated: self.report.provenance.simulated,
            facts: self.facts(),
            verdict: self.verdict(),
            why: self.why(),
            arms: self.arms(),
            parts: self.parts(),
            effects: self.effects(),
            numbers: self.numbers(),
            plan: self.plan(),
            plan_hint: self.withheld().unwrap_or_default().to_owned(),
            courses: self.courses(),
            ages: self.ages(),
            segments: self.segments(),
            segments_finding: self.said_of(CheckId::SegmentsExploratory),
            beside: self.beside(),
            walks: self.walks(),
            shipped: self.shipped(),
            checks: self.checks(),
            passed,
            passed_label: self.words.count(
                "checks.passed",
                passed as u64,
                &[("all", &self.report.checks.len().to_string())],
            ),
            decision: self.decision(),
            method: self.report.method.iter().map(|s| self.sentence(s)).collect(),
            provenance: self.provenance(),
            footer: self.footer(),
        }
    }

    /// Returns what stands at the end of every sheet: the program, the specs, the days of the data.
    fn footer(&self) -> Vec<String> {
        let made = self.words.fill("footer.made", &[("version", env!("CARGO_PKG_VERSION"))]);
        let revision = self.revision.map(|r| self.words.fill("footer.revision", &[("revision", r)]));
        let days = self.report.days.as_ref().map(|(from, to)| self.days(from, to));
        std::iter::once(made).chain(revision).chain(days).collect()
    }

    /// Returns the days from one to another, as the language writes them.
    fn days(&self, from: &str, to: &str) -> String {
        match (from.parse(), to.parse()) {
            (Ok(from), Ok(to)) => self.words.dates(from, to),
            _ => format!("{from} – {to}"),
        }
    }

    /// Returns what a check says; nothing where it was not looked at.
    fn said_of(&self, id: CheckId) -> String {
        let looked = |c: &&crate::analysis::Check| c.id == id && c.finding != Finding::Skipped;
        self.report.checks.iter().find(looked).map(|c| self.sentence(&c.says)).unwrap_or_default()
    }

    /// Returns a sentence in the language of the document.
    fn sentence(&self, sentence: &Sentence) -> String {
        self.words.sentence(sentence)
    }

    /// Returns the title of an arm.
    fn arm(&self, arm: usize) -> String {
        self.report.arms.get(arm).map(|a| a.title.clone()).unwrap_or_default()
    }

    /// Returns the letter and the title of an arm, where there are several to tell apart.
    fn lettered(&self, arm: usize) -> String {
        if self.report.arms.len() > 2 { format!("{} {}", letter(arm), self.arm(arm)) } else { String::new() }
    }

    fn date(&self, iso: &str) -> String {
        iso.parse().map_or_else(|_| iso.to_owned(), |d| self.words.date(d))
    }

    fn facts(&self) -> Vec<Rich> {
        let report = self.report;
        let days = match &report.days {
            Some((a, b)) => vec![Piece::text(self.days(a, b))],
            None => self.words.say(
                "report.planned",
                0,
                &[("days", Piece::text(self.days(&report.planned.from, &report.planned.to)))],
            ),
        };
        let units: u64 = report.arms.iter().map(|a| a.units).sum();
        let mut out = vec![days];
        if units > 0 {
            out.push(self.words.say("report.people", units, &[]));
        }
        if let Some(needed) = report.planned.units {
            out.push(self.words.say("report.needed", needed, &[]));
        }
        if report.round > 1 {
            out.push(self.words.say("report.round", u64::from(report.round), &[]));
        }
        out
    }

    fn why(&self) -> Why {
        let place = self.model.place(self.experiment);
        let journey = &self.model.journeys[self.experiment.journey];
        let map = format!("{}.html", super::map_file(journey));
        let to =
            |prefix: &str, id: &str, title: &str| Piece::go(title, format!("{map}#{}", escape::anchor(prefix, id)));
        let opportunity = self.experiment.tests.map(|o| &self.model.opportunities[o]);
        let pain = opportunity.and_then(|o| o.solves.first()).map(|&p| &self.model.pains[p]);
        let touchpoint = &self.model.touchpoints[place];
        Why {
            because: inline(&self.experiment.because),
            pain: pain.map(|p| vec![to("p", &p.meta.id, &p.meta.title)]),
            opportunity: opportunity.map(|o| vec![to("o", &o.meta.id, &o.meta.title)]),
            place: vec![to("t", &touchpoint.meta.id, &touchpoint.meta.title)],
            who: self.who(),
            strip: self.strip(),
        }
    }

    /// Returns who may enter and how many of them do.
    fn who(&self) -> Vec<Rich> {
        let e = self.experiment;
        let mut out = Vec::new();
        out.extend(e.audience.map(|a| {
            let audience = &self.model.audiences[a];
            let values = [
                ("audience", Piece::name(&audience.meta.title)),
                ("rule", Piece::name(audience.condition.to_string())),
            ];
            self.words.say("who.audience", 0, &values)
        }));
        let percent = |p: crate::model::value::Percent| {
            Piece::figure(self.words.fill("number.percent", &[("n", &p.0.to_string())]))
        };
        out.push(self.words.say("who.traffic", 0, &[("share", percent(e.traffic)), ("unit", Piece::name(&e.unit))]));
        for slice in &e.layers {
            let layer = Piece::name(&self.model.layers[slice.layer].meta.title);
            out.push(self.words.say("who.layer", 0, &[("layer", layer), ("share", percent(slice.takes))]));
        }
        for holdout in self.model.holdouts.values() {
            let title = Piece::name(&holdout.meta.title);
            out.push(self.words.say("who.holdout", 0, &[("holdout", title), ("share", percent(holdout.takes))]));
        }
        for &consent in &e.consents {
            out.push(self.words.say(
                "who.consent",
                0,
                &[("consent", Piece::name(&self.model.consents[consent].meta.title))],
            ));
        }
        out
    }

    fn strip(&self) -> Strip {
        let shown = super::map::outline(self.model, self.experiment.journey);
        let lit = self.model.place(self.experiment);
        let count = shown.len().max(1) as f64;
        let short = super::map::short;
        let dot = |(i, o): (usize, &super::map::Outline)| Dot {
            x: short((i as f64 + 0.5) / count * 100.0),
            y: short(24.0 - o.felt.unwrap_or(0.0) * 6.0),
            hue: o.stage % 6,
            lit: o.touchpoint == lit,
        };
        let dots: Vec<Dot> = shown.iter().enumerate().map(dot).collect();
        let lines = dots.windows(2).filter_map(|w| match w {
            [a, b] => Some((a.x.clone(), a.y.clone(), b.x.clone(), b.y.clone())),
            _ => None,
        });
        let place = &self.model.touchpoints[lit].meta.title;
        let number = (shown.iter().position(|o| o.touchpoint == lit).unwrap_or(0) + 1).to_string();
        let desc = self.words.fill("why.strip", &[("place", place), ("n", &number), ("all", &shown.len().to_string())]);
        Strip { desc, lines: lines.collect(), dots }
    }

    fn arms(&self) -> Vec<ArmHead> {
        let winner = match self.report.verdict {
            crate::analysis::Verdict::Ship { arm, .. } => Some(arm),
            _ => None,
        };
        let counted = self.report.arms.iter().any(|a| a.units > 0);
        let all: u64 = self.report.arms.iter().map(|a| a.units).sum();
        let head = |(i, arm): (usize, &crate::analysis::Arm)| {
            let share = if all == 0 { 0.0 } else { arm.units as f64 / all as f64 };
            let values = [("n", self.words.integer(arm.units)), ("share", self.words.percent(share, 1))];
            let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
            ArmHead {
                title: arm.title.clone(),
                letter: letter(i),
                control: i == 0,
                winner: winner == Some(i),
                weight: self.words.fill(
                    "arm.weight",
                    &[("share", &self.words.percent(arm.weight, usize::from(arm.weight * 100.0 % 1.0 > 0.04)))],
                ),
                units: counted.then(|| self.words.fill("arm.units", &values)),
            }
        };
        self.report.arms.iter().enumerate().map(head).collect()
    }

    /// Returns the parts that the variants set, in the order of the control's, with those that differ marked.
    fn parts(&self) -> Vec<Part> {
        let variants: Vec<_> = self
            .report
            .arms
            .iter()
            .filter_map(|a| self.experiment.variants.iter().find(|v| v.meta.id == a.key))
            .collect();
        let Some(control) = variants.first() else { return Vec::new() };
        let part = |(name, base): &(String, crate::model::value::Literal)| {
            let value = |v: &&crate::model::experiment::Variant| {
                let found = v.sets.iter().find(|(n, _)| n == name).map(|(_, l)| l);
                let text = found.map(|l| self.literal(l)).unwrap_or_default();
                (text, found != Some(base))
            };
            let values: Vec<(String, bool)> = variants.iter().map(value).collect();
            Part { name: name.clone(), changed: values.iter().any(|(_, c)| *c), values }
        };
        control.sets.iter().map(part).collect()
    }

    fn literal(&self, literal: &crate::model::value::Literal) -> String {
        use crate::model::value::Literal;
        match literal {
            Literal::Bool(true) => self.words.t("value.yes").to_owned(),
            Literal::Bool(false) => self.words.t("value.no").to_owned(),
            Literal::Text(t) => t.clone(),
            Literal::Number(n) => n.to_string(),
        }
    }

    /// Returns the metrics as planned, where nothing is measured.
    fn plan(&self) -> Vec<PlanRow> {
        let somebody = self.report.arms.iter().any(|a| a.units > 0);
        let compared = self.report.metrics.iter().any(|m| !m.comparisons.is_empty());
        if somebody && compared && self.withheld().is_none() {
            return Vec::new();
        }
        let e = self.experiment;
        let title = |id| self.model.metrics[id].meta.title.clone();
        let row = |role: Role, metric: String, change: Option<String>| {
            let (icon, key) = effects::role(role);
            let planned = change.map(|c| self.planned(role, &c)).unwrap_or_default();
            PlanRow { metric, role: icon, role_label: self.words.t(key).to_owned(), planned }
        };
        let primaries =
            e.primaries.iter().map(|p| row(Role::Primary, title(p.metric), p.expects.map(|c| self.words.planned(c))));
        let secondaries = e.secondaries.iter().map(|&m| row(Role::Secondary, title(m), None));
        let guards =
            e.guardrails.iter().map(|g| row(Role::Guardrail, title(g.metric), Some(self.words.planned(g.tolerates))));
        primaries.chain(secondaries).chain(guards).collect()
    }

    /// Returns why no effect at all is shown, where that is so for one reason.
    fn withheld(&self) -> Option<&str> {
        use crate::analysis::{Inconclusive, Outcome};
        let mut all = self.report.metrics.iter().flat_map(|m| &m.comparisons).map(|c| &c.outcome);
        let Some(Outcome::Inconclusive(why)) = all.next() else { return None };
        let one = all.all(|o| matches!(o, Outcome::Inconclusive(other) if other == why));
        let key = match why {
            Inconclusive::Withheld => "plan.withheld",
            Inconclusive::NotYet => "plan.not_yet",
            _ => return None,
        };
        one.then(|| self.words.t(key))
    }

    /// Returns what people decided, and what they ask next.
    fn decision(&self) -> Vec<Rich> {
        let e = self.experiment;
        let owner = Piece::name(&self.model.teams[e.owner].meta.title);
        let mut out = Vec::new();
        match &e.status {
            Status::Stopped(date, because) => {
                let values = [
                    ("owner", owner),
                    ("date", Piece::text(self.words.date(*date))),
                    ("because", Piece::name(because)),
                ];
                out.push(self.words.say("decision.stopped", 0, &values));
            }
            Status::Shipped(variant, date, because) => {
                let title = e.variants.get(*variant).map(|v| v.meta.title.clone()).unwrap_or_default();
                let values = [
                    ("owner", owner),
                    ("arm", Piece::name(title)),
                    ("date", Piece::text(self.words.date(*date))),
                    ("because", Piece::name(because)),
                ];
                out.push(self.words.say("decision.shipped", 0, &values));
            }
            Status::Draft | Status::Running | Status::Paused => {
                out.push(self.words.say("decision.pending", 0, &[("owner", owner)]));
            }
        }
        for restart in &e.restarts {
            let values = [
                ("n", Piece::figure(restart.number.to_string())),
                ("date", Piece::text(self.words.date(restart.from))),
                ("because", Piece::name(&restart.because)),
            ];
            out.push(self.words.say("decision.restart", 0, &values));
        }
        out.extend(
            e.next_question.as_deref().map(|q| self.words.say("decision.next", 0, &[("question", Piece::name(q))])),
        );
        out
    }

    fn provenance(&self) -> Vec<(String, String)> {
        let p = &self.report.provenance;
        let planned = &self.report.planned;
        let label = |key: &str| self.words.t(key).to_owned();
        let mut out = vec![
            (label("from.plan"), format!("{} – {}", self.date(&planned.from), self.date(&planned.to))),
            (label("from.method"), self.method_name(planned.method)),
            (
                label("from.level"),
                format!("{} / {}", self.words.percent(planned.level, 0), self.words.percent(planned.power, 0)),
            ),
        ];
        out.extend(p.spec.as_ref().map(|d| (label("from.spec"), d.clone())));
        out.extend(p.commit.as_ref().map(|c| (label("from.commit"), c.clone())));
        out.extend(p.warehouse.as_ref().map(|name| (label("from.warehouse"), name.clone())));
        for (name, digest, rows) in &p.files {
            let rows = self.words.count("from.rows", *rows, &[]);
            out.push((name.clone(), if digest.is_empty() { rows } else { format!("{rows} · {digest}") }));
        }
        out.extend(p.rows.map(|[read, used, duplicate, rejected]| {
            let n = |x: u64| self.words.integer(x);
            let values = [("used", n(used)), ("duplicates", n(duplicate)), ("rejected", n(rejected))];
            let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
            (label("from.ledger"), self.words.count("made.rows", read, &values))
        }));
        out.push((label("from.zone"), p.time_zone.clone()));
        out.retain(|(_, v)| !v.is_empty());
        out
    }

    fn method_name(&self, name: &str) -> String {
        let key = match name {
            "fixed" => "method.fixed",
            "sequential" => "method.sequential",
            "group-sequential" => "method.group",
            _ => "method.bayesian",
        };
        self.words.t(key).to_owned()
    }
}
