//! `waypost render`: one map, as a page, as Markdown, or its emotion curve as a picture.

use crate::cli::project::Project;
use crate::cli::{Exit, Failure, World, opened, write};
use crate::model::value::Date;
use crate::model::{Id, Journey, Model};
use crate::render;
use std::path::{Path, PathBuf};

/// Write one map: a page, Markdown, or the emotion curve as SVG
///
/// With the numbers of the project's data, where the manifest names any.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Render {
    /// Which journey
    journey: String,
    /// The project; the one of the working directory without it
    #[arg(long, value_name = "PATH")]
    project: Option<PathBuf>,
    /// The form
    #[arg(long, value_enum, default_value_t)]
    to: Form,
    /// Where to write; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The day it is (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
}

/// The forms of a map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// One page that asks nothing of the network
    #[default]
    Html,
    /// Markdown
    Md,
    /// The emotion curve alone, for slides
    Svg,
}

impl Render {
    /// Draws and writes.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let Some((project, model)) = opened::clean(world, self.project.as_deref())? else { return Ok(Exit::Findings) };
        let id = chosen(&model, &self.journey)?;
        let options = render::Options::of(&model.manifest);
        let today = self.today.unwrap_or_else(|| world.today(&model.manifest.time_zone));
        let text = match self.to {
            Form::Svg => render::curve_svg(&model, id, &options),
            form => {
                let data = data(world, &project, &model, id, today)?;
                let document = render::map(&model, id, data.as_ref(), &options);
                let document = document.map_err(|e| Failure::new(e.to_string()))?;
                if form == Form::Md { document.markdown } else { document.html }
            }
        };
        put(world, self.output.as_deref(), &text)?;
        Ok(Exit::Clean)
    }
}

fn chosen(model: &Model, name: &str) -> Result<Id<Journey>, Failure> {
    model.journey(name).ok_or_else(|| {
        let known: Vec<String> = model.journeys.values().map(|j| format!("`{}`", j.meta.id)).collect();
        Failure::new(format!("there is no journey `{name}`")).help(format!("the journeys are {}", known.join(", ")))
    })
}

/// Writes a text to a file, or to the output where none is named.
///
/// # Errors
/// It cannot be written.
pub(super) fn put(world: &mut World<'_>, file: Option<&Path>, text: &str) -> Result<(), Failure> {
    match file {
        Some(path) => write::whole(&world.dir.join(path), text.as_bytes()),
        None => Ok(world.out.write_all(text.as_bytes())?),
    }
}

#[cfg(feature = "engine")]
fn data(
    world: &World<'_>,
    project: &Project,
    model: &Model,
    id: Id<Journey>,
    today: Date,
) -> Result<Option<render::map::MapData>, Failure> {
    Ok(crate::cli::measured::Measured::new(world, project, model, today)?.map(id))
}

/// Without the engine nothing is read.
#[cfg(not(feature = "engine"))]
fn data(
    _: &World<'_>,
    _: &Project,
    _: &Model,
    _: Id<Journey>,
    _: Date,
) -> Result<Option<render::map::MapData>, Failure> {
    Ok(None)
}
