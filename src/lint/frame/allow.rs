//! `# waypost: allow CODE reason`: a comment that silences one finding on its statement, its block included.

use super::context::Context;
use crate::diagnostic::{Diagnostic, Safety};
use crate::lint::{allow_unknown, allow_unused, allow_without_reason};
use crate::source::Span;
use crate::syntax::tree::{Comment, Item, Statement};

/// The words that begin such a comment, behind `#` and white space.
const MARK: &str = "waypost:";

/// One such comment.
struct Allow<'a> {
    /// The comment.
    span: Span,
    /// What it silences, as written.
    code: &'a str,
    /// Why.
    reason: &'a str,
    /// Where it does: a statement with its block; nowhere where no statement follows.
    scope: Option<Span>,
}

/// Takes out the findings that a comment silences with a reason, and adds what is wrong with the comments themselves.
pub(super) fn silence(ctx: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let allows = collect(ctx);
    if allows.is_empty() {
        return;
    }
    let mut used = vec![false; allows.len()];
    findings.retain(|finding| {
        let mut silent = false;
        for (allow, used) in allows.iter().zip(&mut used) {
            if allow.covers(finding) {
                *used = true;
                silent |= !allow.reason.is_empty();
            }
        }
        !silent
    });
    for (allow, used) in allows.iter().zip(used) {
        findings.extend(problem(ctx, allow, used));
    }
}

impl Allow<'_> {
    fn covers(&self, finding: &Diagnostic) -> bool {
        let place = finding.primary.span;
        self.code == finding.code
            && self.scope.is_some_and(|s| s.source == place.source && s.start <= place.start && place.end <= s.end)
    }
}

fn problem(ctx: &Context<'_>, allow: &Allow<'_>, used: bool) -> Option<Diagnostic> {
    let rule = super::rule_of(allow.code);
    let Some(rule) = rule else {
        let finding = match super::explain(allow.code) {
            Some(_) => {
                let message = format!("`{}` is what the language asks for, and cannot be silenced", allow.code);
                allow_unknown::RULE.at(allow.span, message).help("mend what it names, then take the comment out")
            }
            None => unknown(ctx, allow),
        };
        return Some(finding);
    };
    if allow.reason.is_empty() {
        let message = format!("this comment silences `{}` and does not say why", rule.code);
        return Some(
            allow_without_reason::RULE
                .at(allow.span, message)
                .help(format!("write the reason behind it: `# waypost: allow {} because …`", rule.code)),
        );
    }
    let off = super::level(ctx.manifest(), rule.code) == Some(crate::model::manifest::LintLevel::Off);
    (!used && !off).then(|| {
        let message = format!("nothing here is found as `{}`, so this comment silences nothing", rule.code);
        let mut finding = allow_unused::RULE.at(allow.span, message);
        finding.fix = Some(crate::diagnostic::Fix {
            title: "take the comment out".to_owned(),
            edits: vec![ctx.removed(allow.span)],
            safety: Safety::Safe,
        });
        finding
    })
}

fn unknown(ctx: &Context<'_>, allow: &Allow<'_>) -> Diagnostic {
    let finding = match allow.code {
        "" => allow_unknown::RULE.at(allow.span, "this comment does not name what it allows"),
        code => allow_unknown::RULE.at(allow.span, format!("no finding is called `{code}`")),
    };
    match super::nearest_code(allow.code) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(
            Safety::Unsafe,
            format!("write `{near}`"),
            ctx.within(allow.span, allow.code),
            near,
        ),
        None => finding.help("write `# waypost: allow CODE reason`; `waypost rules` lists the codes"),
    }
}

fn collect<'a>(ctx: &Context<'a>) -> Vec<Allow<'a>> {
    let mut allows = Vec::new();
    for tree in ctx.trees() {
        if memchr::memmem::find(ctx.source_text(tree.source).as_bytes(), MARK.as_bytes()).is_some() {
            items(&tree.items, &mut allows);
        }
    }
    allows
}

fn items<'a>(list: &'a [Item], allows: &mut Vec<Allow<'a>>) {
    // comments on lines of their own belong to the statement below them
    let mut waiting: Vec<&'a Comment> = Vec::new();
    for item in list {
        match item {
            Item::Comment(comment) => waiting.push(comment),
            Item::Statement(statement) => {
                allows.extend(waiting.drain(..).filter_map(|c| read(c, Some(statement.span))));
                inside(statement, allows);
            }
            Item::Blank(_) | Item::Broken(_) => allows.extend(waiting.drain(..).filter_map(|c| read(c, None))),
        }
    }
    allows.extend(waiting.into_iter().filter_map(|c| read(c, None)));
}

fn inside<'a>(statement: &'a Statement, allows: &mut Vec<Allow<'a>>) {
    let opening = statement.block.as_ref().and_then(|b| b.after_open.as_ref());
    allows.extend(opening.into_iter().chain(&statement.trailing).filter_map(|c| read(c, Some(statement.span))));
    if let Some(block) = &statement.block {
        items(&block.items, allows);
    }
}

fn read(comment: &Comment, scope: Option<Span>) -> Option<Allow<'_>> {
    let words = comment.text.trim_start_matches('#').trim_start().strip_prefix(MARK)?.trim_start();
    let rest = words.strip_prefix("allow")?;
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let (code, reason) = rest.trim_start().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    Some(Allow { span: comment.span, code, reason: reason.trim(), scope })
}
