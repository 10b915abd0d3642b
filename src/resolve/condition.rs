//! Reads conditions: `or` below `and` below `not` below comparisons.

use super::matcher::shown;
use super::slots;
use crate::diagnostic::{Diagnostic, Safety};
use crate::model::condition::{Comparison, Condition};
use crate::model::value::Literal;
use crate::model::vocabulary::CONNECTING;
use crate::source::Span;
use crate::syntax::tree::{Operator, Token, TokenKind};

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// How deep parentheses and `not` may nest.
const DEPTH: usize = 64;

/// Reads a condition at the front of `tokens`; returns it and how many tokens it took.
pub(super) fn read(tokens: &[Token]) -> Result<(Condition, usize)> {
    let mut reader = Reader { tokens, at: 0, depth: 0 };
    let condition = reader.or()?;
    Ok((condition, reader.at))
}

struct Reader<'t> {
    tokens: &'t [Token],
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    fn word(&self) -> Option<&'t str> {
        match &self.peek()?.kind {
            TokenKind::Name(name) => Some(name),
            _ => None,
        }
    }

    fn take(&mut self, word: &str) -> bool {
        let is = self.word() == Some(word);
        self.at += usize::from(is);
        is
    }

    fn or(&mut self) -> Result<Condition> {
        let mut all = vec![self.and()?];
        while self.take("or") {
            all.push(self.and()?);
        }
        Ok(if all.len() == 1 { all.swap_remove(0) } else { Condition::Or(all) })
    }

    fn and(&mut self) -> Result<Condition> {
        let mut all = vec![self.not()?];
        while self.take("and") {
            all.push(self.not()?);
        }
        Ok(if all.len() == 1 { all.swap_remove(0) } else { Condition::And(all) })
    }

    fn not(&mut self) -> Result<Condition> {
        if !self.take("not") {
            return self.primary();
        }
        self.deeper(|r| Ok(Condition::Not(Box::new(r.not()?))))
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<Condition>) -> Result<Condition> {
        if self.depth >= DEPTH {
            return Err(self.expected("less nesting; a condition nests at most 64 levels deep"));
        }
        self.depth += 1;
        let inner = read(self);
        self.depth -= 1;
        inner
    }

    fn primary(&mut self) -> Result<Condition> {
        if self.peek().is_some_and(|t| t.kind == TokenKind::Open) {
            self.at += 1;
            let inner = self.deeper(Reader::or)?;
            self.close()?;
            return Ok(inner);
        }
        let field = self.field()?;
        self.test(field)
    }

    fn close(&mut self) -> Result<()> {
        match self.peek() {
            Some(Token { kind: TokenKind::Close, .. }) => {
                self.at += 1;
                Ok(())
            }
            _ => Err(self.expected("`)`")),
        }
    }

    fn field(&mut self) -> Result<String> {
        let tokens = self.tokens.get(self.at..).unwrap_or(&[]);
        match tokens {
            [Token { kind: TokenKind::Name(p), .. }, Token { kind: TokenKind::Text(name), .. }, ..]
                if p == "property" =>
            {
                self.at += 2;
                Ok(name.clone())
            }
            [Token { kind: TokenKind::Name(name), .. }, ..] if !CONNECTING.contains(&name.as_str()) => {
                self.at += 1;
                Ok(name.clone())
            }
            [Token { kind: TokenKind::Path(parts), .. }, ..] => {
                self.at += 1;
                Ok(parts.join("."))
            }
            _ => Err(self.expected("an attribute or property, such as `country`")),
        }
    }

    fn test(&mut self, field: String) -> Result<Condition> {
        if let Some(Token { kind: TokenKind::Operator(operator), .. }) = self.peek() {
            self.at += 1;
            let value = self.literal()?;
            return Ok(Condition::Compare { field, how: comparison(*operator), value });
        }
        if self.take("exists") {
            return Ok(Condition::Exists { field });
        }
        if self.take("matches") {
            return self.regex(field);
        }
        let negated = self.word() == Some("not");
        self.at += usize::from(negated);
        if !self.take("in") {
            return Err(self.expected("a comparison: `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `matches` or `exists`"));
        }
        let values = self.values()?;
        let inside = Condition::In { field, values };
        Ok(if negated { Condition::Not(Box::new(inside)) } else { inside })
    }

    fn values(&mut self) -> Result<Vec<Literal>> {
        match self.peek() {
            Some(Token { kind: TokenKind::Open, .. }) => self.at += 1,
            _ => return Err(self.expected("values in parentheses, such as `(\"PT\", \"ES\")`")),
        }
        let mut values = vec![self.literal()?];
        while self.peek().is_some_and(|t| t.kind == TokenKind::Comma) {
            self.at += 1;
            values.push(self.literal()?);
        }
        self.close()?;
        Ok(values)
    }

    fn regex(&mut self, field: String) -> Result<Condition> {
        match self.peek() {
            Some(Token { kind: TokenKind::Text(regex), span }) => {
                self.at += 1;
                match compile(regex) {
                    Ok(()) => Ok(Condition::Matches { field, regex: regex.clone() }),
                    Err(why) => Err(bad_regex(*span, &why)),
                }
            }
            _ => Err(self.expected("a regular expression in quotes")),
        }
    }

    fn literal(&mut self) -> Result<Literal> {
        let expected = "a text in quotes, a number, `true` or `false`";
        let Some(token) = self.peek() else { return Err(self.expected(expected)) };
        match slots::literal(token) {
            Some(Ok((value, _))) => {
                self.at += 1;
                Ok(value)
            }
            Some(Err(finding)) => Err(finding),
            None => {
                Err(match &token.kind {
                    TokenKind::Name(name) if !CONNECTING.contains(&name.as_str()) => Box::new(
                        Diagnostic::error("wrong-argument", token.span, format!("a text needs quotes: `\"{name}\"`"))
                            .fix(Safety::Safe, format!("write `\"{name}\"`"), token.span, format!("\"{name}\"")),
                    ),
                    _ => self.expected(expected),
                })
            }
        }
    }

    fn expected(&self, what: &str) -> Box<Diagnostic> {
        let before = self.at.checked_sub(1).and_then(|i| self.tokens.get(i));
        let after = before.map(|t| format!(" after {}", shown(t))).unwrap_or_default();
        Box::new(match self.peek() {
            Some(token) => Diagnostic::error(
                "wrong-argument",
                token.span,
                format!("expected {what}{after}, found {}", shown(token)),
            ),
            None => {
                let span = before.map(|t| t.span.after()).unwrap_or_default();
                Diagnostic::error("missing-argument", span, format!("expected {what}{after}"))
            }
        })
    }
}

fn comparison(operator: Operator) -> Comparison {
    match operator {
        Operator::Equal => Comparison::Equal,
        Operator::NotEqual => Comparison::NotEqual,
        Operator::Less => Comparison::Less,
        Operator::LessEqual => Comparison::LessEqual,
        Operator::Greater => Comparison::Greater,
        Operator::GreaterEqual => Comparison::GreaterEqual,
    }
}

fn compile(regex: &str) -> std::result::Result<(), String> {
    match regex::RegexBuilder::new(regex).size_limit(1 << 20).build() {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string().lines().last().unwrap_or("it does not compile").trim().to_owned()),
    }
}

fn bad_regex(span: Span, why: &str) -> Box<Diagnostic> {
    let why = why.strip_prefix("error: ").unwrap_or(why);
    Box::new(Diagnostic::error("bad-regex", span, format!("this is no regular expression: {why}")))
}
