//! Statements with their arguments read: which stand where, how often, and in what form.

use super::args::{Arg, Args};
use super::form::{self, Form, Keyword};
use super::{matcher, names};
use crate::diagnostic::{Diagnostic, Safety};
use crate::model::vocabulary::{Block, Count, OTHER_WORDS, ROWS, Row, rows_of};
use crate::source::Span;
use crate::syntax::tree::{Item, Statement, TokenKind, Tree};

/// A statement whose arguments fit its form.
#[derive(Debug)]
pub(super) struct Node<'t> {
    /// Its row of the vocabulary.
    pub row: &'static Row,
    /// Its keyword, spelt right.
    pub keyword: &'static str,
    /// What was written.
    pub statement: &'t Statement,
    /// The arguments.
    pub args: Args,
    /// The statements of its block.
    pub children: Vec<Node<'t>>,
}

impl<'t> Node<'t> {
    /// Returns the first statement of the block with this keyword.
    pub(super) fn one(&self, keyword: &str) -> Option<&Node<'t>> {
        self.many(keyword).next()
    }

    /// Returns the statements of the block with this keyword, in order.
    pub(super) fn many<'n>(&'n self, keyword: &str) -> impl Iterator<Item = &'n Node<'t>> {
        self.children.iter().filter(move |c| c.keyword == keyword)
    }

    /// Returns the text of the first statement with this keyword.
    pub(super) fn text_of(&self, keyword: &str) -> Option<String> {
        self.one(keyword).and_then(|n| n.args.text())
    }

    /// Returns the texts of all statements with this keyword.
    pub(super) fn texts_of(&self, keyword: &str) -> Vec<String> {
        self.many(keyword).filter_map(|n| n.args.text()).collect()
    }

    /// Returns the place of keyword and arguments.
    pub(super) fn span(&self) -> Span {
        self.statement.header()
    }
}

/// Reads statements; collects what is wrong.
#[derive(Default)]
pub(super) struct Reader {
    /// What was found.
    pub findings: Vec<Diagnostic>,
    /// Whether anything could not be read, here or by the parser before.
    pub failed: bool,
}

/// The statements that an ideal journey need not repeat.
const NOT_IN_IDEAL: &[(Block, &str)] =
    &[(Block::Journey, "for"), (Block::Stage, "phase"), (Block::Touchpoint, "channel"), (Block::Journey, "stage")];

impl Reader {
    /// Reads what stands in a file.
    pub(super) fn tree<'t>(&mut self, tree: &'t Tree) -> Vec<Node<'t>> {
        self.block(Block::File, &tree.items, Span::new(tree.source, 0, 0), false)
    }

    /// Reads what stands in a block (or file); `header` is where what is missing is said.
    fn block<'t>(&mut self, block: Block, items: &'t [Item], header: Span, ideal: bool) -> Vec<Node<'t>> {
        let mut nodes = Vec::new();
        let mut seen: Vec<(&'static Row, Span)> = Vec::new();
        let mut whole = true;
        for item in items {
            match item {
                Item::Statement(statement) => {
                    let read = self.statement(block, statement, ideal);
                    whole &= read.row.is_some();
                    seen.extend(read.row.map(|row| (row, statement.keyword.span)));
                    nodes.extend(read.node);
                }
                Item::Broken(_) => whole = false,
                Item::Comment(_) | Item::Blank(_) => {}
            }
        }
        self.failed |= !whole;
        self.repeated(block, &seen);
        if whole {
            self.missing(block, &seen, header, ideal);
        }
        nodes
    }

    fn statement<'t>(&mut self, block: Block, statement: &'t Statement, ideal: bool) -> ReadStatement<'t> {
        let Some(keyword) = self.keyword(block, statement) else {
            self.failed = true;
            return ReadStatement { row: None, node: None };
        };
        let (keyword, forms) = (keyword.word, keyword.forms.as_slice());
        let (form, args) = match matcher::read(keyword, statement, forms) {
            Ok((form, args)) => (form, args),
            Err(finding) => {
                self.failed = true;
                if !statement.broken {
                    self.findings.push(*finding);
                }
                let Some(form) = forms.first() else { return ReadStatement { row: None, node: None } };
                match salvage(form, statement) {
                    Some(args) => (form, args),
                    None => return ReadStatement { row: Some(form.row), node: None },
                }
            }
        };
        self.failed |= statement.broken;
        let children = self.body(form, statement, ideal);
        ReadStatement { row: Some(form.row), node: Some(Node { row: form.row, keyword, statement, args, children }) }
    }

    /// Returns the keyword of the statement, mended where one near is meant.
    fn keyword(&mut self, block: Block, statement: &Statement) -> Option<&'static Keyword> {
        let word = statement.keyword.text.as_str();
        if let Some(keyword) = form::keyword(block, word) {
            return Some(keyword);
        }
        if statement.broken {
            return None;
        }
        let span = statement.keyword.span;
        let place =
            if block == Block::File { "at the top of a file".to_owned() } else { format!("in `{}`", block.name()) };
        let finding = Diagnostic::error("unknown-keyword", span, format!("`{word}` is no statement {place}"));
        if let Some(near) = names::nearest(word, rows_of(block).flat_map(Row::keywords)) {
            let fix = finding.help(format!("did you mean `{near}`?")).fix(
                Safety::Unsafe,
                format!("write `{near}`"),
                span,
                near,
            );
            self.findings.push(fix);
            return form::keyword(block, near);
        }
        self.findings.push(elsewhere(finding, word, block));
        None
    }

    fn body<'t>(&mut self, form: &Form, statement: &'t Statement, ideal: bool) -> Vec<Node<'t>> {
        match (form.row.opens, &statement.block) {
            (Some(inner), Some(body)) => {
                let ideal = ideal || (inner == Block::Journey && says_ideal(&body.items));
                let nodes = self.block(inner, &body.items, statement.header(), ideal);
                self.failed |= body.close.is_none();
                nodes
            }
            (Some(inner), None) => {
                if inner.needs_body() && !statement.broken {
                    self.failed = true;
                    self.findings.push(
                        Diagnostic::error(
                            "missing-block",
                            statement.header().after(),
                            format!("`{}` needs a block in braces", inner.name()),
                        )
                        .label("put `{` here, and `}` after its statements"),
                    );
                }
                Vec::new()
            }
            (None, Some(body)) => {
                self.failed = true;
                if !statement.broken {
                    self.findings.push(
                        Diagnostic::error(
                            "extra-block",
                            body.open,
                            format!("`{}` takes no block", statement.keyword.text),
                        )
                        .label("this opens one"),
                    );
                }
                Vec::new()
            }
            (None, None) => Vec::new(),
        }
    }

    fn repeated(&mut self, block: Block, seen: &[(&'static Row, Span)]) {
        for (i, (row, span)) in seen.iter().enumerate() {
            let same = |other: &Row| match row.count {
                Count::One | Count::Optional => std::ptr::eq(other, *row),
                Count::OneOfGroup => other.count == Count::OneOfGroup,
                Count::Any | Count::Some => false,
            };
            let Some((_, first)) = seen.iter().take(i).find(|(other, _)| same(other)) else { continue };
            self.failed = true;
            let name = row.keywords().collect::<Vec<_>>().join("` or `");
            self.findings.push(
                Diagnostic::error(
                    "repeated-statement",
                    *span,
                    format!("`{name}` may stand once in `{}`", block.name()),
                )
                .label("again here")
                .also(*first, "first here")
                .help("keep one of them"),
            );
        }
    }

    fn missing(&mut self, block: Block, seen: &[(&'static Row, Span)], header: Span, ideal: bool) {
        let mut group_done = false;
        for row in rows_of(block) {
            let needed = match row.count {
                Count::One | Count::Some => true,
                Count::OneOfGroup => !std::mem::replace(&mut group_done, true),
                Count::Optional | Count::Any => false,
            };
            let there = |other: &Row| {
                std::ptr::eq(other, row) || (row.count == Count::OneOfGroup && other.count == Count::OneOfGroup)
            };
            let excused = ideal && NOT_IN_IDEAL.iter().any(|(b, k)| *b == block && row.keywords().any(|w| w == *k));
            if !needed || excused || seen.iter().any(|(other, _)| there(other)) {
                continue;
            }
            self.failed = true;
            self.findings.push(missing(block, row, header));
        }
    }
}

struct ReadStatement<'t> {
    row: Option<&'static Row>,
    node: Option<Node<'t>>,
}

fn missing(block: Block, row: &Row, header: Span) -> Diagnostic {
    if row.count == Count::OneOfGroup {
        let forms: Vec<String> =
            rows_of(block).filter(|r| r.count == Count::OneOfGroup).map(|r| format!("`{}`", r.shown())).collect();
        return Diagnostic::error(
            "missing-statement",
            header,
            format!("this `{}` does not say what it measures", block.name()),
        )
        .help(format!("add one of {}", names::any_of(&forms)));
    }
    let keyword = row.keywords().collect::<Vec<_>>().join("` or `");
    Diagnostic::error("missing-statement", header, format!("this `{}` has no `{keyword}`", block.name())).help(format!(
        "add `{}`: {}",
        row.shown(),
        row.says
    ))
}

fn elsewhere(finding: Diagnostic, word: &str, block: Block) -> Diagnostic {
    if let Some(row) = called_here(word, block) {
        return finding.help(format!("here that is `{}`: {}", row.shown(), row.says));
    }
    let homes: Vec<String> = ROWS
        .iter()
        .filter(|row| row.keywords().any(|k| k == word))
        .flat_map(|row| row.on.iter())
        .map(|b| if *b == Block::File { "the top of a file".to_owned() } else { format!("`{}`", b.name()) })
        .collect();
    if homes.is_empty() {
        let known: Vec<String> = rows_of(block).flat_map(Row::keywords).map(|k| format!("`{k}`")).collect();
        return finding.help(format!("known here: {}", known.join(" ")));
    }
    finding.help(format!("it belongs in {}; is a `}}` missing or too many above?", names::any_of(&homes)))
}

/// Returns what a word of other tools is called in a block.
fn called_here(word: &str, block: Block) -> Option<&'static Row> {
    let word = word.to_lowercase();
    let (_, ours) = OTHER_WORDS.iter().find(|(other, _)| *other == word)?;
    ours.iter().find_map(|ours| rows_of(block).find(|row| row.keywords().any(|k| k == *ours)))
}

/// Takes the id and the title of a declaration whose header is not quite right, so that what names it is not blamed too.
fn salvage(form: &Form, statement: &Statement) -> Option<Args> {
    form.row.opens?;
    let mut args = Args::default();
    for token in &statement.args {
        match &token.kind {
            TokenKind::Name(name) if args.name().is_none() => args.items.push((Arg::Name(name.clone()), token.span)),
            TokenKind::Text(text) if args.text().is_none() => args.items.push((Arg::Text(text.clone()), token.span)),
            _ => {}
        }
    }
    Some(args)
}

fn says_ideal(items: &[Item]) -> bool {
    crate::syntax::tree::statements(items).any(|s| s.keyword.text == "ideal")
}
