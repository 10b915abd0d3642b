//! `waypost ci`: one gate of check, layout and breaking changes.

use super::{project, waypost};
use std::fs;
use std::process::Command;
use tempfile::TempDir;

fn git(dir: &TempDir, args: &[&str]) {
    let who = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    let done = Command::new("git").args(who).args(args).current_dir(dir.path()).output().unwrap();
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Returns a repository with a running test on the start page; none where git is missing.
fn running() -> Option<TempDir> {
    let dir = project(&[("waypost.yaml", MANIFEST), ("shop.journey", SHOP), ("test.journey", TEST)]);
    fs::remove_dir(dir.path().join(".git")).unwrap();
    if Command::new("git").args(["init", "-q", "-b", "main"]).current_dir(dir.path()).status().is_err() {
        println!("skipped: git is not installed");
        return None;
    }
    git(&dir, &["add", "."]);
    git(&dir, &["commit", "-q", "-m", "first"]);
    Some(dir)
}

const MANIFEST: &str = "name: shop\nunits: { user: user_id }\n";
const SHOP: &str = r#"journey shop "Shop" {
  for anna
  sale at pay

  stage all "All" {
    phase sale
    touchpoint start "Start page" { channel web; seen by start-viewed; feels 0 }
    touchpoint pay "Pay" { channel web; seen by paid; feels +1 }
  }
}

persona anna "Anna"

channel web "Web" { kind self-service }

team growth "Growth"

event start-viewed { named "Start Viewed" }
event paid { named "Paid" }

metric order-rate "Order rate" {
  share of paid within 7 days
  higher is better
}
"#;
const TEST: &str = r#"use "shop.journey"

experiment button "A plain button" {
  at shop.start
  because "A plain button is understood at once"
  owner growth
  runs from 2026-11-01 to 2026-12-20
  status running
  unit user
  variant control "Flashing" 50%
  variant plain "Plain" 50%
  primary order-rate expects +5%
  method fixed with level 5% and power 80%
}
"#;

fn told(dir: &TempDir, env: &[(&str, &str)], args: &[&str]) -> (i32, String, String) {
    let mut run = waypost(dir).arg("ci").args(args);
    for (name, value) in env {
        run = run.env(name, value);
    }
    let run = run.assert();
    let out = run.get_output();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (out.status.code().unwrap(), text(&out.stdout), text(&out.stderr))
}

#[test]
fn a_quiet_repository_is_clean() {
    let Some(dir) = running() else { return };
    let (code, out, err) = told(&dir, &[], &["--format", "concise"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(!out.contains("error"), "{out}");
}

#[test]
fn layout_and_a_moved_plan_are_errors_where_they_stand() {
    let Some(dir) = running() else { return };
    let test = TEST.replace("\"Flashing\" 50%", "\"Flashing\" 60%").replace("\"Plain\" 50%", "\"Plain\" 40%");
    fs::write(dir.path().join("test.journey"), test).unwrap();
    fs::write(dir.path().join("shop.journey"), SHOP.replace("  for anna", "    for anna")).unwrap();
    let (code, out, _) = told(&dir, &[], &["--format", "concise"]);
    assert_eq!(code, 1);
    assert!(out.contains("shop.journey:2:1: error[not-formatted] "), "{out}");
    assert!(
        out.contains(
            "test.journey:10:3: error[weights] `experiment button`: the weight of `control` goes from 50% to 60%"
        ),
        "{out}"
    );
    let (_, out, _) = told(&dir, &[], &[]);
    assert!(out.contains("10.0 % of enrolled units move from plain to control"), "{out}");
    assert!(out.contains("restart 2 from DATE because TEXT"), "{out}");
}

#[test]
fn what_is_gone_is_found_too() {
    let Some(dir) = running() else { return };
    fs::write(dir.path().join("test.journey"), "use \"shop.journey\"\n").unwrap();
    let (code, out, _) = told(&dir, &[], &["--format", "concise"]);
    assert_eq!(code, 1);
    assert!(out.contains("error[deleted] `experiment button`"), "{out}");
}

#[test]
fn a_restart_is_the_legal_way() {
    let Some(dir) = running() else { return };
    let test = TEST
        .replace("\"Flashing\" 50%", "\"Flashing\" 60%")
        .replace("\"Plain\" 50%", "\"Plain\" 40%")
        .replace("  status running\n", "  status running\n  restart 2 from 2026-11-20 because \"Wrong weights\"\n");
    fs::write(dir.path().join("test.journey"), test).unwrap();
    let (code, out, err) = told(&dir, &[], &["--format", "concise"]);
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn the_base_is_what_the_service_names() {
    let Some(dir) = running() else { return };
    git(&dir, &["checkout", "-q", "-b", "topic"]);
    let test = TEST.replace("\"Flashing\" 50%", "\"Flashing\" 60%").replace("\"Plain\" 50%", "\"Plain\" 40%");
    fs::write(dir.path().join("test.journey"), test).unwrap();
    git(&dir, &["commit", "-q", "-am", "second"]);
    // locally, what is committed is what counts; in a build, the commit before
    assert_eq!(told(&dir, &[], &["--format", "concise"]).0, 0);
    assert_eq!(told(&dir, &[("CI", "true")], &["--format", "concise"]).0, 1);
    git(&dir, &["update-ref", "refs/remotes/origin/main", "main"]);
    let summary = dir.path().join("summary.md");
    let summary_path = summary.to_str().unwrap();
    let env = [
        ("CI", "true"),
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_BASE_REF", "main"),
        ("GITHUB_STEP_SUMMARY", summary_path),
    ];
    let (code, out, _) = told(&dir, &env, &[]);
    assert_eq!(code, 1);
    assert!(out.starts_with("::error file=test.journey,line=10,"), "{out}");
    let page = fs::read_to_string(summary).unwrap();
    assert!(page.contains("**Who moves in button**") && page.contains("**breaking**"), "{page}");
    let (code, out, _) =
        told(&dir, &[("CI", "true"), ("GITLAB_CI", "true"), ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "main")], &[]);
    assert_eq!(code, 1);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let names: Vec<&str> = report.as_array().unwrap().iter().filter_map(|r| r["check_name"].as_str()).collect();
    assert!(names.contains(&"weights"), "{out}");
    assert_eq!(told(&dir, &[("GITHUB_BASE_REF", "gone")], &[]).0, 2);
}

#[test]
fn nothing_to_compare_with_is_said() {
    let dir = project(&[("waypost.yaml", MANIFEST), ("shop.journey", SHOP)]);
    let (code, _, err) = told(&dir, &[], &[]);
    assert_eq!(code, 0);
    assert!(err.contains("changes are not compared: the project is in no git repository"), "{err}");
}

#[test]
fn no_file_is_written() {
    let Some(dir) = running() else { return };
    fs::write(dir.path().join("shop.journey"), SHOP.replace("  for anna", "    for anna")).unwrap();
    let before = fs::read(dir.path().join("shop.journey")).unwrap();
    told(&dir, &[], &[]);
    assert_eq!(fs::read(dir.path().join("shop.journey")).unwrap(), before);
    let names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
}

/// The steps of the action, run as a runner would: each by bash, inputs as variables.
#[test]
fn the_action_is_the_same_gate() {
    let Some(dir) = running() else { return };
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/action.yml")).unwrap();
    let action: serde_json::Value = serde_yaml::from_str(&text).unwrap();
    let steps = action["runs"]["steps"].as_array().unwrap();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_waypost")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(program.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let path = path.unwrap();
    let run = |paths: &str| {
        let mut last = (0, String::new());
        for step in steps {
            let mut bash = Command::new("bash");
            bash.args(["-e", "-c", step["run"].as_str().unwrap()]).current_dir(dir.path()).env("PATH", &path);
            bash.env("SOURCE_DATE_EPOCH", "1796083200").env_remove("GITHUB_STEP_SUMMARY").env_remove("GITHUB_BASE_REF");
            bash.env("WAYPOST_PATHS", paths).env("WAYPOST_BASE", "HEAD");
            for (name, input) in [("WAYPOST_DENY", "deny"), ("WAYPOST_FORMAT", "format")] {
                bash.env(name, action["inputs"][input]["default"].as_str().unwrap());
            }
            let out = bash.output().unwrap();
            last = (out.status.code().unwrap(), String::from_utf8(out.stdout).unwrap());
        }
        last
    };
    let (code, out) = run(".");
    // a warning fails here: nobody owns the two touchpoints
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("::warning file=shop.journey"), "{out}");
    let marker = dir.path().join("hacked");
    run(&format!("$(touch {0}) ; touch {0}", marker.display()));
    assert!(!marker.exists());
}
