//! Exports of a project, or a journey of it, in another format.

use crate::cli::checked::Checked;
use crate::cli::output::{self, Findings};
use crate::cli::project::{Disk, Entries, MANIFEST, Project, find, load};
use crate::cli::{Exit, Failure, World, opened, write};
use crate::exchange::mermaid;
use crate::exchange::spec::{self, Format};
use crate::model::{Id, Journey, Model};
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(super) struct Whole {
    /// The project
    #[arg(long, value_name = "PATH")]
    project: Option<PathBuf>,
    /// The file to write; the output if not said
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(clap::Args, Debug)]
pub(super) struct Diagram {
    /// Which journey; not needed where there is one
    journey: Option<String>,
    #[command(flatten)]
    whole: Whole,
}

impl Whole {
    pub(super) fn run(&self, world: &mut World<'_>, format: Format) -> Result<Exit, Failure> {
        let project = self.open(world)?;
        let sources = &project.sources;
        let files: Vec<_> =
            project.trees.iter().filter_map(|t| sources.get(t.source).map(|s| (s.name(), s.text(), t))).collect();
        let manifest = project.sources.iter().map(|(_, s)| s).find(|s| s.name() == MANIFEST).map(|s| s.text());
        match spec::write(manifest, &files) {
            Ok(spec) => {
                let text = spec.text(format).map_err(Failure::new)?;
                self.put(world, &text)?;
                Ok(Exit::Clean)
            }
            Err(diagnostics) => refuse(world, Checked { project, model: None, diagnostics }),
        }
    }

    fn open(&self, world: &World<'_>) -> Result<Project, Failure> {
        let place = find(world, self.project.as_deref())?;
        load(&Disk::new(place.root.clone()), place.root, &Entries::Manifest)
    }

    fn put(&self, world: &mut World<'_>, text: &str) -> Result<(), Failure> {
        write::put(world, self.output.as_deref(), text.as_bytes())
    }
}

impl Diagram {
    pub(super) fn run(&self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let checked = opened::checked(world, self.whole.project.as_deref(), None)?;
        let Some(model) = &checked.model else { return refuse(world, checked) };
        let journey = self.chosen(model)?;
        self.whole.put(world, &mermaid::export(model, journey))?;
        Ok(Exit::Clean)
    }

    fn chosen(&self, model: &Model) -> Result<Id<Journey>, Failure> {
        let known = || model.journeys.values().map(|j| j.meta.id.as_str()).collect::<Vec<_>>().join("`, `");
        if let Some(id) = &self.journey {
            let missing =
                || Failure::new(format!("there is no journey `{id}`")).help(format!("known are `{}`", known()));
            return model.journey(id).ok_or_else(missing);
        }
        let mut real = model.journeys.iter().filter(|(_, j)| j.ideal_of.is_none()).map(|(id, _)| id);
        match (real.next(), real.next()) {
            (Some(one), None) => Ok(one),
            (None, _) => Err(Failure::new("there is no journey to write")),
            _ => Err(Failure::new("which journey?").help(format!("known are `{}`", known()))),
        }
    }
}

/// Tells why nothing is written.
fn refuse(world: &mut World<'_>, checked: Checked) -> Result<Exit, Failure> {
    let checked = [checked];
    std::mem::swap(&mut world.out, &mut world.err);
    let told = Findings::of(&checked).write(output::Format::Full, world);
    std::mem::swap(&mut world.out, &mut world.err);
    told?;
    Ok(Exit::Findings)
}
