//! Every word that is asked for is there, in every language.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use waypost::render::Words;

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

/// Returns every text in quotation marks that looks like the key of a label.
fn keys_in(text: &str) -> BTreeSet<String> {
    let looks = |t: &str| {
        let mut parts = t.split('.');
        let word = |p: &str| !p.is_empty() && p.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '-');
        t.contains('.') && parts.clone().count() == 2 && parts.all(word)
    };
    text.split('"').chain(text.split('\'')).filter(|t| looks(t)).map(str::to_owned).collect()
}

#[test]
fn every_label_asked_for_exists() {
    let known: BTreeSet<String> = Words::own_keys("en").into_iter().collect();
    let groups: BTreeSet<&str> = known.iter().filter_map(|k| k.split('.').next()).collect();
    let mut all = Vec::new();
    files(&source("render"), &mut all);
    let mut asked = BTreeSet::new();
    for file in all.iter().filter(|f| f.extension().is_some_and(|e| e == "rs" || e == "html")) {
        asked.extend(keys_in(&std::fs::read_to_string(file).unwrap()));
    }
    asked.retain(|k| k.split('.').next().is_some_and(|g| groups.contains(g)));
    asked.retain(|k| ![".html", ".rs", ".css"].iter().any(|e| k.ends_with(e)));
    assert!(asked.len() > 150, "{}", asked.len());
    let missing: Vec<_> = asked.difference(&known).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_language_fills_the_same_places() {
    let english = Words::of("en");
    let gaps = |t: &str| t.split('{').skip(1).map(|p| p.split('}').next().unwrap().to_owned()).collect::<BTreeSet<_>>();
    for language in ["pl", "zh"] {
        let words = Words::of(language);
        for key in Words::own_keys("en").iter().filter(|k| !k.starts_with("date.")) {
            assert_eq!(gaps(words.t(key)), gaps(english.t(key)), "{language} {key}");
        }
    }
}

/// Returns the places of a text.
fn places(text: &str) -> BTreeSet<String> {
    text.split('{').skip(1).map(|p| p.split('}').next().unwrap().to_owned()).collect()
}

#[test]
fn every_sentence_of_a_report_has_words_in_every_language() {
    let known: BTreeSet<&str> = waypost::analysis::RULES.iter().map(|(id, _)| *id).collect();
    for language in Words::shipped() {
        let own = Words::own_keys(language);
        let rules: Vec<&str> = own.iter().filter_map(|k| k.strip_prefix("rule.")).collect();
        let unknown: Vec<_> = rules.iter().filter(|r| !known.contains(*r)).collect();
        assert!(unknown.is_empty(), "{language} words rules that nothing says: {unknown:?}");
        let words = Words::of(language);
        for (rule, english) in waypost::analysis::RULES {
            match words.says_rule(rule) {
                Some(text) => assert_eq!(places(text), places(english), "{language} {rule}"),
                None => assert_eq!(language, "en", "{language} has no words for {rule}"),
            }
        }
    }
}

#[test]
fn numbers_in_sentences_follow_the_language() {
    use waypost::analysis::{Blank, Scale, Sentence};
    use waypost::stats::Interval;
    let interval = Interval { low: Some(0.02), high: Some(0.0621) };
    let with = vec![
        ("variant", Blank::Name("B".into())),
        ("metric", Blank::Name("Zakup".into())),
        ("effect", Blank::Effect(Scale::Relative, 0.041)),
        ("interval", Blank::Range(Scale::Relative, interval)),
    ];
    let sentence = Sentence { rule: "ship", with, text: String::new() };
    let said = |language: &str| Words::of(language).sentence(&sentence);
    assert!(said("en").contains("(+4.1%; between +2.0% and +6.2%)"), "{}", said("en"));
    assert!(said("pl").contains("(+4,1%; od +2,0% do +6,2%)"), "{}", said("pl"));
    assert!(said("zh").contains("（+4.1%；在+2.0%与+6.2%之间）"), "{}", said("zh"));
    let left =
        |days| Sentence { rule: "running-sequential", with: vec![("days", Blank::Count(days))], text: String::new() };
    let words = Words::of("pl");
    assert!(words.sentence(&left(1)).contains("został 1 dzień"));
    assert!(words.sentence(&left(22)).contains("zostały 22 dni"));
    assert!(words.sentence(&left(12)).contains("zostało 12 dni"));
}

/// The analysis of the shop in a language: every title, head, rule and note says something, and no place is left unfilled.
#[test]
#[cfg(feature = "engine")]
fn an_analysis_is_said_whole_in_every_language() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/guitar-shop");
    let said = |language: &str, more: &[&str]| {
        let dir = tempfile::tempdir().unwrap();
        for file in ["experiments", "guitar", "ideal", "people", "tracking"].map(|f| format!("{f}.journey")) {
            std::fs::copy(shop.join(&file), dir.path().join(&file)).unwrap();
        }
        std::fs::create_dir(dir.path().join("data")).unwrap();
        std::fs::copy(shop.join("data/events.csv.gz"), dir.path().join("data/events.csv.gz")).unwrap();
        let manifest = std::fs::read_to_string(shop.join("waypost.yaml")).unwrap();
        let manifest = manifest.replace("language: en", &format!("language: {language}"));
        std::fs::write(dir.path().join("waypost.yaml"), manifest).unwrap();
        let command = snapbox::cmd::Command::new(env!("CARGO_BIN_EXE_waypost")).env_clear();
        let command = command.env("SOURCE_DATE_EPOCH", "1796083200").current_dir(dir.path());
        let output = command.args(["analyze", "--format", "markdown"]).args(more).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    for more in [&[][..], &["--insights"]] {
        let english = said("en", more);
        for (language, whole) in [("pl", said("pl", more)), ("zh", said("zh", more))] {
            assert_eq!(whole.lines().count(), english.lines().count());
            for line in whole.lines() {
                assert!(!["#", "##", "###", "-"].contains(&line.trim()) && !line.contains("\\{"), "{language}: {line}");
                for word in ["moved on", "everybody", "touchpoint", "the share", "each person", " days"] {
                    assert!(!line.contains(word), "{language}: {line}");
                }
            }
        }
    }
}
