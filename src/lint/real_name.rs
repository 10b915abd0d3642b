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
const TITLES: &[&str] = &[
    "dr", "frau", "herr", "mme", "monsieur", "mr", "mrs", "ms", "pan", "pani", "prof", "senhor", "senhora", "señor",
    "señora",
];

/// Given names that are common in Europe and America; with a second capitalised word behind them they are a person's.
const GIVEN: &[&str] = &[
    "adam",
    "adriana",
    "agata",
    "agnieszka",
    "alan",
    "alba",
    "alejandro",
    "alex",
    "alexander",
    "alice",
    "alicja",
    "ana",
    "anders",
    "andre",
    "andrea",
    "andreas",
    "andrew",
    "andrzej",
    "anita",
    "anna",
    "anne",
    "antonio",
    "artur",
    "barbara",
    "beata",
    "beatriz",
    "ben",
    "bernd",
    "bianca",
    "brian",
    "camille",
    "carla",
    "carlos",
    "carmen",
    "carolina",
    "catarina",
    "catherine",
    "cecilia",
    "charlotte",
    "chloe",
    "chris",
    "christian",
    "christine",
    "claire",
    "clara",
    "claudia",
    "craig",
    "cristina",
    "daniel",
    "daniela",
    "david",
    "debora",
    "diana",
    "diego",
    "diogo",
    "dorota",
    "duarte",
    "edward",
    "elena",
    "elisa",
    "elisabeth",
    "elizabeth",
    "ella",
    "emilia",
    "emily",
    "emma",
    "eric",
    "erik",
    "eva",
    "ewa",
    "fatima",
    "felix",
    "fernando",
    "filipa",
    "filipe",
    "florian",
    "francesca",
    "francesco",
    "francisco",
    "francois",
    "frank",
    "frederic",
    "gabriel",
    "gabriela",
    "george",
    "giovanni",
    "giulia",
    "grace",
    "greg",
    "grzegorz",
    "guilherme",
    "hannah",
    "hans",
    "heather",
    "heike",
    "helena",
    "henrique",
    "henry",
    "hugo",
    "ian",
    "ines",
    "inês",
    "irene",
    "isabel",
    "isabella",
    "ivan",
    "jack",
    "jacob",
    "jakub",
    "james",
    "jan",
    "jane",
    "jason",
    "jean",
    "jennifer",
    "jens",
    "jessica",
    "joan",
    "joana",
    "joanna",
    "john",
    "jonas",
    "jorge",
    "jose",
    "josé",
    "joão",
    "juan",
    "julia",
    "julie",
    "jürgen",
    "karen",
    "karolina",
    "kasia",
    "katarzyna",
    "kate",
    "katherine",
    "kevin",
    "klaus",
    "krzysztof",
    "lars",
    "laura",
    "lena",
    "leonor",
    "linda",
    "lisa",
    "louise",
    "luca",
    "lucas",
    "lucia",
    "luis",
    "luisa",
    "lukas",
    "maciej",
    "magdalena",
    "manuel",
    "marcin",
    "marco",
    "marek",
    "margaret",
    "maria",
    "mariana",
    "marie",
    "mark",
    "markus",
    "marta",
    "martin",
    "mary",
    "mateusz",
    "matthew",
    "matthias",
    "megan",
    "michael",
    "michal",
    "michał",
    "miguel",
    "monica",
    "monika",
    "nadia",
    "natalia",
    "nicolas",
    "nicole",
    "nina",
    "nuno",
    "olga",
    "oliver",
    "olivia",
    "oscar",
    "pamela",
    "patricia",
    "patrick",
    "paul",
    "paula",
    "paulo",
    "pawel",
    "paweł",
    "pedro",
    "peter",
    "petra",
    "philip",
    "philippe",
    "pierre",
    "piotr",
    "rachel",
    "rafael",
    "ralf",
    "raquel",
    "rebecca",
    "ricardo",
    "richard",
    "rita",
    "robert",
    "roberto",
    "rosa",
    "rui",
    "ruth",
    "ryszard",
    "samuel",
    "sandra",
    "sara",
    "sarah",
    "sebastian",
    "silvia",
    "simon",
    "sofia",
    "sophie",
    "stefan",
    "stefanie",
    "stephen",
    "steven",
    "susan",
    "susana",
    "sven",
    "sylvia",
    "tania",
    "tanja",
    "teresa",
    "thomas",
    "tiago",
    "tim",
    "tobias",
    "tomas",
    "tomasz",
    "ursula",
    "uwe",
    "valentina",
    "vera",
    "veronica",
    "victor",
    "victoria",
    "vincent",
    "wiktoria",
    "william",
    "wojciech",
    "xavier",
    "yvonne",
    "zofia",
    "zuzanna",
];

fn check(ctx: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for evidence in ctx.evidence() {
        if let Some(name) = name(&evidence.title) {
            let message = format!("\"{name}\" looks like a person's name");
            let finding = RULE.at(ctx.within(evidence.span, name), message);
            out.push(finding.help("number the talks, or say what kind of person it was"));
        }
    }
}

/// Returns the first name of a title: a capitalised word behind `Mrs` and the like, or one behind a given name.
fn name(title: &str) -> Option<&str> {
    let mut words = Vec::new();
    let mut offset = 0;
    for word in title.split_inclusive(char::is_whitespace) {
        words.push((offset, word.trim_end()));
        offset += word.len();
    }
    words.iter().zip(words.iter().skip(1)).find_map(|((start, first), (second_start, second))| {
        let second = second.trim_end_matches(|c: char| !c.is_alphabetic());
        if !is_name(second) {
            return None;
        }
        let before = first.trim_start_matches(|c: char| !c.is_alphabetic()).trim_end_matches('.').to_lowercase();
        let given = is_name(first) && GIVEN.binary_search(&before.as_str()).is_ok();
        (given || TITLES.contains(&before.as_str())).then(|| title.get(*start..second_start + second.len()))?
    })
}

fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && word.chars().count() >= 2
        && letters.all(|c| c.is_lowercase() || c == '-' || c == '\'' || c.is_uppercase())
        && word.chars().skip(1).any(char::is_lowercase)
}
