//! `waypost render`: one map, as a page, as Markdown, as data, or its emotion curve or a funnel as a picture.

use crate::cli::pages::{One, Press, revision};
use crate::cli::project::Project;
use crate::cli::{Exit, Failure, World, theme};
use crate::model::value::Date;
use crate::model::{Id, Journey, Model};
use crate::render;

/// Write one map: a page, Markdown, JSON, or the emotion curve or a funnel as SVG
///
/// With the numbers of the project's data, where the manifest names any.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Render {
    /// Which journey
    journey: String,
    /// The form
    #[arg(long, value_enum, default_value_t)]
    to: Form,
    /// With `--to svg`: this funnel of the journey, from the data, in place of the emotion curve
    #[arg(long, value_name = "ID")]
    funnel: Option<String>,
    /// With `--funnel`: of this persona alone
    #[arg(long, value_name = "PERSONA", requires = "funnel")]
    persona: Option<String>,
    #[command(flatten)]
    one: One,
}

/// The forms of a map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// One page that asks nothing of the network
    #[default]
    Html,
    /// What the page shows, as data: `waypost schema map` describes it
    Json,
    /// Markdown
    Md,
    /// The emotion curve alone, or with `--funnel` a funnel, for slides
    Svg,
}

impl Render {
    /// Draws and writes.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let Some((project, model, today)) = self.one.open(world)? else { return Ok(Exit::Findings) };
        let id = chosen(&model, &self.journey)?;
        if self.funnel.is_some() && self.to != Form::Svg {
            return Err(Failure::new("`--funnel` is a picture of its own").help("say `--to svg` with it"));
        }
        let options = theme::options(&project, &model)?;
        let text = match self.to {
            Form::Svg if self.funnel.is_some() => {
                let data = data(world, &project, &model, id, today)?;
                self.drawn(&model, id, data.as_ref(), &options)?
            }
            Form::Svg => render::curve_svg(&model, id, &options),
            Form::Json => {
                let options = render::Options { revision: Some(revision(&project)), ..options };
                let data = data(world, &project, &model, id, today)?;
                let map = render::map_data(&model, id, data.as_ref(), &options);
                serde_json::to_string_pretty(&map).unwrap_or_default() + "\n"
            }
            form => {
                let document = map(world, &project, &model, id, today)?;
                if form == Form::Md { document.markdown } else { document.html }
            }
        };
        self.one.put(world, &text)?;
        Ok(Exit::Clean)
    }
}

impl Render {
    /// Returns the picture of the funnel that is asked for.
    fn drawn(
        &self,
        model: &Model,
        journey: Id<Journey>,
        data: Option<&render::map::MapData>,
        options: &render::Options,
    ) -> Result<String, Failure> {
        let name = self.funnel.as_deref().unwrap_or_default();
        let all = &model.journeys[journey].funnels;
        let Some(&funnel) = all.iter().find(|&&f| model.funnels[f].meta.id == name) else {
            let known: Vec<String> = all.iter().map(|&f| format!("`{}`", model.funnels[f].meta.id)).collect();
            let failure = Failure::new(format!("`{}` has no funnel `{name}`", self.journey));
            let help = format!("its funnels are {}", known.join(", "));
            return Err(if known.is_empty() { failure } else { failure.help(help) });
        };
        let persona = |p: Id<crate::model::Persona>| model.personas[p].meta.id.as_str();
        let found = data.and_then(|d| {
            let of = |f: &&render::map::data::FunnelData| f.persona.map(persona) == self.persona.as_deref();
            d.funnels.iter().filter(|f| f.funnel == Some(funnel)).find(of)
        });
        let title = &model.funnels[funnel].meta.title;
        let whose = found.and_then(|f| f.persona).map(|p| format!(" · {}", model.personas[p].meta.title));
        let whose = whose.unwrap_or_default();
        found.map(|f| render::funnel_svg(f, &format!("{title}{whose}"), options)).ok_or_else(|| {
            let who = self.persona.as_deref().map(|p| format!(" of `{p}`")).unwrap_or_default();
            Failure::new(format!("the data says nothing of the funnel `{name}`{who}"))
                .help("name the files under `data:` in `waypost.yaml`, and let the funnel say `for each persona`")
        })
    }
}

fn chosen(model: &Model, name: &str) -> Result<Id<Journey>, Failure> {
    model.journey(name).ok_or_else(|| {
        let known: Vec<String> = model.journeys.values().map(|j| format!("`{}`", j.meta.id)).collect();
        Failure::new(format!("there is no journey `{name}`")).help(format!("the journeys are {}", known.join(", ")))
    })
}

/// Returns the map as a build would write it into an empty folder.
///
/// # Errors
/// The data cannot be read, or a template is wrong.
#[cfg(feature = "engine")]
fn map(
    world: &World<'_>,
    project: &Project,
    model: &Model,
    id: Id<Journey>,
    today: Date,
) -> Result<render::Document, Failure> {
    let mut measured =
        crate::cli::measured::Measured::new(world, project, model, today, crate::plan::Wanted::Journeys)?;
    let press = Press::new(project, model, today, Some(measured.provenance_mut()))?;
    press.map(id, measured.map(id).as_ref())
}

/// Without the engine nothing is read.
#[cfg(not(feature = "engine"))]
fn map(
    _: &World<'_>,
    project: &Project,
    model: &Model,
    id: Id<Journey>,
    today: Date,
) -> Result<render::Document, Failure> {
    let press = Press::new(project, model, today, None)?;
    press.map(id, None)
}

#[cfg(feature = "engine")]
fn data(
    world: &World<'_>,
    project: &Project,
    model: &Model,
    id: Id<Journey>,
    today: Date,
) -> Result<Option<render::map::MapData>, Failure> {
    Ok(crate::cli::measured::Measured::new(world, project, model, today, crate::plan::Wanted::Journeys)?.map(id))
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
