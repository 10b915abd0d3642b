//! Suggested pains as changes of the specs.

use crate::analysis::journey::insight::Suggested;
use crate::cli::output::{difference, text};
use crate::cli::project::Project;
use crate::cli::{Failure, World, write};
use crate::model::Model;
use crate::source::{SourceId, Sources};
use crate::syntax;
use crate::syntax::tree::{self, Item};
use std::collections::BTreeMap;
use std::path::Path;

/// Shows what would change; with `write`, changes it.
pub(super) fn patch(
    world: &mut World<'_>,
    project: &Project,
    model: &Model,
    pains: &[&Suggested],
    write: bool,
) -> Result<(), Failure> {
    let mut inserts: BTreeMap<SourceId, BTreeMap<usize, String>> = BTreeMap::new();
    for pain in pains {
        let span = model.touchpoints[pain.touchpoint].meta.span;
        let end = project.tree(span.source).and_then(|tree| closing(&tree.items, span.range().start));
        let Some(end) = end else { continue };
        let text = project.sources.get(span.source).map_or("", |s| s.text());
        let indent = " ".repeat(indent(text, span.range().start));
        let here = inserts.entry(span.source).or_default().entry(end).or_default();
        pain.statement().lines().for_each(|line| here.push_str(&format!("{indent}  {line}\n")));
    }
    for (source, inserts) in inserts {
        let old = project.sources.get(source).map_or("", |s| s.text());
        let new = laid_out(old, &with(old, &inserts));
        let path = project.path(source);
        if write {
            self::write::whole(&project.root.join(Path::new(project.sources.name(source))), new.as_bytes())?;
            writeln!(world.err, "changed {}", text::shown(&path))?;
        } else {
            write!(world.out, "{}", difference(&path, old, &new))?;
        }
    }
    Ok(())
}

/// Returns where the block of the statement whose header starts at `start` closes: the place of its `}`.
fn closing(items: &[Item], start: usize) -> Option<usize> {
    let around = tree::statements(items).find(|s| s.span.range().contains(&start))?;
    let block = around.block.as_ref()?;
    closing(&block.items, start).or_else(|| block.close.map(|c| c.range().start))
}

/// Returns how far the line of a place is set in.
fn indent(text: &str, at: usize) -> usize {
    let line = text.get(..at).and_then(|before| before.rsplit('\n').next()).unwrap_or("");
    line.len() - line.trim_start_matches(' ').len()
}

/// Returns the text with statements before the closing braces at these places; each stands on lines of its own.
fn with(old: &str, inserts: &BTreeMap<usize, String>) -> String {
    let (mut new, mut at) = (String::with_capacity(old.len() + 256), 0);
    for (place, statement) in inserts {
        new.push_str(old.get(at..*place).unwrap_or("").trim_end_matches(' '));
        if !new.ends_with('\n') {
            new.push('\n');
        }
        new.push_str(statement);
        new.push_str(&" ".repeat(indent(old, *place)));
        at = *place;
    }
    new.push_str(old.get(at..).unwrap_or(""));
    new
}

/// A file that was laid out the one way stays so; another keeps its own way.
fn laid_out(old: &str, new: &str) -> String {
    let format = |text: &str| {
        let mut sources = Sources::default();
        let id = sources.add("spec", text);
        syntax::format(&syntax::parse(id, text).tree, text).ok()
    };
    match format(old) {
        Some(same) if same == old => format(new).unwrap_or_else(|| new.to_owned()),
        _ => new.to_owned(),
    }
}
