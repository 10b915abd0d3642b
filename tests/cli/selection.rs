//! Which findings are told: `--changed`, `--staged`, `--baseline`, `--fix`.

use super::{project, waypost};
use std::fs;
use std::process::Command;
use tempfile::TempDir;

/// Returns a repository whose files are committed; none, and says so, where git is missing.
fn repository(files: &[(&str, &str)]) -> Option<TempDir> {
    let dir = project(files);
    fs::remove_dir(dir.path().join(".git")).unwrap();
    let made = Command::new("git").args(["init", "-q", "-b", "main"]).current_dir(dir.path()).status();
    if !made.is_ok_and(|s| s.success()) {
        println!("skipped: git is not installed");
        return None;
    }
    git(&dir, &["add", "."]);
    git(&dir, &["commit", "-q", "-m", "first"]);
    Some(dir)
}

fn git(dir: &TempDir, args: &[&str]) {
    let who = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    let done = Command::new("git").args(who).args(args).current_dir(dir.path()).status().unwrap();
    assert!(done.success(), "{args:?}");
}

fn told(dir: &TempDir, args: &[&str]) -> String {
    let run = waypost(dir).args(["check", "--format", "concise"]).args(args).assert();
    String::from_utf8(run.get_output().stdout.clone()).unwrap()
}

const GOOD: &str = "event paid { named \"Paid\" }\n";
const BAD: &str = "event paid { naemd \"Paid\" }\n";

#[test]
fn changed_files_only() {
    let two = [
        ("one/waypost.yaml", "name: x\n"),
        ("one/a.journey", BAD),
        ("two/waypost.yaml", "name: y\n"),
        ("two/b.journey", GOOD),
    ];
    let Some(dir) = repository(&two) else { return };
    assert_eq!(told(&dir, &["--changed"]), "");
    fs::write(dir.path().join("two/b.journey"), BAD).unwrap();
    assert!(told(&dir, &["--changed"]).starts_with("two/b.journey:1:14: "));
    git(&dir, &["checkout", "-q", "-b", "branch"]);
    git(&dir, &["commit", "-q", "-am", "second"]);
    assert_eq!(told(&dir, &["--changed"]), "");
    assert!(told(&dir, &["--changed", "main"]).starts_with("two/b.journey:1:14: "));
    waypost(&dir).args(["check", "--changed", "no-such"]).assert().code(2).stderr_eq(snapbox::str![[r#"
error: git knows no revision `no-such`
help: fetch it first; in a shallow clone, fetch more of its history: `git fetch --unshallow`

"#]]);
    waypost(&dir).args(["check", "--changed=--output=x"]).assert().code(2);
}

#[test]
fn staged_files_as_they_are_staged() {
    let Some(dir) = repository(&[("waypost.yaml", "name: x\n"), ("a.journey", GOOD)]) else { return };
    fs::write(dir.path().join("a.journey"), BAD).unwrap();
    assert_eq!(told(&dir, &["--staged"]), "", "nothing is staged");
    git(&dir, &["add", "."]);
    fs::write(dir.path().join("a.journey"), GOOD).unwrap();
    fs::write(dir.path().join("new.journey"), BAD).unwrap();
    assert!(
        told(&dir, &["--staged"]).ends_with("1 error in 1 file\n"),
        "the staged text is checked, and nothing unstaged"
    );
    git(&dir, &["add", "a.journey"]);
    assert_eq!(told(&dir, &["--staged"]), "");
}

#[test]
fn a_file_that_is_gone_checks_its_project() {
    let both = [("waypost.yaml", "name: x\n"), ("a.journey", "use \"b.journey\"\n"), ("b.journey", GOOD)];
    let Some(dir) = repository(&both) else { return };
    fs::remove_file(dir.path().join("b.journey")).unwrap();
    assert!(told(&dir, &["--changed"]).starts_with("a.journey:1:5: error[use-missing] "));
}

#[test]
fn an_error_is_in_no_baseline() {
    let dir = project(&[("waypost.yaml", "name: x\n"), ("a.journey", BAD)]);
    let args = ["check", "--baseline", "known.json", "--write-baseline"];
    waypost(&dir).args(args).assert().code(1);
    let known = fs::read_to_string(dir.path().join("known.json")).unwrap();
    assert!(
        known.starts_with("{\n  \"schema\": \"waypost/baseline/1\"") && !known.contains("unknown-keyword"),
        "{known}"
    );
    waypost(&dir).args(["check", "--baseline", "none.json"]).assert().code(2);
}
