//! `waypost build`: everything the manifest declares, written to one folder.

use crate::analysis::{Provenance, Report};
use crate::cli::commands::check::Gate;
use crate::cli::on::On;
use crate::cli::output::{Findings, counted, text};
use crate::cli::outputs::Outputs;
use crate::cli::pages::Press;
#[cfg(feature = "engine")]
use crate::cli::pages::revision;
use crate::cli::project::{Disk, Project, find, open};
use crate::cli::summary::{self, Summary};
use crate::cli::watch::{self, Server, Shelf};
use crate::cli::{Exit, Failure, World, failure, opened};
use crate::model::value::Date;
use crate::model::{Experiment, Id, Model};
use crate::{payload, render};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Check a project, then write its maps, reports and payload
///
/// Nothing is written where there is an error, and files of an earlier build that are no longer made are removed.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Build {
    /// The project
    project: Option<PathBuf>,
    /// The folder to write; the manifest's `build: to` without it
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Build again whenever a file changes, and serve the pages on this machine; they load again by themselves
    #[arg(long, conflicts_with = "dry_run")]
    watch: bool,
    /// The port of `--watch`; any free one without it
    #[arg(long, value_name = "PORT", requires = "watch", default_value_t = 0)]
    port: u16,
    #[command(flatten)]
    on: On,
    #[command(flatten)]
    gate: Gate,
}

impl Build {
    /// Checks, makes and writes; with `--watch` again and again.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        if self.watch { self.follow(world) } else { self.once(world, None) }
    }

    /// Builds whenever a file changes, until the program is ended. What is wrong is told, and the last good build stays.
    fn follow(&self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let place = find(world, self.project.as_deref())?;
        let server = Server::open(self.port)
            .map_err(|e| Failure::new(format!("cannot listen on port {}: {}", self.port, failure::plain(&e))))?;
        let address = server.address()?;
        let shelf = Arc::new(Shelf::default());
        server.start(Arc::clone(&shelf));
        let mut seen = None;
        let mut out = self.out_of(world, &place.root);
        loop {
            let now = watch::look(&place.root, &out);
            if seen.as_ref() != Some(&now) {
                if let Err(failure) = self.once(world, Some(&shelf)) {
                    failure.write(world);
                }
                writeln!(world.out, "watching `{}`; pages at http://{address}/", place.root.display())?;
                world.out.flush()?;
                seen = Some(now);
                out = self.out_of(world, &place.root);
            }
            std::thread::sleep(watch::EVERY);
        }
    }

    /// Returns the folder that is written, as far as it is known before the manifest is read: its files are not watched.
    fn out_of(&self, world: &World<'_>, root: &Path) -> PathBuf {
        let said = || {
            let place = find(world, self.project.as_deref()).ok()?;
            let project = open(&world.dir, &place, &Disk::new(place.root.clone())).ok()?.pop()?;
            Some(self.folder(world, &project))
        };
        said().unwrap_or_else(|| root.join("out"))
    }

    fn once(&self, world: &mut World<'_>, shelf: Option<&Shelf>) -> Result<Exit, Failure> {
        let checked = opened::checked(world, self.project.as_deref(), self.gate.today)?;
        let findings = Findings::of(std::slice::from_ref(&checked));
        findings.write(self.gate.format, world)?;
        let (Exit::Clean, Some(model)) = (self.gate.judge(&findings), &checked.model) else {
            return Ok(Exit::Findings);
        };
        let today = self.gate.today(world, model.manifest.zone());
        let Some(said) = said(world, &checked.project, model, today, &self.on)? else { return Ok(Exit::Clean) };
        let folder = self.folder(world, &checked.project);
        let outputs = outputs(&checked.project, model, today, &said, &folder)?;
        outputs.write(&folder)?;
        self.tell(world, &outputs, &folder)?;
        tell_verdicts(world, &said)?;
        if let Some(shelf) = shelf {
            shelf.put(outputs.into_files());
        }
        Ok(Exit::Clean)
    }

    fn folder(&self, world: &World<'_>, project: &Project) -> PathBuf {
        match &self.output {
            Some(folder) => world.dir.join(folder),
            None => project.root.join(&project.manifest.build.to),
        }
    }

    fn tell(&self, world: &mut World<'_>, outputs: &Outputs, folder: &Path) -> Result<(), Failure> {
        let shown = folder.strip_prefix(&world.dir).unwrap_or(folder).display().to_string();
        let paths: Vec<&str> = outputs.paths().collect();
        writeln!(world.out, "wrote {} to {}", counted(paths.len(), "file"), text::shown(&shown))?;
        for path in paths {
            writeln!(world.out, "  {}", text::shown(path))?;
        }
        Ok(())
    }
}

/// What the data says, as far as documents show it.
struct Said {
    maps: Vec<Option<render::map::MapData>>,
    reports: Vec<(Id<Experiment>, Report)>,
    /// What all of it was made from, where anything was read.
    made: Option<Provenance>,
}

/// Returns what the data says; nothing where only the queries were to be shown.
#[cfg(feature = "engine")]
fn said(
    world: &mut World<'_>,
    project: &Project,
    model: &Model,
    today: Date,
    on: &On,
) -> Result<Option<Said>, Failure> {
    if on.shown(world, project, model, crate::plan::Wanted::Everything)? {
        return Ok(None);
    }
    let mut measured = on.place.measured(world, project, model, today, crate::plan::Wanted::Everything)?;
    measured.provenance_mut().spec = Some(revision(project));
    let maps = model.journeys.iter().map(|(id, _)| measured.map(id)).collect();
    let made = Some(measured.provenance_mut().clone());
    Ok(Some(Said { maps, reports: measured.reports(), made }))
}

/// Without the engine nothing is read, so the maps stand alone.
#[cfg(not(feature = "engine"))]
fn said(_: &mut World<'_>, _: &Project, model: &Model, _: Date, on: &On) -> Result<Option<Said>, Failure> {
    on.place.refused()?;
    Ok(Some(Said { maps: model.journeys.iter().map(|_| None).collect(), reports: Vec::new(), made: None }))
}

/// Says the verdict of each experiment in a line.
fn tell_verdicts(world: &mut World<'_>, said: &Said) -> Result<(), Failure> {
    for (_, report) in &said.reports {
        let (title, says) = (text::shown(&report.title), text::shown(&report.verdict.says().text));
        writeln!(world.out, "{title} ({}): {says}", report.verdict.name())?;
    }
    if said.reports.iter().any(|(_, r)| r.provenance.simulated) {
        writeln!(world.out, "the data of this project is simulated")?;
    }
    Ok(())
}

/// Returns the files of a project.
fn outputs(project: &Project, model: &Model, today: Date, said: &Said, folder: &Path) -> Result<Outputs, Failure> {
    let mut outputs = Outputs::default();
    let summary = Summary::after(folder, model, &said.reports);
    let mut press = Press::new(project, model, today, said.made.as_ref())?;
    press.options.changes = summary.changes(model);
    let mut add = |name: &str, document: render::Document| {
        outputs.add(format!("{name}.html"), document.html);
        outputs.add(format!("{name}.md"), document.markdown);
    };
    for ((id, journey), data) in model.journeys.iter().zip(&said.maps) {
        add(&render::map_file(journey), press.map(id, data.as_ref())?);
    }
    for (id, report) in &said.reports {
        add(&render::report_file(&model.experiments[*id]), press.report(*id, report)?);
    }
    let report_of = |id| said.reports.iter().find(|(i, _)| *i == id).map(|(_, report)| report);
    let entries: Vec<render::Entry<'_>> =
        model.experiments.iter().map(|(id, _)| render::Entry { experiment: id, report: report_of(id) }).collect();
    add("index", press.index(&entries, &press.options.changes)?);
    outputs.add(summary::FILE, summary.written());
    let reports: Vec<&Report> = said.reports.iter().map(|(_, report)| report).collect();
    let all = serde_json::json!({ "schema": "waypost/reports/1", "project": model.manifest.name, "reports": reports });
    outputs.add("report.json", format!("{all:#}\n"));
    outputs.add("payload.json", payload::build(model, payload::Stage::Published).write());
    Ok(outputs)
}
