//! The documents of a project as every verb writes them: with the project's look, its revision and their seals.

use super::project::Project;
use super::seal::{Ink, Shows, digest};
use super::theme;
use super::{Failure, World, opened, write};
use crate::analysis::{Provenance, Report};
use crate::model::value::Date;
use crate::model::{Experiment, Id, Journey, Model};
use crate::render::{self, Document, Options};
use std::path::{Path, PathBuf};

/// Makes documents of one project on one day.
pub struct Press<'m> {
    model: &'m Model,
    /// What documents are made with.
    pub options: Options,
    ink: Ink,
}

impl<'m> Press<'m> {
    /// Returns the press of a project; `made` tells of the data, where there is any.
    ///
    /// # Errors
    /// The theme names a file that cannot be used.
    pub fn new(project: &Project, model: &'m Model, today: Date, made: Option<&Provenance>) -> Result<Self, Failure> {
        let options = Options { revision: Some(revision(project)), ..theme::options(project, model)? };
        Ok(Self { model, options, ink: Ink::new(project, today, made) })
    }

    /// Returns a map.
    ///
    /// # Errors
    /// A template is wrong.
    pub fn map(&self, id: Id<Journey>, data: Option<&render::map::MapData>) -> Result<Document, Failure> {
        let document = render::map(self.model, id, data, &self.options).map_err(|e| Failure::new(e.to_string()))?;
        Ok(self.ink.document(document, &Shows::Map(self.model.journeys[id].meta.id.clone())))
    }

    /// Returns a report.
    ///
    /// # Errors
    /// A template is wrong.
    pub fn report(&self, id: Id<Experiment>, numbers: &Report) -> Result<Document, Failure> {
        let document = render::report(self.model, id, numbers, &self.options);
        let document = document.map_err(|e| Failure::new(e.to_string()))?;
        Ok(self.ink.document(document, &Shows::Report(self.model.experiments[id].meta.id.clone())))
    }

    /// Returns the index.
    ///
    /// # Errors
    /// A template is wrong.
    pub fn index(&self, entries: &[render::Entry<'_>], changes: &[render::Change]) -> Result<Document, Failure> {
        let document = render::index(self.model, entries, changes, &self.options);
        let document = document.map_err(|e| Failure::new(e.to_string()))?;
        Ok(self.ink.document(document, &Shows::Index))
    }
}

/// Returns what the specs were, in short.
pub fn revision(project: &Project) -> String {
    digest(project).chars().take(12).collect()
}

/// One document of a project: which project, on which day, from which data, and where it goes.
#[derive(clap::Args, Debug)]
pub struct One {
    /// The project; the one of the working directory without it
    #[arg(long, value_name = "PATH")]
    pub project: Option<PathBuf>,
    /// Where to write; standard output without it
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The day it is (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,
    #[command(flatten)]
    pub given: Given,
}

/// Data to read instead of what the manifest names.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Given {
    /// Read these events instead of those the manifest names, by its columns; files or patterns inside the project
    #[arg(long, value_name = "FILE")]
    pub events: Vec<String>,
    /// Read these counts instead of those the manifest names, by its columns
    #[arg(long, value_name = "FILE")]
    pub tallies: Vec<String>,
}

impl One {
    /// Returns the project, its model with the data that was given, and the day; nothing where it has errors, which are told.
    ///
    /// # Errors
    /// There is no project, or its manifest does not say how the given data is read.
    pub fn open(&self, world: &mut World<'_>) -> Result<Option<(Project, Model, Date)>, Failure> {
        let Some((project, mut model)) = opened::clean(world, self.project.as_deref())? else { return Ok(None) };
        self.given.put(world, &project, &mut model)?;
        let today = self.today.unwrap_or_else(|| world.today(model.manifest.zone()));
        Ok(Some((project, model, today)))
    }

    /// Writes a text to the file, or to the output where none is named.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put(&self, world: &mut World<'_>, text: &str) -> Result<(), Failure> {
        write::put(world, self.output.as_deref(), text.as_bytes())
    }
}

impl Given {
    /// Puts the given data in the place of the manifest's: each kind is read by the first entry of that kind, and entries
    /// of a kind that nothing was given of are not read.
    ///
    /// # Errors
    /// The manifest has no entry of a kind that was given.
    pub fn put(&self, world: &World<'_>, project: &Project, model: &mut Model) -> Result<(), Failure> {
        use crate::model::manifest::{DataSource, Files};
        if self.events.is_empty() && self.tallies.is_empty() {
            return Ok(());
        }
        let all = std::mem::take(&mut model.manifest.data);
        let files = |given: &[String]| Files::Many(given.iter().map(|p| from_root(world, &project.root, p)).collect());
        let first = |is: fn(&&DataSource) -> bool, name: &str| {
            let missing = || {
                let failure = Failure::new(format!("the manifest does not say how {name} are read"));
                failure.help(format!("add an entry with `{name}:` and its columns under `data:`"))
            };
            all.iter().find(is).cloned().ok_or_else(missing)
        };
        if !self.events.is_empty() {
            let entry = first(|d| !d.events.patterns().is_empty(), "events")?;
            model.manifest.data.push(DataSource { events: files(&self.events), ..entry });
        }
        if !self.tallies.is_empty() {
            let entry = first(|d| !d.tallies.patterns().is_empty(), "tallies")?;
            model.manifest.data.push(DataSource { tallies: files(&self.tallies), ..entry });
        }
        Ok(())
    }
}

/// Returns a path that starts at the working directory as one that starts at the project's root.
fn from_root(world: &World<'_>, root: &Path, given: &str) -> String {
    let here = world.dir.canonicalize().unwrap_or_else(|_| world.dir.clone());
    let whole = here.join(given);
    let inside = whole.strip_prefix(root).ok().and_then(Path::to_str).map(|p| p.replace('\\', "/"));
    inside.unwrap_or_else(|| given.to_owned())
}
