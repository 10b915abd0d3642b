//! Exports to the tools that assign variants.

use std::path::PathBuf;

use crate::cli::commands::assign::read_payload;
use crate::cli::{Exit, Failure, World, opened, write};
use crate::model::Model;
use crate::payload::{Stage, build, flagd, keep_ranges};

/// What every export is told.
#[derive(clap::Args, Debug)]
struct Common {
    /// The project
    project: Option<PathBuf>,
    /// Where to write; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Every experiment as if it were running, drafts and ended ones too
    #[arg(long)]
    as_running: bool,
}

impl Common {
    const fn stage(&self) -> Stage {
        if self.as_running { Stage::Running } else { Stage::Published }
    }

    /// Writes what `make` makes of the project.
    fn export(
        &self,
        world: &mut World<'_>,
        make: impl FnOnce(&World<'_>, &Model) -> Result<String, Failure>,
    ) -> Result<Exit, Failure> {
        let Some((_, model)) = opened::clean(world, self.project.as_deref())? else { return Ok(Exit::Findings) };
        let text = make(world, &model)?;
        write::put(world, self.output.as_deref(), text.as_bytes())?;
        Ok(Exit::Clean)
    }
}

/// Flag definitions for flagd
///
/// flagd draws with a hash of its own: shares, audiences, layers and holdouts are kept, but which arm a unit is in is
/// flagd's, so analysis must read the variant from the exposure events. Units in no arm get the variant `not-enrolled`.
#[derive(clap::Args, Debug)]
pub(super) struct Flagd {
    #[command(flatten)]
    common: Common,
}

/// The payload that GrowthBook's SDKs read
///
/// Every SDK gives a unit the arm that `waypost assign` says.
#[derive(clap::Args, Debug)]
pub(super) struct Growthbook {
    #[command(flatten)]
    common: Common,
    /// The payload that is published now: nobody of a running experiment leaves the arm that it gives
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,
}

impl Flagd {
    pub(super) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let stage = self.common.stage();
        self.common.export(world, |_, model| {
            let flags = flagd(model, stage).map_err(|why| {
                Failure::new(format!("flagd cannot say this: {}", why.join("; ")))
                    .help("ask for values in the audience, and not for a pattern")
            })?;
            Ok(format!("{flags:#}\n"))
        })
    }
}

impl Growthbook {
    pub(super) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let stage = self.common.stage();
        self.common.export(world, |world, model| {
            let payload = build(model, stage);
            let Some(file) = &self.keep else { return Ok(payload.write()) };
            Ok(keep_ranges(payload, &read_payload(world, file, None)?).write())
        })
    }
}
