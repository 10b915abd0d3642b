//! The map as data: [`map_data`] holds what a page of it shows, for programs that draw or compare it themselves.
//!
//! Numbers are numbers, and every place is named by the id it has in the specs. Words (titles, lines, notes) are those of
//! the page, in its language; the keys of rows and views are not words and do not change with it.

use super::Ctx;
use super::data::{Count, FunnelData, MapData, Rate, Spot as At, Spread};
use super::grid::{Column, Grid, Touch, When};
use super::view::{Cell, Item, Row};
use crate::model::{Id, Journey, Model, Persona};
use crate::render::Options;
use crate::render::rich;
use serde::Serialize;

/// The name and version of the JSON form.
pub const SCHEMA: &str = "waypost/map/1";

/// What a page of a map shows.
#[derive(Debug, Serialize)]
pub struct MapModel {
    schema: &'static str,
    project: String,
    journey: String,
    title: String,
    ideal: Option<String>,
    revision: Option<String>,
    data: Option<DataHead>,
    personas: Vec<Named>,
    stages: Vec<StageModel>,
    rows: Vec<RowModel>,
    curves: Vec<CurveModel>,
    measured: Vec<MeasuredModel>,
    funnels: Vec<FunnelModel>,
    handovers: Vec<HandoverModel>,
    gaps: Vec<GapModel>,
    experiments: Vec<ExperimentModel>,
}

#[derive(Debug, Serialize)]
struct Named {
    id: String,
    title: String,
}

#[derive(Debug, Serialize)]
struct DataHead {
    days: Option<(String, String)>,
    people: Option<u64>,
    consented: Option<f64>,
    simulated: bool,
}

#[derive(Debug, Serialize)]
struct StageModel {
    id: String,
    title: String,
    phase: Option<&'static str>,
    view: &'static str,
    numbers: Option<StageNumbers>,
    touchpoints: Vec<TouchModel>,
}

#[derive(Debug, Serialize)]
struct StageNumbers {
    reached: Option<u64>,
    moved_on: Option<RateModel>,
    on_target: Option<RateModel>,
    seconds_to_next: Option<SpreadModel>,
}

#[derive(Debug, Serialize)]
struct TouchModel {
    number: usize,
    id: String,
    title: String,
    channel: Option<String>,
    view: &'static str,
    numbers: Option<TouchNumbers>,
}

#[derive(Debug, Serialize)]
struct TouchNumbers {
    reached: Option<u64>,
    lost: Option<RateModel>,
    promise_kept: Option<RateModel>,
}

/// How many of how many; null where fewer than the project shows.
#[derive(Debug, Serialize)]
struct RateModel {
    hits: Option<u64>,
    of: Option<u64>,
    interval: Option<(f64, f64)>,
}

#[derive(Debug, Serialize)]
struct SpreadModel {
    median: f64,
    low: f64,
    high: f64,
}

#[derive(Debug, Serialize)]
struct RowModel {
    row: &'static str,
    label: String,
    cells: Vec<CellModel>,
}

/// What a row holds at a stage; cells that hold nothing are left out.
#[derive(Debug, Serialize)]
struct CellModel {
    stage: String,
    entries: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    touchpoint: Option<String>,
    view: &'static str,
    personas: Vec<String>,
    text: String,
    marks: Vec<String>,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct CurveModel {
    persona: Option<String>,
    felt: Vec<PointModel>,
    ideal: Vec<PointModel>,
}

/// A feeling: where on the map, each touchpoint one unit wide (a stage without any one too), and -3 to 3.
#[derive(Debug, Serialize)]
struct PointModel {
    at: f64,
    value: f64,
}

#[derive(Debug, Serialize)]
struct MeasuredModel {
    stage: Option<String>,
    touchpoint: Option<String>,
    metric: String,
    value: f64,
    interval: Option<(f64, f64)>,
    people: u64,
}

#[derive(Debug, Serialize)]
struct FunnelModel {
    funnel: Option<String>,
    title: String,
    persona: Option<String>,
    steps: Vec<StepModel>,
    ledger: LedgerModel,
}

#[derive(Debug, Serialize)]
struct StepModel {
    title: String,
    reached: Option<u64>,
    seconds: Option<SpreadModel>,
}

#[derive(Debug, Serialize)]
struct LedgerModel {
    entrants: u64,
    converted: u64,
    dropped: u64,
    failed: u64,
    immature: u64,
    excluded: u64,
    without_consent: u64,
}

#[derive(Debug, Serialize)]
struct HandoverModel {
    touchpoint: String,
    by: Option<String>,
    from: String,
    to: String,
    changed: RateModel,
    went_on: RateModel,
    stayed_went_on: RateModel,
}

#[derive(Debug, Serialize)]
struct GapModel {
    rank: usize,
    kind: &'static str,
    stage: String,
    touchpoint: Option<String>,
    felt: Option<i8>,
    felt_ideally: Option<i8>,
    today: Vec<String>,
    ideal: Vec<String>,
    answers: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ExperimentModel {
    id: String,
    title: String,
    state: &'static str,
    touchpoint: String,
}

/// Returns what a page of a journey shows, as data.
pub fn map_data(model: &Model, journey: Id<Journey>, data: Option<&MapData>, options: &Options) -> MapModel {
    let grid = Grid::new(model, journey);
    let (words, revision, portraits) = (&*options.words, options.revision.as_deref(), &*options.portraits);
    let ctx = Ctx { model, grid, words, data, revision, portraits, changes: &options.changes };
    ctx.as_data()
}

impl Ctx<'_> {
    fn as_data(&self) -> MapModel {
        let journey = self.grid.journey;
        let columns = &self.grid.columns;
        let rows = self.bands().into_iter().flat_map(|b| b.rows);
        MapModel {
            schema: SCHEMA,
            project: self.model.manifest.name.clone(),
            journey: journey.meta.id.clone(),
            title: journey.meta.title.clone(),
            ideal: self.grid.ideal.map(|j| j.meta.id.clone()),
            revision: self.revision.map(str::to_owned),
            data: self.data.map(data_head),
            personas: self.grid.personas().iter().map(|&p| self.named(p)).collect(),
            stages: columns.iter().filter_map(|c| self.stage_model(c)).collect(),
            rows: rows.map(|r| self.row_model(r)).collect(),
            curves: self.curve_models(),
            measured: self.measured_models(),
            funnels: self.data.map_or(&[][..], |d| &d.funnels).iter().map(|f| self.funnel_model(f)).collect(),
            handovers: self.handover_models(),
            gaps: self.gap_models(),
            experiments: self.experiment_models(),
        }
    }

    fn named(&self, persona: Id<Persona>) -> Named {
        let meta = &self.model.personas[persona].meta;
        Named { id: meta.id.clone(), title: meta.title.clone() }
    }

    fn persona_id(&self, place: usize) -> Option<String> {
        self.grid.personas().get(place).map(|&p| self.model.personas[p].meta.id.clone())
    }

    fn touch_id(&self, number: Option<usize>) -> Option<String> {
        let touch = self.grid.touches_all().find(|t| Some(t.number) == number)?;
        self.grid.touchpoint(touch).map(|t| t.meta.id.clone())
    }

    fn stage_id(&self, column: &Column) -> String {
        self.grid.stage(column).map(|s| s.meta.id.clone()).unwrap_or_default()
    }

    fn stage_model(&self, column: &Column) -> Option<StageModel> {
        let stage = self.grid.stage(column)?;
        let numbers = self.data.zip(column.is.today).and_then(|(d, s)| d.stages.get(&s)).map(|d| StageNumbers {
            reached: exactly(d.reach),
            moved_on: d.moved_on.map(rate),
            on_target: d.target.map(rate),
            seconds_to_next: d.to_next.map(spread),
        });
        Some(StageModel {
            id: stage.meta.id.clone(),
            title: stage.meta.title.clone(),
            phase: self.grid.phase(column).map(crate::model::journey::Phase::name),
            view: if column.is.today.is_none() { "ideal" } else { "both" },
            numbers,
            touchpoints: column.touches.iter().filter_map(|t| self.touch_model(t)).collect(),
        })
    }

    fn touch_model(&self, touch: &Touch) -> Option<TouchModel> {
        let touchpoint = self.grid.touchpoint(touch)?;
        let data = self.data.zip(touch.is.today).and_then(|(d, t)| d.touchpoints.get(&t));
        Some(TouchModel {
            number: touch.number,
            id: touchpoint.meta.id.clone(),
            title: touchpoint.meta.title.clone(),
            channel: touchpoint.channel.map(|c| self.model.channels[c].meta.id.clone()),
            view: view(Some(touch.when)),
            numbers: data.map(|d| TouchNumbers {
                reached: exactly(d.reach),
                lost: d.lost.map(rate),
                promise_kept: d.promise.map(|(kept, _)| rate(kept)),
            }),
        })
    }

    fn row_model(&self, row: Row) -> RowModel {
        let stages = self.grid.columns.iter().map(|c| self.stage_id(c));
        let cell = |(stage, cell): (String, Cell)| {
            let bar = cell.bar.map(|b| Entry { text: rich::plain(&b.text), ..self.entry(&Item::default()) });
            let entries: Vec<Entry> = bar.into_iter().chain(cell.items.iter().map(|i| self.entry(i))).collect();
            (!entries.is_empty()).then_some(CellModel { stage, entries })
        };
        RowModel { row: row.key, label: row.label, cells: stages.zip(row.cells).filter_map(cell).collect() }
    }

    fn entry(&self, item: &Item) -> Entry {
        let marks = item.icon.iter().chain(&item.marks).map(|i| i.label.clone()).filter(|l| !l.is_empty());
        Entry {
            touchpoint: self.touch_id(item.number),
            view: view(item.when),
            personas: item.of.iter().filter_map(|&p| self.persona_id(p)).collect(),
            text: rich::plain(&item.text),
            marks: marks.collect(),
            notes: item.notes.iter().map(|n| rich::plain(n)).collect(),
        }
    }

    fn curve_models(&self) -> Vec<CurveModel> {
        let curve = |drawn: super::curve::Drawn| {
            let part = |wished: bool| {
                let of = drawn.points.iter().filter(|p| p.2 == wished);
                of.map(|&(at, value, _)| PointModel { at, value }).collect::<Vec<_>>()
            };
            let persona = drawn.persona.and_then(|p| self.persona_id(p));
            CurveModel { persona, felt: part(false), ideal: part(true) }
        };
        let all = self.drawn(&|_, _| String::new()).into_iter().map(curve);
        all.filter(|c| !c.felt.is_empty() || !c.ideal.is_empty()).collect()
    }

    fn measured_models(&self) -> Vec<MeasuredModel> {
        let one = |m: &super::data::Measured| {
            let (stage, touchpoint) = match m.at {
                At::Stage(s) => (Some(self.model.stages[s].meta.id.clone()), None),
                At::Touchpoint(t) => (None, Some(self.model.touchpoints[t].meta.id.clone())),
            };
            let metric = self.model.metrics[m.metric].meta.id.clone();
            MeasuredModel { stage, touchpoint, metric, value: m.value, interval: m.interval, people: m.people }
        };
        self.data.map_or(&[][..], |d| &d.measured).iter().map(one).collect()
    }

    fn funnel_model(&self, funnel: &FunnelData) -> FunnelModel {
        let meta = funnel.funnel.map(|f| &self.model.funnels[f].meta);
        let ledger = &funnel.ledger;
        let step = |s: &super::data::FunnelStep| StepModel {
            title: s.title.clone(),
            reached: exactly(s.reached),
            seconds: s.time.map(spread),
        };
        FunnelModel {
            funnel: meta.map(|m| m.id.clone()),
            title: meta.map_or_else(|| self.words.t("funnel.map").to_owned(), |m| m.title.clone()),
            persona: funnel.persona.map(|p| self.model.personas[p].meta.id.clone()),
            steps: funnel.steps.iter().map(step).collect(),
            ledger: LedgerModel {
                entrants: ledger.entrants,
                converted: ledger.converted,
                dropped: ledger.dropped,
                failed: ledger.failed,
                immature: ledger.immature,
                excluded: ledger.excluded,
                without_consent: ledger.without_consent,
            },
        }
    }

    fn handover_models(&self) -> Vec<HandoverModel> {
        let one = |found: &super::data::HandoverData| {
            let handover = self.grid.journey.handovers.get(found.index)?;
            Some(HandoverModel {
                touchpoint: self.model.touchpoints[handover.at].meta.id.clone(),
                by: handover.by.clone(),
                from: handover.from.clone(),
                to: handover.to.clone(),
                changed: rate(found.changed),
                went_on: rate(found.went_on),
                stayed_went_on: rate(found.stayed_went_on),
            })
        };
        self.data.map_or(&[][..], |d| &d.handovers).iter().filter_map(one).collect()
    }

    fn gap_models(&self) -> Vec<GapModel> {
        let texts = |items: &[Item]| -> Vec<String> {
            let text = |i: &Item| {
                let face = i.icon.as_ref().filter(|i| i.shown).map(|i| i.label.clone());
                let words = Some(rich::plain(&i.text)).filter(|t| !t.is_empty());
                face.into_iter().chain(words).collect::<Vec<_>>().join(" ")
            };
            items.iter().map(text).collect()
        };
        let one = |(rank, gap): (usize, super::gaps::Gap)| GapModel {
            rank: rank + 1,
            kind: gap.kind.name(),
            stage: gap.stage.clone(),
            touchpoint: self.touch_id(gap.row.number),
            felt: gap.felt.map(|f| f.0),
            felt_ideally: gap.felt.map(|f| f.1),
            today: texts(&gap.row.today),
            ideal: texts(&gap.row.ideal),
            answers: texts(&gap.row.answers),
        };
        self.ranked_gaps().into_iter().enumerate().map(one).collect()
    }

    fn experiment_models(&self) -> Vec<ExperimentModel> {
        let one = |(_, e): (_, &crate::model::Experiment)| ExperimentModel {
            id: e.meta.id.clone(),
            title: e.meta.title.clone(),
            state: e.status.name(),
            touchpoint: self.model.touchpoints[self.model.place(e)].meta.id.clone(),
        };
        self.grid.experiments().into_iter().map(one).collect()
    }
}

fn data_head(data: &MapData) -> DataHead {
    DataHead {
        days: data.days.map(|(a, b)| (a.to_string(), b.to_string())),
        people: exactly(data.people),
        consented: data.consented,
        simulated: data.simulated,
    }
}

/// Returns the number; nothing where it is smaller than the project shows.
fn exactly(count: Count) -> Option<u64> {
    match count {
        Count::Exactly(n) => Some(n),
        Count::Masked => None,
    }
}

fn rate(rate: Rate) -> RateModel {
    RateModel { hits: exactly(rate.hits), of: exactly(rate.base), interval: rate.interval }
}

fn spread(spread: Spread) -> SpreadModel {
    SpreadModel { median: spread.median, low: spread.low, high: spread.high }
}

fn view(when: Option<When>) -> &'static str {
    match when {
        None | Some(When::Always) => "both",
        Some(When::Today) => "today",
        Some(When::Ideal) => "ideal",
    }
}
