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
