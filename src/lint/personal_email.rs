use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// An e-mail address stands in a text.
    ///
    /// A persona is a kind of person, not a person. An address is somebody's, it goes into git for good, and into every
    /// document that is built.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" { quote "Write to maya.silva@example.com" }
    /// ```
    ///
    /// Better: what she said, without who she is. Rewrite the history if the address has been committed.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" { quote "I always wanted to play" }
    /// ```
    "personal-email", Privacy, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for text in ctx.suspicious() {
        if let Some(found) = email(text.text) {
            let span = ctx.within(text.span, found);
            out.push(RULE.at(span, "this looks like an e-mail address").help("say what was learnt, not from whom"));
        }
    }
}

/// Returns the first e-mail address of a text: a local part, `@`, and a domain with a point.
fn email(text: &str) -> Option<&str> {
    let local = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
    let domain = |c: char| c.is_alphanumeric() || ".-".contains(c);
    text.match_indices('@').find_map(|(at, _)| {
        let (before, behind) = (text.get(..at)?, text.get(at + 1..)?);
        let start = before.len() - before.chars().rev().take_while(|c| local(*c)).map(char::len_utf8).sum::<usize>();
        let length: usize = behind.chars().take_while(|c| domain(*c)).map(char::len_utf8).sum();
        let host = behind.get(..length)?.trim_end_matches(['.', '-']);
        let top = host.rsplit_once('.').map(|(_, top)| top)?;
        let real = start < at && top.chars().count() >= 2 && top.chars().all(char::is_alphabetic);
        real.then(|| text.get(start..at + 1 + host.len()))?
    })
}
