//! A tree to text: one layout for everybody, without options.
//!
//! One statement a line, two spaces a level, single spaces between arguments, single blank lines where there were
//! any. A block stays on one line where its author put it on one and it fits. Lists and conditions are joined
//! to one line, or filled to [`WIDTH`] columns. Every comment is kept, in order; what would not read back as the
//! same tokens is not given out.

use super::codes;
use super::tree::{Block, Comment, Item, Statement, Token, TokenKind, Tree, statements};

/// The columns that a line is filled to, texts apart, which are never broken.
const WIDTH: usize = 100;

/// Why a tree was not formatted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unformatted {
    /// It holds broken parts; the findings of reading it say which.
    Broken,
    /// The text that was made does not say the same; this is a fault of the formatter, and nothing was lost.
    Unsound,
}

/// Returns the tree's text in the one layout.
///
/// Formatting its own output changes nothing.
///
/// # Errors
/// Refuses trees with broken parts; and its own output, should that not read back as the same tokens and comments.
pub fn format(tree: &Tree, text: &str) -> Result<String, Unformatted> {
    if is_broken(&tree.items) {
        return Err(Unformatted::Broken);
    }
    let mut printer = Printer { text, out: String::with_capacity(text.len() + text.len() / 8) };
    printer.items(&tree.items, 0);
    let again = super::parse(tree.source, &printer.out).tree;
    let same = !is_broken(&again.items) && Meaning::of(tree) == Meaning::of(&again);
    if same { Ok(printer.out) } else { Err(Unformatted::Unsound) }
}

fn is_broken(items: &[Item]) -> bool {
    items.iter().any(|item| match item {
        Item::Broken(_) => true,
        Item::Statement(s) => s.broken || s.block.as_ref().is_some_and(|b| is_broken(&b.items)),
        Item::Comment(_) | Item::Blank(_) => false,
    })
}

struct Printer<'t> {
    text: &'t str,
    out: String,
}

impl Printer<'_> {
    fn items(&mut self, items: &[Item], depth: usize) {
        let mut blank = false;
        let mut first = true;
        for item in items {
            if matches!(item, Item::Blank(_)) {
                blank = true;
                continue;
            }
            if std::mem::take(&mut blank) && !first {
                self.out.push('\n');
            }
            first = false;
            match item {
                Item::Statement(statement) => self.statement(statement, depth),
                Item::Comment(comment) => self.own_line(&comment.text, depth),
                Item::Blank(_) | Item::Broken(_) => {}
            }
        }
    }

    fn own_line(&mut self, text: &str, depth: usize) {
        self.indent(depth);
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.out.push_str("  ");
        }
    }

    fn statement(&mut self, statement: &Statement, depth: usize) {
        let room = WIDTH.saturating_sub(2 * depth);
        if let Some(line) = self.one_line(statement, room) {
            self.indent(depth);
            self.out.push_str(&line);
            return self.end(statement.trailing.as_ref());
        }
        let (args, moved) = split_comments(statement);
        self.indent(depth);
        self.header(&statement.keyword.text, args, depth);
        match &statement.block {
            None => self.end(statement.trailing.as_ref()),
            Some(block) => {
                let stands_alone = matches!(args.last(), Some(Token { kind: TokenKind::BlockText(_), .. }));
                if stands_alone {
                    self.out.push('\n');
                    self.indent(depth);
                } else {
                    self.out.push(' ');
                }
                self.block(block, moved, depth);
                self.end(statement.trailing.as_ref());
            }
        }
    }

    fn end(&mut self, trailing: Option<&Comment>) {
        if let Some(comment) = trailing {
            self.out.push(' ');
            self.out.push_str(&comment.text);
        }
        self.out.push('\n');
    }

    /// Prints a block of several lines; `moved` are comments that stood before its brace.
    fn block(&mut self, block: &Block, moved: &[Token], depth: usize) {
        let comments = moved.iter().filter_map(comment_text).chain(block.after_open.as_ref().map(|c| c.text.as_str()));
        self.out.push('{');
        for (n, comment) in comments.enumerate() {
            if n == 0 {
                self.out.push(' ');
                self.out.push_str(comment);
                self.out.push('\n');
            } else {
                self.own_line(comment, depth + 1);
            }
        }
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.items(&block.items, depth + 1);
        self.indent(depth);
        self.out.push('}');
    }

    /// Returns the statement with its block on one line, if the author wrote the block so and it fits; `None`
    /// where it has comments inside or does not fit.
    fn one_line(&self, statement: &Statement, room: usize) -> Option<String> {
        let mut line = statement.keyword.text.clone();
        self.tokens_in_line(&statement.args, &mut line)?;
        if let Some(block) = &statement.block {
            let close = block.close?;
            let on_one = self.text.get(block.open.range().end..close.range().start)?;
            if block.after_open.is_some()
                || (on_one.contains('\n') && !block.items.iter().all(|i| matches!(i, Item::Blank(_))))
            {
                return None;
            }
            line.push_str(" {");
            for (n, inner) in statements(&block.items).enumerate() {
                line.push_str(if n == 0 { " " } else { "; " });
                line.push_str(&self.one_line(inner, room)?);
            }
            line.push_str(" }");
        }
        // A statement alone may be wide where nothing in it can be broken.
        let fits = line.chars().count() <= room || (statement.block.is_none() && !breakable(&statement.args));
        fits.then_some(line)
    }

    fn tokens_in_line(&self, args: &[Token], line: &mut String) -> Option<()> {
        let mut before: Option<&Token> = None;
        for (n, token) in args.iter().enumerate() {
            if matches!(token.kind, TokenKind::Comment(_) | TokenKind::BlockText(_)) {
                return None;
            }
            if spaced(before, token) {
                line.push(' ');
            }
            let number = n.checked_sub(1).and_then(|i| args.get(i));
            line.push_str(&self.token(token, number));
            before = Some(token);
        }
        Some(())
    }

    /// Prints keyword and arguments, filling lines; later lines stand two levels deeper.
    fn header(&mut self, keyword: &str, args: &[Token], depth: usize) {
        self.out.push_str(keyword);
        let mut column = 2 * depth + keyword.chars().count();
        let mut before: Option<&Token> = None;
        let mut fresh = false;
        for (n, token) in args.iter().enumerate() {
            let words = match &token.kind {
                TokenKind::BlockText(text) => {
                    self.block_text(text, depth);
                    continue;
                }
                TokenKind::Comment(text) => text.clone(),
                _ => self.token(token, before),
            };
            let ahead: usize = self.run_width(args, n);
            let turn = may_break(args, n) && column + 1 + ahead > WIDTH;
            if (turn || (fresh && matches!(token.kind, TokenKind::Comment(_)))) && !self.out.ends_with('\n') {
                self.out.push('\n');
            }
            if self.out.ends_with('\n') {
                self.indent(depth + 2);
                column = 2 * depth + 4;
            } else if spaced(before, token) || matches!(token.kind, TokenKind::Comment(_)) {
                self.out.push(' ');
                column += 1;
            }
            self.out.push_str(&words);
            column += words.chars().count();
            fresh = matches!(token.kind, TokenKind::Comment(_));
            if fresh {
                self.out.push('\n');
            }
            before = Some(token);
        }
    }

    /// Returns how wide the arguments from `from` up to the next place to break are.
    fn run_width(&self, args: &[Token], from: usize) -> usize {
        let run = args.iter().enumerate().skip(from);
        let run =
            run.take_while(|(n, t)| !matches!(t.kind, TokenKind::Comment(_)) && (*n == from || !may_break(args, *n)));
        run.take(64).map(|(_, t)| t.span.range().len() + 1).sum::<usize>().saturating_sub(1)
    }

    fn block_text(&mut self, text: &str, depth: usize) {
        self.out.push_str(" \"\"\"\n");
        for line in text.split('\n') {
            if !line.is_empty() {
                self.indent(depth + 1);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
        self.indent(depth);
        self.out.push_str("\"\"\"");
    }

    fn token(&self, token: &Token, before: Option<&Token>) -> String {
        match &token.kind {
            TokenKind::Name(name) => counted(name, before).unwrap_or(name).to_owned(),
            TokenKind::Path(parts) => parts.join("."),
            TokenKind::Percent(figure) => format!("{figure}%"),
            TokenKind::Operator(operator) => operator.sign().to_owned(),
            TokenKind::Comma => ",".to_owned(),
            _ => self.text.get(token.span.range()).unwrap_or("").to_owned(),
        }
    }
}

fn comment_text(token: &Token) -> Option<&str> {
    match &token.kind {
        TokenKind::Comment(text) => Some(text),
        _ => None,
    }
}

/// Splits off the comments between a header and the brace of its block.
fn split_comments(statement: &Statement) -> (&[Token], &[Token]) {
    let behind = statement.args.iter().rev().take_while(|t| comment_text(t).is_some()).count();
    let behind = if statement.block.is_some() { behind } else { 0 };
    statement.args.split_at(statement.args.len() - behind)
}

fn spaced(before: Option<&Token>, token: &Token) -> bool {
    let opens = before.is_some_and(|b| b.kind == TokenKind::Open);
    !(opens || matches!(token.kind, TokenKind::Comma | TokenKind::Close))
}

/// Returns whether a line may end before this argument: the line before goes on, and this does not read as another
/// statement.
fn may_break(args: &[Token], at: usize) -> bool {
    let Some((before, token)) = at.checked_sub(1).and_then(|i| args.get(i)).zip(args.get(at)) else { return false };
    let goes_on = match &before.kind {
        TokenKind::Comma | TokenKind::Operator(super::tree::Operator::Greater) => true,
        TokenKind::Name(n) => n == "and" || n == "or",
        _ => false,
    };
    let keyword = matches!(&token.kind, TokenKind::Name(n) if codes::is_keyword(n));
    goes_on && !keyword && !matches!(token.kind, TokenKind::Close | TokenKind::Comment(_))
}

fn breakable(args: &[Token]) -> bool {
    (0..args.len()).any(|at| may_break(args, at))
}

const UNITS: &[(&str, &str)] = &[
    ("day", "days"),
    ("hour", "hours"),
    ("minute", "minutes"),
    ("month", "months"),
    ("second", "seconds"),
    ("week", "weeks"),
    ("year", "years"),
];

/// Returns the unit as it is said behind a number: `1 day`, `7 days`.
fn counted(name: &str, before: Option<&Token>) -> Option<&'static str> {
    let TokenKind::Number(figure) = &before?.kind else { return None };
    let (one, many) = UNITS.iter().find(|(one, many)| *one == name || *many == name)?;
    Some(if figure == "1" { one } else { many })
}

/// What a tree says, apart from its layout.
#[derive(Debug, Default, PartialEq, Eq)]
struct Meaning {
    words: Vec<TokenKind>,
    comments: Vec<(u32, String)>,
}

impl Meaning {
    fn of(tree: &Tree) -> Self {
        let mut meaning = Self::default();
        meaning.items(&tree.items);
        meaning.comments.sort();
        for (n, comment) in meaning.comments.iter_mut().enumerate() {
            comment.0 = u32::try_from(n).unwrap_or(0);
        }
        meaning
    }

    fn items(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Statement(statement) => self.statement(statement),
                Item::Comment(comment) => self.comment(comment),
                Item::Blank(_) | Item::Broken(_) => {}
            }
        }
    }

    fn comment(&mut self, comment: &Comment) {
        self.comments.push((comment.span.start, comment.text.clone()));
    }

    fn statement(&mut self, statement: &Statement) {
        self.words.push(TokenKind::Bad);
        self.words.push(TokenKind::Name(statement.keyword.text.clone()));
        let mut before = None;
        for token in &statement.args {
            match &token.kind {
                TokenKind::Comment(text) => self.comments.push((token.span.start, text.clone())),
                TokenKind::Name(name) => {
                    let name = counted(name, before).unwrap_or(name).to_owned();
                    self.words.push(TokenKind::Name(name));
                }
                kind => self.words.push(kind.clone()),
            }
            before = Some(token);
        }
        if let Some(block) = &statement.block {
            self.words.push(TokenKind::Open);
            block.after_open.iter().for_each(|c| self.comment(c));
            self.items(&block.items);
            self.words.push(TokenKind::Close);
        }
        statement.trailing.iter().for_each(|c| self.comment(c));
    }
}
