//! Two revisions of a project to what changed in meaning, and which of it breaks a plan that runs.
//!
//! Statements are compared as they read, not as they are laid out: order of files, white space and comments change
//! nothing. Experiments are compared by their resolved meaning, also through what they share (an audience, a metric, a
//! layer in another file). State comes from the base: a draft breaks nothing, a concluded experiment is a record.

mod blast;
mod experiment;
mod meaning;
mod outline;
mod rules;

pub use blast::{Blast, Move};
pub use rules::{RULES, Rule};

use crate::model::manifest::Breaking;
use crate::model::{Experiment, Model};
use crate::source::Span;
use crate::syntax::tree::Tree;

/// One revision of a project: what it means, and what was written.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The model.
    pub model: &'a Model,
    /// The trees it was resolved from.
    pub trees: &'a [Tree],
}

/// How much a change matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Impact {
    /// Nothing that counts depends on it.
    Harmless,
    /// A reviewer should know.
    Notable,
    /// It breaks a plan that runs, or edits a record.
    Breaking,
}

impl Impact {
    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            Impact::Harmless => "harmless",
            Impact::Notable => "notable",
            Impact::Breaking => "breaking",
        }
    }
}

/// What a breaking change touches; each holds the ones after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// The record of what was planned and decided.
    Record,
    /// How the numbers are made and judged.
    Analysis,
    /// Who gets which variant.
    Assignment,
}

impl Category {
    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            Category::Record => "record",
            Category::Analysis => "analysis",
            Category::Assignment => "assignment",
        }
    }

    /// Returns whether a project that guards `scope` fails on this.
    pub fn is_guarded(self, scope: Breaking) -> bool {
        match scope {
            Breaking::Record => true,
            Breaking::Analysis => self >= Category::Analysis,
            Breaking::Assignment => self == Category::Assignment,
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The rule that found it; `statement` for what only reads differently.
    pub rule: &'static str,
    /// What changed: kinds and ids, outermost first, such as `experiment guest-checkout`.
    pub path: String,
    /// What happened, in one line.
    pub says: String,
    /// How much it matters.
    pub impact: Impact,
    /// What it touches, where it breaks something or was made legal by a restart.
    pub category: Option<Category>,
    /// Where it stands in the head; none where it is gone.
    pub head: Option<Span>,
    /// Where it stood in the base; none where it is new.
    pub base: Option<Span>,
}

/// Everything that changed between two revisions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diff {
    /// The changes, the weightiest first, then by path.
    pub changes: Vec<Change>,
    /// Who moves, for each experiment whose assignment changed.
    pub blasts: Vec<Blast>,
}

impl Diff {
    /// Returns the changes that fail a project which guards `scope`.
    pub fn failures(&self, scope: Breaking) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |c| {
            c.impact == Impact::Breaking && c.category.is_none_or(|category| category.is_guarded(scope))
        })
    }
}

/// Returns what changed from `base` to `head`.
pub fn diff(base: Side<'_>, head: Side<'_>) -> Diff {
    let mut changes = outline::changes(base, head);
    let mut blasts = Vec::new();
    for old in base.model.experiments.values() {
        match successor(head.model, old) {
            Some(new) => {
                let both = experiment::Both { base: base.model, head: head.model, old, new };
                changes.extend(both.changes());
                blasts.extend(blast::blast(&both));
            }
            None => changes.extend(experiment::gone(old)),
        }
    }
    changes.sort_by(|a, b| (b.impact, &a.path, a.rule, &a.says).cmp(&(a.impact, &b.path, b.rule, &b.says)));
    changes.dedup();
    Diff { changes, blasts }
}

/// Returns the experiment that an old one has become: the one of its id, else the one that says it was it.
fn successor<'m>(head: &'m Model, old: &Experiment) -> Option<&'m Experiment> {
    let named = head.experiments.values().find(|e| e.meta.id == old.meta.id);
    named.or_else(|| head.experiments.values().find(|e| e.meta.was.as_deref() == Some(old.meta.id.as_str())))
}
