//! A project with what its data says: [`Measured`].

mod masked;

use super::project::Project;
use super::{Failure, World, connect, progress, warehouse};
use crate::analysis::{self, Calibration, Input, Provenance, Report, Settings, journey};
use crate::engine::{self, EngineError, Options};
use crate::model::value::Date;
use crate::model::{Id, Journey, Model};
use crate::payload::{self, Stage};
use crate::plan::{Plan, SourceShape, Tool, Wanted};
use crate::render::map::data::{Count, FunnelData, HandoverData, MapData, Measured as Spotted, RowKind, Spot};
use crate::sql::{self, Asks, Script};
use crate::tally::{Counts, MapGroup, Tallies, Who};
use jiff::tz::TimeZone;
use masked::{Mask, ledger, places, stage, step};

/// What the data of a project says.
pub struct Measured<'m> {
    model: &'m Model,
    plan: Plan,
    counts: Counts,
    provenance: Provenance,
    calibration: Option<(String, Calibration)>,
    today: Date,
}

impl<'m> Measured<'m> {
    /// Returns what the data of a project says, as far as it is wanted; nothing is counted where the manifest names none.
    ///
    /// # Errors
    /// A file cannot be read, or too much of it is dirt.
    pub fn new(
        world: &World<'_>,
        project: &Project,
        model: &'m Model,
        today: Date,
        wanted: Wanted<'_>,
    ) -> Result<Self, Failure> {
        Self::of(world, project, (model, today), Plan::whole(model), wanted)
    }

    /// Returns what the data of a project says, with each funnel as another tool counts it.
    ///
    /// # Errors
    /// A file cannot be read, or too much of it is dirt.
    pub fn beside(
        world: &World<'_>,
        project: &Project,
        model: &'m Model,
        today: Date,
        tool: Tool,
    ) -> Result<Self, Failure> {
        let mut plan = Plan::whole(model);
        plan.compare_with(tool);
        Self::of(world, project, (model, today), plan, Wanted::Journeys)
    }

    fn of(
        world: &World<'_>,
        project: &Project,
        (model, today): (&'m Model, Date),
        plan: Plan,
        wanted: Wanted<'_>,
    ) -> Result<Self, Failure> {
        let payload = payload::build(model, Stage::Running);
        let far = engine::Progress::default();
        let options = Options { payload: Some(&payload), progress: Some(&far), wanted, ..options(world, today, &plan) };
        let say = || progress::counting(&far);
        let mut counts = match plan.sources.is_empty() {
            true => Counts::default(),
            false => progress::during(world, say, || count(&plan, project, &options))?,
        };
        counts.experiments.resize_with(plan.experiments.len(), Tallies::default);
        let provenance = provenance(model, &plan, &counts);
        let calibration = calibration(project)?;
        Ok(Self { model, plan, counts, provenance, calibration, today })
    }

    /// Returns what a warehouse says of the same rows, as far as it is wanted.
    ///
    /// # Errors
    /// The warehouse cannot be asked, or does not answer.
    pub fn on(
        world: &World<'_>,
        project: &Project,
        model: &'m Model,
        today: Date,
        url: &str,
        wanted: Wanted<'_>,
    ) -> Result<Self, Failure> {
        let plan = Plan::whole(model);
        let mut warehouse = connect::open(url, world)?;
        let script = asked(&plan, warehouse.dialect(), project, wanted)?;
        let options = options(world, today, &plan);
        let mut reading = sql::Reading::new(&plan, &script);
        let mut lines = engine::Lines::new(&plan, options.memory);
        connect::run(warehouse.as_mut(), &script, &mut |query, row| match reading
            .row(query, row)
            .map_err(Failure::new)?
        {
            Some(line) => lines.unit(&line).map_err(|e| Failure::new(e.to_string())),
            None => Ok(()),
        })?;
        let mut counts = reading.finish().map_err(Failure::new)?;
        if script.queries.iter().any(|q| q.asks == Asks::Journeys) {
            lines.finish(&options, &mut counts).map_err(|e| Failure::new(e.to_string()))?;
        }
        let named = Some(connect::named(url));
        let provenance = Provenance { warehouse: named, ..provenance(model, &plan, &counts) };
        let calibration = calibration(project)?;
        Ok(Self { model, plan, counts, provenance, calibration, today })
    }

    /// Returns the provenance, for what the door adds.
    pub fn provenance_mut(&mut self) -> &mut Provenance {
        &mut self.provenance
    }

    /// Returns the report of each experiment that something counts units in, in the order of the model.
    pub fn reports(&self) -> Vec<(Id<crate::model::Experiment>, Report)> {
        let all = self.plan.experiments.iter().zip(&self.counts.experiments);
        let report = |(plan, tallies): (&crate::plan::ExperimentPlan, &Tallies)| {
            let input = Input {
                model: self.model,
                experiment: plan.experiment,
                plan,
                tallies,
                today: self.today,
                provenance: &self.provenance,
            };
            let calibration = self.calibration.as_ref().filter(|(id, _)| *id == plan.id).map(|(_, found)| *found);
            let settings = Settings { calibration, ..Settings::default() };
            (plan.experiment, analysis::analyse_with(input, settings))
        };
        all.map(report).collect()
    }

    /// Returns what the data says of each journey, for `analyze`.
    pub fn journeys(&self) -> Vec<journey::JourneyReport> {
        journey::report(self.input())
    }

    /// Returns the funnels as a tool counts them; with `named`, some of the units that are told differently.
    ///
    /// # Errors
    /// A file cannot be read again, for the names.
    pub fn like(&self, project: &Project, tool: Tool, named: bool) -> Result<journey::like::Like, Failure> {
        let input = self.input();
        let names = if named {
            engine::names(&self.plan, &project.root, 1, &journey::like::keys(input))
                .map_err(|e: EngineError| Failure::new(e.to_string()))?
        } else {
            std::collections::BTreeMap::new()
        };
        Ok(journey::like::like(input, tool, &names))
    }

    /// Returns what the data suggests, for `analyze --insights`.
    pub fn insights(&self) -> Vec<journey::insight::Insights> {
        journey::insight::insights(self.input())
    }

    fn input(&self) -> journey::Input<'_> {
        let simulated = self.provenance.simulated;
        journey::Input { model: self.model, plan: &self.plan, counts: &self.counts, simulated }
    }

    /// Returns what the data says about a journey; nothing where it says nothing.
    pub fn map(&self, journey: Id<Journey>) -> Option<MapData> {
        let (at, plan) = self.plan.map(journey)?;
        let tally = self.counts.maps.get(at)?;
        let everybody = tally.of(&Who::Everybody)?;
        let personas: Vec<(Id<crate::model::Persona>, &MapGroup)> = plan
            .personas
            .iter()
            .filter_map(|p| Some((self.plan.personas.get(*p)?.persona?, tally.of(&Who::Persona(*p))?)))
            .collect();
        let mask = Mask(self.model.manifest.privacy.smallest_cell);
        let days = self.counts.data.times.map(|(first, last)| (self.day(first), self.day(last)));
        let report = journey::report_of(self.input(), at)?;
        Some(MapData {
            days,
            people: mask.count(everybody.units),
            consented: self.counts.data.consented.map(|(agreed, asked)| agreed as f64 / asked as f64),
            simulated: self.provenance.simulated,
            stages: plan
                .stages
                .iter()
                .zip(&everybody.stages)
                .map(|(s, t)| (s.stage, stage(mask, t, s.within.is_some())))
                .collect(),
            touchpoints: places(mask, plan, everybody, &personas),
            funnels: self.funnels(journey, mask),
            measured: self.spots(at, mask),
            handovers: self.handovers(at, mask),
            rows: self.rows(),
            paths: report.paths,
            credit: report.attributions,
            requirements: report.requirements,
            losses: journey::insight::losses(self.input(), at),
            decimals: report.decimals,
        })
    }

    /// Returns the numbers of `measured by`, of everybody.
    fn spots(&self, map: usize, mask: Mask) -> Vec<Spotted> {
        let Some((plan, tally)) = self.travel(map) else { return Vec::new() };
        let spot = |(s, groups): (&crate::plan::travel::SpotPlan, &Vec<(Who, crate::tally::Tally)>)| {
            let (_, tally) = groups.iter().find(|(who, _)| *who == Who::Everybody)?;
            let (value, interval) = journey::value(tally, &s.measure)?;
            let at = match (s.touchpoint, s.stage) {
                (Some((_, t)), _) => Spot::Touchpoint(t),
                (None, stage) => Spot::Stage(stage?.1),
            };
            let people = tally.units();
            (mask.count(people) != Count::Masked).then_some(Spotted { at, metric: s.metric, value, interval, people })
        };
        plan.measured.iter().zip(&tally.measured).filter_map(spot).collect()
    }

    fn handovers(&self, map: usize, mask: Mask) -> Vec<HandoverData> {
        let Some((plan, tally)) = self.travel(map) else { return Vec::new() };
        let of = |(h, t): (&crate::plan::travel::HandoverPlan, &crate::tally::HandoverTally)| HandoverData {
            index: h.index,
            changed: mask.rate(t.changed, t.at),
            went_on: mask.rate(t.changed_on, t.changed),
            stayed_went_on: mask.rate(t.stayed_on, t.stayed),
        };
        plan.handovers.iter().zip(&tally.handovers).map(of).collect()
    }

    fn travel(&self, map: usize) -> Option<(&crate::plan::TravelPlan, &crate::tally::TravelTally)> {
        self.plan.travels.iter().zip(&self.counts.travels).find(|(t, _)| t.map == map)
    }

    fn day(&self, micros: i64) -> Date {
        let zone = TimeZone::get(&self.plan.zone).unwrap_or(TimeZone::UTC);
        jiff::Timestamp::from_microsecond(micros).unwrap_or_default().to_zoned(zone).date()
    }

    fn rows(&self) -> Vec<(RowKind, u64)> {
        let data = &self.counts.data;
        let used = data.used + data.other;
        vec![
            (RowKind::Read, data.rows),
            (RowKind::Used, used),
            (RowKind::Duplicate, data.duplicates),
            (RowKind::Rejected, data.rejected() + data.filtered),
        ]
    }

    fn funnels(&self, journey: Id<Journey>, mask: Mask) -> Vec<FunnelData> {
        let mut all = Vec::new();
        for (plan, tally) in self.plan.funnels.iter().zip(&self.counts.funnels) {
            if plan.funnel.is_none_or(|f| self.model.funnels[f].journey != journey) {
                continue;
            }
            for (who, group) in &tally.groups {
                let persona = match who {
                    Who::Everybody => None,
                    Who::Persona(at) => self.plan.personas.get(*at).and_then(|p| p.persona),
                    Who::Unknown | Who::Value(_) | Who::Audience(_) => continue,
                };
                let titles = plan.steps.iter().map(|s| self.model.touchpoints[s.touchpoint].meta.title.clone());
                all.push(FunnelData {
                    funnel: plan.funnel,
                    persona,
                    steps: titles.enumerate().map(|(i, title)| step(mask, group, i, title)).collect(),
                    ledger: ledger(group),
                });
            }
        }
        all
    }
}

/// Returns how to run, as the environment has it.
fn options<'p>(world: &World<'_>, today: Date, plan: &Plan) -> Options<'p> {
    let threads = world.env.get("RAYON_NUM_THREADS").and_then(|n| n.parse().ok());
    let threads = threads.or_else(|| std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1);
    let megabytes = world.env.get("WAYPOST_MEMORY").and_then(|n| n.parse::<usize>().ok());
    let memory = megabytes.map_or(Options::default().memory, |n| n.saturating_mul(1 << 20));
    Options { threads, now: end_of(today, &plan.zone), memory, ..Options::default() }
}

/// Returns the queries that a warehouse of this URL would be asked for what is wanted.
///
/// # Errors
/// The URL is of no kind that is known, or its dialect cannot say the plan.
pub fn script(
    world: &World<'_>,
    project: &Project,
    model: &Model,
    url: &str,
    wanted: Wanted<'_>,
) -> Result<Script, Failure> {
    asked(&Plan::whole(model), connect::open(url, world)?.dialect(), project, wanted)
}

fn asked(plan: &Plan, dialect: &str, project: &Project, wanted: Wanted<'_>) -> Result<Script, Failure> {
    let known = sql::dialect(dialect);
    let known = known.ok_or_else(|| Failure::new(format!("`{dialect}` is no dialect of SQL that is known")))?;
    warehouse::script(plan, known, &project.root, &|query| query.is_wanted(wanted))
}

fn count(plan: &Plan, project: &Project, options: &Options<'_>) -> Result<Counts, Failure> {
    engine::run(plan, &project.root, options).map_err(|error: EngineError| Failure::new(error.to_string()))
}

/// What `waypost simulate --aa` found, where its file lies in the project: the experiment's id, and how often it rang.
fn calibration(project: &Project) -> Result<Option<(String, Calibration)>, Failure> {
    let path = project.root.join("calibration.json");
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(None) };
    let read = |text: &str| {
        let whole: serde_json::Value = serde_json::from_str(text).ok()?;
        let count = |name: &str| whole.get(name)?.as_u64();
        let known = whole.get("schema")?.as_str()? == "waypost/calibration/1";
        let found = Calibration { tests: count("tests")?, rang: count("rang")? };
        known.then(|| Some((whole.get("experiment")?.as_str()?.to_owned(), found)))?
    };
    let why = || {
        Failure::new("`calibration.json` is not what `waypost simulate --aa` writes")
            .help("make it again, or remove it")
    };
    read(&text).map(Some).ok_or_else(why)
}

/// What was mended in each file, and whether the rows of a table of units are fewer units.
fn notes(plan: &Plan, data: &crate::tally::DataTally) -> Vec<String> {
    let of_file = data.files.iter().flat_map(|f| f.notes.iter().map(move |note| format!("{}: {note}", f.name)));
    let mut notes: Vec<String> = of_file.collect();
    let tables = plan.sources.iter().all(|s| matches!(s.shape, SourceShape::Units { .. }));
    if tables && data.units > 0 && data.used > data.units {
        let (rows, units) = (data.used, data.units);
        notes.push(format!("{rows} rows are of {units} units; each unit counts once, with the sum of its rows"));
    }
    notes
}

fn provenance(model: &Model, plan: &Plan, counts: &Counts) -> Provenance {
    let data = &counts.data;
    let file = |f: &crate::tally::DataFile| (f.name.clone(), f.sha256.clone().unwrap_or_default(), f.rows);
    Provenance {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        spec: None,
        warehouse: None,
        files: data.files.iter().map(file).collect(),
        rows: (data.rows > 0)
            .then(|| [data.rows, data.used + data.other, data.duplicates, data.rejected() + data.filtered]),
        rejects: data.rejects.iter().map(|(why, (count, first))| (why.clone(), *count, first.clone())).collect(),
        notes: notes(plan, data),
        time_zone: model.manifest.zone().to_owned(),
        commit: None,
        simulated: model.manifest.data.iter().any(|d| d.simulated),
    }
}

/// Returns the last instant of a day, in microseconds since 1970.
fn end_of(day: Date, zone: &str) -> Option<i64> {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    Some(day.tomorrow().ok()?.to_zoned(zone).ok()?.timestamp().as_microsecond())
}
