//! `waypost verify`: whether a page still says what its specs and its data say.

use crate::cli::measured::Measured;
use crate::cli::on::Place;
use crate::cli::output::text;
use crate::cli::pages::{Given, Press, revision};
use crate::cli::project::Project;
use crate::cli::seal::{Seal, Shows, digest};
use crate::cli::summary::Summary;
use crate::cli::{Exit, Failure, World, opened};
use crate::model::Model;
use crate::model::value::Date;
use crate::plan::Wanted;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Check that a map or a report still matches its specs, its data and its own bytes
///
/// Every page that `build`, `render` and `report` write holds what it was made from. The digests are taken again, and where
/// they agree the page is made again and compared byte for byte. A page that a warehouse counted has no digests of data:
/// with `--on` it is counted there again, and compared the same. Exit code 0: it holds; 1: it does not; 2: it cannot be
/// told, for it has no seal, there is no project, or the warehouse does not answer.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Verify {
    /// The page, HTML or Markdown
    file: PathBuf,
    /// The project; the one whose folder the page lies in without it
    #[arg(long, value_name = "PATH")]
    project: Option<PathBuf>,
    /// How the answer looks
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    place: Place,
}

/// The forms of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// A line each
    #[default]
    Text,
    /// One JSON object
    Json,
}

/// What was found.
#[derive(Debug)]
struct Answer {
    schema: &'static str,
    file: String,
    page: Shows,
    today: String,
    /// Whether everything that could be compared agrees.
    holds: bool,
    /// The page is as it was written.
    bytes: bool,
    /// The version that made it, and whether that is this one.
    program: (String, bool),
    specs: bool,
    /// The warehouse that counted.
    warehouse: Option<String>,
    data: Vec<(String, State)>,
    /// Why the data could not be compared.
    data_unknown: Option<String>,
    /// Made again from the same, it is the same; nothing where it was not made again, for this reason.
    made_again: Result<bool, &'static str>,
}

/// A data file now, beside what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    Same,
    Changed,
    Missing,
    New,
}

impl Verify {
    /// Compares and tells.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let path = world.dir.join(&self.file);
        let page = std::fs::read_to_string(&path).map_err(|e| Failure::file("read", &self.file, &e))?;
        let seal = Seal::of(&page).ok_or_else(|| {
            let failure = Failure::new(format!("`{}` does not say what it was made from", self.file.display()));
            failure.help("give a page of HTML or Markdown that `waypost build`, `render` or `report` wrote")
        })?;
        let answer = self.answer(world, &path, &page, &seal)?;
        match self.format {
            Form::Text => tell(world, &answer)?,
            Form::Json => writeln!(world.out, "{:#}", json(&answer)?)?,
        }
        Ok(if answer.holds { Exit::Clean } else { Exit::Findings })
    }

    fn answer(&self, world: &World<'_>, path: &Path, page: &str, seal: &Seal) -> Result<Answer, Failure> {
        let today: Option<Date> = seal.today.parse().ok();
        let folder = path.parent().unwrap_or(path);
        let mut checked = opened::checked(world, Some(self.project.as_deref().unwrap_or(folder)), today)?;
        let model = checked.model.take().filter(|_| !checked.has_errors());
        let same_program = seal.program == env!("CARGO_PKG_VERSION");
        let mut answer = Answer {
            schema: "waypost/verify/1",
            file: self.file.display().to_string(),
            page: seal.page.clone(),
            today: seal.today.clone(),
            holds: false,
            bytes: seal.holds(page),
            program: (seal.program.clone(), same_program),
            specs: digest(&checked.project) == seal.specs,
            warehouse: seal.warehouse.clone(),
            data: Vec::new(),
            data_unknown: None,
            made_again: Err("the specs have errors"),
        };
        if let (Some(mut model), Some(today)) = (model, today) {
            self.given.put(world, &checked.project, &mut model)?;
            self.again(world, (&checked.project, &model, today), (folder, page, seal), &mut answer)?;
        }
        let same_data = answer.data.iter().all(|(_, state)| *state == State::Same) && answer.data_unknown.is_none();
        answer.holds = answer.bytes && answer.specs && same_data && answer.made_again.unwrap_or(true);
        Ok(answer)
    }
}

/// A project, what it means, and the day.
type Of<'m> = (&'m Project, &'m Model, Date);

impl Verify {
    /// Counts the data again, and makes the page again where all else agrees.
    fn again(
        &self,
        world: &World<'_>,
        of: Of<'_>,
        (folder, page, seal): (&Path, &str, &Seal),
        answer: &mut Answer,
    ) -> Result<(), Failure> {
        answer.made_again = match &seal.page {
            Shows::Index => Err("the index also tells of the build before it"),
            _ if !answer.program.1 => Err("another version made it"),
            _ if !answer.specs => Err("the specs are not the same"),
            _ => Ok(false),
        };
        let measured = match &seal.data {
            Some(then) => self.of_files(world, of, (&seal.page, then), answer)?,
            None => self.of_warehouse(world, of, seal, answer)?,
        };
        if let (Some(mut measured), Ok(same)) = (measured, &mut answer.made_again) {
            let mut holds = |changes| {
                let now = made(of, &mut measured, (&seal.page, changes));
                let now = now.map(|d| if page.starts_with("<!doctype html>") { d.html } else { d.markdown });
                now.is_some_and(|now| now == page)
            };
            // a build's map also tells what changed since the one before, which lies beside it; one of `render` does not
            let told = || Summary::beside(folder).map(|s| s.changes(of.1)).filter(|changes| !changes.is_empty());
            *same = holds(Vec::new()) || matches!(seal.page, Shows::Map(_)) && told().is_some_and(holds);
        }
        Ok(())
    }

    /// Returns what the files of today say, where they are those of then.
    fn of_files<'m>(
        &self,
        world: &World<'_>,
        (project, model, today): Of<'m>,
        (page, then): (&Shows, &BTreeMap<String, String>),
        answer: &mut Answer,
    ) -> Result<Option<Measured<'m>>, Failure> {
        if self.place.elsewhere() {
            let failure = Failure::new(format!("`{}` was counted from files", self.file.display()));
            return Err(failure.help("verify it without `--on`"));
        }
        let mut measured = match Measured::new(world, project, model, today, wanted(page)) {
            Ok(measured) => measured,
            Err(failure) => {
                let why = failure.to_string();
                let why = why.trim_start_matches("error: ").lines().next().unwrap_or_default();
                answer.data_unknown = Some(why.to_owned());
                answer.made_again = Err("the data is not the same");
                return Ok(None);
            }
        };
        let files = &measured.provenance_mut().files;
        answer.data = compared(then, &files.iter().map(|(name, digest, _)| (name.clone(), digest.clone())).collect());
        if answer.data.iter().any(|(_, state)| *state != State::Same) {
            answer.made_again = Err("the data is not the same");
            return Ok(None);
        }
        Ok(Some(measured))
    }

    /// Returns what a warehouse says today, where one is named and all else agrees.
    fn of_warehouse<'m>(
        &self,
        world: &World<'_>,
        (project, model, today): Of<'m>,
        seal: &Seal,
        answer: &mut Answer,
    ) -> Result<Option<Measured<'m>>, Failure> {
        if answer.made_again.is_ok() && !self.place.elsewhere() {
            answer.made_again = Err("say `--on URL`, and the warehouse is asked again");
        }
        if answer.made_again.is_err() {
            return Ok(None);
        }
        let mut measured = self.place.measured(world, project, model, today, wanted(&seal.page))?;
        // By another address it is the same data, or not; the page says by which it was made.
        measured.provenance_mut().warehouse.clone_from(&seal.warehouse);
        Ok(Some(measured))
    }
}

/// Returns what is counted for a page.
fn wanted(page: &Shows) -> Wanted<'_> {
    match page {
        Shows::Map(_) => Wanted::Journeys,
        Shows::Report(id) => Wanted::Experiment(id),
        Shows::Index => Wanted::Everything,
    }
}

/// Makes the page again.
fn made(
    (project, model, today): Of<'_>,
    measured: &mut Measured<'_>,
    (shows, changes): (&Shows, Vec<crate::render::Change>),
) -> Option<crate::render::Document> {
    measured.provenance_mut().spec = Some(revision(project));
    let mut press = Press::new(project, model, today, Some(measured.provenance_mut())).ok()?;
    press.options.changes = changes;
    match shows {
        Shows::Map(id) => {
            let id = model.journey(id)?;
            press.map(id, measured.map(id).as_ref()).ok()
        }
        Shows::Report(id) => {
            let id = model.experiment(id)?;
            let reports = measured.reports();
            let (_, numbers) = reports.iter().find(|(other, _)| *other == id)?;
            press.report(id, numbers).ok()
        }
        Shows::Index => None,
    }
}

/// Returns every file of then and now, sorted by name.
fn compared(then: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<(String, State)> {
    let state = |name: &String| match (then.get(name), now.get(name)) {
        (Some(a), Some(b)) if a == b => State::Same,
        (Some(_), Some(_)) => State::Changed,
        (Some(_), None) => State::Missing,
        (None, _) => State::New,
    };
    let mut names: Vec<&String> = then.keys().chain(now.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| (name.clone(), state(name))).collect()
}

fn tell(world: &mut World<'_>, a: &Answer) -> Result<(), Failure> {
    let shows = match &a.page {
        Shows::Map(id) => format!("the map `{id}`"),
        Shows::Report(id) => format!("the report of `{id}`"),
        Shows::Index => "the index".to_owned(),
    };
    let file = text::shown(&a.file);
    writeln!(
        world.out,
        "{file}: {} of {}, made by waypost {}",
        text::shown(&shows),
        a.today,
        text::shown(&a.program.0)
    )?;
    let mut line = |good: Option<bool>, says: &str| {
        let mark = match good {
            Some(true) => "yes",
            Some(false) => "NO ",
            None => "-  ",
        };
        writeln!(world.out, "  {mark}  {}", text::shown(says))
    };
    line(
        Some(a.bytes),
        if a.bytes { "the page is as it was written" } else { "the page was changed after it was written" },
    )?;
    line(Some(a.specs), if a.specs { "the specs are the same" } else { "the specs have changed" })?;
    for (name, state) in &a.data {
        let says = match state {
            State::Same => format!("{name} is the same"),
            State::Changed => format!("{name} has changed"),
            State::Missing => format!("{name} is no longer read"),
            State::New => format!("{name} is new"),
        };
        line(Some(*state == State::Same), &says)?;
    }
    if let Some(name) = &a.warehouse {
        line(None, &format!("its numbers come from the warehouse {name}, which keeps no digest"))?;
    }
    if let Some(why) = &a.data_unknown {
        line(Some(false), &format!("the data cannot be read: {why}"))?;
    }
    match a.made_again {
        Ok(true) => line(Some(true), "made again, it is the same byte for byte")?,
        Ok(false) if a.warehouse.is_some() => {
            line(
                Some(false),
                "counted again, it is not the same: the rows changed, or a theme, a label or a calibration",
            )?;
        }
        Ok(false) => line(Some(false), "made again, it is not the same: a theme, a label or a calibration changed")?,
        Err(why) => line(None, &format!("not made again: {why}"))?,
    }
    let unseen = a.warehouse.is_some() && a.made_again.is_err();
    let says = match (a.holds, unseen) {
        (true, false) => "it holds",
        (true, true) => "it holds, its numbers aside",
        (false, _) => "it does not hold",
    };
    writeln!(world.out, "{says}")?;
    Ok(())
}

fn json(a: &Answer) -> Result<serde_json::Value, Failure> {
    let (made_again, why) = match a.made_again {
        Ok(same) => (Some(same), None),
        Err(why) => (None, Some(why)),
    };
    let file = |(name, state): &(String, State)| serde_json::json!({ "file": name, "state": state });
    let page = serde_json::to_value(&a.page).map_err(|e| Failure::new(e.to_string()))?;
    Ok(serde_json::json!({
        "schema": a.schema,
        "file": a.file,
        "page": page,
        "today": a.today,
        "holds": a.holds,
        "bytes": a.bytes,
        "program": { "version": a.program.0, "same": a.program.1 },
        "specs": a.specs,
        "warehouse": a.warehouse,
        "data": a.data.iter().map(file).collect::<Vec<_>>(),
        "data_unknown": a.data_unknown,
        "made_again": made_again,
        "not_made_again": why,
    }))
}
