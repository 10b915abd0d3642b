//! `waypost check`: syntax, names, meaning and rules.

use crate::cli::baseline::Baseline;
use crate::cli::checked::Checked;
use crate::cli::git::{Repository, is_spec};
use crate::cli::output::{Findings, Format, counted};
use crate::cli::project::{Disk, Place, above, open, places};
use crate::cli::world::Clock;
use crate::cli::{Exit, Failure, World, fixes, write};
use crate::diagnostic::Severity;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How often safe fixes are applied in one run: a fix may bring another one to light.
const ROUNDS: usize = 10;

/// Find what is wrong: syntax, names, meaning, rules
///
/// A file or folder belongs to the project of the nearest `waypost.yaml` above it, and the whole project is read. Where
/// files are named, errors anywhere in their project are told, warnings and notes only of those files.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Check {
    /// Files, folders or manifests; `-` for a text on standard input
    paths: Vec<PathBuf>,
    #[command(flatten)]
    gate: Gate,
    /// Apply the fixes that keep the meaning
    #[arg(long)]
    fix: bool,
    /// Only files that differ from where this branch left REF; without REF, what is not committed
    #[arg(long, value_name = "REF", num_args = 0..=1, default_missing_value = "HEAD", conflicts_with_all = ["staged", "paths"])]
    changed: Option<String>,
    /// Only staged files, as they are staged
    #[arg(long, conflicts_with_all = ["paths", "fix"])]
    staged: bool,
    /// Leave out the warnings and notes that this file knows
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the warnings and notes found to the baseline file
    #[arg(long, requires = "baseline")]
    write_baseline: bool,
    /// The file that standard input will be saved as
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<PathBuf>,
}

/// What fails, and how it is told; the same for every verb that checks.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Gate {
    /// How findings look
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// Fail on warnings too
    #[arg(long, value_enum, value_name = "WHAT")]
    pub deny: Option<Deny>,
    /// The day it is, for findings that depend on it (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,
}

/// What fails besides errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum Deny {
    /// Warnings
    Warnings,
}

impl Gate {
    /// Returns the day it is for a project.
    pub(in crate::cli) fn today(&self, world: &World<'_>, time_zone: &str) -> Date {
        self.today.unwrap_or_else(|| world.today(time_zone))
    }

    /// Returns whether findings pass.
    pub(in crate::cli) fn judge(&self, findings: &Findings<'_>) -> Exit {
        let fails = |severity| match severity {
            Severity::Error => true,
            Severity::Warning => self.deny == Some(Deny::Warnings),
            Severity::Note => false,
        };
        match findings.list.iter().any(|f| fails(f.diagnostic.severity)) {
            true => Exit::Findings,
            false => Exit::Clean,
        }
    }
}

impl Check {
    /// Checks and tells.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let chosen = self.chosen(world)?;
        let read = self.read_all(&world.dir, world.clock(), &chosen)?;
        let mut all = Vec::new();
        for ((place, mut disk), read) in chosen.into_iter().zip(read) {
            all.extend(self.place(world, &place, &mut disk, read)?);
        }
        let mut findings = Findings::of(&all);
        if let Some(path) = &self.baseline {
            self.lay_baseline(world, path, &mut findings)?;
        }
        findings.write(self.gate.format, world)?;
        if findings.list.is_empty() {
            writeln!(world.err, "{}", findings.tally())?;
        }
        Ok(self.gate.judge(&findings))
    }

    fn lay_baseline(&self, world: &mut World<'_>, path: &Path, findings: &mut Findings<'_>) -> Result<(), Failure> {
        let file = world.dir.join(path);
        if self.write_baseline {
            write::whole(&file, Baseline::of(findings).text().as_bytes())?;
        }
        let hidden = Baseline::read(&file, path)?.hide(findings);
        if hidden > 0 {
            writeln!(world.err, "{} left out by `{}`", counted(hidden, "finding"), path.display())?;
        }
        Ok(())
    }

    /// Returns the projects that are meant, each with its files.
    fn chosen(&self, world: &mut World<'_>) -> Result<Vec<(Place, Disk)>, Failure> {
        let stdin = self.paths.iter().any(|p| p.as_os_str() == "-");
        if stdin || self.stdin_filename.is_some() {
            return match stdin && self.paths.len() == 1 {
                true => self.standard_input(world).map(|one| vec![one]),
                false => Err(Failure::new("standard input is checked alone")
                    .help("write `waypost check - --stdin-filename FILE`")),
            };
        }
        let with_disk = |place: Place| (place.clone(), Disk::new(place.root));
        match (&self.changed, self.staged) {
            (Some(revision), _) => {
                let changed = Repository::here(world)?.changed_since(revision)?;
                Ok(places_of(changed).into_iter().map(with_disk).collect())
            }
            (None, true) => staged(&Repository::here(world)?),
            (None, false) => Ok(places(world, &self.paths)?.into_iter().map(with_disk).collect()),
        }
    }

    /// Returns the project that standard input belongs to, with its text laid over the file it will be.
    fn standard_input(&self, world: &mut World<'_>) -> Result<(Place, Disk), Failure> {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut world.input, &mut bytes)?;
        let named = self.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("stdin.journey"));
        let path = world.dir.join(&named);
        let folder = path.parent().unwrap_or(&world.dir);
        let folder = folder.canonicalize().map_err(|e| Failure::file("find the folder of", &named, &e))?;
        let name = path.file_name().ok_or_else(|| Failure::new("standard input needs the name of a file"))?;
        let file = folder.join(name);
        let root = above(&folder);
        let place =
            Place { manifest: root.is_some(), root: root.unwrap_or(folder), files: BTreeSet::from([file.clone()]) };
        let mut disk = Disk::new(place.root.clone());
        let path = disk.relative(&file).ok_or_else(|| Failure::new("the name of the file is not UTF-8"))?;
        disk.lay_over(path, bytes);
        Ok((place, disk))
    }

    fn place(
        &self,
        world: &mut World<'_>,
        place: &Place,
        disk: &mut Disk,
        mut all: Vec<Checked>,
    ) -> Result<Vec<Checked>, Failure> {
        if self.fix {
            all = self.mend(world, place, disk, all)?;
        }
        for checked in all.iter_mut().filter(|_| !place.files.is_empty()) {
            let sources = checked.project.sources.iter();
            let named = |name: &str| place.files.contains(&place.root.join(name));
            let files: BTreeSet<_> = sources.filter(|(_, s)| named(s.name())).map(|(id, _)| id).collect();
            checked.narrow(&files);
        }
        Ok(all)
    }

    /// Reads and checks projects, in their order; several at a time, but no more than there are cores, so that few are held
    /// whole at once.
    fn read_all(&self, dir: &Path, clock: Clock, chosen: &[(Place, Disk)]) -> Result<Vec<Vec<Checked>>, Failure> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some((place, disk)) = chosen.get(at) else { return done };
                done.push((at, self.read(dir, clock, place, disk)));
            }
        };
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mut read = std::thread::scope(|scope| {
            let others: Vec<_> = (1..cores.min(chosen.len())).map(|_| scope.spawn(work)).collect();
            let mut all = work();
            let rest = others.into_iter().map(|o| o.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            all.extend(rest.flatten());
            all
        });
        read.sort_by_key(|(at, _)| *at);
        read.into_iter().map(|(_, checked)| checked).collect()
    }

    fn read(&self, dir: &Path, clock: Clock, place: &Place, disk: &Disk) -> Result<Vec<Checked>, Failure> {
        let check = |project: crate::cli::project::Project| {
            let today = self.gate.today.unwrap_or_else(|| clock.today(project.manifest.zone()));
            let mut checked = Checked::on_disk(project, today);
            checked.lighten();
            checked
        };
        Ok(open(dir, place, disk)?.into_iter().map(check).collect())
    }

    /// Applies safe fixes until none is left, and writes the files. A round that would add an error is not taken.
    fn mend(
        &self,
        world: &mut World<'_>,
        place: &Place,
        disk: &mut Disk,
        mut all: Vec<Checked>,
    ) -> Result<Vec<Checked>, Failure> {
        let mut changed: BTreeMap<String, String> = BTreeMap::new();
        let mut count = 0;
        for _ in 0..ROUNDS {
            let (texts, applied) = fixed(&all);
            if applied == 0 {
                break;
            }
            let mut next = Disk::new(place.root.clone());
            let laid = changed.iter().chain(&texts);
            laid.for_each(|(path, text)| next.lay_over(path.clone(), text.clone().into_bytes()));
            let after = self.read(&world.dir, world.clock(), place, &next)?;
            if errors(&after) > errors(&all) {
                break;
            }
            (all, *disk) = (after, next);
            changed.extend(texts);
            count += applied;
        }
        for (path, text) in &changed {
            write::whole(&place.root.join(path), text.as_bytes())?;
        }
        if count > 0 {
            writeln!(world.err, "mended {} in {}", counted(count, "finding"), counted(changed.len(), "file"))?;
        }
        Ok(all)
    }
}

fn fixed(all: &[Checked]) -> (BTreeMap<String, String>, usize) {
    let (mut texts, mut count) = (BTreeMap::new(), 0);
    for checked in all {
        let (of_project, applied) = fixes::apply(&checked.project, &checked.diagnostics);
        let named = of_project.into_iter().map(|(id, text)| (checked.project.sources.name(id).to_owned(), text));
        texts.extend(named);
        count += applied;
    }
    (texts, count)
}

fn errors(all: &[Checked]) -> usize {
    all.iter().flat_map(|c| &c.diagnostics).filter(|d| d.severity == Severity::Error).count()
}

/// Returns the projects of files; a manifest, and a file that is gone, means its whole project.
fn places_of(files: BTreeSet<PathBuf>) -> Vec<Place> {
    let mut all: BTreeMap<PathBuf, (bool, bool, BTreeSet<PathBuf>)> = BTreeMap::new();
    for file in files.into_iter().filter(|f| is_spec(f)) {
        let Some(folder) = file.ancestors().skip(1).find(|f| f.is_dir()).and_then(|f| f.canonicalize().ok()) else {
            continue;
        };
        let root = above(&folder);
        let real = file.canonicalize().ok().filter(|f| f.extension().is_some_and(|e| e == "journey"));
        let (manifest, whole) = (root.is_some(), real.is_none());
        let slot = all.entry(root.unwrap_or(folder)).or_default();
        slot.0 |= manifest;
        slot.1 |= whole;
        slot.2.extend(real);
    }
    let place = |(root, (manifest, whole, files))| {
        let files = if whole { BTreeSet::new() } else { files };
        (manifest || !files.is_empty()).then_some(Place { root, manifest, files })
    };
    all.into_iter().filter_map(place).collect()
}

/// Returns the projects of staged files, each as it is staged.
fn staged(repository: &Repository) -> Result<Vec<(Place, Disk)>, Failure> {
    let unlike = repository.unlike_index()?;
    let with_disk = |place: Place| {
        let mut disk = Disk::new(place.root.clone());
        for (path, text) in &unlike {
            let path = path.canonicalize().unwrap_or_else(|_| path.clone());
            match (disk.relative(&path), text) {
                (Some(path), Some(text)) => disk.lay_over(path, text.clone()),
                (Some(path), None) => disk.hide(path),
                (None, _) => (),
            }
        }
        (place, disk)
    };
    Ok(places_of(repository.staged()?).into_iter().map(with_disk).collect())
}
