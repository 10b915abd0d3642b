use super::texts::{self, Text};
use super::usage::Usage;
use crate::diagnostic::{Edit, Fix, Safety};
use crate::model::lane::{Evidence, Place};
use crate::model::value::Date;
use crate::model::{Condition, Id, Journey, Manifest, Model, Touchpoint};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::tree::{Item, Statement, Tree};
use std::sync::OnceLock;

/// What a rule may read: the model, and the trees and texts behind it.
pub(in crate::lint) struct Context<'a> {
    /// What is meant.
    pub model: &'a Model,
    /// The day that counts as today.
    pub today: Date,
    trees: Vec<&'a Tree>,
    sources: &'a Sources,
    usage: OnceLock<Usage>,
    places: OnceLock<Vec<u32>>,
    suspicious: OnceLock<Vec<Text<'a>>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(model: &'a Model, trees: &'a [Tree], sources: &'a Sources, today: Date) -> Self {
        let mut trees: Vec<&Tree> = trees.iter().collect();
        trees.sort_by_key(|t| t.source);
        Self {
            model,
            today,
            trees,
            sources,
            usage: OnceLock::new(),
            places: OnceLock::new(),
            suspicious: OnceLock::new(),
        }
    }

    /// Returns who uses what; counted once.
    pub(in crate::lint) fn usage(&self) -> &Usage {
        self.usage.get_or_init(|| Usage::of(self.model))
    }

    /// Returns the texts that could hold a sign of a person; looked for once.
    pub(in crate::lint) fn suspicious(&self) -> &[Text<'a>] {
        self.suspicious.get_or_init(|| texts::suspicious(self))
    }

    /// Returns the statement whose keyword starts where the span does.
    pub(in crate::lint) fn statement(&self, span: Span) -> Option<&'a Statement> {
        let place = self.trees.binary_search_by_key(&span.source, |t| t.source).ok()?;
        let mut items: &'a [Item] = &self.trees.get(place)?.items;
        loop {
            let found = last_before(items, span.start)?;
            if found.keyword.span.start == span.start {
                return Some(found);
            }
            items = &found.block.as_ref()?.items;
        }
    }

    /// Returns the header of the first statement with this keyword inside the declaration of that header; the header
    /// of the declaration itself where there is none.
    pub(in crate::lint) fn part(&self, declaration: Span, keyword: &str) -> Span {
        self.child(declaration, keyword).map_or(declaration, Statement::header)
    }

    /// Returns the first statement with this keyword inside the declaration of that header.
    pub(in crate::lint) fn child(&self, declaration: Span, keyword: &str) -> Option<&'a Statement> {
        let block = self.statement(declaration)?.block.as_ref()?;
        crate::syntax::tree::statements(&block.items).find(|s| s.keyword.text == keyword)
    }

    /// Returns a fix that takes out the statement whose keyword starts where the span does, its lines included where
    /// nothing else stands on them.
    pub(in crate::lint) fn removal(&self, span: Span, title: &str, safety: Safety) -> Option<Fix> {
        let whole = self.statement(span)?.span;
        Some(Fix { title: title.to_owned(), edits: vec![self.removed(whole)], safety })
    }

    /// Returns the edit that removes a piece of text, its lines included where nothing else stands on them.
    pub(super) fn removed(&self, span: Span) -> Edit {
        let text = self.sources.get(span.source).map_or("", |s| s.text());
        let (before, behind) = (text.get(..span.range().start), text.get(span.range().end..));
        let (before, behind) = (before.unwrap_or(""), behind.unwrap_or(""));
        let lead = before.len() - before.trim_end_matches([' ', '\t']).len();
        let trail = behind.len() - behind.trim_start_matches([' ', '\t']).len();
        let start_of_line =
            before.len() == lead || before.get(..before.len() - lead).is_some_and(|b| b.ends_with('\n'));
        let rest = behind.get(trail..).unwrap_or("");
        let line_end = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
        let (start, end) = match start_of_line && (line_end > 0 || rest.is_empty()) {
            true => (span.range().start - lead, span.range().end + trail + line_end),
            false if line_end > 0 || rest.is_empty() => (span.range().start - lead, span.range().end),
            false => (span.range().start, span.range().end),
        };
        Edit { span: Span::new(span.source, start, end), text: String::new() }
    }

    /// Returns the text under a span.
    pub(in crate::lint) fn text(&self, span: Span) -> &'a str {
        self.sources.slice(span)
    }

    /// Returns the part of a span that first shows this text; the whole span where it does not.
    pub(in crate::lint) fn within(&self, span: Span, part: &str) -> Span {
        match self.text(span).find(part) {
            Some(at) => Span::new(span.source, span.range().start + at, span.range().start + at + part.len()),
            None => span,
        }
    }

    /// Returns the trees in the order of their sources.
    pub(super) fn trees(&self) -> &[&'a Tree] {
        &self.trees
    }

    /// Returns the source of a file.
    pub(super) fn source_text(&self, id: SourceId) -> &'a str {
        self.sources.get(id).map_or("", |s| s.text())
    }

    /// Returns the manifest.
    pub(in crate::lint) fn manifest(&self) -> &'a Manifest {
        &self.model.manifest
    }

    /// Returns where the manifest writes a key, under a top-level key where one is named; its first byte where the key
    /// cannot be found, and nothing where the manifest is no text of this run.
    pub(in crate::lint) fn manifest_key(&self, outer: &str, key: &str) -> Option<Span> {
        let mut all = self.sources.iter();
        let (id, source) = all.find(|(_, s)| s.name().rsplit('/').next() == Some("waypost.yaml"))?;
        Some(key_span(id, source.text(), outer, key))
    }

    /// Returns the column of the data that holds a field of the specs, where the manifest names one.
    pub(in crate::lint) fn manifest_column(&self, field: &str) -> Option<&'a str> {
        self.manifest().data.iter().find_map(|d| d.columns.get(field)).map(String::as_str)
    }

    /// Returns whether a journey says only what should differ; the rules of completeness pass it over.
    pub(in crate::lint) fn is_ideal(&self, journey: Id<Journey>) -> bool {
        self.model.journeys[journey].ideal_of.is_some()
    }

    /// Returns the touchpoints of a journey in the order of the map.
    pub(in crate::lint) fn walk(&self, journey: &'a Journey) -> impl Iterator<Item = Id<Touchpoint>> + use<'a> {
        let model = self.model;
        journey.stages.iter().flat_map(move |s| model.stages[*s].touchpoints.iter().copied())
    }

    /// Returns the place of a touchpoint in the order of its journey, from 0.
    pub(in crate::lint) fn place(&self, touchpoint: Id<Touchpoint>) -> u32 {
        let places = self.places.get_or_init(|| places(self.model));
        places.get(touchpoint.index()).copied().unwrap_or(0)
    }

    /// Returns what stands at every stage, then at every touchpoint.
    pub(in crate::lint) fn spots(&self) -> impl Iterator<Item = &'a Place> + use<'a> {
        let model = self.model;
        model.stages.values().map(|s| &s.place).chain(model.touchpoints.values().map(|t| &t.place))
    }

    /// Returns every piece of evidence of the project.
    pub(in crate::lint) fn evidence(&self) -> impl Iterator<Item = &'a Evidence> + use<'a> {
        let model = self.model;
        let felt = self.spots().flat_map(|p| p.feelings.iter().flat_map(|f| &f.evidence));
        let claimed = model.journeys.values().flat_map(|j| j.claims.iter().flat_map(|c| &c.evidence));
        let believed = model.journeys.values().flat_map(|j| &j.evidence).chain(claimed);
        let personas = model.personas.values().flat_map(|p| &p.evidence);
        felt.chain(believed).chain(personas).chain(model.pains.values().flat_map(|p| &p.evidence))
    }

    /// Returns every condition of the project with the header it belongs to and what to call it.
    pub(in crate::lint) fn conditions(&self) -> impl Iterator<Item = (Span, &'static str, &'a str, &'a Condition)> {
        let model = self.model;
        let audiences = model.audiences.values().map(|a| (a.meta.span, "audience", a.meta.id.as_str(), &a.condition));
        let personas = model.personas.values();
        let personas =
            personas.filter_map(|p| Some((p.meta.span, "persona", p.meta.id.as_str(), p.condition.as_ref()?)));
        let events = model.events.values().flat_map(|e| {
            let names = e.names.iter().filter_map(|n| n.condition.as_ref());
            names.map(|c| (e.meta.span, "event", e.meta.id.as_str(), c))
        });
        audiences.chain(personas).chain(events)
    }
}

/// Returns the last statement that starts at or before a byte.
fn last_before(items: &[Item], start: u32) -> Option<&Statement> {
    let behind = items.partition_point(|item| item_start(item) <= start);
    items.get(..behind)?.iter().rev().find_map(|item| match item {
        Item::Statement(s) => Some(s),
        _ => None,
    })
}

fn item_start(item: &Item) -> u32 {
    match item {
        Item::Statement(s) => s.span.start,
        Item::Comment(c) => c.span.start,
        Item::Blank(span) | Item::Broken(span) => span.start,
    }
}

fn places(model: &Model) -> Vec<u32> {
    let mut places = vec![0; model.touchpoints.len()];
    for journey in model.journeys.values() {
        let walk = journey.stages.iter().flat_map(|s| &model.stages[*s].touchpoints);
        for (place, touchpoint) in walk.enumerate() {
            if let Some(slot) = places.get_mut(touchpoint.index()) {
                *slot = u32::try_from(place).unwrap_or(u32::MAX);
            }
        }
    }
    places
}

fn key_span(id: SourceId, text: &str, outer: &str, key: &str) -> Span {
    let start = line_of_key(text, 0, outer).unwrap_or(0);
    let from = text.get(start..).unwrap_or("");
    let block_end = from.match_indices('\n').map(|(i, _)| i + 1).find(|i| starts_key(from.get(*i..).unwrap_or("")));
    let block = from.get(..block_end.unwrap_or(from.len())).unwrap_or("");
    match find_word(block, key) {
        Some(at) => Span::new(id, start + at, start + at + key.len()),
        None => Span::new(id, start, start + block.find('\n').unwrap_or(block.len())),
    }
}

fn starts_key(line: &str) -> bool {
    line.starts_with(|c: char| c.is_alphabetic())
}

fn line_of_key(text: &str, base: usize, key: &str) -> Option<usize> {
    let mut offset = base;
    for line in text.split_inclusive('\n') {
        if line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')) {
            return Some(offset);
        }
        offset += line.len();
    }
    None
}

/// Returns where a key or value stands as a whole word.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    text.match_indices(word).map(|(i, _)| i).find(|i| {
        let before = text.get(..*i).and_then(|t| t.chars().next_back());
        let behind = text.get(i + word.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(part) && !behind.is_some_and(part)
    })
}
