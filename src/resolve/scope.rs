//! What is declared, where, and which of them a name means.

use super::names;
use super::node::Node;
use crate::diagnostic::Diagnostic;
use crate::model::vocabulary::Block;
use crate::source::Span;
use std::collections::HashMap;

/// Something declared.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its id.
    pub id: String,
    /// Its position in its table.
    pub index: usize,
    /// Its header.
    pub span: Span,
    /// The journey around it, by position.
    pub journey: Option<usize>,
    /// The ids of the stage and touchpoint around it, outermost first.
    pub around: Vec<String>,
}

/// Everything declared in a project, by kind.
#[derive(Debug, Default)]
pub(super) struct Scope {
    entries: HashMap<Block, Vec<Entry>>,
    /// The positions of those of one kind that share an id, in order.
    by_id: HashMap<Block, HashMap<String, Vec<usize>>>,
    /// The journey that each journey is the ideal of, by position.
    pub ideals: HashMap<usize, usize>,
    /// Kinds of which a declaration could not be read: their names are not called unknown.
    pub unsure: bool,
}

/// Where a name stands: the journey it is looked up in first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Here {
    /// The journey, by position.
    pub journey: Option<usize>,
}

impl Scope {
    /// Returns the scope of all declarations, in the order the builder will make them.
    pub(super) fn collect(nodes: &[Node<'_>]) -> (Self, Vec<Diagnostic>) {
        let mut scope = Scope::default();
        let mut findings = Vec::new();
        let mut around = Vec::new();
        scope.walk(nodes, None, &mut around, &mut findings);
        (scope, findings)
    }

    fn walk(
        &mut self,
        nodes: &[Node<'_>],
        journey: Option<usize>,
        around: &mut Vec<String>,
        findings: &mut Vec<Diagnostic>,
    ) {
        for node in nodes {
            let Some(kind) = node.row.opens else { continue };
            let Some(id) = node.args.name().filter(|_| kind != Block::Variant) else {
                self.walk(&node.children, journey, around, findings);
                continue;
            };
            let index = self.entries.get(&kind).map_or(0, Vec::len);
            self.declare(
                kind,
                Entry { id: id.clone(), index, span: node.span(), journey, around: around.clone() },
                findings,
            );
            let inside = if kind == Block::Journey { Some(index) } else { journey };
            let nests = matches!(kind, Block::Stage | Block::Touchpoint);
            if nests {
                around.push(id);
            }
            self.walk(&node.children, inside, around, findings);
            if nests {
                around.pop();
            }
        }
    }

    fn declare(&mut self, kind: Block, entry: Entry, findings: &mut Vec<Diagnostic>) {
        if let Some(first) = self.named(kind, &entry.id).find(|e| e.journey == entry.journey) {
            let place = if entry.journey.is_some() { " in this journey" } else { "" };
            findings.push(
                Diagnostic::error(
                    "duplicate-name",
                    entry.span,
                    format!("{} `{}` is declared twice{place}", kind.name(), entry.id),
                )
                .label("again here")
                .also(first.span, "first here")
                .help("give one of them another id"),
            );
        }
        let all = self.entries.entry(kind).or_default();
        self.by_id.entry(kind).or_default().entry(entry.id.clone()).or_default().push(all.len());
        all.push(entry);
    }

    /// Returns those of a kind with this id, in the order they were declared.
    fn named(&self, kind: Block, id: &str) -> impl Iterator<Item = &Entry> {
        let all = self.all(kind);
        let places = self.by_id.get(&kind).and_then(|ids| ids.get(id));
        places.into_iter().flatten().filter_map(|place| all.get(*place))
    }

    /// Returns all of a kind.
    pub(super) fn all(&self, kind: Block) -> &[Entry] {
        self.entries.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Returns what a path names, or the finding that says why it names nothing.
    pub(super) fn find(
        &self,
        kind: Block,
        path: &[String],
        span: Span,
        here: Here,
    ) -> Result<&Entry, Option<Box<Diagnostic>>> {
        let Some((id, outer)) = path.split_last() else { return Err(None) };
        let named: Vec<&Entry> = self.named(kind, id).filter(|e| self.lies_in(e, outer)).collect();
        let local = |journey: usize| named.iter().copied().filter(|e| e.journey == Some(journey)).collect::<Vec<_>>();
        let own = here.journey.map(local).unwrap_or_default();
        let base = here.journey.and_then(|j| self.ideals.get(&j)).map(|j| local(*j)).unwrap_or_default();
        let found = [own, base, named].into_iter().find(|list| !list.is_empty()).unwrap_or_default();
        match found.as_slice() {
            [one] => Ok(one),
            [first, rest @ ..] if !rest.is_empty() => Err(Some(Box::new(ambiguous(kind, path, span, first, rest)))),
            _ if self.unsure => Err(None),
            _ => Err(Some(Box::new(self.unresolved(kind, path, span, here)))),
        }
    }

    fn lies_in(&self, entry: &Entry, outer: &[String]) -> bool {
        if outer.is_empty() {
            return true;
        }
        let journey = entry.journey.and_then(|j| self.all(Block::Journey).get(j)).map(|j| j.id.as_str());
        let full: Vec<&str> = journey.into_iter().chain(entry.around.iter().map(String::as_str)).collect();
        // each part named must lie around the entry, in order; parts between may be left out
        let mut rest = full.iter();
        outer.iter().all(|part| rest.any(|f| f == part))
    }

    fn unresolved(&self, kind: Block, path: &[String], span: Span, here: Here) -> Diagnostic {
        let shown = path.join(".");
        let id = path.last().map_or("", String::as_str);
        let finding = Diagnostic::error("unresolved-name", span, format!("{} `{shown}` is not declared", kind.name()));
        let reachable = self
            .all(kind)
            .iter()
            .filter(|e| e.journey.is_none() || here.journey.is_none() || e.journey == here.journey);
        if let Some(near) = names::nearest(id, reachable.map(|e| e.id.as_str())) {
            let fixed = path
                .iter()
                .take(path.len().saturating_sub(1))
                .map(String::as_str)
                .chain([near])
                .collect::<Vec<_>>()
                .join(".");
            return finding.help(format!("did you mean `{fixed}`?")).fix(
                crate::diagnostic::Safety::Unsafe,
                format!("write `{fixed}`"),
                span,
                fixed,
            );
        }
        match self
            .entries
            .iter()
            .filter(|(k, _)| **k != kind)
            .map(|(k, v)| (*k, v))
            .filter(|(_, v)| v.iter().any(|e| e.id == id))
            .map(|(k, _)| k)
            .min()
        {
            Some(other) => {
                finding.help(format!("`{id}` is declared as a {}, and a {} is named here", other.name(), kind.name()))
            }
            None => finding.help(format!("declare it: `{} {id} …`", kind.name())),
        }
    }
}

fn ambiguous(kind: Block, path: &[String], span: Span, first: &Entry, rest: &[&Entry]) -> Diagnostic {
    let shown = path.join(".");
    let finding =
        Diagnostic::error("ambiguous-name", span, format!("{} `{shown}` is declared in several places", kind.name()))
            .also(first.span, "here")
            .help(format!("put the journey before it: `JOURNEY.{shown}`"));
    rest.iter().fold(finding, |f, e| f.also(e.span, "and here"))
}
