//! Other formats of specs to `.journey` files.

use crate::cli::checked::Checked;
use crate::cli::output::{self, Findings};
use crate::cli::project::{MANIFEST, Project};
use crate::cli::{Exit, Failure, World, fresh};
use crate::diagnostic::Diagnostic;
use crate::exchange::mermaid;
use crate::exchange::spec::{Format, Spec};
use crate::model::Manifest;
use crate::source::Sources;
use crate::syntax;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
pub(super) struct Whole {
    /// The file; `-` for standard input
    file: PathBuf,
    /// The folder to write the project into
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
}

#[derive(clap::Args, Debug)]
pub(super) struct Diagram {
    /// The file; `-` for standard input
    file: PathBuf,
    /// The file to write; the output if not said
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Whole {
    pub(super) fn run(&self, world: &mut World<'_>, format: Format) -> Result<Exit, Failure> {
        let (sources, text) = read(world, &self.file)?;
        let source = sources.iter().next().map(|(id, _)| id).unwrap_or_default();
        let spec = match Spec::read(source, &text, format) {
            Ok(spec) => spec,
            Err(finding) => return tell(world, sources, vec![*finding]).map(|()| Exit::Findings),
        };
        let mut files = match spec.files(source) {
            Ok(files) => files,
            Err(findings) => return tell(world, sources, findings).map(|()| Exit::Findings),
        };
        files.extend(spec.manifest.map(|text| (MANIFEST.to_owned(), text)));
        fresh::write(world, &self.output, &files)?;
        Ok(Exit::Clean)
    }
}

impl Diagram {
    pub(super) fn run(&self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let (sources, text) = read(world, &self.file)?;
        let source = sources.iter().next().map(|(id, _)| id).unwrap_or_default();
        let name = self.file.file_stem().map_or("Journey".to_owned(), |n| n.to_string_lossy().into_owned());
        let imported = mermaid::import(source, &text, if name == "-" { "Journey" } else { &name });
        tell(world, sources, imported.diagnostics)?;
        let Some(text) = imported.text else { return Ok(Exit::Findings) };
        match &self.output {
            None => world.out.write_all(text.as_bytes())?,
            Some(path) => {
                let folder = path.parent().unwrap_or(Path::new(""));
                let name = path.file_name().map(PathBuf::from).ok_or_else(|| Failure::new("`-o` names no file"))?;
                fresh::write(world, folder, &[(name, text)])?;
            }
        }
        Ok(Exit::Clean)
    }
}

/// Returns the text of a file, or of the standard input, as a source of its own.
fn read(world: &mut World<'_>, path: &Path) -> Result<(Sources, String), Failure> {
    let mut bytes = Vec::new();
    let done = match path.as_os_str() == "-" {
        true => world.input.read_to_end(&mut bytes).map(drop),
        false => std::fs::read(world.dir.join(path)).map(|read| bytes = read),
    };
    done.map_err(|e| Failure::file("read", path, &e))?;
    let text = syntax::decode(&bytes).map_err(|e| Failure::new(format!("in `{}`, {e}", path.display())))?;
    let mut sources = Sources::default();
    sources.add(path.display().to_string(), text.as_str());
    Ok((sources, text))
}

/// Writes findings to the error output; the output is what was asked for.
fn tell(world: &mut World<'_>, sources: Sources, diagnostics: Vec<Diagnostic>) -> Result<(), Failure> {
    if diagnostics.is_empty() {
        return Ok(());
    }
    let project = Project {
        root: PathBuf::new(),
        manifest: Manifest::default(),
        sources,
        trees: Vec::new(),
        diagnostics: Vec::new(),
        complete: true,
        way: Default::default(),
    };
    let checked = [Checked { project, model: None, diagnostics }];
    std::mem::swap(&mut world.out, &mut world.err);
    let told = Findings::of(&checked).write(output::Format::Full, world);
    std::mem::swap(&mut world.out, &mut world.err);
    Ok(told?)
}
