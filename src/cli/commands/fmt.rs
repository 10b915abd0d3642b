//! `waypost fmt`: the one layout.

use crate::cli::output::{counted, difference, text};
use crate::cli::project::{Disk, Project, open, places};
use crate::cli::{Exit, Failure, World, write};
use crate::source::{SourceId, Sources};
use crate::syntax;
use std::path::{Path, PathBuf};

/// Lay spec files out in the one way there is
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Fmt {
    /// Files, folders or manifests; `-` for standard input to standard output
    paths: Vec<PathBuf>,
    /// Write nothing; fail where a file is laid out otherwise
    #[arg(long)]
    check: bool,
    /// Write nothing; show what would change, and fail where anything would
    #[arg(long)]
    diff: bool,
}

/// What became of the files.
#[derive(Default)]
struct Tally {
    changed: usize,
    kept: usize,
    broken: usize,
}

impl Fmt {
    /// Formats.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        if self.paths.iter().any(|p| p.as_os_str() == "-") {
            return self.standard_input(world);
        }
        let mut tally = Tally::default();
        for place in places(world, &self.paths)? {
            for project in open(&world.dir, &place, &Disk::new(place.root.clone()))? {
                let named = |name: &str| place.files.is_empty() || place.files.contains(&place.root.join(name));
                let trees = project.trees.iter().map(|t| t.source);
                let files: Vec<SourceId> = trees.filter(|id| named(project.sources.name(*id))).collect();
                files.into_iter().try_for_each(|id| self.file(world, &project, id, &mut tally))?;
                for path in unread(&project).filter(|id| named(project.sources.name(*id))).map(|id| project.path(id)) {
                    tally.broken += 1;
                    writeln!(world.err, "{}: it cannot be read as a text", text::leading(&path))?;
                }
            }
        }
        self.tell(world, &tally)
    }

    fn standard_input(&self, world: &mut World<'_>) -> Result<Exit, Failure> {
        if self.paths.len() > 1 {
            return Err(Failure::new("standard input is formatted alone"));
        }
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut world.input, &mut bytes)?;
        let old = syntax::decode(&bytes).map_err(|e| Failure::new(e.to_string()))?;
        let mut sources = Sources::default();
        let id = sources.add("standard input", old.as_str());
        match formatted(id, &old) {
            Err(why) => {
                writeln!(world.err, "standard input: {why}")?;
                Ok(Exit::Findings)
            }
            Ok(new) if self.check || self.diff => {
                if self.diff {
                    write!(world.out, "{}", difference("standard input", &old, &new))?;
                }
                Ok(if new == old { Exit::Clean } else { Exit::Findings })
            }
            Ok(new) => {
                world.out.write_all(new.as_bytes())?;
                Ok(Exit::Clean)
            }
        }
    }

    fn file(&self, world: &mut World<'_>, project: &Project, id: SourceId, tally: &mut Tally) -> Result<(), Failure> {
        let path = project.path(id);
        let shown = text::leading(&path);
        let old = project.sources.get(id).map_or("", |s| s.text());
        match formatted(id, old) {
            Err(why) => {
                tally.broken += 1;
                writeln!(world.err, "{shown}: {why}")?;
            }
            Ok(new) if new == old => tally.kept += 1,
            Ok(new) => {
                tally.changed += 1;
                match (self.diff, self.check) {
                    (true, _) => write!(world.out, "{}", difference(&path, old, &new))?,
                    (false, true) => writeln!(world.out, "{shown}")?,
                    (false, false) => {
                        write::whole(&project.root.join(Path::new(project.sources.name(id))), new.as_bytes())?
                    }
                }
            }
        }
        Ok(())
    }

    fn tell(&self, world: &mut World<'_>, tally: &Tally) -> Result<Exit, Failure> {
        let dry = self.check || self.diff;
        let verb = if dry { "would change" } else { "changed" };
        let mut said = format!("{} {verb}, {} as they should be", counted(tally.changed, "file"), tally.kept);
        if tally.broken > 0 {
            said.push_str(&format!(", {} broken: see `waypost check`", tally.broken));
        }
        writeln!(world.err, "{said}")?;
        let clean = tally.broken == 0 && !(dry && tally.changed > 0);
        Ok(if clean { Exit::Clean } else { Exit::Findings })
    }
}

/// Returns the spec files that are there but no text.
fn unread(project: &Project) -> impl Iterator<Item = SourceId> {
    let specs = project.sources.iter().filter(|(_, s)| s.name().ends_with(".journey"));
    specs.map(|(id, _)| id).filter(|id| project.tree(*id).is_none())
}

/// Returns a text in its one layout, or why it has none.
fn formatted(id: SourceId, text: &str) -> Result<String, String> {
    let why = |unformatted| match unformatted {
        syntax::Unformatted::Broken => "it has syntax errors".to_owned(),
        syntax::Unformatted::Unsound => "its layout would not read back the same; nothing was changed".to_owned(),
    };
    syntax::format(&syntax::parse(id, text).tree, text).map_err(why)
}
