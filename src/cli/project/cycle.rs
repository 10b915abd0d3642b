//! Files that use each other in a circle.

use crate::diagnostic::Diagnostic;
use crate::source::{Sources, Span};

/// One `use`: the file it stands in, the file it names, its place.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// Position of the file it stands in.
    pub from: usize,
    /// Position of the file it names.
    pub to: usize,
    /// Its place.
    pub span: Span,
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

/// Returns a finding for each `use` that closes a circle. Takes no stack, however long the chain.
pub fn cycles(files: usize, uses: &[Use], sources: &Sources) -> Vec<Diagnostic> {
    let mut of: Vec<Vec<Use>> = vec![Vec::new(); files];
    for one in uses {
        if let Some(list) = of.get_mut(one.from) {
            list.push(*one);
        }
    }
    let mut marks = vec![Mark::New; files];
    let mut findings = Vec::new();
    for start in 0..files {
        walk(start, &of, &mut marks, sources, &mut findings);
    }
    findings
}

fn walk(start: usize, of: &[Vec<Use>], marks: &mut [Mark], sources: &Sources, findings: &mut Vec<Diagnostic>) {
    let mut path: Vec<(usize, usize, Option<Use>)> = vec![(start, 0, None)];
    if marks.get(start) != Some(&Mark::New) {
        return;
    }
    set(marks, start, Mark::Open);
    while let Some((file, next, _)) = path.last_mut() {
        let Some(one) = of.get(*file).and_then(|list| list.get(*next)).copied() else {
            set(marks, *file, Mark::Done);
            path.pop();
            continue;
        };
        *next += 1;
        match marks.get(one.to) {
            Some(Mark::New) => {
                set(marks, one.to, Mark::Open);
                path.push((one.to, 0, Some(one)));
            }
            Some(Mark::Open) => findings.push(finding(&path, one, sources)),
            _ => (),
        }
    }
}

fn set(marks: &mut [Mark], at: usize, mark: Mark) {
    if let Some(slot) = marks.get_mut(at) {
        *slot = mark;
    }
}

fn finding(path: &[(usize, usize, Option<Use>)], closing: Use, sources: &Sources) -> Diagnostic {
    if closing.from == closing.to {
        let finding = Diagnostic::error("use-cycle", closing.span, "this file uses itself");
        return finding.help("take the line out");
    }
    let from = path.iter().position(|(file, ..)| *file == closing.to).unwrap_or(0);
    let steps = || path.iter().skip(from + 1).filter_map(|(.., by)| *by);
    let first = steps().next().unwrap_or(closing).span.source;
    let names = std::iter::once(first).chain(steps().skip(1).map(|u| u.span.source)).chain([closing.span.source]);
    let mut names: Vec<&str> = names.map(|source| sources.name(source)).collect();
    names.dedup();
    names.extend(names.first().copied());
    let message = format!("these files use each other in a circle: {}", names.join(" -> "));
    Diagnostic::error("use-cycle", closing.span, message)
        .help("move what both need into a file of its own, and use that from both")
}
