//! With the text it is about: drawn by `annotate-snippets`, as the Rust compiler does.

use super::excerpt::Excerpt;
use super::{Finding, Findings, counted, text};
use crate::cli::World;
use crate::diagnostic::{Fix, Label, Severity};
use crate::source::{SourceId, Span};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};
use std::io;

/// Writes each finding with its lines, what was left out, and the count.
pub(super) fn write(findings: &Findings<'_>, world: &mut World<'_>) -> io::Result<()> {
    let renderer = if world.colour { Renderer::styled() } else { Renderer::plain() }.term_width(world.width);
    let (list, more) = findings.capped();
    for finding in &list {
        writeln!(world.out, "{}\n", draw(finding, &renderer))?;
    }
    for (path, n) in more {
        writeln!(world.out, "{path}: {} not shown", counted(n, "more finding"))?;
    }
    if !findings.list.is_empty() {
        writeln!(world.out, "{}", findings.tally())?;
    }
    Ok(())
}

fn draw(finding: &Finding<'_>, renderer: &Renderer) -> String {
    let d = finding.diagnostic;
    let level = match d.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group = level.primary_title(finding.message()).id(d.code).element(cause(finding, d.primary.span.source));
    let mut others: Vec<SourceId> = d.secondary.iter().map(|l| l.span.source).collect();
    others.dedup();
    for source in others.into_iter().filter(|s| *s != d.primary.span.source) {
        group = group.element(cause(finding, source));
    }
    for help in &d.help {
        group = group.element(Level::HELP.message(text::shown(help).into_owned()));
    }
    let fix = d.fix.as_ref().and_then(|fix| suggestion(finding, fix));
    let groups: Vec<Group<'_>> = std::iter::once(group).chain(fix).collect();
    renderer.render(&groups)
}

/// Returns the lines of one source with all labels in it; where nothing is to be shown, the place alone.
fn cause<'f>(finding: &Finding<'f>, source: SourceId) -> annotate_snippets::Element<'f> {
    let d = finding.diagnostic;
    let all = std::iter::once((AnnotationKind::Primary, &d.primary));
    let all = all.chain(d.secondary.iter().map(|l| (AnnotationKind::Context, l)));
    let labels: Vec<(AnnotationKind, &Label)> = all.filter(|(_, l)| l.span.source == source).collect();
    let spans: Vec<Span> = labels.iter().map(|(_, l)| l.span).collect();
    let path = finding.project.path(source);
    let path = text::leading(&path).into_owned();
    let text = finding.project.sources.get(source).filter(|s| !s.text().is_empty());
    let Some(text) = text else { return Origin::path(path).line(1).char_column(1).into() };
    let excerpt = Excerpt::of(text, &spans);
    let annotations: Vec<Annotation<'f>> = labels
        .iter()
        .zip(excerpt.ranges)
        .map(|((kind, label), range)| kind.span(range).label(text::shown(&label.text).into_owned()))
        .collect();
    Snippet::source(excerpt.text).line_start(excerpt.first_line).path(path).annotations(annotations).into()
}

/// Returns the lines as a fix would leave them; nothing where it spans files.
fn suggestion<'f>(finding: &Finding<'f>, fix: &'f Fix) -> Option<Group<'f>> {
    let source = fix.edits.first()?.span.source;
    if fix.edits.iter().any(|e| e.span.source != source) {
        return None;
    }
    let spans: Vec<Span> = fix.edits.iter().map(|e| e.span).collect();
    let excerpt = Excerpt::of(finding.project.sources.get(source)?, &spans);
    let new = |text: &str| text.split('\n').map(|line| text::shown(line).into_owned()).collect::<Vec<_>>().join("\n");
    let patches: Vec<Patch<'f>> =
        fix.edits.iter().zip(excerpt.ranges).map(|(edit, range)| Patch::new(range, new(&edit.text))).collect();
    let path = text::leading(&finding.project.path(source)).into_owned();
    let lines = Snippet::source(excerpt.text).line_start(excerpt.first_line).path(path).patches(patches);
    Some(Level::HELP.secondary_title(text::shown(&fix.title).into_owned()).element(lines))
}
