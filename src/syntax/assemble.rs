//! The grammar's pieces to statements and blocks.

use super::Parsed;
use super::header::{Header, Tail};
use super::indent::Lines;
use super::parser::{Part, Piece};
use super::scan::Hidden;
use super::tree::{Block, Comment, Item, Statement, Tree, Word};
use super::{mend, word, wrap};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};

/// What all steps of one file look at.
pub(super) struct Desk<'t> {
    pub source: SourceId,
    pub text: &'t str,
    pub lines: Lines<'t>,
}

impl<'t> Desk<'t> {
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    /// Returns the text under a span of this file.
    pub fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Returns whether a line ends between two places.
    pub fn breaks(&self, from: u32, to: u32) -> bool {
        self.text.get(from as usize..to as usize).is_some_and(|gap| gap.contains('\n'))
    }

    pub fn comment(&self, piece: Piece) -> Comment {
        let text = self.text.get(piece.start..piece.end).unwrap_or("").trim_end();
        Comment { span: self.span(piece.start, piece.start + text.len()), text: text.to_owned() }
    }
}

/// Returns the tree of a text whose pieces are given, with every finding in reading order.
pub(super) fn assemble(source: SourceId, text: &str, pieces: &[Piece], hidden: Hidden) -> Parsed {
    let desk = Desk { source, text, lines: Lines::new(text) };
    let mut assembler = Assembler {
        desk: &desk,
        pieces,
        hidden: &hidden,
        findings: Vec::new(),
        torn: false,
        swallowed: Swallowed::new(),
        dropped: 0,
    };
    let mut items = assembler.items(0, pieces.len(), "");
    let Assembler { mut findings, torn, swallowed, dropped, .. } = assembler;
    if dropped > 0 {
        findings.push(too_many(desk.span(0, text.len().min(1)), dropped));
    }
    if torn {
        items = mend::mend(&desk, items, swallowed, &mut findings);
    }
    wrap::look(&desk, &mut items, &mut findings);
    findings.extend(hidden.findings);
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    Parsed { tree: Tree { source, items }, diagnostics: findings }
}

struct Assembler<'a, 't> {
    desk: &'a Desk<'t>,
    pieces: &'a [Piece],
    hidden: &'a Hidden,
    findings: Vec<Diagnostic>,
    /// Whether braces do not pair, or a declaration stands where none of its kind can.
    torn: bool,
    swallowed: Swallowed,
    /// How many findings were too many to keep.
    dropped: usize,
}

/// So many findings of one file are kept; a file of noise would fill the memory with them.
const MOST_FINDINGS: usize = 10_000;

fn too_many(top: Span, dropped: usize) -> Diagnostic {
    let all = MOST_FINDINGS + dropped;
    Diagnostic::error(
        "too-many-findings",
        top,
        format!("this file has {all} mistakes; the first {MOST_FINDINGS} are kept"),
    )
    .help("is this a spec file?")
}

/// For a line, how many `{` a text without its quote has swallowed.
pub(super) type Swallowed = std::collections::BTreeMap<usize, usize>;

impl Assembler<'_, '_> {
    fn items(&mut self, from: usize, to: usize, parent: &str) -> Vec<Item> {
        let mut items = Vec::new();
        let mut at = from;
        while let Some(piece) = self.pieces.get(at).copied().filter(|_| at < to) {
            match piece.part {
                Part::Statement => self.statement(at, parent, &mut items),
                Part::Comment => items.push(Item::Comment(self.desk.comment(piece))),
                Part::Blank => items.push(Item::Blank(self.desk.span(piece.start, piece.end))),
                Part::Orphan => items.push(self.orphan(at, parent)),
                Part::StrayClose => {
                    self.torn = true;
                    items.push(Item::Broken(self.desk.span(piece.start, piece.end)));
                }
                Part::Semicolon => self.mark_alike(piece, ";"),
                _ => {}
            }
            at = piece.after.max(at + 1);
        }
        items
    }

    fn mark_alike(&mut self, piece: Piece, meant: &str) {
        let span = self.desk.span(piece.start, piece.end);
        if self.desk.slice(span) != meant {
            self.findings.push(word::look_alike(span, self.desk.slice(span), meant));
        }
    }

    fn statement(&mut self, index: usize, parent: &str, items: &mut Vec<Item>) {
        let Some(whole) = self.pieces.get(index).copied() else { return };
        let mut header = Header::new(self.desk);
        let (mut block, mut trailing) = (None, None);
        let mut at = index + 1;
        while let Some(piece) = self.pieces.get(at).copied().filter(|_| at < whole.after) {
            match piece.part {
                Part::Block => {
                    let kind = header.keyword.as_ref().map_or(String::new(), |k| k.text.clone());
                    self.torn |= mend::misplaced(parent, &kind);
                    block = Some(self.block(at, &kind));
                }
                Part::Comment if piece.after == whole.after => trailing = Some(self.desk.comment(piece)),
                Part::Leading => header.leading(piece, self.pieces.get(at + 1..piece.after).unwrap_or(&[])),
                _ => header.take(piece),
            }
            at = piece.after.max(at + 1);
        }
        let end = block.as_ref().map(|b: &Block| b.close.unwrap_or(self.desk.span(whole.end, whole.end)));
        header.finish(Tail { block, trailing, end }, self.hidden, items, &mut self.findings);
        self.dropped += self.findings.len().saturating_sub(MOST_FINDINGS);
        self.findings.truncate(MOST_FINDINGS);
        if header.swallowed > 0 {
            self.torn = true;
            self.swallowed.insert(self.desk.lines.number(whole.start), header.swallowed);
        }
    }

    fn block(&mut self, index: usize, kind: &str) -> Block {
        let piece = |i: usize| self.pieces.get(i).copied();
        let after = piece(index).map_or(index, |p| p.after);
        let open = piece(index + 1).map_or(Span::default(), |p| self.desk.span(p.start, p.end));
        let first = piece(index + 2).filter(|p| {
            p.part == Part::Comment
                && index + 2 < after
                && !self.desk.breaks(open.end, Span::new(open.source, p.start, p.start).start)
        });
        let last = piece(after.saturating_sub(1)).filter(|p| p.part == Part::Close);
        let close = last.map(|p| self.desk.span(p.start, p.end));
        let after_open = first.map(|p| self.desk.comment(p));
        self.torn |= close.is_none();
        if let Some(p) = piece(index + 1) {
            self.mark_alike(p, "{");
        }
        if let Some(p) = last {
            self.mark_alike(p, "}");
        }
        let from = index + 2 + usize::from(first.is_some());
        Block { open, items: self.items(from, after.saturating_sub(1), kind), close, after_open }
    }

    /// A block without a statement before it.
    fn orphan(&mut self, index: usize, parent: &str) -> Item {
        let block = self.block(index + 1, parent);
        let finding = Diagnostic::error("stray-brace", block.open, "this `{` belongs to no statement")
            .help("write what the block describes before it, such as `evidence \"Survey\" {`, or take it out");
        self.findings.push(finding);
        let keyword = Word { text: String::new(), span: block.open };
        let span = block.close.map_or(block.open, |close| block.open.to(close));
        Item::Statement(Statement { keyword, args: Vec::new(), block: Some(block), trailing: None, span, broken: true })
    }
}
