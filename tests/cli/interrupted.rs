//! Long work says how far it is, to people only; and an interruption leaves nothing half-written.

use super::project;
use std::collections::BTreeMap;
#[cfg(feature = "engine")]
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const MANIFEST: &str = "name: shop\ntime_zone: UTC\nunits: { user: user_id }\nproperties: { revenue: number }\n\
    data:\n  - { events: \"events*.csv\", time: ts, event: event }\n";

const SPEC: &str = r#"
journey buy "Buying" {
  for all
  stage look "Looking" { phase pre-sale; touchpoint page "Page" { channel web; seen by page-seen } }
  stage pay "Paying" { phase sale; touchpoint till "Till" { channel web; seen by paid } }
  funnel whole "Whole" { steps page > till }
}
persona all "All"
channel web "Web" { kind online }
event page-seen { named "Page" }
event paid { named "Paid" }
"#;

fn shop() -> TempDir {
    project(&[("waypost.yaml", MANIFEST), ("shop.journey", SPEC)])
}

fn program(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waypost"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("SOURCE_DATE_EPOCH", "1796083200").env("TERM", "xterm").current_dir(dir);
    command
}

/// Returns every file below a folder with its size.
fn files(dir: &Path) -> BTreeMap<String, u64> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let kind = entry.metadata().unwrap();
        let name = entry.file_name().into_string().unwrap();
        match kind.is_dir() {
            true => all.extend(files(&entry.path()).into_iter().map(|(n, size)| (format!("{name}/{n}"), size))),
            false => drop(all.insert(name, kind.len())),
        }
    }
    all
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
    // the work may just have ended
    let _ = sent;
}

/// Starts work, sends a signal at many moments, and returns the exit codes; after each, `left` looks at the folder.
fn interrupt(dir: &Path, args: &[&str], moments: &[u64], mut left: impl FnMut(i32)) -> Vec<i32> {
    let mut codes = Vec::new();
    for (at, wait) in moments.iter().enumerate() {
        let mut child = program(dir).args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(*wait));
        signal(&child, if at % 2 == 0 { "INT" } else { "TERM" });
        let ended = child.wait().unwrap();
        let code = ended.code().unwrap_or(-1);
        left(code);
        codes.push(code);
    }
    codes
}

#[cfg(feature = "engine")]
/// Events of so many people, made by the program itself.
fn events(dir: &TempDir, people: u32) {
    let people = people.to_string();
    let args = ["simulate", "--people", &people, "--seed", "1", "--from", "2026-01-01", "--until", "2026-02-01"];
    let done = program(dir.path()).args(args).args(["--output", "events.csv"]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn an_interrupted_simulation_leaves_the_old_file_or_the_whole_new_one() {
    let dir = shop();
    let days = ["--from", "2026-01-01", "--until", "2026-02-01", "-o", "made.csv.gz"];
    let args = |people| [&["simulate", "--people", people][..], &days].concat();
    let whole = program(dir.path()).args(args("20000")).output().unwrap();
    assert!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stderr));
    let new = files(dir.path());
    let path = dir.path().join("made.csv.gz");
    std::fs::write(&path, "old").unwrap();
    let old = files(dir.path());
    // A program that has not begun yet may be ended by the system instead: -1.
    let codes = interrupt(dir.path(), &args("20000"), &[0, 50, 100, 150, 200, 250, 300, 400], |code| {
        let now = files(dir.path());
        assert!(now == old || (now == new && code == 0), "{code}: {now:?}");
        std::fs::write(&path, "old").unwrap();
    });
    assert!(codes.iter().all(|c| [-1, 0, 130].contains(c)), "{codes:?}");
    // So many are never done in a second or two.
    let codes = interrupt(dir.path(), &args("20000000"), &[1000, 2000], |_| assert_eq!(files(dir.path()), old));
    assert_eq!(codes, [130, 130]);
}

/// Returns the exit code of a verb whose events on standard input never end, interrupted.
#[cfg(feature = "engine")]
fn waiting(dir: &Path, args: &[&str]) -> Option<i32> {
    let mut command = program(dir);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(&std::fs::read(dir.join("events.csv")).unwrap()).unwrap();
    std::thread::sleep(Duration::from_millis(700));
    signal(&child, "INT");
    let code = child.wait().unwrap().code();
    drop(input);
    code
}

#[cfg(feature = "engine")]
#[test]
fn an_interrupted_analysis_or_build_leaves_nothing_half_written() {
    let dir = shop();
    events(&dir, 20_000);
    let before = files(dir.path());
    for verb in [&["analyze", "--insights", "--write"][..], &["build", "--output", "pages"]] {
        interrupt(dir.path(), verb, &[50, 100, 200, 300], |code| {
            let now = files(dir.path());
            let half: Vec<_> = now.keys().filter(|n| n.ends_with(".tmp")).collect();
            assert!(half.is_empty(), "{code}: {half:?}");
            // the pages of a build that did not end are whole, or not there
            for name in now.keys().filter(|n| n.ends_with(".html")) {
                let page = std::fs::read_to_string(dir.path().join(name)).unwrap();
                assert!(page.trim_end().ends_with("</html>"), "{name}");
            }
            // the specs are the old ones, or the whole new ones with the pain
            let spec = std::fs::read_to_string(dir.path().join("shop.journey")).unwrap();
            assert!(
                spec == SPEC || (spec.contains("pain ") && spec.trim_end().ends_with(SPEC.lines().last().unwrap())),
                "{spec}"
            );
            let rest = |all: &BTreeMap<String, u64>| {
                all.keys().filter(|n| !n.starts_with("pages/")).cloned().collect::<Vec<_>>()
            };
            assert_eq!(rest(&now), rest(&before), "{code}");
            // for the next one
            std::fs::write(dir.path().join("shop.journey"), SPEC).unwrap();
        });
    }
    let _ = std::fs::remove_dir_all(dir.path().join("pages"));
    std::fs::write(dir.path().join("waypost.yaml"), MANIFEST.replace("\"events*.csv\"", "\"-\", format: csv")).unwrap();
    let before = files(dir.path());
    for verb in [&["analyze", "--insights", "--write"][..], &["build", "--output", "pages"]] {
        assert_eq!(waiting(dir.path(), verb), Some(130), "{verb:?}");
        assert_eq!(files(dir.path()), before);
    }
}

/// Returns what `analyze` shows in a terminal while its events take two seconds to come, what it writes to its standard
/// output aside; nothing without `script`.
#[cfg(feature = "engine")]
fn in_terminal(dir: &Path, flags: &str, env: &[(&str, &str)]) -> Option<String> {
    let program = env!("CARGO_BIN_EXE_waypost");
    let mut command = Command::new("script");
    let line = format!("(cat events.csv; sleep 2) | '{program}' analyze {flags} > out.txt");
    command.args(["-qec", &line, "/dev/null"]);
    command.env("TERM", "xterm").env_remove("CI").env("SOURCE_DATE_EPOCH", "1796083200");
    command.envs(env.iter().copied()).current_dir(dir).stdin(Stdio::null());
    match command.output() {
        Ok(shown) => Some(String::from_utf8_lossy(&shown.stdout).into_owned()),
        Err(_) => {
            println!("skipped: no `script` that opens a terminal");
            None
        }
    }
}

#[cfg(feature = "engine")]
#[test]
fn long_work_says_how_far_it_is_to_people_only() {
    const SAYS: &str = "reading the data: ";
    let dir = shop();
    events(&dir, 100);
    std::fs::write(dir.path().join("waypost.yaml"), MANIFEST.replace("\"events*.csv\"", "\"-\", format: csv")).unwrap();
    let log = std::fs::File::open(dir.path().join("events.csv")).unwrap();
    let piped = program(dir.path()).arg("analyze").stdin(log).output().unwrap();
    assert!(piped.status.success(), "{}", String::from_utf8_lossy(&piped.stderr));
    assert!(!String::from_utf8_lossy(&piped.stderr).contains(SAYS));
    for (flags, env, says) in [("", &[][..], true), ("--quiet", &[], false), ("", &[("CI", "true")], false)] {
        let Some(shown) = in_terminal(dir.path(), flags, env) else { return };
        assert_eq!(shown.contains(SAYS), says, "{flags} {env:?}: {shown}");
        assert!(std::fs::read(dir.path().join("out.txt")).unwrap() == piped.stdout, "{flags} {env:?}");
    }
}
