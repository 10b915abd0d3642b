use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::model::lane::{Evidence, EvidenceKind};

rule! {
    /// Evidence rests on very few people.
    ///
    /// Five talks find most of what goes wrong; fewer find what one person happened to say. A survey of fewer than thirty
    /// says little about the rest.
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" {
    ///   evidence "Beginners 2026" { kind survey; people 12; on 2026-08-20 }
    /// }
    /// ```
    ///
    /// Better: more people, or call it what it is (`kind interview`, `kind guess`).
    ///
    /// ```journey
    /// persona maya "Maya, the late beginner" {
    ///   evidence "Beginners 2026" { kind interview; people 12; on 2026-08-20 }
    /// }
    /// ```
    "thin-evidence", Journeys, Note; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    out.extend(ctx.evidence().filter_map(|e| thin(ctx, e)));
}

fn thin(ctx: &Context<'_>, evidence: &Evidence) -> Option<Diagnostic> {
    let least = match evidence.kind {
        EvidenceKind::Interview => 5,
        EvidenceKind::Survey | EvidenceKind::Analytics => 30,
        EvidenceKind::Study | EvidenceKind::Vendor | EvidenceKind::Guess => return None,
    };
    let people = evidence.people.filter(|p| *p < least)?;
    let message = format!("{people} people are few for evidence of kind {}", evidence.kind.name());
    let span = ctx.part(evidence.span, "people");
    Some(RULE.at(span, message).help(format!("ask at least {least}, or name another kind")))
}
