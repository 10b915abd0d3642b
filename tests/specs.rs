//! Every example project is without a finding, notes included, and formatted.

use std::path::{Path, PathBuf};
use waypost::model::Model;
use waypost::model::value::Date;
use waypost::source::Sources;
use waypost::syntax::tree::Tree;

/// The day on which the examples are looked at.
pub const TODAY: Date = Date::constant(2026, 11, 22);

/// One project, read whole.
pub struct Project {
    /// The folder's name.
    pub name: String,
    /// The manifest and the spec files.
    pub sources: Sources,
    /// The spec files' trees.
    pub trees: Vec<Tree>,
    /// What they mean, if nothing is wrong.
    pub model: Option<Model>,
    /// What was found, one line each.
    pub findings: Vec<String>,
}

/// Returns the project of a folder.
pub fn project(folder: &Path) -> Project {
    let mut sources = Sources::default();
    let yaml = std::fs::read_to_string(folder.join("waypost.yaml")).unwrap();
    let (manifest, mut found) = waypost::resolve::manifest(sources.add("waypost.yaml", yaml.as_str()), &yaml);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "journey"));
    files.sort();
    let mut trees = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        let parsed = waypost::syntax::parse(sources.add(name, text.as_str()), &text);
        found.extend(parsed.diagnostics);
        trees.push(parsed.tree);
    }
    let resolution = waypost::resolve::resolve(&manifest.unwrap_or_default(), &trees);
    found.extend(resolution.diagnostics);
    if let Some(model) = &resolution.model {
        found.extend(waypost::lint::run(model, &trees, &sources, TODAY));
    }
    let line = |d: &waypost::diagnostic::Diagnostic| {
        let place = sources.position(d.primary.span).line;
        format!("{}:{place} {} {} {:?}", sources.name(d.primary.span.source), d.code, d.message, d.help)
    };
    let findings = found.iter().map(line).collect();
    let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
    Project { name, sources, trees, model: resolution.model, findings }
}

/// Returns the example projects, by name.
pub fn projects() -> Vec<Project> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let mut folders: Vec<_> =
        std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    assert!(!folders.is_empty());
    folders.iter().map(|folder| project(folder)).collect()
}

/// Returns the name of each spec file of the examples, with its text.
pub fn texts() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for project in projects() {
        for source in project.trees.iter().map(|t| project.sources.get(t.source).unwrap()) {
            all.push((format!("{}/{}", project.name, source.name()), source.text().to_owned()));
        }
    }
    all
}

#[test]
fn every_example_project_is_clean() {
    for project in projects() {
        let said = project.findings.join("\n");
        assert!(project.model.is_some() && said.is_empty(), "{}\n{said}", project.name);
    }
}

#[test]
fn every_example_is_formatted() {
    for project in projects() {
        for tree in &project.trees {
            let source = project.sources.get(tree.source).unwrap();
            let meant = waypost::syntax::format(tree, source.text()).unwrap();
            assert!(
                meant == source.text(),
                "{}/{} is not formatted; run `waypost fmt specs`",
                project.name,
                source.name()
            );
        }
    }
}

/// Lines of the examples moved, dropped, doubled and swapped between files: whatever is left is read to the end, every
/// finding lies in a text, and there is a model only where nothing is an error.
#[test]
fn examples_torn_at_random_are_still_answered() {
    use rand::{RngExt, SeedableRng};
    let mut rng = rand::rngs::ChaCha8Rng::seed_from_u64(11);
    let (mut torn, mut models) = (0, 0);
    for project in projects() {
        let texts: Vec<(String, String)> =
            project.sources.iter().skip(1).map(|(_, s)| (s.name().to_owned(), s.text().to_owned())).collect();
        let yaml = project.sources.iter().next().map(|(_, s)| s.text().to_owned()).unwrap();
        let lines: Vec<&str> = texts.iter().flat_map(|(_, t)| t.lines()).collect();
        for _ in 0..40 {
            let mut sources = Sources::default();
            let (manifest, _) = waypost::resolve::manifest(sources.add("waypost.yaml", yaml.as_str()), &yaml);
            let mut trees = Vec::new();
            for (name, text) in &texts {
                let mut all: Vec<&str> = text.lines().collect();
                for _ in 0..rng.random_range(0..4) {
                    let at = rng.random_range(0..all.len());
                    match rng.random_range(0..4) {
                        0 => drop(all.remove(at)),
                        1 => all.insert(at, lines[rng.random_range(0..lines.len())]),
                        2 => all.insert(at, all[at]),
                        _ => {
                            let other = rng.random_range(0..all.len());
                            all.swap(at, other);
                        }
                    }
                }
                let text = all.join("\n");
                trees.push(waypost::syntax::parse(sources.add(name.as_str(), text.as_str()), &text).tree);
            }
            let resolution = waypost::resolve::resolve(&manifest.unwrap(), &trees);
            let mut found = resolution.diagnostics;
            if let Some(model) = &resolution.model {
                assert!(found.iter().all(|d| d.severity != waypost::diagnostic::Severity::Error));
                found.extend(waypost::lint::run(model, &trees, &sources, TODAY));
                models += 1;
            }
            for finding in found {
                let text = sources.get(finding.primary.span.source).unwrap().text();
                assert!(text.get(finding.primary.span.range()).is_some(), "{finding:?}");
            }
            torn += 1;
        }
    }
    assert!(torn >= 360 && models > 10 && models < torn, "{models} of {torn} have a model");
}
