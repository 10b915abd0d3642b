//! Case files: each says in `#~ code` what is found on its line, beside what `base.journey` declares.

use std::path::{Path, PathBuf};
use waypost::diagnostic::Diagnostic;
use waypost::source::{SourceId, Sources};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/resolve")
}

fn found(sources: &mut Sources, texts: &[(&str, &str)]) -> (Vec<Diagnostic>, SourceId, bool) {
    let yaml = std::fs::read_to_string(folder().join("waypost.yaml")).unwrap();
    let (manifest, wrong) = waypost::resolve::manifest(sources.add("waypost.yaml", yaml.as_str()), &yaml);
    assert_eq!(wrong, []);
    let mut all = Vec::new();
    let mut trees = Vec::new();
    let mut last = SourceId::default();
    for (name, text) in texts {
        last = sources.add(*name, *text);
        let parsed = waypost::syntax::parse(last, text);
        all.extend(parsed.diagnostics);
        trees.push(parsed.tree);
    }
    let resolution = waypost::resolve::resolve(&manifest.unwrap(), &trees);
    all.extend(resolution.diagnostics);
    (all, last, resolution.model.is_some())
}

fn expected(text: &str) -> Vec<(u32, String)> {
    let mut all = Vec::new();
    for (i, line) in text.lines().enumerate() {
        for code in line.split("#~").nth(1).unwrap_or("").split_whitespace() {
            all.push((i as u32 + 1, code.to_owned()));
        }
    }
    all.sort();
    all
}

#[test]
fn the_base_is_clean() {
    let base = std::fs::read_to_string(folder().join("base.journey")).unwrap();
    let (all, _, model) = found(&mut Sources::default(), &[("base.journey", &base)]);
    assert_eq!(all, []);
    assert!(model);
}

#[test]
fn every_case_finds_what_it_says_and_nothing_else() {
    let base = std::fs::read_to_string(folder().join("base.journey")).unwrap();
    let mut cases: Vec<_> = std::fs::read_dir(folder().join("cases")).unwrap().map(|e| e.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() > 20);
    let mut wrong = String::new();
    for case in cases {
        let text = std::fs::read_to_string(&case).unwrap();
        let mut sources = Sources::default();
        let (all, source, model) = found(&mut sources, &[("base.journey", &base), ("case.journey", &text)]);
        let place = |d: &Diagnostic| match d.primary.span.source == source {
            true => (sources.position(d.primary.span).line, d.code.to_owned()),
            false => (0, d.code.to_owned()),
        };
        let mut got: Vec<(u32, String)> = all.iter().map(place).collect();
        got.sort();
        let want = expected(&text);
        if got != want {
            let said: Vec<_> = all.iter().map(|d| format!("{}: {} {:?}", d.code, d.message, d.help)).collect();
            wrong += &format!("{}: expected {want:?}, found {got:?}\n  {}\n", case.display(), said.join("\n  "));
        }
        assert_eq!(model, want.is_empty(), "{}", case.display());
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
