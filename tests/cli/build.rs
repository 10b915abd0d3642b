//! `build`: what is written, and what is left alone.

use super::{project, waypost};
use std::fs;

const SPEC: &str = r#"
journey buy "Buying" {
  for maya
  sale at order
  stage purchase "Buying" {
    phase sale
    touchpoint order "Order" { channel web; seen by paid }
  }
}
persona maya "Maya" { quote "Hi" }
channel web "Web"
event paid { named "Paid" }
"#;

#[test]
fn a_project_becomes_a_folder_twice_the_same() {
    let dir = project(&[("waypost.yaml", "name: x\n"), ("a.journey", SPEC)]);
    let out = |name: &str| {
        waypost(&dir).args(["build", "-o", name]).assert().code(0);
        let entries = fs::read_dir(dir.path().join(name)).unwrap().map(|e| e.unwrap().path());
        let mut files: Vec<_> = entries.map(|p| (p.file_name().unwrap().to_owned(), fs::read(&p).unwrap())).collect();
        files.sort();
        files
    };
    let one = out("one");
    assert_eq!(one, out("two"));
    assert_eq!(one, out("one"), "a second build over the first");
    let names: Vec<&str> = one.iter().map(|(n, _)| n.to_str().unwrap()).collect();
    for expected in [".waypost-build.json", "map-buy.html", "map-buy.md", "payload.json"] {
        assert!(names.contains(&expected), "{names:?}");
    }
}

#[test]
fn an_error_writes_nothing() {
    let dir = project(&[("waypost.yaml", "name: x\n"), ("a.journey", "event e { naemd \"E\" }\n")]);
    waypost(&dir).arg("build").assert().code(1);
    assert!(!dir.path().join("out").exists());
}

#[test]
fn what_no_build_wrote_is_not_overwritten() {
    let dir = project(&[("waypost.yaml", "name: x\n"), ("a.journey", SPEC), ("out/map-buy.md", "mine")]);
    let run = waypost(&dir).arg("build").assert().code(2);
    let said = String::from_utf8(run.get_output().stderr.clone()).unwrap();
    assert!(said.contains("map-buy.md` would be overwritten, and no build wrote it"), "{said}");
    assert_eq!(fs::read_dir(dir.path().join("out")).unwrap().count(), 1);
}

#[test]
fn pages_that_are_no_longer_made_go() {
    let dir = project(&[("waypost.yaml", "name: x\n"), ("a.journey", SPEC)]);
    waypost(&dir).arg("build").assert().code(0);
    fs::write(dir.path().join("a.journey"), SPEC.replace("journey buy", "journey buying")).unwrap();
    waypost(&dir).arg("build").assert().code(0);
    let has = |name: &str| dir.path().join("out").join(name).exists();
    assert!(has("map-buying.html") && !has("map-buy.html"));
}

#[test]
fn the_index_says_what_changed_last_and_a_build_of_the_same_changes_nothing() {
    let dir = project(&[("waypost.yaml", "name: x\n"), ("a.journey", SPEC)]);
    let built = || {
        waypost(&dir).arg("build").assert().code(0);
        let read = |name: &str| fs::read_to_string(dir.path().join("out").join(name)).unwrap();
        super::schemas::holds_as("summary", &serde_json::from_str(&read("summary.json")).unwrap());
        (read("index.md"), read("index.html"), read("summary.json"))
    };
    let first = built();
    assert!(!first.0.contains("Changed since"), "{}", first.0);
    assert_eq!(first, built());
    // a second journey: the first block of the spec again, under other names
    let journey = SPEC.split("persona").next().unwrap();
    let more = journey.replace("journey buy", "journey lend").replace("purchase", "loan").replace("order", "take");
    fs::write(dir.path().join("b.journey"), more).unwrap();
    let second = built();
    assert!(second.0.contains("## Changed since the build before") && second.0.contains("is new."), "{}", second.0);
    assert_eq!(second, built(), "the same project over the same folder");
    fs::remove_file(dir.path().join("b.journey")).unwrap();
    assert!(built().0.contains("is gone."));
    fs::write(dir.path().join("out/summary.json"), "{").unwrap();
    assert_eq!(built(), first, "a summary that cannot be read is as none");
}
