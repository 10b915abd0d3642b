//! `waypost simulate`: events from a map and a truth, by a seed.

use crate::cli::{Exit, Failure, World, opened, write};
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
    /// Where to write: `.csv` or `.csv.gz`; standard output without it
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
}

impl Simulate {
    /// Simulates and writes.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let checked = opened::clean(world, self.project.as_deref())?;
        let Some((_, model)) = checked else { return Ok(Exit::Findings) };
        let truth = self.truth(world)?;
        let log = simulate(&model, &truth).map_err(Failure::new)?;
        match &self.output {
            None => world.out.write_all(log.csv().as_bytes())?,
            Some(path) => write::whole(&world.dir.join(path), &packed(path, &log.csv())?)?,
        }
        let to = self.output.as_deref().map_or("standard output".to_owned(), |p| format!("`{}`", p.display()));
        let (events, people, seed) = (log.len(), log.people(), truth.seed);
        writeln!(world.err, "wrote {events} simulated events of {people} people to {to} (seed {seed})")?;
        Ok(Exit::Clean)
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
fn packed(path: &Path, text: &str) -> Result<Vec<u8>, Failure> {
    if path.extension().is_none_or(|e| e != "gz") {
        return Ok(text.as_bytes().to_vec());
    }
    let mut gzip = flate2::GzBuilder::new().write(Vec::new(), flate2::Compression::best());
    gzip.write_all(text.as_bytes())?;
    Ok(gzip.finish()?)
}
