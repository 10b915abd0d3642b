//! `waypost simulate`: events from a map and a truth, by a seed; or an experiment's assignment drawn anew.

#[cfg(feature = "engine")]
mod calibrate;

use crate::cli::project::Project;
use crate::cli::{Exit, Failure, World, opened, progress, write};
use crate::model::Model;
use crate::simulate::{Truth, simulate};
use jiff::civil::Date;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Make events from the specs, with a known truth
///
/// The same seed gives the same events, on every machine. What the truth does not say comes from the specs: the share of
/// people who go on from the targets, the effect of a variant from what its experiment expects.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Simulate {
    /// The project
    project: Option<PathBuf>,
    /// Where to write: `.csv` or `.csv.gz`, standard output without it; with --aa
    /// `calibration.json`, which `waypost build` shows in the report
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// A YAML file of what is true
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// How many people
    #[arg(long)]
    people: Option<u64>,
    /// The seed
    #[arg(long)]
    seed: Option<u64>,
    /// The first day anybody comes (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// The first day without data (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
    /// Make no events: draw this experiment's assignment anew over its own data, where no effect can be, and count how
    /// often its tests ring
    #[arg(long, value_name = "EXPERIMENT", conflicts_with_all = ["truth", "people", "from", "until"])]
    aa: Option<String>,
    /// How many times the assignment is drawn
    #[arg(long, value_name = "NUMBER", default_value_t = 200, requires = "aa", value_parser = clap::value_parser!(u32).range(20..=100_000))]
    times: u32,
}

impl Simulate {
    /// Simulates and writes.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let checked = opened::clean(world, self.project.as_deref())?;
        let Some((project, model)) = checked else { return Ok(Exit::Findings) };
        if let Some(experiment) = &self.aa {
            return self.calibrate(world, &project, &model, experiment);
        }
        let truth = self.truth(world)?;
        let say = || format!("making the events of {} people", truth.people);
        let (log, bytes) = progress::during(world, say, || -> Result<_, Failure> {
            let log = simulate(&model, &truth).map_err(Failure::new)?;
            let bytes = packed(self.output.as_deref(), log.csv())?;
            Ok((log, bytes))
        })?;
        write::put(world, self.output.as_deref(), &bytes)?;
        let to = self.output.as_deref().map_or("standard output".to_owned(), |p| format!("`{}`", p.display()));
        let (events, people, seed) = (log.len(), log.people(), truth.seed);
        writeln!(world.err, "wrote {events} simulated events of {people} people to {to} (seed {seed})")?;
        Ok(Exit::Clean)
    }

    #[cfg(feature = "engine")]
    fn calibrate(&self, world: &mut World<'_>, project: &Project, model: &Model, id: &str) -> Result<Exit, Failure> {
        let calibration =
            calibrate::run(world, project, model, &calibrate::Ask { id, times: self.times, seed: self.seed })?;
        calibration.tell(world)?;
        if let Some(path) = &self.output {
            write::whole(&world.dir.join(path), format!("{:#}\n", calibration.json()).as_bytes())?;
        }
        Ok(Exit::Clean)
    }

    /// Without the engine there is no data to draw anew over.
    #[cfg(not(feature = "engine"))]
    fn calibrate(&self, _: &mut World<'_>, _: &Project, _: &Model, _: &str) -> Result<Exit, Failure> {
        Err(Failure::new("this build of waypost reads no event files").help("install it with its default features"))
    }

    fn truth(&self, world: &World<'_>) -> Result<Truth, Failure> {
        let mut truth = match &self.truth {
            None => Truth::default(),
            Some(path) => {
                let text =
                    std::fs::read_to_string(world.dir.join(path)).map_err(|e| Failure::file("read", path, &e))?;
                Truth::read(&text).map_err(|why| Failure::new(format!("`{}`: {why}", path.display())))?
            }
        };
        truth.people = self.people.unwrap_or(truth.people);
        truth.seed = self.seed.unwrap_or(truth.seed);
        truth.from = self.from.or(truth.from);
        truth.until = self.until.or(truth.until);
        Ok(truth)
    }
}

/// Returns the bytes of a file of this name; gzip holds no time, so that the same events are the same bytes.
fn packed(path: Option<&Path>, text: String) -> Result<Vec<u8>, Failure> {
    if path.and_then(Path::extension).is_none_or(|e| e != "gz") {
        return Ok(text.into_bytes());
    }
    let mut gzip = flate2::GzBuilder::new().write(Vec::new(), flate2::Compression::best());
    gzip.write_all(text.as_bytes())?;
    Ok(gzip.finish()?)
}
