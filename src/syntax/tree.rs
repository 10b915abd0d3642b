//! What was written: statements, their arguments as tokens, blocks, comments, blank lines, broken parts.
//!
//! A file and a block are lists of [`Item`]s; a statement is a keyword, arguments and maybe a block. Which
//! statements exist, and how their arguments read, is not known here (the vocabulary knows).

use crate::source::{SourceId, Span};

/// One parsed file. Every byte of the text belongs to a token, a comment, white space or a broken part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// The text it was read from.
    pub source: SourceId,
    /// What stands at the file's top level.
    pub items: Vec<Item>,
}

impl Tree {
    /// Returns the statements of the top level.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        statements(&self.items)
    }
}

/// Returns the statements among items.
pub fn statements(items: &[Item]) -> impl Iterator<Item = &Statement> {
    items.iter().filter_map(|item| match item {
        Item::Statement(s) => Some(s),
        _ => None,
    })
}

/// One thing in a file or a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A keyword with its arguments.
    Statement(Statement),
    /// A comment on a line of its own.
    Comment(Comment),
    /// One or more empty lines.
    Blank(Span),
    /// A part that could not be read as a statement; a finding tells why.
    Broken(Span),
}

/// A comment, from `#` to the line's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Where it stands, `#` included, line end excluded.
    pub span: Span,
    /// What it says, `#` included, without trailing space.
    pub text: String,
}

/// A keyword, its arguments, and maybe a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The first word.
    pub keyword: Word,
    /// The arguments, commas and parentheses included, in order.
    pub args: Vec<Token>,
    /// The block in braces, if there is one.
    pub block: Option<Block>,
    /// A comment behind it on its (last) line.
    pub trailing: Option<Comment>,
    /// From the keyword to the end of the last argument or of the block.
    pub span: Span,
    /// Whether part of it was broken (a syntax finding lies inside its own arguments); its arguments may be incomplete, and
    /// later steps report nothing more about it.
    pub broken: bool,
}

impl Statement {
    /// Returns the span of the header: keyword and arguments, without the block.
    pub fn header(&self) -> Span {
        self.args.last().map_or(self.keyword.span, |last| self.keyword.span.to(last.span))
    }
}

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word, NFC-normalised.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// The inside of a pair of braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The opening brace.
    pub open: Span,
    /// What stands inside.
    pub items: Vec<Item>,
    /// The closing brace; none where it is missing (a finding says so).
    pub close: Option<Span>,
    /// A comment behind the opening brace on its line.
    pub after_open: Option<Comment>,
}

/// One argument, or a mark between arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is, with its value.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// `"…"`, escapes resolved.
    Text(String),
    /// `"""` block text, common indent removed, lines joined by `\n`.
    BlockText(String),
    /// A name or connecting word, NFC-normalised: `order-paid`, `within`, `days`, `EUR`.
    Name(String),
    /// Names joined by points: `order-paid.revenue`. At least two parts.
    Path(Vec<String>),
    /// A number as written, sign included, such as `12`, `+3`, `-0.5`.
    Number(String),
    /// A percentage as written, without the sign `%`: `5`, `+5`, `-0.5`.
    Percent(String),
    /// `2026-10-01`.
    Date(String),
    /// RFC 3339: `2026-10-01T10:00:00Z`.
    Time(String),
    /// One emoji, all its code points (U+FE0F kept as written).
    Emoji(String),
    /// `==  !=  <  <=  >  >=`; `>` is also the arrow of `steps`.
    Operator(Operator),
    /// `,`
    Comma,
    /// `(`
    Open,
    /// `)`
    Close,
    /// A comment between arguments (the statement goes on in the next line).
    Comment(String),
    /// Something that is no argument; a finding tells why.
    Bad,
}

/// The comparison signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

impl Operator {
    /// Returns the sign as it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterEqual => ">=",
        }
    }
}
