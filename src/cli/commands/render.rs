//! `waypost render`: one map, as a page, as Markdown, or its emotion curve as a picture.

use crate::cli::pages::{One, Press};
use crate::cli::project::Project;
use crate::cli::{Exit, Failure, World};
use crate::model::value::Date;
use crate::model::{Id, Journey, Model};
use crate::render;

/// Write one map: a page, Markdown, or the emotion curve as SVG
///
/// With the numbers of the project's data, where the manifest names any.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Render {
    /// Which journey
    journey: String,
    /// The form
    #[arg(long, value_enum, default_value_t)]
    to: Form,
    #[command(flatten)]
    one: One,
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
        let Some((project, model, today)) = self.one.open(world)? else { return Ok(Exit::Findings) };
        let id = chosen(&model, &self.journey)?;
        let text = match self.to {
            Form::Svg => render::curve_svg(&model, id, &render::Options::of(&model.manifest)),
            form => {
                let document = map(world, &project, &model, id, today)?;
                if form == Form::Md { document.markdown } else { document.html }
            }
        };
        self.one.put(world, &text)?;
        Ok(Exit::Clean)
    }
}

fn chosen(model: &Model, name: &str) -> Result<Id<Journey>, Failure> {
    model.journey(name).ok_or_else(|| {
        let known: Vec<String> = model.journeys.values().map(|j| format!("`{}`", j.meta.id)).collect();
        Failure::new(format!("there is no journey `{name}`")).help(format!("the journeys are {}", known.join(", ")))
    })
}

/// Returns the map as a build would write it.
///
/// # Errors
/// The data cannot be read, or a template is wrong.
#[cfg(feature = "engine")]
pub(super) fn map(
    world: &World<'_>,
    project: &Project,
    model: &Model,
    id: Id<Journey>,
    today: Date,
) -> Result<render::Document, Failure> {
    let mut measured = crate::cli::measured::Measured::new(world, project, model, today)?;
    let press = Press::new(project, model, today, Some(measured.provenance_mut()));
    press.map(id, measured.map(id).as_ref())
}

/// Without the engine nothing is read.
#[cfg(not(feature = "engine"))]
pub(super) fn map(
    _: &World<'_>,
    project: &Project,
    model: &Model,
    id: Id<Journey>,
    today: Date,
) -> Result<render::Document, Failure> {
    Press::new(project, model, today, None).map(id, None)
}
