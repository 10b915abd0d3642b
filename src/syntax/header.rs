//! One statement's keyword and arguments.

use super::assemble::Desk;
use super::parser::{Part, Piece};
use super::scan::Hidden;
use super::tree::{Block, Comment, Item, Operator, Statement, Token, TokenKind, Word};
use super::{codes, number, text, word};
use crate::diagnostic::{Diagnostic, Safety};
use crate::source::Span;

/// Gathers the pieces of one statement.
pub(super) struct Header<'a, 't> {
    desk: &'a Desk<'t>,
    pub keyword: Option<Word>,
    pub args: Vec<Token>,
    pub said: Vec<Diagnostic>,
    /// How many parentheses are open.
    depth: usize,
    /// Where an argument stands that, as a statement of its own, follows a leftover `,`, `>`, `and` or `or`.
    cut: Option<usize>,
    /// How many `{` of this line a text without its quote has swallowed, so that as many `}` are not wrong.
    pub swallowed: usize,
}

impl<'a, 't> Header<'a, 't> {
    pub fn new(desk: &'a Desk<'t>) -> Self {
        Self { desk, keyword: None, args: Vec::new(), said: Vec::new(), depth: 0, cut: None, swallowed: 0 }
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
        self.look_for_cut();
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
            "write `)` at the end", end, missing
        ));
    }

    /// Notes that a new statement starts at the argument before the next, if it does: its word is a keyword,
    /// it follows a line's end behind a `,`, `>`, `and` or `or`, and what comes next does not go on with that.
    fn look_for_cut(&mut self) {
        if self.depth > 0 || self.cut.is_some() {
            return;
        }
        let [.., joint, name] = self.args.as_slice() else { return };
        let TokenKind::Name(text) = &name.kind else { return };
        if goes_on(joint) && self.desk.breaks(joint.span.end, name.span.start) && codes::is_keyword(text) {
            self.cut = Some(self.args.len() - 1);
        }
    }

    /// Takes back the cut where the token behind the keyword shows that the line goes on.
    fn cut_at(&self) -> Option<usize> {
        let cut = self.cut?;
        let joint = self.args.get(cut.checked_sub(1)?)?;
        let next = self.args.get(cut + 1)?;
        let goes_on = match &next.kind {
            TokenKind::Comma | TokenKind::Close | TokenKind::Comment(_) => true,
            TokenKind::Operator(_) => true,
            TokenKind::Name(n) => {
                joint.kind != TokenKind::Comma
                    && matches!(n.as_str(), "in" | "matches" | "exists" | "is" | "not" | "and" | "or")
            }
            _ => false,
        };
        (!goes_on).then_some(cut)
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
        if let Some(at) = self.said.iter().position(|d| matches!(d.code, "unclosed-text" | "unclosed-block-text")) {
            let only = self.said.swap_remove(at);
            self.swallowed = self.braces_in_texts(only.primary.span);
            self.said = vec![only];
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

    /// Returns how many more `{` than `}` the texts of a line hold.
    fn braces_in_texts(&self, place: Span) -> usize {
        let texts = self.args.iter().filter(|t| matches!(t.kind, TokenKind::Text(_)) && t.span.end <= place.start && !self.desk.breaks(t.span.end, place.start));
        let count = |text: &str, brace: char| text.matches(brace).count();
        texts.map(|t| self.desk.slice(t.span)).map(|t| count(t, '{').saturating_sub(count(t, '}'))).sum()
    }

    /// A sign that stands alone before a number is one mistake with it.
    fn merge_signs(&mut self) {
        let pairs: Vec<_> = self.args.windows(2).filter_map(|pair| sign_before_number(self.desk, pair)).collect();
        for finding in pairs {
            self.said.retain(|d| d.primary.span.start != finding.primary.span.start);
            self.said.push(finding);
        }
    }

    /// Ends the statement, and puts it (and one cut off from it) into `items`.
    pub fn finish(
        &mut self,
        block: Option<Block>,
        trailing: Option<Comment>,
        end: Span,
        hidden: &Hidden,
        items: &mut Vec<Item>,
        findings: &mut Vec<Diagnostic>,
    ) {
        let cut = self.cut_at();
        self.settle(hidden);
        let first = self.keyword.as_ref().map(|k| k.span).or_else(|| self.args.first().map(|t| t.span)).unwrap_or(end);
        let rest = cut.map(|at| self.args.split_off(at));
        let has_rest = rest.is_some();
        self.joint_left_over();
        self.comment_as_argument(trailing.as_ref(), block.is_some());
        let last = self.args.last().map_or(first, |t| t.span);
        let close = block.as_ref().map_or(last, |b| b.close.unwrap_or(Span { start: end.start, ..end }));
        let broken = !self.said.is_empty() || hidden.within(first.start as usize, last.end as usize);
        let whole = first.to(if has_rest { last } else { close });
        let (own_block, own_trailing, rest) = match rest {
            Some(rest) => (None, None, Some((rest, block, trailing, first.to(close)))),
            None => (block, trailing, None),
        };
        match self.keyword.take() {
            Some(keyword) => items.push(Item::Statement(Statement {
                keyword,
                args: std::mem::take(&mut self.args),
                block: own_block,
                trailing: own_trailing,
                span: whole,
                broken,
            })),
            None => headless(self.desk, std::mem::take(&mut self.args), &mut self.said, own_block, whole, items),
        }
        if let Some((args, block, trailing, whole)) = rest {
            push_cut(args, block, trailing, whole, items);
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
        if self.said.is_empty() {
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
    block: Option<Block>,
    whole: Span,
    items: &mut Vec<Item>,
) {
    let first = args.first().map_or(whole, |t| t.span);
    if said.is_empty() {
        let seen = desk.slice(first);
        said.push(Diagnostic::error(
            "bad-statement",
            first,
            format!("a line starts with a word of the language, not with `{seen}`"),
        ));
    }
    match block {
        None => items.push(Item::Broken(whole)),
        Some(block) => {
            let keyword = Word { text: desk.slice(first).to_owned(), span: first };
            items.push(Item::Statement(Statement {
                keyword,
                args,
                block: Some(block),
                trailing: None,
                span: whole,
                broken: true,
            }));
        }
    }
}

fn push_cut(args: Vec<Token>, block: Option<Block>, trailing: Option<Comment>, whole: Span, items: &mut Vec<Item>) {
    let mut args = args.into_iter();
    let Some(Token { kind: TokenKind::Name(text), span }) = args.next() else { return };
    let args: Vec<Token> = args.collect();
    let span_all = span.to(whole.after()).to(args.last().map_or(span, |t| t.span));
    items.push(Item::Statement(Statement {
        keyword: Word { text, span },
        args,
        block,
        trailing,
        span: span_all,
        broken: false,
    }));
}
