//! The only file that names pest: text to a flat list of [`Piece`]s, by `grammar/journey.pest`.

use std::num::NonZeroUsize;
use std::sync::Once;

use pest::{Parser, Token};

#[derive(pest_derive::Parser)]
#[grammar = "../grammar/journey.pest"]
struct Journey;

/// How many steps the grammar may take over one text; good files need under 30 a byte.
const CALL_LIMIT: usize = 100_000_000;

/// What a piece of text is; the rules of the grammar that make nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Arrow,
    BadNumber,
    BadOperator,
    BadWord,
    Blank,
    Block,
    BlockText,
    Close,
    Colon,
    Comma,
    Comment,
    Date,
    Emoji,
    Glued,
    Keyword,
    Leading,
    ManyQuotes,
    NoKeyword,
    Number,
    OneLineBlock,
    OpenBlockText,
    OpenBrace,
    OpenParen,
    OpenText,
    Operator,
    Orphan,
    Percent,
    QuotedAlike,
    Semicolon,
    ShutParen,
    Statement,
    StrayClose,
    Text,
    Time,
    Unclosed,
    UnclosedParen,
    Word,
}

impl Part {
    fn of(rule: Rule) -> Option<Part> {
        Some(match rule {
            Rule::arrow => Part::Arrow,
            Rule::bad_number => Part::BadNumber,
            Rule::bad_operator => Part::BadOperator,
            Rule::bad_word => Part::BadWord,
            Rule::blank | Rule::top_blank => Part::Blank,
            Rule::block => Part::Block,
            Rule::block_text => Part::BlockText,
            Rule::close => Part::Close,
            Rule::colon => Part::Colon,
            Rule::comma => Part::Comma,
            Rule::comment => Part::Comment,
            Rule::date => Part::Date,
            Rule::emoji => Part::Emoji,
            Rule::glued => Part::Glued,
            Rule::keyword => Part::Keyword,
            Rule::leading => Part::Leading,
            Rule::many_quotes => Part::ManyQuotes,
            Rule::no_keyword => Part::NoKeyword,
            Rule::number => Part::Number,
            Rule::one_line_block => Part::OneLineBlock,
            Rule::open_block_text => Part::OpenBlockText,
            Rule::open_brace => Part::OpenBrace,
            Rule::open_paren => Part::OpenParen,
            Rule::open_text => Part::OpenText,
            Rule::operator => Part::Operator,
            Rule::orphan => Part::Orphan,
            Rule::percent => Part::Percent,
            Rule::quoted_alike => Part::QuotedAlike,
            Rule::semicolon => Part::Semicolon,
            Rule::shut_paren => Part::ShutParen,
            Rule::statement => Part::Statement,
            Rule::stray_close => Part::StrayClose,
            Rule::text => Part::Text,
            Rule::time => Part::Time,
            Rule::unclosed => Part::Unclosed,
            Rule::unclosed_paren => Part::UnclosedParen,
            Rule::word => Part::Word,
            // The file, its end, and the rules that make no node.
            _ => return None,
        })
    }
}

/// A node of the grammar: what it is, its bytes, and where its inside ends in the list.
///
/// The inside of the piece at index `i` are the pieces `i + 1 .. after`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub part: Part,
    pub start: usize,
    pub end: usize,
    pub after: usize,
}

/// Returns the text's pieces, each before its inside, in order; `None` where reading took too many steps.
///
/// The caller has bounded size and nesting before.
pub(super) fn read(text: &str) -> Option<Vec<Piece>> {
    static LIMIT: Once = Once::new();
    LIMIT.call_once(|| pest::set_call_limit(NonZeroUsize::new(CALL_LIMIT)));
    let pairs = Journey::parse(Rule::file, text).ok()?;
    let mut pieces = Vec::with_capacity(pairs.clone().tokens().len() / 2);
    let mut open = Vec::with_capacity(256);
    for token in pairs.tokens() {
        match token {
            Token::Start { rule, pos } => {
                let Some(part) = Part::of(rule) else { continue };
                open.push(pieces.len());
                pieces.push(Piece { part, start: pos.pos(), end: pos.pos(), after: 0 });
            }
            Token::End { rule, pos } if Part::of(rule).is_some() => {
                let after = pieces.len();
                if let Some(piece) = open.pop().and_then(|i| pieces.get_mut(i)) {
                    (piece.end, piece.after) = (pos.pos(), after);
                }
            }
            Token::End { .. } => {}
        }
    }
    Some(pieces)
}
