//! Lines that are indented as if they went on with the line before, and do not.

use super::assemble::Desk;
use super::indent;
use super::tree::{Item, Statement};
use crate::diagnostic::{Diagnostic, Safety};

/// Words that more likely go on with a statement than begin one.
const CONNECTING: &[&str] =
    &["after", "at", "before", "between", "by", "for", "from", "in", "of", "on", "then", "to", "with", "within"];

/// Finds them in a list and all blocks below it.
pub(super) fn look(desk: &Desk<'_>, items: &mut [Item], findings: &mut Vec<Diagnostic>) {
    let mut before: Option<Margin<'_>> = None;
    for item in items {
        match item {
            Item::Statement(statement) => {
                let here = Margin::of(desk, statement);
                if let Some(finding) = before.and_then(|b| b.finding(desk, &here, statement)) {
                    findings.push(finding);
                    statement.broken = true;
                }
                before = Some(here);
                if let Some(block) = &mut statement.block {
                    look(desk, &mut block.items, findings);
                }
            }
            Item::Comment(_) => {}
            Item::Blank(_) | Item::Broken(_) => before = None,
        }
    }
}

/// Where a statement starts, and whether it could go on.
struct Margin<'t> {
    indent: &'t str,
    leads: bool,
    open_ended: bool,
    keyword: &'t str,
    end: usize,
}

impl<'t> Margin<'t> {
    fn of(desk: &Desk<'t>, statement: &Statement) -> Self {
        let at = statement.keyword.span.start as usize;
        let indent = desk.lines.indent(at);
        Self {
            indent,
            leads: desk.lines.leads(at),
            open_ended: statement.block.is_none() && !statement.broken,
            keyword: desk.slice(statement.keyword.span),
            end: statement.span.end as usize,
        }
    }

    fn finding(&self, desk: &Desk<'_>, next: &Margin<'_>, statement: &Statement) -> Option<Diagnostic> {
        if !(self.open_ended && self.leads && next.leads && indent::deeper(next.indent, self.indent)) {
            return None;
        }
        let at = statement.keyword.span;
        let finding = Diagnostic::error(
            "wrapped-line",
            at,
            format!("this line is indented under `{}` but is a statement of its own", self.keyword),
        );
        if CONNECTING.contains(&next.keyword) {
            let gap = desk.span(self.end, at.start as usize);
            let finding = finding
                .help(format!("if it goes on with `{}`, put it on that line; else indent both alike", self.keyword));
            return Some(finding.fix(Safety::Unsafe, "put it on the line before", gap, " "));
        }
        let help = format!("put it on the line of `{}` if it goes on with it; else indent both alike", self.keyword);
        Some(finding.help(help))
    }
}
