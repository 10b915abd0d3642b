//! `waypost init`: a project that checks and builds at once.

use crate::cli::init::Template;
use crate::cli::{Exit, Failure, World, fresh};
use std::path::{Path, PathBuf};

/// Begin a project from a template
///
/// Nothing is ever overwritten: where one of the files is there already, none is written.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Init {
    /// The folder; made if it is not there
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// The stages to begin with
    #[arg(long, value_enum, default_value_t = Template::Minimal, value_name = "NAME")]
    template: Template,
    /// The project's name; the folder's name if not said
    #[arg(long)]
    name: Option<String>,
}

impl Init {
    /// Writes the project's files.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let name = self.name.clone().unwrap_or_else(|| folder_name(&world.dir.join(&self.dir)));
        fresh::write(world, &self.dir, &self.template.files(&name, world.today("UTC")))?;
        let next = if self.dir == Path::new(".") { String::new() } else { format!(" {}", self.dir.display()) };
        writeln!(world.err, "next: `waypost check{next}`; then open map.journey and change the words")?;
        Ok(Exit::Clean)
    }
}

fn folder_name(folder: &Path) -> String {
    let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    real.file_name().map_or_else(|| "project".to_owned(), |n| n.to_string_lossy().into_owned())
}
