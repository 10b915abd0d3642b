use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A claim rests on nothing but hearsay.
    ///
    /// A number that somebody says becomes a number that everybody says. A claim needs an interview, a survey, analytics or a
    /// study behind it; what a vendor says and a guess do not count.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" {
    ///   claim "A chat window doubles sales" {
    ///     evidence "The chat vendor's brochure" { kind vendor; on 2026-09-01 }
    ///   }
    /// }
    /// ```
    ///
    /// Better: look it up in data of your own, or let the claim go.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" {
    ///   claim "People who chat buy twice as often" {
    ///     evidence "Own analytics" { kind analytics; people 2210; on 2026-09-01 }
    ///   }
    /// }
    /// ```
    "claim-without-evidence", Journeys, Warning; check
}

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for claim in ctx.model.journeys.values().flat_map(|j| &j.claims) {
        if claim.evidence.iter().any(|e| e.kind.is_research()) {
            continue;
        }
        let message = match claim.evidence.first() {
            Some(hearsay) => format!("only a {} stands behind this claim", hearsay.kind.name()),
            None => "nothing stands behind this claim".to_owned(),
        };
        let help = "add `evidence` of kind interview, survey, analytics or study, or let the claim go";
        out.push(RULE.at(claim.span, message).help(help));
    }
}
