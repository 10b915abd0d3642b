//! The index of a project: its journeys, its experiments by state, and what needs attention.

use super::page::{self, Fit};
use super::rich::{self, Piece, Rich};
use super::words::Words;
use super::{Document, Options, RenderError, escape, map_file, report_file};
use crate::analysis::{Finding, Report, Verdict};
use crate::model::experiment::Experiment;
use crate::model::{Id, Journey, Model};
use serde::Serialize;

/// What the index knows of an experiment beside its plan.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Which.
    pub experiment: Id<Experiment>,
    /// Its report, where one was made.
    pub report: Option<&'a Report>,
}

/// What is not as it was at the build before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A map or an experiment is new.
    New {
        /// Its title.
        title: String,
        /// Its page.
        href: String,
    },
    /// One is gone.
    Gone {
        /// Its title.
        title: String,
    },
    /// A map has more or fewer touchpoints.
    Touchpoints {
        /// The map's title.
        title: String,
        /// Its page.
        href: String,
        /// How many there were.
        was: u64,
        /// How many there are.
        is: u64,
    },
    /// A map has more or fewer pains that are not solved.
    Pains {
        /// The map's title.
        title: String,
        /// Its page.
        href: String,
        /// How many there were.
        was: u64,
        /// How many there are.
        is: u64,
    },
    /// An experiment has another status.
    Status {
        /// The experiment's title.
        title: String,
        /// Its page.
        href: String,
        /// The status word it had.
        was: String,
        /// The one it has.
        is: String,
    },
    /// The numbers of an experiment say something else.
    Verdict {
        /// The experiment's title.
        title: String,
        /// Its page.
        href: String,
        /// The verdict's stable word, and the variant to ship.
        was: (String, String),
        /// The same, now.
        is: (String, String),
    },
}

#[derive(Debug, Serialize)]
struct IndexPage {
    project: String,
    facts: Vec<Rich>,
    attention: Vec<Rich>,
    changes: Vec<Rich>,
    journeys: Vec<JourneyRow>,
    states: Vec<State>,
    footer: Vec<String>,
}

#[derive(Debug, Serialize)]
struct JourneyRow {
    title: String,
    href: String,
    about: Option<Rich>,
    facts: Vec<Rich>,
    ideal: bool,
    dots: Vec<(String, String, usize)>,
    lines: Vec<(String, String, String, String)>,
}

#[derive(Debug, Serialize)]
struct State {
    mark: &'static str,
    label: String,
    rows: Vec<ExperimentRow>,
}

#[derive(Debug, Serialize)]
struct ExperimentRow {
    title: String,
    href: String,
    place: String,
    dates: String,
    owner: String,
    verdict: Rich,
    tone: &'static str,
}

struct Ctx<'a> {
    model: &'a Model,
    entries: &'a [Entry<'a>],
    words: &'a Words,
}

/// Returns the index page of a project; with what changed since the build before it, where that is known.
///
/// # Errors
/// When a template is wrong; ours are tested not to be.
pub fn index(model: &Model, entries: &[Entry], changes: &[Change], options: &Options) -> Result<Document, RenderError> {
    let ctx = Ctx { model, entries, words: &options.words };
    let made = options.words.fill("footer.made", &[("version", env!("CARGO_PKG_VERSION"))]);
    let revision = options.revision.as_ref().map(|r| options.words.fill("footer.revision", &[("revision", r)]));
    let view = IndexPage {
        project: model.manifest.name.clone(),
        facts: ctx.facts(),
        attention: ctx.attention(),
        changes: changes.iter().map(|c| changed(&options.words, c)).collect(),
        journeys: model.journeys.iter().map(|(id, j)| ctx.journey(id, j)).collect(),
        states: ctx.states(),
        footer: std::iter::once(made).chain(revision).collect(),
    };
    let html = page::page("index.html", &view, options, Fit::default())?;
    Ok(Document { html, markdown: markdown(&view, &options.words) })
}

/// The order of states on the page: what is at work first.
const STATES: [(&str, &str); 5] = [
    ("running", "state.running"),
    ("paused", "state.paused"),
    ("draft", "state.draft"),
    ("stopped", "state.stopped"),
    ("shipped", "state.shipped"),
];

impl Change {
    /// Returns the page it is about, where there is one.
    pub(super) fn page(&self) -> Option<&str> {
        match self {
            Change::Gone { .. } => None,
            Change::New { href, .. }
            | Change::Touchpoints { href, .. }
            | Change::Pains { href, .. }
            | Change::Status { href, .. }
            | Change::Verdict { href, .. } => Some(href),
        }
    }
}

impl Ctx<'_> {
    fn facts(&self) -> Vec<Rich> {
        let count = |key, n: usize| self.words.say(key, n as u64, &[]);
        vec![
            count("index.journeys", self.model.journeys.len()),
            count("index.experiments", self.model.experiments.len()),
            count("map.personas", self.model.personas.len()),
        ]
    }

    fn journey(&self, id: Id<Journey>, journey: &Journey) -> JourneyRow {
        let base = journey.ideal_of.unwrap_or(id);
        let touches = super::map::outline(self.model, id);
        let count = touches.len().max(1) as f64;
        let short = super::map::short;
        let dot = |(i, o): (usize, &super::map::Outline)| {
            (short((i as f64 + 0.5) / count * 100.0), short(22.0 - o.felt.unwrap_or(0.0) * 5.5), o.stage % 6)
        };
        let dots: Vec<(String, String, usize)> = touches.iter().enumerate().map(dot).collect();
        let line = |w: &[(String, String, usize)]| match w {
            [a, b] => Some((a.0.clone(), a.1.clone(), b.0.clone(), b.1.clone())),
            _ => None,
        };
        let stages = self.model.journeys[base].stages.len() as u64;
        JourneyRow {
            title: journey.meta.title.clone(),
            href: format!("{}.html", map_file(journey)),
            about: journey.meta.about.as_deref().map(rich::inline),
            facts: vec![
                self.words.say("map.stages", stages, &[]),
                self.words.say("map.touchpoints", touches.len() as u64, &[]),
            ],
            ideal: journey.ideal_of.is_some(),
            lines: dots.windows(2).filter_map(line).collect(),
            dots,
        }
    }

    fn states(&self) -> Vec<State> {
        let state = |(mark, key): (&'static str, &str)| {
            let here = self.model.experiments.iter().filter(|(_, e)| e.status.name() == mark);
            let rows: Vec<ExperimentRow> = here.map(|(id, e)| self.experiment(id, e)).collect();
            State { mark, label: self.words.t(key).to_owned(), rows }
        };
        STATES.into_iter().map(state).filter(|s| !s.rows.is_empty()).collect()
    }

    fn report(&self, id: Id<Experiment>) -> Option<&Report> {
        self.entries.iter().find(|e| e.experiment == id).and_then(|e| e.report)
    }

    fn experiment(&self, id: Id<Experiment>, e: &Experiment) -> ExperimentRow {
        let (verdict, tone) = self.report(id).map_or((Rich::new(), ""), |r| self.verdict(r));
        ExperimentRow {
            title: e.meta.title.clone(),
            href: format!("{}.html", report_file(e)),
            place: self.model.touchpoints[self.model.place(e)].meta.title.clone(),
            dates: self.words.dates(e.runs.0, e.runs.1),
            owner: self.model.teams[e.owner].meta.title.clone(),
            verdict,
            tone,
        }
    }

    fn verdict(&self, report: &Report) -> (Rich, &'static str) {
        let (key, tone) = super::report::verdict_key(&report.verdict);
        let arm = match report.verdict {
            Verdict::Ship { arm, .. } => report.arms.get(arm).map(|a| a.title.clone()).unwrap_or_default(),
            _ => String::new(),
        };
        (self.words.say(key, 0, &[("arm", Piece::name(arm))]), tone)
    }

    /// Returns what needs somebody: verdicts that ask for a deed, broken tests, checks that warn.
    fn attention(&self) -> Vec<Rich> {
        let mut out = Vec::new();
        for (id, e) in self.model.experiments.iter() {
            let Some(report) = self.report(id) else { continue };
            let go = Piece::go(&e.meta.title, format!("{}.html", report_file(e)));
            let key = match &report.verdict {
                Verdict::Invalid { .. } => "attention.broken",
                Verdict::Ship { .. } if e.status.name() != "shipped" => "attention.ship",
                Verdict::KeepControl { .. } if !e.status.is_concluded() => "attention.keep",
                _ if report.checks.iter().any(|c| c.finding == Finding::Fail) => "attention.check",
                _ => continue,
            };
            out.push(self.words.say(key, 0, &[("experiment", go)]));
        }
        out
    }
}

/// Returns what changed, in a sentence.
pub(super) fn changed(words: &Words, change: &Change) -> Rich {
    let number = |n: &u64| Piece::figure(words.integer(*n));
    let became = |title: &String, href: &String, was: String, is: String| {
        let values = [("what", Piece::go(title, href)), ("was", Piece::name(was)), ("is", Piece::name(is))];
        words.say("change.became", 0, &values)
    };
    match change {
        Change::New { title, href } => words.say("change.new", 0, &[("what", Piece::go(title, href))]),
        Change::Gone { title } => words.say("change.gone", 0, &[("what", Piece::name(title))]),
        Change::Touchpoints { title, href, was, is } => words.say(
            "change.touchpoints",
            0,
            &[("what", Piece::go(title, href)), ("was", number(was)), ("is", number(is))],
        ),
        Change::Pains { title, href, was, is } => {
            words.say("change.pains", 0, &[("what", Piece::go(title, href)), ("was", number(was)), ("is", number(is))])
        }
        Change::Status { title, href, was, is } => became(title, href, state(words, was), state(words, is)),
        Change::Verdict { title, href, was, is } => {
            became(title, href, verdict_named(words, was), verdict_named(words, is))
        }
    }
}

/// Returns the label of a status word; another word stays as it is.
fn state(words: &Words, word: &str) -> String {
    let key = STATES.iter().find(|(name, _)| *name == word).map(|(_, key)| *key);
    key.map_or_else(|| word.to_owned(), |key| words.t(key).to_owned())
}

/// Returns the fixed words of a verdict by its stable word, without the full stop; another word stays as it is.
fn verdict_named(words: &Words, (name, variant): &(String, String)) -> String {
    let key = match name.as_str() {
        "not-started" => "verdict.not_started",
        "ship" => "verdict.ship",
        "keep-control" => "verdict.keep",
        "no-difference" => "verdict.same",
        "keep-running" => "verdict.wait",
        "cannot-tell" => "verdict.unknown",
        "invalid" => "verdict.broken",
        other => return other.to_owned(),
    };
    words.fill(key, &[("arm", variant)]).trim_end_matches(['.', '。']).to_owned()
}

fn markdown(page: &IndexPage, words: &Words) -> String {
    let esc = escape::markdown;
    let twin = |href: &str| href.replace(".html", ".md");
    let mut out = format!("# {}\n\n", esc(&page.project));
    out += &format!("{}\n", page.facts.iter().map(|f| rich::markdown(f)).collect::<Vec<_>>().join(" · "));
    if !page.attention.is_empty() {
        out += &format!("\n## {}\n\n", esc(words.t("index.attention")));
        page.attention.iter().for_each(|a| out += &format!("- {}\n", rich::markdown(a)));
    }
    if !page.changes.is_empty() {
        out += &format!("\n## {}\n\n", esc(words.t("index.changed")));
        page.changes.iter().for_each(|c| out += &format!("- {}\n", rich::markdown(c)));
    }
    out += &format!("\n## {}\n\n", esc(words.t("index.maps")));
    for j in &page.journeys {
        let facts = j.facts.iter().map(|f| rich::markdown(f)).collect::<Vec<_>>().join(" · ");
        out += &format!("- [{}](<{}>) <sub>{facts}</sub>\n", esc(&j.title), twin(&j.href));
    }
    for state in &page.states {
        out += &format!("\n## {} · {}\n\n", esc(words.t("map.experiments")), esc(&state.label));
        for e in &state.rows {
            let verdict = rich::markdown(&e.verdict);
            out += &format!(
                "- [{}](<{}>) {verdict} <sub>{} · {} · {}</sub>\n",
                esc(&e.title),
                twin(&e.href),
                esc(&e.place),
                esc(&e.dates),
                esc(&e.owner)
            );
        }
    }
    out
}
