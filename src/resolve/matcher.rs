//! Reads a statement's arguments by its form, and says what is wrong in the form's own words.

use super::args::{Arg, Args};
use super::form::{Form, Pattern};
use super::slots::{self, Read};
use crate::diagnostic::Diagnostic;
use crate::model::vocabulary::Slot;
use crate::syntax::tree::{Statement, Token, TokenKind};
use std::borrow::Cow;

/// A form that fits, or the best account of why none does.
pub(super) fn read(
    keyword: &str,
    statement: &Statement,
    forms: &'static [Form],
) -> Result<(&'static Form, Args), Box<Diagnostic>> {
    let tokens = Tokens::of(keyword, statement);
    let mut best: Option<Failure> = None;
    for form in forms {
        let mut run = Run { tokens: &tokens, args: Args::default(), failure: Failure::default() };
        match run.matches(&form.pattern, 0) {
            Some(end) if end == tokens.len() => return Ok((form, run.args)),
            Some(end) => run.fail(end, Want::Nothing),
            None => {}
        }
        if best.as_ref().is_none_or(|b| run.failure.at > b.at) {
            best = Some(run.failure);
        } else if let Some(b) = best.as_mut().filter(|b| b.at == run.failure.at && b.finding.is_none()) {
            b.wants.extend(run.failure.wants);
            b.finding = run.failure.finding;
        }
    }
    Err(Box::new(best.unwrap_or_default().explain(&tokens)))
}

#[derive(Clone, PartialEq)]
enum Want {
    Word(&'static str),
    Slot(Slot),
    Comma,
    Arrow,
    Nothing,
}

/// The furthest place any try came to, and what would have been right there.
#[derive(Default)]
struct Failure {
    at: usize,
    wants: Vec<Want>,
    finding: Option<Box<Diagnostic>>,
}

/// The keyword, spelt right, and behind it the arguments without comments.
struct Tokens<'t> {
    keyword: Token,
    behind: Cow<'t, [Token]>,
}

impl<'t> Tokens<'t> {
    fn of(keyword: &str, statement: &'t Statement) -> Self {
        let keyword = Token { kind: TokenKind::Name(keyword.to_owned()), span: statement.keyword.span };
        let is_comment = |t: &Token| matches!(t.kind, TokenKind::Comment(_));
        let behind = match statement.args.iter().any(is_comment) {
            true => statement.args.iter().filter(|t| !is_comment(t)).cloned().collect(),
            false => Cow::Borrowed(statement.args.as_slice()),
        };
        Self { keyword, behind }
    }

    fn len(&self) -> usize {
        1 + self.behind.len()
    }

    fn get(&self, at: usize) -> Option<&Token> {
        match at.checked_sub(1) {
            Some(behind) => self.behind.get(behind),
            None => Some(&self.keyword),
        }
    }

    /// Returns the arguments from a place on; the keyword is none.
    fn from(&self, at: usize) -> &[Token] {
        at.checked_sub(1).and_then(|behind| self.behind.get(behind..)).unwrap_or(&[])
    }
}

struct Run<'t> {
    tokens: &'t Tokens<'t>,
    args: Args,
    failure: Failure,
}

impl Run<'_> {
    fn fail(&mut self, at: usize, want: Want) {
        if at > self.failure.at {
            self.failure = Failure { at, wants: Vec::new(), finding: None };
        }
        if at == self.failure.at && !self.failure.wants.contains(&want) {
            self.failure.wants.push(want);
        }
    }

    /// Returns where the pattern ends, or nothing; arguments read by a failed try are taken back.
    fn matches(&mut self, pattern: &Pattern, at: usize) -> Option<usize> {
        let kept = self.args.items.len();
        let end = self.step(pattern, at);
        if end.is_none() {
            self.args.items.truncate(kept);
        }
        end
    }

    fn step(&mut self, pattern: &Pattern, at: usize) -> Option<usize> {
        match pattern {
            Pattern::Word(word) => self.word(word, at),
            Pattern::Slot(slot) => self.slot(*slot, at),
            Pattern::Sequence(list) => list.iter().try_fold(at, |at, p| self.matches(p, at)),
            Pattern::Optional(inner) => match self.matches(inner, at) {
                Some(end) => Some(end),
                None if self.failure.at > at && self.failure.finding.is_some() => None,
                None => Some(at),
            },
            Pattern::Either(branches) => branches.iter().find_map(|p| self.matches(p, at)),
            Pattern::List(inner) => self.repeated(inner, at, &TokenKind::Comma, Want::Comma),
            Pattern::Chain(inner) => {
                let arrow = TokenKind::Operator(crate::syntax::tree::Operator::Greater);
                self.repeated(inner, at, &arrow, Want::Arrow)
            }
        }
    }

    fn word(&mut self, word: &'static str, at: usize) -> Option<usize> {
        match self.tokens.get(at) {
            Some(Token { kind: TokenKind::Name(name), span }) if name == word => {
                self.args.items.push((Arg::Word(word), *span));
                Some(at + 1)
            }
            _ => {
                self.fail(at, Want::Word(word));
                None
            }
        }
    }

    fn slot(&mut self, slot: Slot, at: usize) -> Option<usize> {
        match slots::read(slot, self.tokens.from(at)) {
            Read::Value(arg, used) => {
                let first = self.tokens.get(at)?.span;
                let last = self.tokens.get(at + used - 1)?.span;
                self.args.items.push((arg, first.to(last)));
                Some(at + used)
            }
            Read::Other => {
                self.fail(at, Want::Slot(slot));
                None
            }
            Read::Wrong(finding) => {
                // what is wrong inside an argument lies beyond its first token
                self.failure = Failure { at: at + 1, wants: Vec::new(), finding: Some(finding) };
                None
            }
        }
    }

    fn repeated(&mut self, inner: &Pattern, at: usize, mark: &TokenKind, want: Want) -> Option<usize> {
        let mut end = self.matches(inner, at)?;
        while let Some(token) = self.tokens.get(end) {
            if token.kind != *mark {
                self.fail(end, want);
                break;
            }
            end = self.matches(inner, end + 1)?;
        }
        Some(end)
    }
}

impl Failure {
    fn explain(self, tokens: &Tokens<'_>) -> Diagnostic {
        if let Some(finding) = self.finding {
            return *finding;
        }
        let before = self.at.checked_sub(1).and_then(|i| tokens.get(i));
        let after = before.map(|t| format!(" after {}", shown(t))).unwrap_or_default();
        let found = tokens.get(self.at);
        let span = found.map_or_else(|| before.map(|t| t.span.after()).unwrap_or_default(), |t| t.span);
        let wants = self.wanted();
        let only_end = self.wants.iter().all(|w| matches!(w, Want::Nothing | Want::Comma | Want::Arrow));
        match found {
            Some(token) if only_end => too_much(token, &after, &self.wants),
            Some(token) => {
                Diagnostic::error("wrong-argument", span, format!("expected {wants}{after}, found {}", shown(token)))
                    .label("not this")
                    .did_you_mean(token, &self.wants)
            }
            None => {
                Diagnostic::error("missing-argument", span, format!("expected {wants}{after}")).label("missing here")
            }
        }
    }

    fn wanted(&self) -> String {
        let mut all: Vec<String> = Vec::new();
        for want in &self.wants {
            let text = match want {
                Want::Word(word) => format!("`{word}`"),
                Want::Slot(slot) => slot.expected().to_owned(),
                Want::Comma => "`,`".to_owned(),
                Want::Arrow => "`>`".to_owned(),
                Want::Nothing => "the line's end".to_owned(),
            };
            if !all.contains(&text) {
                all.push(text);
            }
        }
        super::names::any_of(&all)
    }
}

fn too_much(token: &Token, after: &str, wants: &[Want]) -> Diagnostic {
    let finding =
        Diagnostic::error("extra-argument", token.span, format!("nothing more belongs{after}, found {}", shown(token)))
            .label("this is too much");
    match wants.contains(&Want::Comma) {
        true => finding.help("put a comma between the items of a list"),
        false => finding,
    }
}

trait DidYouMean {
    fn did_you_mean(self, token: &Token, wants: &[Want]) -> Self;
}

impl DidYouMean for Diagnostic {
    fn did_you_mean(self, token: &Token, wants: &[Want]) -> Self {
        let TokenKind::Name(name) = &token.kind else { return self };
        let words = wants.iter().filter_map(|w| match w {
            Want::Word(word) => Some(*word),
            _ => None,
        });
        match super::names::nearest(name, words) {
            Some(word) => self.help(format!("did you mean `{word}`?")).fix(
                crate::diagnostic::Safety::Unsafe,
                format!("write `{word}`"),
                token.span,
                word,
            ),
            None => self,
        }
    }
}

/// Returns a token as people wrote it, short.
pub(super) fn shown(token: &Token) -> String {
    let cut = |text: &str| match text.char_indices().nth(30) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.to_owned(),
    };
    match &token.kind {
        TokenKind::Text(text) | TokenKind::BlockText(text) => format!("the text \"{}\"", cut(text)),
        TokenKind::Name(name) => format!("`{}`", cut(name)),
        TokenKind::Path(parts) => format!("`{}`", cut(&parts.join("."))),
        TokenKind::Number(n) => format!("`{n}`"),
        TokenKind::Percent(n) => format!("`{n}%`"),
        TokenKind::Date(d) | TokenKind::Time(d) => format!("`{d}`"),
        TokenKind::Emoji(e) => format!("`{e}`"),
        TokenKind::Operator(o) => format!("`{}`", o.sign()),
        TokenKind::Comma => "`,`".to_owned(),
        TokenKind::Open => "`(`".to_owned(),
        TokenKind::Close => "`)`".to_owned(),
        TokenKind::Comment(_) => "a comment".to_owned(),
        TokenKind::Bad => "something that is no argument".to_owned(),
    }
}
