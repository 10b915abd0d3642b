//! `waypost build`: everything the manifest declares, written to one folder.

use crate::cli::checked::Checked;
use crate::cli::commands::check::Gate;
use crate::cli::output::{Findings, counted, text};
use crate::cli::outputs::Outputs;
use crate::cli::project::Project;
use crate::cli::{Exit, Failure, World, opened};
use crate::model::Model;
use crate::{payload, render};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Check a project, then write its maps and payload
///
/// Nothing is written where there is an error, and files of an earlier build that are no longer made are removed.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Build {
    /// The project
    project: Option<PathBuf>,
    /// The folder to write; the manifest's `build: to` without it
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    #[command(flatten)]
    gate: Gate,
}

impl Build {
    /// Checks, makes and writes.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let checked = opened::checked(world, self.project.as_deref(), self.gate.today)?;
        let findings = Findings::of(std::slice::from_ref(&checked));
        findings.write(self.gate.format, world)?;
        let (Exit::Clean, Some(model)) = (self.gate.judge(&findings), &checked.model) else {
            return Ok(Exit::Findings);
        };
        let outputs = outputs(&checked, model)?;
        let folder = self.folder(world, &checked.project);
        outputs.write(&folder)?;
        self.tell(world, &outputs, &folder)?;
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

/// Returns the files of a project.
fn outputs(checked: &Checked, model: &Model) -> Result<Outputs, Failure> {
    let mut outputs = Outputs::default();
    let options =
        render::Options { revision: Some(revision(&checked.project)), ..render::Options::of(&model.manifest) };
    for (id, journey) in model.journeys.iter() {
        let document = render::map(model, id, None, &options).map_err(|e| Failure::new(e.to_string()))?;
        let name = render::map_file(journey);
        outputs.add(format!("{name}.html"), document.html);
        outputs.add(format!("{name}.md"), document.markdown);
    }
    outputs.add("payload.json", payload::build(model, payload::Stage::Published).write());
    Ok(outputs)
}

/// Returns what the specs were: a digest of every file read, with its name.
fn revision(project: &Project) -> String {
    let mut digest = Sha256::new();
    for (_, source) in project.sources.iter() {
        // Lengths keep two files from reading like one.
        digest.update(format!("{} {} ", source.name(), source.text().len()));
        digest.update(source.text());
    }
    digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
