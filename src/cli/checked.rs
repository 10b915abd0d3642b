//! A project with everything that was found in it: [`Checked`].

use super::portraits;
use super::project::Project;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint;
use crate::model::Model;
use crate::model::manifest::LintLevel;
use crate::resolve;
use crate::source::SourceId;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// A project, its model where nothing is wrong, and its findings in reading order.
pub struct Checked {
    /// The files.
    pub project: Project,
    /// What they mean; none where there is an error.
    pub model: Option<Model>,
    /// What was found, each at the severity the project gives it.
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// Returns the project with what its names, its meaning and the rules have to say on a day.
    ///
    /// Where a file is missing or unreadable, names are not looked up: each would be missing twice.
    pub fn new(mut project: Project, today: Date) -> Self {
        let mut diagnostics = std::mem::take(&mut project.diagnostics);
        let mut model = None;
        if project.complete {
            let resolution = resolve::resolve(&project.manifest, &project.trees);
            diagnostics.extend(resolution.diagnostics);
            model = resolution.model.filter(|_| !has_errors(&diagnostics));
        }
        diagnostics.retain_mut(|d| relevel(d, &project));
        if let Some(model) = &model {
            diagnostics.extend(lint::run(model, &project.trees, &project.sources, today));
        }
        diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
        Self { project, model, diagnostics }
    }

    /// Returns the project as [`Checked::new`] does, where its files are those of the disk: what it shows is looked at too.
    pub fn on_disk(project: Project, today: Date) -> Self {
        let mut checked = Self::new(project, today);
        let missing = checked.model.iter().flat_map(|model| portraits::missing(&checked.project, model));
        let missing: Vec<Diagnostic> = missing.collect();
        checked
            .diagnostics
            .extend(missing.into_iter().filter_map(|mut d| relevel(&mut d, &checked.project).then_some(d)));
        checked.diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
        checked
    }

    /// Lets go of what only further work would need: the model, and the trees of files in which nothing was found.
    pub fn lighten(&mut self) {
        self.model = None;
        let found: BTreeSet<SourceId> = self.diagnostics.iter().map(|d| d.primary.span.source).collect();
        let trees = self.project.trees.iter_mut().filter(|tree| !found.contains(&tree.source));
        trees.for_each(|tree| tree.items = Vec::new());
    }

    /// Returns whether something is an error.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }

    /// Keeps, of what is no error, only what stands in these files; an error anywhere stays.
    pub fn narrow(&mut self, files: &BTreeSet<SourceId>) {
        self.diagnostics.retain(|d| d.severity == Severity::Error || files.contains(&d.primary.span.source));
    }
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

/// Gives a finding of the language the severity of the manifest, and returns whether it is said at all. An error stays
/// one: what comes after relies on it. Rules have weighed theirs.
fn relevel(finding: &mut Diagnostic, project: &Project) -> bool {
    let level = project.manifest.lint.get(finding.code);
    let Some(level) = level.filter(|_| finding.severity != Severity::Error) else { return true };
    finding.severity = match level {
        LintLevel::Error => Severity::Error,
        LintLevel::Warn => Severity::Warning,
        LintLevel::Note => Severity::Note,
        LintLevel::Off => return false,
    };
    true
}
