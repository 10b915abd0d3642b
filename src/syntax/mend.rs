//! Braces that do not pair, put right by how lines are indented.
//!
//! The grammar pairs braces as they come, so that one missing `}` makes everything behind it a part of the
//! wrong block. Here a declaration at the left margin, with all that follows up to the next, is read again:
//! a block ends where lines are indented less than its header, and a `}` that fits no header is stray. What
//! indentation says is trusted as far as the count of braces bears it out, or, where a declaration stands
//! in a block that cannot hold it, if it puts that right.

use std::cmp::Ordering;

use super::assemble::{Desk, Swallowed};
use super::indent::{compare, deeper};
use super::tree::{Block, Comment, Item, Statement};
use crate::diagnostic::{Diagnostic, Safety};
use crate::source::Span;

/// Declarations and the blocks they stand in; the empty word is the file.
const PLACES: &[(&str, &[&str])] = &[
    ("attribution", &["journey"]),
    ("claim", &["journey"]),
    ("experiment", &[""]),
    ("funnel", &["journey"]),
    ("journey", &[""]),
    ("message", &["touchpoint"]),
    ("metric", &[""]),
    ("opportunity", &["stage", "touchpoint"]),
    ("pain", &["stage", "touchpoint"]),
    ("persona", &[""]),
    ("stage", &["journey"]),
    ("touchpoint", &["stage"]),
    ("variant", &["experiment"]),
];

/// Returns whether a block of this kind cannot stand in a block of that kind.
pub(super) fn misplaced(parent: &str, kind: &str) -> bool {
    let known = parent.is_empty() || PLACES.binary_search_by_key(&parent, |p| p.0).is_ok();
    let place = PLACES.binary_search_by_key(&kind, |p| p.0).ok().and_then(|i| PLACES.get(i));
    known && place.is_some_and(|(_, parents)| !parents.contains(&parent))
}

/// Returns the items with every block ended where it should, and says what was wrong.
pub(super) fn mend(
    desk: &Desk<'_>,
    items: Vec<Item>,
    mut swallowed: Swallowed,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Item> {
    let mut out = Vec::with_capacity(items.len());
    let mut region = Vec::new();
    for item in items {
        if at_margin(desk, &item) && !region.is_empty() {
            out.append(&mut mend_region(desk, std::mem::take(&mut region), &mut swallowed, findings));
        }
        region.push(item);
    }
    out.append(&mut mend_region(desk, region, &mut swallowed, findings));
    out
}

fn at_margin(desk: &Desk<'_>, item: &Item) -> bool {
    let Item::Statement(s) = item else { return false };
    let at = s.keyword.span.start as usize;
    let declares = PLACES.iter().any(|(kind, parents)| parents.contains(&"") && *kind == s.keyword.text)
        || s.block.is_none()
        || s.args.len() <= 2;
    declares
        && desk.lines.leads(at)
        && desk.lines.indent(at).is_empty()
        && !PLACES.iter().any(|(kind, parents)| *kind == s.keyword.text && !parents.contains(&""))
}

fn mend_region(
    desk: &Desk<'_>,
    items: Vec<Item>,
    swallowed: &mut Swallowed,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Item> {
    let (missing, misplaced) = count(&items, "");
    let stray = items.iter().filter(|i| is_stray(desk, i)).count();
    if missing + stray + misplaced == 0 && swallowed.is_empty() {
        return items;
    }
    let mut events = Vec::new();
    flatten(desk, items, &mut events);
    let opened = events.iter().filter(|e| matches!(e, Event::Open(..))).count();
    events.retain(|e| !gives_back(desk, e, swallowed));
    let closed = events.iter().filter(|e| matches!(e, Event::Close(..))).count();
    let marks: Vec<Mark<'_>> = events.iter().map(|e| e.mark(desk)).collect();
    let plan = choose(&marks, opened as i64 - closed as i64, misplaced);
    rebuild(desk, events, &marks, plan, findings)
}

/// Returns whether an event is a `}` whose `{` was swallowed by a text on the same line.
fn gives_back(desk: &Desk<'_>, event: &Event, swallowed: &mut Swallowed) -> bool {
    let Event::Close(span, _) = event else { return false };
    match swallowed.get_mut(&desk.lines.number(span.start as usize)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    }
}

fn is_stray(desk: &Desk<'_>, item: &Item) -> bool {
    matches!(item, Item::Broken(span) if matches!(desk.slice(*span), "}" | "｝"))
}

/// Returns how many blocks are unclosed, and how many stand where they cannot.
fn count(items: &[Item], parent: &str) -> (usize, usize) {
    let mut sum = (0, 0);
    for statement in super::tree::statements(items) {
        let Some(block) = &statement.block else { continue };
        let inner = count(&block.items, &statement.keyword.text);
        sum.0 += inner.0 + usize::from(block.close.is_none());
        sum.1 += inner.1 + usize::from(misplaced(parent, &statement.keyword.text));
    }
    sum
}

/// The items of a region in one row.
enum Event {
    /// A statement whose block is taken off.
    Open(Statement, Span, Option<Comment>),
    Close(Span, Option<Comment>),
    Other(Item),
}

/// What matters of an event for pairing.
struct Mark<'t> {
    kind: Kind,
    keyword: &'t str,
    at: usize,
    line: usize,
    indent: &'t str,
    leads: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Opens,
    Plain,
    /// A line that could not be read.
    Junk,
    Closes,
    Other,
}

impl Event {
    fn mark<'t>(&self, desk: &Desk<'t>) -> Mark<'t> {
        let (kind, at) = match self {
            Event::Open(s, ..) => (Kind::Opens, s.keyword.span),
            Event::Other(Item::Statement(s)) => (Kind::Plain, s.keyword.span),
            Event::Close(span, _) => (Kind::Closes, *span),
            Event::Other(Item::Comment(c)) => (Kind::Other, c.span),
            Event::Other(Item::Broken(span)) => (Kind::Junk, *span),
            Event::Other(Item::Blank(span)) => (Kind::Other, *span),
        };
        let keyword = if matches!(kind, Kind::Opens | Kind::Plain) { desk.slice(at) } else { "" };
        let at = at.start as usize;
        Mark {
            kind,
            keyword,
            at,
            line: desk.lines.number(at),
            indent: desk.lines.indent(at),
            leads: desk.lines.leads(at),
        }
    }
}

fn flatten(desk: &Desk<'_>, items: Vec<Item>, events: &mut Vec<Event>) {
    for item in items {
        match item {
            Item::Statement(Statement { block: Some(block), trailing, keyword, args, span, broken }) => {
                let last = args.last().map_or(keyword.span, |t| t.span);
                let header =
                    Statement { span: keyword.span.to(last), keyword, args, block: None, trailing: None, broken };
                let _ = span;
                events.push(Event::Open(header, block.open, block.after_open));
                flatten(desk, block.items, events);
                events.extend(block.close.map(|close| Event::Close(close, trailing)));
            }
            Item::Broken(close) if is_stray(desk, &Item::Broken(close)) => events.push(Event::Close(close, None)),
            other => events.push(Event::Other(other)),
        }
    }
}

/// What happens at an event before it is taken.
#[derive(Clone, Copy, Default)]
struct Step {
    /// So many blocks end here without their `}`.
    shut: usize,
    /// The `}` is stray.
    skip: bool,
    /// The statement before has lost its `{`.
    open: bool,
}

struct Plan {
    steps: Vec<Step>,
    faults: usize,
    misplaced: bool,
}

/// An open block while pairing.
struct Open<'t> {
    keyword: &'t str,
    indent: &'t str,
    line: usize,
    /// Whether its first line is indented deeper than its header; unknown while it has none.
    indented: Option<bool>,
    /// Its last statement, while that has no block.
    last: Option<usize>,
}

fn choose(marks: &[Mark<'_>], net: i64, misplaced: usize) -> Plan {
    let free = usize::MAX;
    let strict = Walk { marks, missing: free, stray: free, misplaced: false }.run();
    let budget = usize::try_from(net.unsigned_abs()).unwrap_or(free);
    if strict.faults == budget || (misplaced > 0 && !strict.misplaced && strict.faults > 0) {
        return strict;
    }
    let plan = if net >= 0 {
        Walk { marks, missing: budget, stray: 0, misplaced: false }
    } else {
        Walk { marks, missing: 0, stray: budget, misplaced: false }
    };
    plan.run()
}

/// One reading of a row of events, with so many missing and stray braces allowed.
struct Walk<'m, 't> {
    marks: &'m [Mark<'t>],
    missing: usize,
    stray: usize,
    /// Whether a declaration came to stand where none of its kind can.
    misplaced: bool,
}

impl<'t> Walk<'_, 't> {
    fn run(mut self) -> Plan {
        let mut stack = vec![Open { keyword: "", indent: "", line: usize::MAX, indented: Some(false), last: None }];
        let mut steps = Vec::with_capacity(self.marks.len());
        let mut faults = 0;
        for index in 0..self.marks.len() {
            let step = self.step(index, &mut stack);
            faults += step.shut + usize::from(step.skip) + usize::from(step.open);
            steps.push(step);
        }
        faults += stack.len() - 1;
        Plan { steps, faults, misplaced: self.misplaced }
    }

    fn step(&mut self, index: usize, stack: &mut Vec<Open<'t>>) -> Step {
        let Some(mark) = self.marks.get(index) else { return Step::default() };
        match mark.kind {
            Kind::Other => Step::default(),
            Kind::Closes => self.closes(index, mark.leads, stack),
            Kind::Opens | Kind::Plain | Kind::Junk => self.statement(index, stack),
        }
    }

    fn statement(&mut self, index: usize, stack: &mut Vec<Open<'t>>) -> Step {
        let mut step = Step::default();
        let Some(mark) = self.marks.get(index) else { return step };
        if mark.leads {
            step.shut =
                self.shut(stack, mark.line, |open| open.indented != Some(false) && !deeper(mark.indent, open.indent));
            step.open = self.lost_brace(index, stack);
        }
        if let Some(top) = stack.last_mut() {
            top.indented.get_or_insert(mark.leads && deeper(mark.indent, top.indent));
            top.last = (mark.kind == Kind::Plain && mark.leads).then_some(index);
        }
        if mark.kind == Kind::Opens {
            self.open(mark, stack);
        }
        step
    }

    /// Ends blocks without `}` while `over` says so and the count allows.
    fn shut(&mut self, stack: &mut Vec<Open<'t>>, line: usize, over: impl Fn(&Open<'t>) -> bool) -> usize {
        let mut count = 0;
        while self.missing > 0 && stack.len() > 1 && stack.last().is_some_and(|open| open.line != line && over(open)) {
            stack.pop();
            self.missing -= 1;
            count += 1;
        }
        count
    }

    fn lost_brace(&mut self, index: usize, stack: &mut Vec<Open<'t>>) -> bool {
        let header = stack.last().and_then(|top| top.last).and_then(|i| self.marks.get(i));
        let (Some(header), Some(mark)) = (header, self.marks.get(index)) else { return false };
        if self.stray == 0 || !deeper(mark.indent, header.indent) || !self.closed_later(index, header.indent) {
            return false;
        }
        self.stray -= 1;
        self.open(header, stack);
        true
    }

    fn open(&mut self, header: &Mark<'t>, stack: &mut Vec<Open<'t>>) {
        self.misplaced |= stack.last().is_some_and(|top| misplaced(top.keyword, header.keyword));
        stack.push(Open {
            keyword: header.keyword,
            indent: header.indent,
            line: header.line,
            indented: None,
            last: None,
        });
    }

    /// Returns whether the next line that is not indented deeper is a `}` just as deep.
    fn closed_later(&self, index: usize, indent: &str) -> bool {
        let rest = self.marks.get(index..).unwrap_or(&[]);
        let next = rest.iter().find(|m| m.leads && m.kind != Kind::Other && !deeper(m.indent, indent));
        next.is_some_and(|m| m.kind == Kind::Closes && compare(m.indent, indent) == Ordering::Equal)
    }

    fn closes(&mut self, index: usize, leads: bool, stack: &mut Vec<Open<'t>>) -> Step {
        let mut step = Step::default();
        let Some(mark) = self.marks.get(index) else { return step };
        if leads {
            step.shut = self.shut(stack, mark.line, |open| deeper(open.indent, mark.indent));
        }
        let Some(top) = stack.last().filter(|_| stack.len() > 1) else { return Step { skip: true, ..step } };
        let stray = match leads {
            true => deeper(mark.indent, top.indent),
            false => top.line != mark.line && self.closed_later(index + 1, top.indent),
        };
        if stray && self.stray > 0 {
            self.stray -= 1;
            return Step { skip: true, ..step };
        }
        stack.pop();
        step
    }
}

/// A block that is being filled again.
struct Filling {
    header: Statement,
    open: Span,
    after_open: Option<Comment>,
    items: Vec<Item>,
}

fn rebuild(
    desk: &Desk<'_>,
    events: Vec<Event>,
    marks: &[Mark<'_>],
    plan: Plan,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Item> {
    let mut builder = Builder { desk, items: Vec::new(), stack: Vec::new(), findings };
    for ((event, mark), step) in events.into_iter().zip(marks).zip(&plan.steps) {
        for _ in 0..step.shut {
            builder.shut_unclosed(Some(mark.at));
        }
        if step.open {
            builder.open_lost();
        }
        builder.take(event, step.skip);
    }
    while !builder.stack.is_empty() {
        builder.shut_unclosed(None);
    }
    builder.items
}

struct Builder<'a, 't> {
    desk: &'a Desk<'t>,
    items: Vec<Item>,
    stack: Vec<Filling>,
    findings: &'a mut Vec<Diagnostic>,
}

impl Builder<'_, '_> {
    fn push(&mut self, item: Item) {
        self.stack.last_mut().map_or(&mut self.items, |top| &mut top.items).push(item);
    }

    fn take(&mut self, event: Event, skip: bool) {
        match event {
            Event::Open(header, open, after_open) => {
                self.stack.push(Filling { header, open, after_open, items: Vec::new() })
            }
            Event::Close(span, trailing) if skip => {
                let finding = Diagnostic::error("stray-brace", span, "this `}` closes nothing");
                self.findings.push(finding.help("is a `{` missing above, or is this one too many?").fix(
                    Safety::Unsafe,
                    "take it out",
                    span,
                    "",
                ));
                self.push(Item::Broken(span));
                if let Some(comment) = trailing {
                    self.push(Item::Comment(comment));
                }
            }
            Event::Close(span, trailing) => self.shut(Some(span), trailing),
            Event::Other(item) => self.push(item),
        }
    }

    fn shut(&mut self, close: Option<Span>, trailing: Option<Comment>) {
        let Some(Filling { mut header, open, after_open, items }) = self.stack.pop() else { return };
        let end = close.or_else(|| items.last().map(item_span)).unwrap_or(open);
        header.span = header.span.to(open).to(end);
        header.block = Some(Block { open, items, close, after_open });
        header.trailing = trailing;
        self.push(Item::Statement(header));
    }

    fn shut_unclosed(&mut self, before: Option<usize>) {
        if let Some(top) = self.stack.last_mut() {
            top.header.broken = true;
            let finding = unclosed(self.desk, &top.header, top.open, top.items.last().map(item_span), before);
            self.findings.push(finding);
        }
        self.shut(None, None);
    }

    /// Takes the statement before as the header of a block without `{`.
    fn open_lost(&mut self) {
        let items = self.stack.last_mut().map_or(&mut self.items, |top| &mut top.items);
        let Some(at) = items.iter().rposition(|i| matches!(i, Item::Statement(_))) else { return };
        let behind = items.split_off(at + 1);
        let Some(Item::Statement(mut header)) = items.pop() else { return };
        let place = header.header().after();
        header.broken = true;
        let finding = Diagnostic::error(
            "missing-brace",
            header.keyword.span,
            format!("`{}` has lines below it but no `{{`", said(self.desk, &header)),
        );
        self.findings.push(finding.fix(Safety::Safe, "write `{` at the end of its line", place, " {"));
        let after_open = header.trailing.take();
        self.stack.push(Filling { header, open: place, after_open, items: behind });
    }
}

fn item_span(item: &Item) -> Span {
    match item {
        Item::Statement(s) => s.span,
        Item::Comment(c) => c.span,
        Item::Blank(span) | Item::Broken(span) => *span,
    }
}

/// Returns a header's first words, for a sentence.
fn said(desk: &Desk<'_>, header: &Statement) -> String {
    let name = header.args.first().map_or("", |t| desk.slice(t.span));
    let name = if name.chars().count() > 40 { "…" } else { name };
    format!("{} {name}", header.keyword.text).trim().to_owned()
}

fn unclosed(desk: &Desk<'_>, header: &Statement, open: Span, last: Option<Span>, before: Option<usize>) -> Diagnostic {
    let start = header.keyword.span;
    let place = if desk.breaks(start.start, open.end) { start } else { start.to(open) };
    let finding =
        Diagnostic::error("unclosed-block", place, format!("the block of `{}` is never closed", said(desk, header)));
    let end = desk.lines.end(open.start as usize);
    let line = desk.text.get(open.end as usize..end).unwrap_or("");
    let hidden = line.find('#').filter(|hash| line.get(*hash..).is_some_and(|c| c.contains('}')));
    if let Some(hash) = hidden {
        let comment = desk.span(open.end as usize + hash, end);
        let finding = finding.also(comment, "the `}` in this comment does not count");
        return finding.fix(
            Safety::Unsafe,
            "write `}` before the comment",
            Span { end: comment.start, ..comment },
            "} ",
        );
    }
    let finding = finding.help("write `}` where it ends");
    let here = |span: Span| desk.lines.number(span.end as usize) == desk.lines.number(open.start as usize);
    if let Some(last) = last.filter(|span| here(*span)) {
        return finding.fix(Safety::Unsafe, "write `}` at the line's end", last.after(), " }");
    }
    let Some(at) = before else { return finding };
    let indent = desk.lines.indent(open.start as usize);
    let line = at - desk.lines.indent(at).len();
    finding.fix(
        Safety::Unsafe,
        "write `}` before the line where it seems to end",
        desk.span(line, line),
        format!("{indent}}}\n"),
    )
}
