//! What was written, declaration by declaration, with layout and comments taken out.

use super::{Change, Impact, Side};
use crate::model::vocabulary::{Block, rows_of};
use crate::source::Span;
use crate::syntax::tree::{Item, Statement, Token, TokenKind};
use std::collections::BTreeMap;

/// One declaration: its statements as text, nested declarations apart.
struct Declaration {
    title: String,
    statements: Vec<String>,
    was: Option<String>,
    span: Span,
}

type Outline = BTreeMap<Vec<(&'static str, String)>, Declaration>;

/// Returns every declaration and statement that came, went or reads differently.
pub(super) fn changes(base: Side<'_>, head: Side<'_>) -> Vec<Change> {
    let (old, new) = (read(base), read(head));
    let mut changes = Vec::new();
    let mut renamed: Vec<Vec<(&'static str, String)>> = Vec::new();
    for (path, now) in &new {
        match old.get(path) {
            Some(before) => changes.extend(compare(path, before, now)),
            None => match former(path, now).filter(|p| old.contains_key(p)) {
                Some(was) => {
                    changes.push(change(
                        path,
                        format!("renamed from `{}`", name(&was)),
                        Impact::Notable,
                        Some(now.span),
                        None,
                    ));
                    changes.extend(old.get(&was).map(|before| compare(path, before, now)).unwrap_or_default());
                    renamed.push(was);
                }
                None => changes.push(change(path, "added".to_owned(), Impact::Harmless, Some(now.span), None)),
            },
        }
    }
    for (path, before) in old.iter().filter(|(p, _)| !new.contains_key(*p) && !renamed.contains(p)) {
        changes.push(change(path, "removed".to_owned(), Impact::Notable, None, Some(before.span)));
    }
    changes
}

fn change(
    path: &[(&'static str, String)],
    says: String,
    impact: Impact,
    head: Option<Span>,
    base: Option<Span>,
) -> Change {
    let path = path.iter().map(|(kind, id)| format!("{kind} {id}")).collect::<Vec<_>>().join(", ");
    Change { rule: "statement", path, says, impact, category: None, head, base }
}

fn name<'p>(path: &'p [(&'static str, String)]) -> &'p str {
    path.last().map_or("", |(_, id)| id)
}

fn former(path: &[(&'static str, String)], now: &Declaration) -> Option<Vec<(&'static str, String)>> {
    let mut was = path.to_vec();
    was.last_mut()?.1 = now.was.clone()?;
    Some(was)
}

fn compare(path: &[(&'static str, String)], before: &Declaration, now: &Declaration) -> Vec<Change> {
    let mut all = Vec::new();
    let mut add = |says: String| all.push(change(path, says, Impact::Harmless, Some(now.span), Some(before.span)));
    if before.title != now.title {
        add(format!("title goes from \"{}\" to \"{}\"", before.title, now.title));
    }
    let mut old = before.statements.clone();
    let mut new = Vec::new();
    for statement in &now.statements {
        match old.iter().position(|s| s == statement) {
            Some(at) => drop(old.remove(at)),
            None => new.push(statement.clone()),
        }
    }
    for statement in new {
        let keyword = statement.split(' ').next().unwrap_or("");
        match old.iter().position(|s| s.split(' ').next() == Some(keyword)) {
            Some(at) => add(format!("`{}` becomes `{statement}`", old.remove(at))),
            None => add(format!("`{statement}` added")),
        }
    }
    for statement in old {
        add(format!("`{statement}` removed"));
    }
    all
}

fn read(side: Side<'_>) -> Outline {
    let mut outline = Outline::new();
    for tree in side.trees {
        walk(&tree.items, Block::File, &mut Vec::new(), &mut outline);
    }
    outline
}

fn walk(items: &[Item], block: Block, path: &mut Vec<(&'static str, String)>, outline: &mut Outline) -> Vec<String> {
    let mut plain = Vec::new();
    for statement in crate::syntax::tree::statements(items) {
        match declares(block, statement) {
            Some((inner, id)) => {
                path.push((inner.name(), id));
                let body = statement.block.as_ref().map_or(&[][..], |b| b.items.as_slice());
                let statements = walk(body, inner, path, outline);
                let was = statements.iter().find_map(|s| s.strip_prefix("was ")).map(str::to_owned);
                let title = statement.args.iter().skip(1).map(written).collect::<Vec<_>>().join(" ");
                let title = title.trim_matches('"').to_owned();
                outline.insert(path.clone(), Declaration { title, statements, was, span: statement.header() });
                path.pop();
            }
            None if statement.keyword.text != "use" => plain.push(text(statement)),
            None => {}
        }
    }
    plain
}

/// Returns the block and the id that a statement declares.
fn declares(block: Block, statement: &Statement) -> Option<(Block, String)> {
    let keyword = statement.keyword.text.as_str();
    let row = rows_of(block).find(|r| r.form.split(' ').nth(1) == Some("ID") && r.keywords().any(|k| k == keyword))?;
    match &statement.args.first()?.kind {
        TokenKind::Name(id) => Some((row.opens?, id.clone())),
        _ => None,
    }
}

/// Returns a statement with its block on one line.
fn text(statement: &Statement) -> String {
    let mut words = vec![statement.keyword.text.clone()];
    words.extend(statement.args.iter().filter(|t| !matches!(t.kind, TokenKind::Comment(_))).map(written));
    if let Some(block) = &statement.block {
        let inner: Vec<String> = crate::syntax::tree::statements(&block.items).map(text).collect();
        words.push(format!("{{ {} }}", inner.join("; ")));
    }
    words.join(" ").replace(" ,", ",").replace("( ", "(").replace(" )", ")")
}

fn written(token: &Token) -> String {
    match &token.kind {
        TokenKind::Text(t) | TokenKind::BlockText(t) => format!("\"{t}\""),
        TokenKind::Name(n) => n.clone(),
        TokenKind::Path(parts) => parts.join("."),
        TokenKind::Number(n) | TokenKind::Date(n) | TokenKind::Time(n) | TokenKind::Emoji(n) => n.clone(),
        TokenKind::Percent(n) => format!("{n}%"),
        TokenKind::Operator(o) => o.sign().to_owned(),
        TokenKind::Comma => ",".to_owned(),
        TokenKind::Open => "(".to_owned(),
        TokenKind::Close => ")".to_owned(),
        TokenKind::Comment(_) | TokenKind::Bad => String::new(),
    }
}
