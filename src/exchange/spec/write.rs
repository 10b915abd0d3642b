//! Trees to a spec.

use super::{Argument, Part, RESERVED, SCHEMA, Said, Spec, SpecFile};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::syntax::tree::{Block, Comment, Item, Statement, Token, TokenKind, Tree};

/// Returns a project as one spec; `files` are paths with their text and tree.
///
/// # Errors
/// A file with broken parts cannot be said in another format: a finding each.
pub fn write(manifest: Option<&str>, files: &[(&str, &str, &Tree)]) -> Result<Spec, Vec<Diagnostic>> {
    let mut writer = Writer { text: "", findings: Vec::new() };
    let mut written = Vec::new();
    for (path, text, tree) in files {
        writer.text = text;
        written.push(SpecFile { path: (*path).to_owned(), content: writer.parts(&tree.items) });
    }
    if !writer.findings.is_empty() {
        return Err(writer.findings);
    }
    Ok(Spec { schema: SCHEMA.to_owned(), manifest: manifest.map(str::to_owned), files: written })
}

/// Returns the parts of one tree, broken ones left out.
pub(super) fn parts(text: &str, tree: &Tree) -> Vec<Part> {
    Writer { text, findings: Vec::new() }.parts(&tree.items)
}

struct Writer<'t> {
    text: &'t str,
    findings: Vec<Diagnostic>,
}

impl Writer<'_> {
    fn parts(&mut self, items: &[Item]) -> Vec<Part> {
        items.iter().filter_map(|item| self.part(item)).collect()
    }

    fn part(&mut self, item: &Item) -> Option<Part> {
        match item {
            Item::Blank(_) => Some(Part::Blank),
            Item::Comment(comment) => Some(Part::Comment(comment.text.clone())),
            Item::Statement(statement) => Some(Part::Statement(Box::new(self.statement(statement)))),
            Item::Broken(span) => {
                self.broken(*span);
                None
            }
        }
    }

    fn broken(&mut self, span: Span) {
        let finding =
            Diagnostic::error("spec-not-faithful", span, "this part cannot be read, so it cannot be written elsewhere");
        self.findings.push(finding.help("mend what `waypost check` finds first"));
    }

    fn statement(&mut self, statement: &Statement) -> Said {
        let keyword = &statement.keyword;
        if statement.broken {
            self.broken(statement.span);
        }
        if RESERVED.contains(&keyword.text.as_str()) {
            let message = format!("`{}` is no statement, and means something else in a spec", keyword.text);
            self.findings.push(Diagnostic::error("spec-not-faithful", keyword.span, message));
        }
        let block = statement.block.as_ref();
        Said {
            keyword: keyword.text.clone(),
            arguments: statement.args.iter().filter_map(argument).collect(),
            inline: block.is_some_and(|b| self.is_inline(b)),
            opening: block.and_then(|b| b.after_open.as_ref()).map(words),
            trailing: statement.trailing.as_ref().map(words),
            block: block.map(|b| self.parts(&b.items)),
        }
    }

    fn is_inline(&self, block: &Block) -> bool {
        let Some(close) = block.close else { return false };
        let inside = self.text.get(block.open.start as usize..close.end as usize);
        inside.is_some_and(|t| !t.contains('\n'))
    }
}

fn words(comment: &Comment) -> String {
    comment.text.clone()
}

/// Returns an argument; nothing for a part that is none.
fn argument(token: &Token) -> Option<Argument> {
    let plain = |text: &str| Some(Argument::Plain(text.to_owned()));
    match &token.kind {
        TokenKind::Text(text) => Some(Argument::Text(text.clone())),
        TokenKind::BlockText(text) => Some(Argument::BlockText(text.clone())),
        TokenKind::Comment(text) => Some(Argument::Comment(text.clone())),
        TokenKind::Name(text)
        | TokenKind::Number(text)
        | TokenKind::Date(text)
        | TokenKind::Time(text)
        | TokenKind::Emoji(text) => plain(text),
        TokenKind::Path(names) => plain(&names.join(".")),
        TokenKind::Percent(number) => plain(&format!("{number}%")),
        TokenKind::Operator(operator) => plain(operator.sign()),
        TokenKind::Comma => plain(","),
        TokenKind::Open => plain("("),
        TokenKind::Close => plain(")"),
        TokenKind::Bad => None,
    }
}
