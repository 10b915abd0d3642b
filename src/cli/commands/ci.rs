//! `waypost ci`: check, layout and breaking changes in one run that writes no file.

use super::diff::Compared;
use crate::cli::checked::Checked;
use crate::cli::commands::check::{Deny, Gate};
use crate::cli::git::Repository;
use crate::cli::output::{Findings, Format};
use crate::cli::project::{Disk, Place, Project, open, places};
use crate::cli::{Exit, Failure, World};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};
use crate::syntax;
use jiff::civil::Date;
use std::io::Write;
use std::path::PathBuf;

/// Check, layout and breaking changes in one, for continuous integration; writes no file
///
/// The findings look as the service it runs in shows them best. On a pull request the base is the branch it goes to, on
/// another build the commit before, elsewhere HEAD.
#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Ci {
    /// Files, folders or manifests whose projects are meant
    paths: Vec<PathBuf>,
    /// What to compare with: a git revision, or a folder
    #[arg(long, value_name = "BASE")]
    base: Option<String>,
    /// How findings look
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// Fail on warnings too
    #[arg(long, value_enum, value_name = "WHAT")]
    deny: Option<Deny>,
    /// The day it is, for findings that depend on it (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
}

/// Variables in which services name the branch that a pull request goes to, or the commit it left.
const BASES: &[(&str, Named)] = &[
    ("GITHUB_BASE_REF", Named::Branch),
    ("CI_MERGE_REQUEST_DIFF_BASE_SHA", Named::Commit),
    ("BITBUCKET_PR_DESTINATION_BRANCH", Named::Branch),
    ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", Named::Branch),
    ("CHANGE_TARGET", Named::Branch),
    ("SYSTEM_PULLREQUEST_TARGETBRANCH", Named::Branch),
];

/// What a variable holds.
#[derive(Clone, Copy)]
enum Named {
    Branch,
    Commit,
}

impl Ci {
    /// Checks, compares and tells.
    pub(in crate::cli) fn run(self, world: &mut World<'_>) -> Result<Exit, Failure> {
        let format = self.format.unwrap_or_else(|| of_service(world));
        let gate = Gate { format, deny: self.deny, today: self.today };
        let (mut all, mut summaries) = (Vec::new(), String::new());
        for mut place in places(world, &self.paths)? {
            place.files.clear();
            for project in open(&world.dir, &place, &Disk::new(place.root.clone()))? {
                let checked = checked(project, &gate, world);
                let (checked, summary) = self.compared(world, &place, checked)?;
                all.push(checked);
                summaries += &summary;
            }
        }
        let findings = Findings::of(&all);
        findings.write(format, world)?;
        if format == Format::Markdown {
            write!(world.out, "\n{summaries}")?;
        }
        if format == Format::Github {
            add_to_summary(world, &summaries)?;
        }
        if findings.list.is_empty() {
            writeln!(world.err, "{}", findings.tally())?;
        }
        Ok(gate.judge(&findings))
    }

    /// Returns a project with what breaks since the base among its findings, and the comparison in Markdown.
    fn compared(&self, world: &mut World<'_>, place: &Place, head: Checked) -> Result<(Checked, String), Failure> {
        if head.model.is_none() {
            writeln!(world.err, "changes are not compared: what does not check has no meaning to compare")?;
            return Ok((head, String::new()));
        }
        let base = match &self.base {
            Some(base) => base.clone(),
            None => match base(world, place) {
                Ok(base) => base,
                Err(why) => {
                    writeln!(world.err, "changes are not compared: {why}")?;
                    return Ok((head, String::new()));
                }
            },
        };
        let compared = Compared::of(world, place, &base, head)?;
        let summary = compared.markdown();
        Ok((compared.into_findings(), summary))
    }
}

/// Returns the findings of a project, and of each file that is laid out otherwise.
fn checked(project: Project, gate: &Gate, world: &World<'_>) -> Checked {
    let today = gate.today(world, project.manifest.zone());
    let mut checked = Checked::on_disk(project, today);
    let project = &checked.project;
    let layout: Vec<Diagnostic> = project.trees.iter().filter_map(|t| layout(project, t.source)).collect();
    checked.diagnostics.extend(layout);
    checked.diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
    checked
}

/// Returns the finding of a file that `fmt` would change, at the first line it would.
fn layout(project: &Project, id: SourceId) -> Option<Diagnostic> {
    let old = project.sources.get(id)?.text();
    let tree = project.tree(id)?;
    let new = syntax::format(tree, old).ok().filter(|new| new != old)?;
    let mut at = 0;
    for (was, is) in old.split_inclusive('\n').zip(new.split_inclusive('\n')) {
        if was != is {
            break;
        }
        at += was.len();
    }
    let line = old.get(at..).and_then(|rest| rest.split('\n').next()).map_or(0, str::len);
    let span = Span::new(id, at, at + line);
    let finding = Diagnostic::error("not-formatted", span, "this file is not laid out in the one way there is");
    Some(finding.help("run `waypost fmt`; it changes no meaning and keeps every comment"))
}

/// Returns the format that the service of this run shows best.
fn of_service(world: &World<'_>) -> Format {
    match (world.has("GITHUB_ACTIONS"), world.has("GITLAB_CI")) {
        (true, _) => Format::Github,
        (_, true) => Format::Gitlab,
        _ => Format::Full,
    }
}

/// Returns what the changes of this run are compared with, or why there is nothing.
fn base(world: &World<'_>, place: &Place) -> Result<String, &'static str> {
    let said = BASES.iter().find_map(|(name, what)| Some((world.env.get(*name).filter(|v| !v.is_empty())?, *what)));
    if let Some((value, what)) = said {
        return Ok(match what {
            Named::Commit => value.clone(),
            Named::Branch => format!("origin/{}", value.trim_start_matches("refs/heads/")),
        });
    }
    let Ok(repository) = Repository::of(&place.root) else {
        return Err("the project is in no git repository");
    };
    if !world.has("CI") {
        return if repository.has("HEAD") { Ok("HEAD".to_owned()) } else { Err("nothing is committed yet") };
    }
    match (repository.has("HEAD^"), repository.is_shallow()) {
        (true, _) => Ok("HEAD^".to_owned()),
        (false, true) => Err("this shallow clone lacks the commit before; fetch at least two (`fetch-depth: 2`)"),
        (false, false) => Err("there is no commit before this one"),
    }
}

/// Adds Markdown to the page that GitHub shows for a step.
fn add_to_summary(world: &World<'_>, text: &str) -> Result<(), Failure> {
    let Some(path) = world.env.get("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else { return Ok(()) };
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path)?;
    Ok(write!(file, "\n{text}")?)
}
