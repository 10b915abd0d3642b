use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::lane::Evidence;

rule! {
    /// Evidence is older than a year.
    ///
    /// People, shops and prices change. What was learnt more than a year ago may still hold, but nobody knows: ask again, or
    /// read the old notes and say that they stand.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" {
    ///   evidence "Beginners 2024" { kind survey; people 212; on 2024-08-20 }
    /// }
    /// ```
    ///
    /// Better: newer evidence.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" {
    ///   evidence "Beginners 2026" { kind survey; people 212; on 2026-08-20 }
    /// }
    /// ```
    "evidence-age", Journeys, Warning, dated; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    out.extend(ctx.evidence().filter_map(|e| aged(ctx, e)));
}

fn aged(ctx: &Context<'_>, evidence: &Evidence) -> Option<Diagnostic> {
    if evidence.on.year() >= ctx.today.year() {
        return None;
    }
    let limit = jiff::Span::new().try_years(1).ok().and_then(|y| evidence.on.checked_add(y).ok())?;
    if limit >= ctx.today {
        return None;
    }
    let message = format!("this evidence is of {}, more than a year ago", evidence.on);
    let finding = RULE.at(ctx.part(evidence.span, "on"), message).also(evidence.span, "the evidence");
    Some(finding.help("ask again, or say with a new date that it still holds"))
}
