use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

rule! {
    /// Two names differ only in what the eye passes over.
    ///
    /// They become the same when capitals and forms of a letter are set aside (NFKC, folded case). Sooner or later one is
    /// written for the other, and both are declared, so nothing complains.
    ///
    /// ```journey
    /// event Order-Paid { named "Order Settled" }
    /// metric order-rate "Order rate" { share of Order-Paid within 7 days }
    /// ```
    ///
    /// Better: a name that differs in its words.
    ///
    /// ```journey
    /// event order-settled { named "Order Settled" }
    /// metric order-rate "Order rate" { share of order-settled within 7 days }
    /// ```
    "confusable-names", Names, Warning; check
}

/// A name: its kind, the number of its scope, how it reads, where it stands.
type Name<'a> = (&'static str, usize, &'a str, Span);

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = ctx.model;
    // every journey is a scope of its own; 0 is the project
    let mut names: Vec<Name<'_>> = Vec::new();
    macro_rules! add {
        ($table:ident, $kind:literal) => {
            names.extend(model.$table.values().map(|x| ($kind, 0, x.meta.id.as_str(), x.meta.span)));
        };
        ($table:ident, $kind:literal, journey) => {
            names
                .extend(model.$table.values().map(|x| ($kind, x.journey.index() + 1, x.meta.id.as_str(), x.meta.span)));
        };
    }
    add!(journeys, "journey");
    add!(personas, "persona");
    add!(teams, "team");
    add!(channels, "channel");
    add!(lanes, "lane");
    add!(events, "event");
    add!(metrics, "metric");
    add!(audiences, "audience");
    add!(layers, "layer");
    add!(holdouts, "holdout");
    add!(consents, "consent");
    add!(experiments, "experiment");
    add!(stages, "stage", journey);
    add!(touchpoints, "touchpoint", journey);
    // what is plain already folds to itself, so two plain names are never alike
    if names.iter().all(|(_, _, id, _)| is_plain(id)) {
        return;
    }
    let mut seen: HashMap<(&str, usize, String), (&str, Span)> = HashMap::with_capacity(names.len());
    for (kind, scope, id, span) in names {
        let Some((first, place)) = seen.insert((kind, scope, folded(id)), (id, span)) else { continue };
        if first != id {
            let message = format!("{kind} `{id}` and `{first}` look alike");
            out.push(RULE.at(span, message).also(place, "the other").help("rename one so that its words differ"));
        }
    }
}

fn folded(id: &str) -> String {
    if is_plain(id) {
        return id.to_owned();
    }
    let folded: String = id.nfkc().flat_map(char::to_lowercase).collect();
    folded.nfkc().collect::<String>().replace('ß', "ss").replace('ς', "σ")
}

fn is_plain(id: &str) -> bool {
    id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}
