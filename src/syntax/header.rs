//! One statement's keyword and arguments.

use super::assemble::Desk;
use super::parser::{Part, Piece};
use super::scan::Hidden;
use super::tree::{Block, Comment, Item, Operator, Statement, Token, TokenKind, Word};
use super::{codes, number, text, word};
use crate::diagnostic::{Diagnostic, Safety};
use crate::source::Span;

/// What stands behind a statement's arguments.
#[derive(Default)]
pub(super) struct Tail {
    pub block: Option<Block>,
    pub trailing: Option<Comment>,
    /// Where the block ends.
    pub end: Option<Span>,
}

/// Gathers the pieces of one statement.
pub(super) struct Header<'a, 't> {
    desk: &'a Desk<'t>,
    pub keyword: Option<Word>,
    pub args: Vec<Token>,
    pub said: Vec<Diagnostic>,
    /// How many parentheses are open.
    depth: usize,
    /// Whether the arguments go over a line's end.
    wraps: bool,
    /// How many `{` of this line a text without its quote has swallowed, so that as many `}` are not wrong.
    pub swallowed: usize,
}

impl<'a, 't> Header<'a, 't> {
    pub fn new(desk: &'a Desk<'t>) -> Self {
        Self { desk, keyword: None, args: Vec::new(), said: Vec::new(), depth: 0, wraps: false, swallowed: 0 }
    }

    fn span(&self, piece: Piece) -> Span {
        self.desk.span(piece.start, piece.end)
    }

    /// Takes the next piece, in order.
    pub fn take(&mut self, piece: Piece) {
        let span = self.span(piece);
        let slice = self.desk.slice(span);
        let kind = match piece.part {
            Part::Keyword => {
                let text = word::name(slice, span, &mut self.said);
                self.keyword = Some(Word { text, span });
                return;
            }
            Part::NoKeyword => return,
            Part::Word => self.word(slice, span),
            Part::Text => text::text(slice, span, &mut self.said),
            Part::BlockText => text::block_text(slice, span, &mut self.said),
            Part::Number => TokenKind::Number(slice.to_owned()),
            Part::Percent => TokenKind::Percent(number::percent(slice, span, &mut self.said)),
            Part::Date => number::date(slice, span, &mut self.said),
            Part::Time => number::time(slice, span, &mut self.said),
            Part::Emoji => self.emoji(slice, span),
            Part::Comma => self.comma(slice, span),
            Part::OpenParen => {
                self.depth += 1;
                self.mark(slice, span, "(", TokenKind::Open)
            }
            Part::ShutParen => self.shut(slice, span),
            Part::Operator => operator(slice).map_or(TokenKind::Bad, TokenKind::Operator),
            Part::Comment => TokenKind::Comment(slice.trim_end().to_owned()),
            Part::UnclosedParen => return self.unclosed_paren(span),
            _ => self.bad(piece.part, slice, span),
        };
        self.push(kind, span);
    }

    fn push(&mut self, kind: TokenKind, span: Span) {
        let token = Token { kind, span };
        if matches!(token.kind, TokenKind::Number(_)) {
            number::check(self.desk, &token, self.args.last(), &mut self.said);
        }
        if let TokenKind::Name(name) = &token.kind {
            number::check_unit(self.desk, name, span, self.args.last(), &mut self.said);
        }
        self.wraps = self.wraps || self.args.last().is_some_and(|last| self.desk.breaks(last.span.end, span.start));
        self.args.push(token);
    }

    fn word(&mut self, slice: &str, span: Span) -> TokenKind {
        let said = &mut self.said;
        match slice.contains('.') {
            false => TokenKind::Name(word::name(slice, span, said)),
            true => TokenKind::Path(word::name(slice, span, said).split('.').map(str::to_owned).collect()),
        }
    }

    fn emoji(&mut self, slice: &str, span: Span) -> TokenKind {
        if word::is_arrow(slice) {
            self.said.push(word::arrow(span, slice));
            return TokenKind::Operator(Operator::Greater);
        }
        TokenKind::Emoji(slice.to_owned())
    }

    fn mark(&mut self, slice: &str, span: Span, meant: &str, kind: TokenKind) -> TokenKind {
        if slice != meant {
            self.said.push(word::look_alike(span, slice, meant));
        }
        kind
    }

    fn comma(&mut self, slice: &str, span: Span) -> TokenKind {
        if self.args.last().is_some_and(|t| t.kind == TokenKind::Comma) {
            let finding = Diagnostic::error("leftover-comma", span, "two commas stand side by side");
            self.said.push(finding.fix(Safety::Safe, "take out one comma", span, ""));
        }
        self.mark(slice, span, ",", TokenKind::Comma)
    }

    fn shut(&mut self, slice: &str, span: Span) -> TokenKind {
        match self.depth.checked_sub(1) {
            Some(depth) => self.depth = depth,
            None => {
                let finding = Diagnostic::error("stray-paren", span, "this `)` closes nothing");
                self.said.push(finding.fix(Safety::Unsafe, "take it out", span, ""));
            }
        }
        self.mark(slice, span, ")", TokenKind::Close)
    }

    fn unclosed_paren(&mut self, here: Span) {
        let missing = ")".repeat(self.depth);
        self.depth = self.depth.saturating_sub(1);
        let open = self.args.iter().rev().scan(0_i32, |shut, t| {
            *shut += i32::from(t.kind == TokenKind::Close) - i32::from(t.kind == TokenKind::Open);
            Some((*shut < 0, t.span))
        });
        // An inner parenthesis that is unclosed too was blamed already; one finding is enough.
        let Some((_, span)) = open.clone().find(|(found, _)| *found) else { return };
        if self.said.iter().any(|d| d.code == "unclosed-paren") {
            return;
        }
        let end =
            self.args.iter().rev().find(|t| !matches!(t.kind, TokenKind::Comment(_))).map_or(here, |t| t.span).after();
        let finding = Diagnostic::error("unclosed-paren", span, "this `(` is never closed");
        self.said.push(finding.help("write `)` where the list or the condition ends").fix(
            Safety::Unsafe,
            "write `)` at the end",
            end,
            missing,
        ));
    }

    /// Returns where arguments stand that are statements of their own: the word is a keyword, it follows a line's
    /// end behind a leftover `,`, `>`, `and` or `or`, and what comes next does not go on with that.
    fn cuts(&self) -> Vec<usize> {
        if !self.wraps {
            return Vec::new();
        }
        let mut depth = 0_i32;
        let mut joint: Option<&Token> = None;
        let mut cuts = Vec::new();
        for (at, token) in self.args.iter().enumerate() {
            depth += i32::from(token.kind == TokenKind::Open) - i32::from(token.kind == TokenKind::Close);
            if let (TokenKind::Name(word), Some(joint)) = (&token.kind, joint.filter(|j| depth == 0 && goes_on(j)))
                && self.desk.breaks(joint.span.end, token.span.start)
                && codes::is_keyword(word)
                && self.args.get(at + 1).is_some_and(|next| begins_another(joint, next))
            {
                cuts.push(at);
            }
            joint = if matches!(token.kind, TokenKind::Comment(_)) { joint } else { Some(token) };
        }
        cuts
    }

    /// Takes a line's end that was passed although a line starts with `,`, `and` or `or`.
    pub fn leading(&mut self, piece: Piece, comments: &[Piece]) {
        let next = self.desk.text.get(piece.end..).unwrap_or("");
        let sign = if next.starts_with('a') {
            "and"
        } else if next.starts_with('o') {
            "or"
        } else {
            ","
        };
        let long = if next.starts_with(['，']) { 3 } else { sign.len() };
        let from = self.args.last().map_or(piece.start, |t| t.span.range().end);
        let here = self.desk.span(piece.end, piece.end + long);
        let (code, moved) =
            if sign == "," { ("leading-comma", ",".to_owned()) } else { ("leading-word", format!(" {sign}")) };
        let mut finding = Diagnostic::error(code, here, format!("a line cannot start with `{sign}`"));
        if comments.is_empty() {
            let gap = self.desk.text.get(from..piece.end).unwrap_or("");
            let title = format!("move `{sign}` to the end of the line before");
            finding = finding.fix(Safety::Safe, title, self.desk.span(from, piece.end + long), format!("{moved}{gap}"));
        }
        self.said.push(finding.help(format!("write `{sign}` at the end of the line before; a line goes on after it")));
        for comment in comments {
            self.take(*comment);
        }
    }

    fn bad(&mut self, part: Part, slice: &str, span: Span) -> TokenKind {
        let keyword = self.keyword.as_ref().map_or("", |k| k.text.as_str());
        let (kind, finding) = match part {
            Part::Arrow if slice == "=>" && keyword != "steps" => word::operator(keyword, slice, span),
            Part::Arrow => (TokenKind::Operator(Operator::Greater), word::arrow(span, slice)),
            Part::BadOperator => word::operator(keyword, slice, span),
            Part::Colon => (TokenKind::Bad, word::colon(span, slice)),
            Part::QuotedAlike => text::quoted_alike(slice, span),
            Part::ManyQuotes => text::many_quotes(self.desk, slice, span),
            Part::OneLineBlock => (TokenKind::Bad, text::one_line_block(slice, span)),
            Part::OpenBlockText => (TokenKind::Bad, text::open_block(self.desk, slice, span)),
            Part::OpenText => (TokenKind::Bad, text::open_text(slice, span)),
            Part::Glued => (TokenKind::Bad, word::glued(span, slice)),
            Part::BadNumber => return self.bad_number(slice, span),
            _ => word::bad(keyword, slice, span),
        };
        let finding = self.spaced(finding);
        self.said.push(finding);
        kind
    }

    /// Puts spaces around a word that takes the place of a sign.
    fn spaced(&self, mut finding: Diagnostic) -> Diagnostic {
        let edit = finding.fix.as_mut().and_then(|f| f.edits.first_mut());
        if let Some(edit) = edit.filter(|e| matches!(e.text.as_str(), "to" | "and" | "or")) {
            let word = |c: char| !c.is_whitespace();
            if self.desk.text.get(..edit.span.start as usize).is_some_and(|b| b.ends_with(word)) {
                edit.text.insert(0, ' ');
            }
            if self.desk.text.get(edit.span.end as usize..).is_some_and(|b| b.starts_with(word)) {
                edit.text.push(' ');
            }
        }
        finding
    }

    /// A broken number; a time behind a date is one mistake with it.
    fn bad_number(&mut self, slice: &str, span: Span) -> TokenKind {
        let before = self.args.last().filter(|t| matches!(t.kind, TokenKind::Date(_)));
        let (kind, finding) = number::bad(slice, span, before.map(|t| (self.desk.slice(t.span), t.span)));
        self.said.push(finding);
        kind
    }

    fn settle(&mut self, hidden: &Hidden) {
        self.merge_signs();
        if let Some(open) = self.said.iter().find(|d| matches!(d.code, "unclosed-text" | "unclosed-block-text")) {
            let (start, line) = (open.primary.span.start, self.line(open.primary.span));
            self.swallowed = self.braces_in_texts(start, line);
            let lines = &self.desk.lines;
            self.said.retain(|d| d.primary.span.start == start || lines.number(d.primary.span.start as usize) != line);
        }
        // One broken word is enough to look at a line; the rest of it is likely the same mistake.
        let mut seen = false;
        self.said.retain(|d| {
            let word = d.code == "bad-name" && d.fix.is_none();
            let again = word && seen;
            seen |= word;
            !again && !hidden.within(d.primary.span.start as usize, d.primary.span.end as usize)
        });
    }

    fn line(&self, span: Span) -> usize {
        self.desk.lines.number(span.start as usize)
    }

    /// Returns how many more `{` than `}` the texts of a line hold, up to a place.
    fn braces_in_texts(&self, end: u32, line: usize) -> usize {
        let texts = self
            .args
            .iter()
            .filter(|t| matches!(t.kind, TokenKind::Text(_)) && t.span.end <= end && self.line(t.span) == line);
        let count = |text: &str, brace: char| text.matches(brace).count();
        texts.map(|t| self.desk.slice(t.span)).map(|t| count(t, '{').saturating_sub(count(t, '}'))).sum()
    }

    /// A sign that stands alone before a number is one mistake with it.
    fn merge_signs(&mut self) {
        let found: Vec<_> = self.args.windows(2).filter_map(|pair| sign_before_number(self.desk, pair)).collect();
        let starts: Vec<u32> = found.iter().map(|d| d.primary.span.start).collect();
        self.said.retain(|d| starts.binary_search(&d.primary.span.start).is_err());
        self.said.extend(found);
    }

    /// Ends the statement, and puts it (and those cut off from it) into `items`.
    pub fn finish(&mut self, tail: Tail, hidden: &Hidden, items: &mut Vec<Item>, findings: &mut Vec<Diagnostic>) {
        self.settle(hidden);
        let cuts = self.cuts();
        if cuts.is_empty() {
            self.comment_as_argument(tail.trailing.as_ref(), tail.block.is_some());
            return self.close(tail, hidden, items, findings);
        }
        let mut said = std::mem::take(&mut self.said);
        said.sort_by_key(|d| d.primary.span);
        let (mut said, mut tail) = (said.into_iter().peekable(), Some(tail));
        let mut args = std::mem::take(&mut self.args).into_iter().peekable();
        let mut at = 0;
        for cut in cuts.into_iter().map(Some).chain([None]) {
            while let Some(token) = args.next_if(|_| cut.is_none_or(|c| at < c)) {
                self.args.push(token);
                at += 1;
            }
            let next = args.next();
            at += 1;
            let before = next.as_ref().map_or(u32::MAX, |t| t.span.start);
            self.said.extend(std::iter::from_fn(|| said.next_if(|d| d.primary.span.start < before)));
            let comments = self.comments_behind();
            let own = if next.is_none() { tail.take() } else { None };
            self.close(own.unwrap_or_default(), hidden, items, findings);
            items.extend(comments);
            self.keyword = next.map(|t| Word { text: name_of(&t).to_owned(), span: t.span });
        }
    }

    /// Takes the comments off the end of the arguments.
    fn comments_behind(&mut self) -> Vec<Item> {
        let mut comments = Vec::new();
        while let Some(Token { kind: TokenKind::Comment(text), span }) =
            self.args.pop_if(|t| matches!(t.kind, TokenKind::Comment(_)))
        {
            comments.insert(0, Item::Comment(Comment { text, span }));
        }
        comments
    }

    /// Makes one statement of what was gathered.
    fn close(&mut self, tail: Tail, hidden: &Hidden, items: &mut Vec<Item>, findings: &mut Vec<Diagnostic>) {
        self.joint_left_over();
        let args = std::mem::take(&mut self.args);
        let Some(first) = self.keyword.as_ref().map(|k| k.span).or_else(|| args.first().map(|t| t.span)) else {
            return;
        };
        let last = args.last().map_or(first, |t| t.span);
        let mut broken = !self.said.is_empty() || hidden.within(first.start as usize, last.end as usize);
        if self.said.iter().all(|d| d.code == "mixed-script") && !hidden.within(first.start as usize, last.end as usize)
        {
            broken = false;
        }
        let span = first.to(tail.end.unwrap_or(last));
        match self.keyword.take() {
            Some(keyword) => {
                let statement = Statement { keyword, args, block: tail.block, trailing: tail.trailing, span, broken };
                items.push(Item::Statement(statement));
            }
            None => headless(self.desk, args, &mut self.said, tail, span, items),
        }
        findings.append(&mut self.said);
    }

    /// Says so where the last argument promises another that never comes.
    fn joint_left_over(&mut self) {
        let Some(last) = self.args.iter().rev().find(|t| !matches!(t.kind, TokenKind::Comment(_))) else { return };
        let span = last.span;
        let finding = match &last.kind {
            TokenKind::Comma if self.args.len() > 1 => Diagnostic::error(
                "leftover-comma",
                span,
                "a comma is left over here, with nothing behind it",
            )
            .fix(Safety::Safe, "take out the comma", span, ""),
            TokenKind::Operator(Operator::Greater) => unfinished(span, ">"),
            TokenKind::Name(n) if n == "and" || n == "or" => unfinished(span, n),
            _ => return,
        };
        if self.said.iter().all(|d| self.line(d.primary.span) != self.line(span)) {
            self.said.push(finding);
        }
    }

    /// Says so where a colour or a keycap was written as what reads as a comment.
    fn comment_as_argument(&mut self, trailing: Option<&Comment>, block: bool) {
        let Some(comment) = trailing.filter(|_| self.said.is_empty() && !block) else { return };
        if let Some(finding) = word::comment_meant(comment, self.args.is_empty()) {
            self.said.push(finding);
        }
    }
}

fn unfinished(span: Span, sign: &str) -> Diagnostic {
    Diagnostic::error("unfinished-line", span, format!("nothing comes after this `{sign}`"))
        .help("write what it should lead to, or take it out")
}

fn goes_on(token: &Token) -> bool {
    match &token.kind {
        TokenKind::Comma | TokenKind::Operator(Operator::Greater) => true,
        TokenKind::Name(n) => n == "and" || n == "or",
        _ => false,
    }
}

fn operator(slice: &str) -> Option<Operator> {
    Some(match slice {
        "==" => Operator::Equal,
        "!=" => Operator::NotEqual,
        "<" => Operator::Less,
        "<=" => Operator::LessEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterEqual,
        _ => return None,
    })
}

fn sign_before_number(desk: &Desk<'_>, pair: &[Token]) -> Option<Diagnostic> {
    let [sign, figure] = pair else { return None };
    let (TokenKind::Bad, TokenKind::Number(_) | TokenKind::Percent(_)) = (&sign.kind, &figure.kind) else {
        return None;
    };
    let meant = match desk.slice(sign.span) {
        "+" => "+",
        "-" | "−" | "–" | "—" => "-",
        _ => return None,
    };
    let (whole, written) = (sign.span.to(figure.span), format!("{meant}{}", desk.slice(figure.span)));
    Some(Diagnostic::error("bad-number", whole, format!("the sign `{meant}` stands apart from its number")).fix(
        Safety::Safe,
        format!("write `{written}`"),
        whole,
        written,
    ))
}

/// A line that starts with no word: kept as a statement where it has a block, so that what is inside is still read.
fn headless(
    desk: &Desk<'_>,
    args: Vec<Token>,
    said: &mut Vec<Diagnostic>,
    tail: Tail,
    span: Span,
    items: &mut Vec<Item>,
) {
    let first = args.first().map_or(span, |t| t.span);
    if said.is_empty() {
        let seen = desk.slice(first);
        let message = format!("a line starts with a word of the language, not with `{seen}`");
        said.push(Diagnostic::error("bad-statement", first, message));
    }
    let Tail { block, trailing, .. } = tail;
    if block.is_some() {
        let keyword = Word { text: desk.slice(first).to_owned(), span: first };
        return items.push(Item::Statement(Statement { keyword, args, block, trailing, span, broken: true }));
    }
    items.push(Item::Broken(span));
    items.extend(trailing.map(Item::Comment));
}

/// Returns whether the token behind a keyword shows that a new statement began with it.
fn begins_another(joint: &Token, next: &Token) -> bool {
    match &next.kind {
        TokenKind::Comma | TokenKind::Close | TokenKind::Comment(_) | TokenKind::Operator(_) => false,
        TokenKind::Name(n) => {
            joint.kind == TokenKind::Comma
                || !matches!(n.as_str(), "in" | "matches" | "exists" | "is" | "not" | "and" | "or")
        }
        _ => true,
    }
}

fn name_of(token: &Token) -> &str {
    match &token.kind {
        TokenKind::Name(name) => name,
        _ => "",
    }
}
