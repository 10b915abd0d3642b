//! The journey map: [`map`] draws a journey as a table of stages and lanes, with or without data.

mod cards;
mod curve;
pub mod data;
mod funnels;
mod gaps;
mod grid;
mod handovers;
mod items;
mod json;
mod markdown;
mod minute;
mod numbers;
mod rows;
mod travels;
mod view;
mod voice;
mod watched;

pub use data::MapData;
pub use json::{MapModel, map_data};

use super::index::{Change, changed};
use super::page::{self, RenderError};
use super::rich::{Piece, Rich, inline};
use super::words::Words;
use super::{Document, Options, escape};
use crate::model::journey::Phase;
use crate::model::{Id, Journey, Model, Persona};
pub(in crate::render) use curve::short;
pub(in crate::render) use funnels::rules;
use grid::{Grid, When};
pub(in crate::render) use items::state;
use view::{LegendItem, MapPage, PersonaKey, PhaseHead, Sheet, StageHead};

/// All that the parts of a map are drawn from.
struct Ctx<'a> {
    model: &'a Model,
    grid: Grid<'a>,
    words: &'a Words,
    data: Option<&'a MapData>,
    revision: Option<&'a str>,
    portraits: &'a [(String, String)],
    changes: &'a [Change],
}

/// Returns the map of a journey; an ideal journey is laid over the one it is the ideal of.
///
/// # Errors
/// When a template is wrong; ours are tested not to be.
pub fn map(
    model: &Model,
    journey: Id<Journey>,
    data: Option<&MapData>,
    options: &Options,
) -> Result<Document, RenderError> {
    let grid = Grid::new(model, journey);
    let (words, revision, portraits) = (&*options.words, options.revision.as_deref(), &*options.portraits);
    let ctx = Ctx { model, grid, words, data, revision, portraits, changes: &options.changes };
    let view = ctx.page(&model.journeys[journey]);
    let width = LANE_WIDTH + view.stages.iter().map(|s| stage_width(s.width)).sum::<usize>();
    let fit = page::Fit { personas: view.personas.len(), width, stages: view.choosable };
    let html = page::page("map.html", &view, options, fit)?;
    Ok(Document { html, markdown: markdown::write(&view, &options.words) })
}

impl<'a> Ctx<'a> {
    fn page(&self, shown: &Journey) -> MapPage {
        let journey = self.grid.journey;
        let from_to = journey.starts.as_deref().zip(journey.ends.as_deref()).map(|(starts, ends)| {
            self.words.say("map.from_to", 0, &[("starts", Piece::name(starts)), ("ends", Piece::name(ends))])
        });
        MapPage {
            project: self.model.manifest.name.clone(),
            title: shown.meta.title.clone(),
            about: shown.meta.about.as_deref().or(journey.meta.about.as_deref()).map(inline),
            from_to,
            facts: self.facts(),
            minute: self.minute(),
            has_ideal: self.grid.ideal.is_some(),
            opens_ideal: self.grid.opens_ideal,
            has_data: self.data.is_some(),
            simulated: self.data.is_some_and(|d| d.simulated),
            personas: self.persona_keys(),
            phases: self.phases(),
            stages: self.stages(),
            sheets: self.sheets(),
            choosable: Some(self.grid.columns.len()).filter(|n| (2..=CHOOSABLE).contains(n)).unwrap_or(0),
            bands: self.bands(),
            legend: self.legend(),
            cards: self.cards(),
            gaps: self.gaps(),
            funnels: self.funnels(),
            paths: self.path_parts(),
            handovers: self.handover_parts(),
            credit: self.credit_parts(),
            experiments: self.experiment_rows(),
            voice: self.voice(),
            claims: self.claims(),
            watched: self.watched(),
            questions: self.open_questions(),
            changes: self.changed(shown),
            made: self.made(),
            footer: self.footer(),
        }
    }

    fn facts(&self) -> Vec<Rich> {
        let count = |key, n: usize| self.words.say(key, n as u64, &[]);
        let mut out = vec![
            count("map.stages", self.grid.columns.len()),
            count("map.touchpoints", self.grid.touches_all().count()),
            count("map.personas", self.grid.personas().len()),
        ];
        if let Some(data) = self.data {
            let people = Piece::figure(self.count(data.people));
            out.push(self.words.say("map.people", plural_of(data.people), &[("n", people)]));
            out.extend(data.days.map(|(a, b)| vec![Piece::text(self.words.dates(a, b))]));
            out.extend(data.consented.map(|share| {
                self.words.say("map.consented", 0, &[("share", Piece::figure(self.words.percent(share, 0)))])
            }));
        }
        out
    }

    fn persona_keys(&self) -> Vec<PersonaKey> {
        let key = |(index, &id): (usize, &Id<Persona>)| {
            let meta = &self.model.personas[id].meta;
            PersonaKey {
                index,
                name: short_name(&meta.title).to_owned(),
                title: meta.title.clone(),
                anchor: escape::anchor("who", &meta.id),
            }
        };
        self.grid.personas().iter().enumerate().map(key).collect()
    }

    /// Returns the places of personas among those who travel, for the classes that hide and show.
    fn of(&self, personas: &[Id<Persona>]) -> Vec<usize> {
        let all = self.grid.personas();
        let places: Vec<usize> = personas.iter().filter_map(|p| all.iter().position(|q| q == p)).collect();
        if places.len() == all.len() { Vec::new() } else { places }
    }

    /// Returns the short names of personas by their places.
    fn names(&self, of: &[usize]) -> String {
        let name = |&i: &usize| self.grid.personas().get(i).map(|&p| short_name(&self.model.personas[p].meta.title));
        of.iter().filter_map(name).collect::<Vec<_>>().join(self.words.t("list.comma"))
    }

    fn phases(&self) -> Vec<PhaseHead> {
        self.phases_of(&self.grid.columns)
    }

    fn phases_of(&self, columns: &[grid::Column]) -> Vec<PhaseHead> {
        let mut out: Vec<PhaseHead> = Vec::new();
        for column in columns {
            let phase = self.grid.phase(column);
            let when = if column.is.today.is_none() { When::Ideal } else { When::Always };
            let class = phase_class(phase);
            match out.last_mut() {
                Some(last) if last.class == class && last.when == when => last.span += 1,
                _ => out.push(PhaseHead { label: self.phase_label(phase), class, span: 1, when }),
            }
        }
        out
    }

    /// Returns the stages sheet by sheet where one sheet cannot hold them: a sheet ends with a phase where it can.
    fn sheets(&self) -> Vec<Sheet> {
        let all = &self.grid.columns;
        let mut out = Vec::new();
        let mut from = 0;
        while all.len() > SHEET && from < all.len() {
            let full = (from + SHEET).min(all.len());
            let ends = |at: usize| {
                let phase = |i: usize| all.get(i).map(|c| phase_class(self.grid.phase(c)));
                at == all.len() || phase(at - 1) != phase(at)
            };
            let to = (from + SHEET / 2..=full).rev().find(|&at| ends(at)).unwrap_or(full);
            out.push(Sheet { from, to, phases: self.phases_of(all.get(from..to).unwrap_or_default()) });
            from = to;
        }
        out
    }

    fn phase_label(&self, phase: Option<Phase>) -> String {
        let key = match phase {
            Some(Phase::PreSale) => "phase.pre-sale",
            Some(Phase::Sale) => "phase.sale",
            Some(Phase::PostSale) => "phase.post-sale",
            None => "phase.none",
        };
        self.words.t(key).to_owned()
    }

    fn stages(&self) -> Vec<StageHead> {
        let head = |(hue, column): (usize, &grid::Column)| {
            let stage = self.grid.stage(column)?;
            Some(StageHead {
                title: stage.meta.title.clone(),
                anchor: escape::anchor("s", &stage.meta.id),
                about: stage.meta.about.as_deref().map(inline),
                when: if column.is.today.is_none() { When::Ideal } else { When::Always },
                hue: hue % 6,
                width: column.touches.len().clamp(1, 12),
                effort: stage.place.effort.map(|e| self.effort(e)),
                spend: stage.place.spends.iter().map(|s| self.spend(s)).collect(),
            })
        };
        self.grid.columns.iter().enumerate().filter_map(head).collect()
    }

    fn legend(&self) -> Vec<LegendItem> {
        let label = |key| self.words.t(key).to_owned();
        let lines = self.drawn(&|_, _| String::new());
        let apart = self.grid.personas().len() < 2 || lines.iter().any(|d| d.persona.is_some());
        let keys = self.persona_keys().into_iter();
        let mut out: Vec<LegendItem> = match (lines.iter().all(|d| d.points.is_empty()), apart) {
            (true, _) => Vec::new(),
            (_, true) => keys.map(|p| LegendItem { icon: "felt", persona: Some(p.index), label: p.title }).collect(),
            (_, false) => vec![LegendItem { icon: "felt", persona: None, label: label("view.all") }],
        };
        if self.grid.ideal.is_some() {
            out.push(LegendItem { icon: "ideal", persona: None, label: label("legend.ideal") });
        }
        if self.data.is_some_and(|d| !d.measured.is_empty()) {
            out.push(LegendItem { icon: "measured", persona: None, label: label("legend.measured") });
        }
        out
    }

    /// Returns what of the build before changed on this map and in its experiments.
    fn changed(&self, shown: &Journey) -> Vec<Rich> {
        let tests = self.grid.experiments();
        let mut pages: Vec<String> = tests.iter().map(|(_, e)| format!("{}.html", super::report_file(e))).collect();
        pages.push(format!("{}.html", super::map_file(shown)));
        let here = |c: &&Change| c.page().is_some_and(|page| pages.iter().any(|p| p == page));
        self.changes.iter().filter(here).map(|c| changed(self.words, c)).collect()
    }

    fn footer(&self) -> Vec<String> {
        let made = self.words.fill("footer.made", &[("version", env!("CARGO_PKG_VERSION"))]);
        let revision = self.revision.map(|r| self.words.fill("footer.revision", &[("revision", r)]));
        let days = self.data.and_then(|d| d.days).map(|(a, b)| self.words.dates(a, b));
        std::iter::once(made).chain(revision).chain(days).collect()
    }
}

/// How many stages a sheet of A3 holds.
const SHEET: usize = 8;

/// The most stages that a phone offers one by one.
const CHOOSABLE: usize = 24;

/// The width of the column of lanes, in rem.
const LANE_WIDTH: usize = 8;

/// Returns the width of a stage of so many touchpoints, in rem; the style sheet has the same.
fn stage_width(touchpoints: usize) -> usize {
    13 + touchpoints
}

/// Returns the number that chooses a plural form: many, where it is masked.
fn plural_of(count: data::Count) -> u64 {
    match count {
        data::Count::Exactly(n) => n,
        data::Count::Masked => 5,
    }
}

/// Returns the class that colours a phase.
fn phase_class(phase: Option<Phase>) -> &'static str {
    match phase {
        Some(Phase::PreSale) => "pre",
        Some(Phase::Sale) => "sale",
        Some(Phase::PostSale) => "post",
        None => "none",
    }
}

/// Returns a persona's title up to its first comma, dash or bracket: "Maya" of "Maya, the late beginner".
fn short_name(title: &str) -> &str {
    let ends = [',', '，', '、', '(', '（', '–', '—', ':'];
    let short = title.split(ends).next().unwrap_or(title).trim();
    if short.is_empty() { title } else { short }
}

/// Returns the emotion curve of a journey as a picture by itself.
pub(super) fn curve_svg(model: &Model, journey: Id<Journey>, options: &Options) -> String {
    let grid = Grid::new(model, journey);
    let ctx = Ctx { model, grid, words: &options.words, data: None, revision: None, portraits: &[], changes: &[] };
    super::svg::curve(&ctx.curve_picture())
}

impl Ctx<'_> {
    fn curve_picture(&self) -> super::svg::CurvePicture {
        let total = self.grid.columns.iter().map(|c| c.touches.len().max(1)).sum::<usize>().max(1) as f64;
        let stage = |c: &grid::Column| {
            (
                self.grid.stage(c).map(|s| s.meta.title.clone()).unwrap_or_default(),
                c.touches.len().max(1) as f64 / total,
            )
        };
        let at = |x: f64, value: f64| super::svg::curve_point(x / total, value);
        let keys = self.persona_keys();
        let name = |i: Option<usize>| i.and_then(|i| keys.get(i)).map(|k| k.name.clone()).unwrap_or_default();
        let lines = self.drawn(&at).into_iter().map(|d| super::svg::CurveLine {
            name: name(d.persona),
            persona: d.persona.unwrap_or(0),
            felt: d.felt,
            wish: d.wish,
            points: d.points.into_iter().map(|(x, v, wished)| (x / total, v, wished)).collect(),
        });
        super::svg::CurvePicture {
            title: self.grid.journey.meta.title.clone(),
            desc: self.words.t("row.feels").to_owned(),
            ideal: self.words.t("view.ideal").to_owned(),
            stages: self.grid.columns.iter().map(stage).collect(),
            lines: lines.collect(),
        }
    }
}

/// A touchpoint of a journey, as the small strip of a report shows it.
pub(super) struct Outline {
    /// Which.
    pub touchpoint: Id<crate::model::Touchpoint>,
    /// The place of its stage.
    pub stage: usize,
    /// The mean of its feelings, -3 to 3, where any are said.
    pub felt: Option<f64>,
}

/// Returns the touchpoints of a journey in order; an ideal journey says over the one it is the ideal of how it feels.
pub(super) fn outline(model: &Model, shown: Id<Journey>) -> Vec<Outline> {
    let base = model.journeys[shown].ideal_of.unwrap_or(shown);
    let felt = |touchpoint: Id<crate::model::Touchpoint>| {
        let better = model.touchpoints_of(shown).find(|(_, t)| t.pair == Some(touchpoint) && base != shown);
        let better = better.map(|(_, t)| &t.place.feelings).filter(|f| !f.is_empty());
        let feelings = better.unwrap_or(&model.touchpoints[touchpoint].place.feelings);
        let values: Vec<f64> = feelings.iter().map(|f| f64::from(f.value)).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    let stages = model.journeys[base].stages.iter().enumerate();
    let of = |(stage, &id): (usize, &Id<crate::model::Stage>)| {
        let touchpoints = &model.stages[id].touchpoints;
        touchpoints.iter().map(|&touchpoint| Outline { touchpoint, stage, felt: felt(touchpoint) }).collect::<Vec<_>>()
    };
    stages.flat_map(of).collect()
}
