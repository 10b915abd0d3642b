//! `waypost diff`: what changed in meaning, and what of it breaks a plan that runs.

use crate::cli::checked::Checked;
use crate::cli::git::Repository;
use crate::cli::output::text;
use crate::cli::project::{Disk, Entries, Place, Project, Revision, find, load};
use crate::cli::{Exit, Failure, World};
use crate::diagnostic::Diagnostic;
use crate::diff::{Category, Change, Diff as Changes, Impact, RULES, Side, diff};
use crate::model::Model;
use crate::model::manifest::Breaking;
use crate::render::{Options, moved_svg};
use crate::source::Span;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Say what changed in meaning since a revision, and what breaks a plan that runs
///
/// BASE is a git revision (the point where this branch left it is compared) or a folder with the project's former files.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Diff {
    /// A git revision, or a folder
    #[arg(default_value = "HEAD")]
    base: String,
    /// The project
    #[arg(long, value_name = "PATH")]
    project: Option<PathBuf>,
    /// Fail on changes that break a running plan or edit a record
    #[arg(long)]
    breaking: bool,
    /// How it looks
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// How a comparison looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum Format {
    /// For the terminal
    #[default]
    Text,
    /// One JSON object
    Json,
    /// For a pull request
    Markdown,
    /// A picture of what moved on the maps, before and after
    Svg,
}

impl Diff {
    /// Compares and tells.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let place = find(world, self.project.as_deref())?;
        let compared = Compared::new(world, &place, &self.base)?;
        let told = match self.format {
            Format::Text => compared.text(),
            Format::Json => format!("{:#}\n", compared.json()),
            Format::Markdown => compared.markdown(),
            Format::Svg => compared.picture(),
        };
        let safe = if self.format == Format::Json { text::json(&told) } else { text::lines(&told) };
        world.out.write_all(safe.as_bytes())?;
        Ok(if self.breaking && compared.fails() { Exit::Findings } else { Exit::Clean })
    }
}

/// Two revisions of a project, compared.
pub(in crate::cli) struct Compared {
    base: String,
    former: Option<Model>,
    head: Checked,
    changes: Changes,
    scope: Breaking,
}

impl Compared {
    /// Returns what changed in the project of a place since a base.
    ///
    /// # Errors
    /// The base cannot be read, or either side has errors.
    pub(in crate::cli) fn new(world: &World<'_>, place: &Place, base: &str) -> Result<Self, Failure> {
        let head = load(&Disk::new(place.root.clone()), place.root.clone(), &Entries::Manifest)?;
        let head =
            checked(world, head, "the project has errors, and what does not check cannot be compared by meaning")?;
        Self::of(world, place, base, head)
    }

    /// Returns what changed in a project that checks, since a base.
    ///
    /// # Errors
    /// The base cannot be read, or has errors.
    pub(in crate::cli) fn of(world: &World<'_>, place: &Place, base: &str, head: Checked) -> Result<Self, Failure> {
        let (shown, old) = former(world, place, base)?;
        let Some(old) = old else {
            return Ok(Self { base: shown, former: None, head, changes: Changes::default(), scope: Breaking::Record });
        };
        let old = checked(world, old, "the base has errors, and what does not check cannot be compared by meaning")?;
        let changes = match (&old.model, &head.model) {
            (Some(before), Some(after)) => diff(
                Side { model: before, trees: &old.project.trees },
                Side { model: after, trees: &head.project.trees },
            ),
            _ => Changes::default(),
        };
        // the base says what is guarded, so that a change cannot lower its own bar
        let scope = old.project.manifest.breaking;
        Ok(Self { base: shown, former: old.model, head, changes, scope })
    }

    /// Returns whether a guarded change breaks something.
    pub(in crate::cli) fn fails(&self) -> bool {
        self.changes.failures(self.scope).next().is_some()
    }

    /// Returns the head with every change that fails among its findings: an error at the place of the change, or at the
    /// top of the project where it is gone.
    pub(in crate::cli) fn into_findings(self) -> Checked {
        let failing: Vec<Diagnostic> = self.changes.failures(self.scope).map(|c| self.finding(c)).collect();
        let mut head = self.head;
        head.diagnostics.extend(failing);
        head.diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
        head
    }

    fn finding(&self, change: &Change) -> Diagnostic {
        let top = self.head.project.sources.iter().next().map(|(id, _)| Span::new(id, 0, 0)).unwrap_or_default();
        let message = format!("`{}`: {}", change.path, change.says);
        let mut finding = Diagnostic::error(change.rule, change.head.unwrap_or(top), message);
        let moves = self.changes.blasts.iter().filter(|b| change.path == format!("experiment {}", b.experiment));
        if change.category == Some(Category::Assignment) {
            finding.help.extend(moves.flat_map(|b| b.sentences()));
        }
        finding.help(format!(
            "compared with {}: take the change back, or restart the experiment (`restart 2 from DATE because TEXT`)",
            self.base
        ))
    }

    fn count(&self, impact: Impact) -> usize {
        self.changes.changes.iter().filter(|c| c.impact == impact).count()
    }

    fn tally(&self) -> String {
        let counts =
            [Impact::Breaking, Impact::Notable, Impact::Harmless].map(|i| format!("{} {}", self.count(i), i.name()));
        format!("{} since {}", counts.join(", "), self.base)
    }

    /// Returns where a change stands in the head: file and line.
    fn spot(&self, change: &Change) -> Option<(String, u32)> {
        let span = change.head?;
        let project = &self.head.project;
        Some((project.path(span.source), project.sources.position(span).line))
    }

    /// Returns the comparison for the terminal.
    pub(in crate::cli) fn text(&self) -> String {
        let mut out = String::new();
        let mut path = "";
        for change in &self.changes.changes {
            if change.path != path {
                path = &change.path;
                let at = self.spot(change).map(|(file, line)| format!("  ({file}:{line})")).unwrap_or_default();
                out += &format!("{path}{at}\n");
            }
            let category = change.category.map(|c| format!(" {}", c.name())).unwrap_or_default();
            let rule = if change.rule == "statement" { String::new() } else { format!(" [{}{category}]", change.rule) };
            out += &format!("  {}{rule}: {}\n", change.impact.name(), change.says);
        }
        for blast in &self.changes.blasts {
            out += &format!("{}: who moves\n", blast.experiment);
            blast.sentences().iter().for_each(|s| out += &format!("  {s}\n"));
        }
        if self.fails() {
            out += "\na plan that runs must not move: take the change back, or restart the experiment\n";
            out += "(`restart 2 from DATE because TEXT`: a new seed; what came before is then not comparable)\n";
        }
        format!("{out}{}\n", self.tally())
    }

    /// Returns what moved on the maps, before and after.
    fn picture(&self) -> String {
        let options = Options::of(&self.head.project.manifest);
        let nothing = Model::default();
        let former = self.former.as_ref().unwrap_or(&nothing);
        let head = self.head.model.as_ref().unwrap_or(&nothing);
        moved_svg(former, head, &options)
    }

    /// Returns the comparison for a pull request.
    pub(in crate::cli) fn markdown(&self) -> String {
        let cell =
            |text: &str| text.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;").replace(['\n', '\r'], " ");
        let mut out = format!("### Waypost: {}\n\n", cell(&self.tally()));
        if self.changes.changes.is_empty() {
            return out + "Nothing changed in meaning.\n";
        }
        out += "| | what | change |\n|---|---|---|\n";
        for change in &self.changes.changes {
            let sign = match change.impact {
                Impact::Breaking => "**breaking**",
                Impact::Notable => "notable",
                Impact::Harmless => "harmless",
            };
            let why = RULES.iter().find(|r| r.id == change.rule).filter(|_| change.impact == Impact::Breaking);
            let why = why.map(|r| format!(" ({}: {})", r.id, r.why)).unwrap_or_default();
            out += &format!("| {sign} | {} | {}{} |\n", cell(&change.path), cell(&change.says), cell(&why));
        }
        for blast in &self.changes.blasts {
            out += &format!("\n**Who moves in {}**\n\n", cell(&blast.experiment));
            blast.sentences().iter().for_each(|s| out += &format!("- {}\n", cell(s)));
        }
        if self.fails() {
            out += "\nA plan that runs must not move: take the change back, or restart the experiment with a new seed and a reason.\n";
        }
        out
    }

    fn json(&self) -> Value {
        let change = |c: &Change| {
            let spot = self.spot(c);
            json!({
                "rule": c.rule, "path": c.path, "says": c.says, "impact": c.impact.name(),
                "category": c.category.map(|c| c.name()),
                "file": spot.as_ref().map(|(file, _)| file), "line": spot.as_ref().map(|(_, line)| line),
            })
        };
        let blast = |b: &crate::diff::Blast| {
            let moves: Vec<Value> = b
                .moves
                .iter()
                .map(|m| {
                    json!({
                        "from": m.from, "to": m.to, "of_all": m.of_all, "of_enrolled": m.of_enrolled,
                    })
                })
                .collect();
            json!({ "experiment": b.experiment, "moves": moves, "audience_changed": b.audience_changed })
        };
        json!({
            "schema": "waypost/diff/1", "base": self.base, "fails": self.fails(),
            "changes": self.changes.changes.iter().map(change).collect::<Vec<_>>(),
            "moves": self.changes.blasts.iter().map(blast).collect::<Vec<_>>(),
        })
    }
}

fn checked(world: &World<'_>, project: Project, wrong: &str) -> Result<Checked, Failure> {
    let today = world.today(project.manifest.zone());
    let checked = Checked::new(project, today);
    match checked.model.is_some() {
        true => Ok(checked),
        false => Err(Failure::new(wrong).help("run `waypost check` there and mend what it finds")),
    }
}

/// Returns how the base is called, and its project; none where it did not exist yet.
fn former(world: &World<'_>, place: &Place, base: &str) -> Result<(String, Option<Project>), Failure> {
    let folder = world.dir.join(base);
    let is_folder = folder.is_dir() && (base.contains(['/', '\\', '.']) || Repository::of(&place.root).is_err());
    if is_folder {
        let root = folder.canonicalize().map_err(|e| Failure::file("read", Path::new(base), &e))?;
        return Ok((base.to_owned(), Some(load(&Disk::new(root.clone()), root, &Entries::Manifest)?)));
    }
    let repository = Repository::of(&place.root)?;
    let commit = repository.base(base)?;
    let below =
        repository.below_top(&place.root).ok_or_else(|| Failure::new("the project lies outside its repository"))?;
    let files = Revision::read(&repository, &commit, &below)?;
    let short = commit.get(..10).unwrap_or(&commit).to_owned();
    let shown = if base == "HEAD" { format!("HEAD ({short})") } else { format!("{base} ({short})") };
    match files.is_empty() {
        true => Ok((shown, None)),
        false => Ok((shown, Some(load(&files, place.root.clone(), &Entries::Manifest)?))),
    }
}
