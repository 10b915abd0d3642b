//! `check`: exit codes, what is read, each form of findings.

use super::{project, waypost};
use snapbox::str;

const PEOPLE: &str = "persona maya \"Maya\" {\n  quote \"Hi\"\n}\n";
const WRONG: &str = "use \"people.journey\"\nevent paid { naemd \"Paid\" }\nevent seen { named \"Seen\" }\n";

#[test]
fn a_clean_project_is_0_and_says_nothing_on_standard_output() {
    let quiet = "name: x\nlint: { unused-event: off }\n";
    let dir = project(&[("waypost.yaml", quiet), ("a.journey", "event paid { named \"Paid\" }\n")]);
    waypost(&dir).arg("check").assert().code(0).stdout_eq("").stderr_eq("no findings in 1 file\n");
}

#[test]
fn full_shows_the_line_and_the_way_out() {
    let dir = project(&[("waypost.yaml", "name: x\n"), ("a.journey", WRONG), ("people.journey", PEOPLE)]);
    waypost(&dir).arg("check").assert().code(1).stderr_eq("").stdout_eq(str![[r#"
error[unknown-keyword]: `naemd` is no statement in `event`
 --> a.journey:2:14
  |
2 | event paid { naemd "Paid" }
  |              ^^^^^
...
1 error in 2 files

"#]]);
}

#[test]
fn findings_do_not_depend_on_where_one_stands() {
    let dir = project(&[("waypost.yaml", "name: x\n"), ("sub/a.journey", WRONG), ("x/y.txt", "")]);
    std::fs::write(dir.path().join("waypost.yaml"), "name: x\nspecs: [\"sub/*.journey\"]\n").unwrap();
    std::fs::write(dir.path().join("sub/people.journey"), PEOPLE).unwrap();
    let shown = |from: &str, path: &str| {
        let run = waypost(&dir).current_dir(dir.path().join(from)).args(["check", "--format", "concise", path]);
        String::from_utf8(run.assert().code(1).get_output().stdout.clone()).unwrap()
    };
    assert!(shown("", ".").starts_with("sub/a.journey:2:14: error[unknown-keyword] "));
    assert!(shown("", "waypost.yaml").starts_with("sub/a.journey:2:14: "));
    assert!(shown("sub", ".").starts_with("a.journey:2:14: "));
    assert!(shown("x", "..").starts_with("../sub/a.journey:2:14: "));
    assert!(shown("x", "../sub/people.journey").starts_with("../sub/a.journey:2:14: "), "errors elsewhere are told");
}

#[test]
fn no_project_is_2() {
    let dir = project(&[("readme.txt", "")]);
    waypost(&dir).arg("check").assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: there is no `waypost.yaml` in `.`, above it or below it
help: `waypost init` makes a project that checks and builds at once

"#]]);
    waypost(&dir).args(["check", "nowhere"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: cannot read `nowhere`: no such file or directory

"#]]);
}

#[test]
fn a_folder_of_projects_checks_them_all() {
    let dir = project(&[
        ("one/waypost.yaml", "name: one\nlint: { unused-event: off }\n"),
        ("one/a.journey", "event paid { named \"Paid\" }\n"),
        ("two/waypost.yaml", "name: two\n"),
        ("two/a.journey", WRONG),
        ("two/people.journey", PEOPLE),
    ]);
    let run = waypost(&dir).args(["check", "--format", "concise"]).assert().code(1);
    let out = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert!(out.starts_with("two/a.journey:2:14: ") && out.ends_with("1 error in 3 files\n"), "{out}");
}

#[test]
fn standard_input_stands_for_a_file() {
    let dir = project(&[("waypost.yaml", "name: x\n"), ("a.journey", WRONG), ("people.journey", PEOPLE)]);
    let good = "use \"people.journey\"\nevent paid { named \"Paid\" }\n";
    let check = |text: &str| {
        waypost(&dir).args(["check", "--format", "concise", "--stdin-filename", "a.journey", "-"]).stdin(text).assert()
    };
    check(good).code(0);
    check("event paid { naemd \"Paid\" }\n").code(1).stdout_eq(str![[r#"
a.journey:1:14: error[unknown-keyword] `naemd` is no statement in `event`
1 error in 2 files

"#]]);
}

#[test]
fn the_manifest_is_checked_too() {
    let dir = project(&[("waypost.yaml", "name: x\ncurency: EUR\n"), ("a.journey", "")]);
    let run = waypost(&dir).args(["check", "--format", "concise"]).assert().code(1);
    let out = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert!(out.starts_with("waypost.yaml:2:1: error[manifest] unknown key `curency`"), "{out}");
    let dir = project(&[("waypost.yaml", "name: x\nspecs: [\"../*.journey\"]\n"), ("a.journey", "")]);
    waypost(&dir).args(["check", "--format", "concise"]).assert().code(1).stdout_eq(str![[r#"
waypost.yaml:2:10: error[manifest] `../*.journey` under `specs` leaves the project's root
1 error in 0 files

"#]]);
}

#[test]
fn at_most_twenty_of_a_file_and_the_count() {
    let text = "event e { named \"E\"; wrong-word-here \"x\" }\n";
    let many: String = (0..50).map(|i| text.replace("event e", &format!("event e{i}"))).collect();
    let dir = project(&[("waypost.yaml", "name: x\n"), ("a.journey", &many)]);
    let run = waypost(&dir).args(["check", "--format", "concise"]).assert().code(1);
    let out = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert_eq!(out.lines().count(), 22);
    assert!(out.ends_with("a.journey: 30 more findings not shown\n50 errors in 1 file\n"), "{out}");
}

#[test]
fn nothing_of_the_input_is_a_command() {
    let name = "event paid { named \"\u{1b}[2J\u{202e}\" }\n::error::owned\n##[error]owned\n";
    let dir = project(&[("waypost.yaml", "name: x\n"), ("::warning::x.journey", name)]);
    for format in ["full", "concise", "json", "jsonl", "github", "gitlab", "junit", "markdown", "sarif"] {
        let run = waypost(&dir).args(["check", "--format", format]).assert().code(1);
        let out = String::from_utf8(run.get_output().stdout.clone()).unwrap();
        assert!(!out.contains(['\u{1b}', '\u{202e}', '\r']), "{format}: {out}");
        assert!(!out.contains("##["), "{format}: {out}");
        let commands = out.lines().filter(|l| l.trim_start().starts_with("::"));
        let ours = |l: &&str| ["::error file=", "::warning file=", "::notice file="].iter().any(|p| l.starts_with(p));
        assert!(commands.clone().all(|l| format == "github" && ours(&l)), "{format}: {out}");
        assert_eq!(commands.count() > 0, format == "github");
    }
}

#[test]
fn warnings_fail_only_when_denied() {
    let dir =
        project(&[("waypost.yaml", "name: x\n"), ("a.journey", "# waypost: allow nothing\nevent e { named \"E\" }\n")]);
    waypost(&dir).arg("check").assert().code(0);
}

/// As a person meets them: read by the program's own loader, with `use` and all.
#[test]
fn the_example_projects_have_no_finding() {
    let here = tempfile::tempdir().unwrap();
    let specs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let run = waypost(&here).arg("check").arg(&specs).env("SOURCE_DATE_EPOCH", "1795305600").assert();
    run.success().stdout_eq("");
    waypost(&here).args(["fmt", "--check"]).arg(&specs).assert().success().stdout_eq("");
}
