//! The example projects are clean.

use super::project::{Project, TODAY, shop, specs};
use std::fs;

#[test]
fn the_guitar_shop_has_no_finding() {
    let linted = shop().lint(TODAY).unwrap();
    assert!(linted.findings.is_empty(), "{}", linted.shown());
}

#[test]
fn a_project_without_a_manifest_is_linted() {
    let project = Project { manifest: "name: bare\n".to_owned(), spec: shop().spec };
    // the properties are not declared there, so the manifest's absence shows as errors, never as a panic
    assert!(project.lint(TODAY).is_err());
}

#[test]
fn every_example_project_can_be_linted() {
    for folder in fs::read_dir(specs()).unwrap().map(|e| e.unwrap().path()).filter(|p| p.join("waypost.yaml").exists())
    {
        let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        let texts = files.iter().filter(|p| p.extension().is_some_and(|e| e == "journey"));
        let spec: String = texts.map(|p| fs::read_to_string(p).unwrap()).collect();
        let spec = spec.lines().filter(|l| !l.starts_with("use ")).collect::<Vec<_>>().join("\n");
        let manifest = fs::read_to_string(folder.join("waypost.yaml")).unwrap();
        let linted = Project { manifest, spec }.lint(TODAY).unwrap();
        println!("{}:\n{}", folder.display(), linted.shown());
    }
}
