//! A team's first day, end to end: begin, break, mend from the messages alone, and meet the gate.

use super::waypost;
use std::fs;
use std::process::Command;
use tempfile::TempDir;

fn git(dir: &TempDir, args: &[&str]) -> bool {
    let who = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    Command::new("git").args(who).args(args).current_dir(dir.path()).output().is_ok_and(|o| o.status.success())
}

fn said(dir: &TempDir, args: &[&str]) -> (i32, String) {
    let run = waypost(dir).args(args).assert();
    let out = run.get_output();
    (out.status.code().unwrap(), String::from_utf8(out.stdout.clone()).unwrap())
}

/// One break: the file, what is taken out of it, what comes instead, and what the message must say.
const BREAKS: &[(&str, &str, &str, &[&str])] = &[
    (
        "map.journey",
        "touchpoint advert",
        "touchpiont advert",
        &["`touchpiont` is no statement", "did you mean `touchpoint`?"],
    ),
    ("map.journey", "on a screen\"", "on a screen", &["no closing `\"`", "+"]),
    (
        "map.journey",
        "    touchpoint advert \"An advert in the feed\" {",
        "    touchpoint advert \"An advert in the feed\" {\n      x {",
        &["`x`"],
    ),
    ("people.journey", "team marketing", "team sales", &["team `marketing` is not declared", " --> map.journey:"]),
    ("map.journey", "since 2026-11-22", "since 22.11.2026", &["`22.11.2026` is no date", "2026-11-22"]),
    ("waypost.yaml", "currency: EUR", "curency: EUR", &["`curency`", "did you mean `currency`?"]),
];

#[test]
fn a_first_day() {
    let dir = tempfile::tempdir().unwrap();
    if !git(&dir, &["init", "-q", "-b", "main"]) {
        println!("skipped: git is not installed");
        return;
    }
    waypost(&dir)
        .args(["init", ".", "--template", "digital"])
        .env("SOURCE_DATE_EPOCH", "1795305600")
        .assert()
        .success();
    assert!(git(&dir, &["add", "."]) && git(&dir, &["commit", "-qm", "The map"]));
    assert_eq!(said(&dir, &["ci"]).0, 0);
    assert_eq!(said(&dir, &["build", "-o", "out"]).0, 0);
    fs::remove_dir_all(dir.path().join("out")).unwrap();

    for (file, right, wrong, told) in BREAKS {
        let path = dir.path().join(file);
        let before = fs::read_to_string(&path).unwrap();
        assert!(before.contains(right), "{file} has no {right}:\n{before}");
        fs::write(&path, before.replacen(right, wrong, 1)).unwrap();
        let (code, out) = said(&dir, &["check"]);
        assert_eq!(code, 1, "{wrong}");
        told.iter().for_each(|t| assert!(out.contains(t), "{wrong}: {out}"));
        assert!(out.contains(" --> "), "{out}");
        fs::write(&path, before).unwrap();
        assert_eq!(said(&dir, &["check"]).0, 0);
    }

    // a test goes live
    let test = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/first-day.journey")).unwrap();
    fs::write(dir.path().join("test.journey"), &test).unwrap();
    let (code, out) = said(&dir, &["ci", "--format", "concise"]);
    assert_eq!(code, 0, "{out}");
    assert!(git(&dir, &["add", "."]) && git(&dir, &["commit", "-qm", "The test"]));

    // somebody wants more people in the new variant, on a branch
    assert!(git(&dir, &["checkout", "-qb", "more"]));
    let moved =
        test.replace("\"As it is\" 50%", "\"As it is\" 20%").replace("\"With a price\" 50%", "\"With a price\" 80%");
    fs::write(dir.path().join("test.journey"), &moved).unwrap();
    assert!(git(&dir, &["commit", "-qam", "More of the new"]));
    let (code, out) = said(&dir, &["ci", "--base", "main"]);
    assert_eq!(code, 1);
    for told in
        ["error[weights]", "30.0 % of enrolled units move from control to price", "restart 2 from DATE because TEXT"]
    {
        assert!(out.contains(told), "{told}: {out}");
    }
    assert!(said(&dir, &["explain", "weights"]).1.contains("people between arms"));
    assert_eq!(said(&dir, &["diff", "main", "--breaking"]).0, 1);

    // the legal way: a new seed, with a reason
    let legal = moved.replace(
        "  status running\n",
        "  status running\n  restart 2 from 2026-12-01 because \"More of the new, from the start\"\n",
    );
    fs::write(dir.path().join("test.journey"), legal).unwrap();
    assert!(git(&dir, &["commit", "-qam", "As a restart"]));
    let (code, out) = said(&dir, &["ci", "--base", "main", "--format", "concise"]);
    assert_eq!(code, 0, "{out}");
}
