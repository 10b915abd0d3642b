use super::frame::{Context, rule};
use crate::diagnostic::Diagnostic;

rule! {
    /// A person's name stands in a title of evidence.
    ///
    /// "Interview with Maria Silva" tells everybody who reads the map what Maria said. Number the talks, or say what kind of
    /// person it was.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" {
    ///   evidence "Interview with Maria Silva" { kind interview; people 6; on 2026-09-14 }
    /// }
    /// ```
    ///
    /// Better: without a name.
    ///
    /// ```journey
    /// journey guitar "Buying a first guitar online" {
    ///   evidence "Interviews with late beginners" { kind interview; people 6; on 2026-09-14 }
    /// }
    /// ```
    "real-name", Privacy, Warning; check
}

/// Words before a name.
const BEFORE: &[&str] = &[
    "with", "by", "mr", "mrs", "ms", "dr", "prof", "herr", "frau", "sr", "sra", "pan", "pani", "mme", "senhor",
    "senhora",
];

/// Given names that are common in Europe and America; with a second capitalised word behind them they are a person's.
const GIVEN: &[&str] = &[
    "adam",
    "agnieszka",
    "alice",
    "ana",
    "andrea",
    "anna",
    "antonio",
    "anne",
    "barbara",
    "carlos",
    "carmen",
    "christine",
    "claire",
    "daniel",
    "david",
    "diana",
    "elena",
    "elizabeth",
    "emily",
    "emma",
    "eva",
    "francisco",
    "frank",
    "george",
    "hannah",
    "hans",
    "helena",
    "henry",
    "ines",
    "inês",
    "isabel",
    "jack",
    "jacob",
    "james",
    "jan",
    "jane",
    "jean",
    "jennifer",
    "joana",
    "john",
    "joão",
    "jorge",
    "jose",
    "josé",
    "juan",
    "julia",
    "karen",
    "katarzyna",
    "kate",
    "krzysztof",
    "laura",
    "linda",
    "lisa",
    "louise",
    "lucas",
    "luis",
    "magdalena",
    "manuel",
    "marco",
    "marek",
    "margaret",
    "maria",
    "marie",
    "mark",
    "marta",
    "martin",
    "mary",
    "michael",
    "miguel",
    "monika",
    "nicole",
    "olivia",
    "patricia",
    "paul",
    "paulo",
    "pedro",
    "peter",
    "piotr",
    "rachel",
    "richard",
    "robert",
    "rui",
    "sarah",
    "sofia",
    "sophie",
    "stephen",
    "susan",
    "thomas",
    "tomasz",
    "william",
];

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let model = ctx.model;
    let places = model.stages.values().map(|s| &s.place).chain(model.touchpoints.values().map(|t| &t.place));
    let felt = places.flat_map(|p| p.feelings.iter().flat_map(|f| &f.evidence));
    let believed =
        model.journeys.values().flat_map(|j| j.evidence.iter().chain(j.claims.iter().flat_map(|c| &c.evidence)));
    let known = model.personas.values().flat_map(|p| &p.evidence).chain(model.pains.values().flat_map(|p| &p.evidence));
    for evidence in felt.chain(believed).chain(known) {
        if let Some(name) = name(&evidence.title) {
            let message = format!("\"{name}\" looks like a person's name");
            let finding = RULE.at(ctx.within(evidence.span, name), message);
            out.push(finding.help("number the talks, or say what kind of person it was"));
        }
    }
}

/// Returns the first two capitalised words that are a name: behind a word such as `with`, or beginning with a given name.
fn name(title: &str) -> Option<&str> {
    let mut words = Vec::new();
    let mut offset = 0;
    for word in title.split_inclusive(char::is_whitespace) {
        words.push((offset, word.trim_end()));
        offset += word.len();
    }
    words.iter().zip(words.iter().skip(1)).enumerate().find_map(|(i, ((start, first), (second_start, second)))| {
        let second = second.trim_end_matches(|c: char| !c.is_alphabetic());
        let before = i.checked_sub(1).and_then(|b| words.get(b)).map(|(_, w)| w.trim_end_matches('.').to_lowercase());
        let told = before.is_some_and(|w| BEFORE.contains(&w.as_str()));
        let given = GIVEN.contains(&first.to_lowercase().as_str());
        (is_name(first) && is_name(second) && (told || given))
            .then(|| title.get(*start..second_start + second.len()))?
    })
}

fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && word.chars().count() >= 2
        && letters.all(|c| c.is_lowercase() || c == '-' || c == '\'' || c.is_uppercase())
        && word.chars().skip(1).any(char::is_lowercase)
}
