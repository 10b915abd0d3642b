//! Long work says how far it is, to people only; and an interruption leaves nothing half-written.

use super::project;
use std::collections::BTreeMap;
#[cfg(feature = "engine")]
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
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
    let mut command = super::interruptible();
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
        let sent = Instant::now();
        signal(&child, if at % 2 == 0 { "INT" } else { "TERM" });
        let ended = child.wait().unwrap();
        // a figure for people to read: how long a machine takes is nothing a test can fail by
        println!("{} at {wait} ms: ended {} ms after the signal was sent", args[0], sent.elapsed().as_millis());
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

#[test]
fn a_second_interruption_ends_at_once_with_the_same_code() {
    let dir = shop();
    let days = ["--from", "2026-01-01", "--until", "2026-02-01", "-o", "made.csv.gz"];
    let args = [&["simulate", "--people", "20000000"][..], &days].concat();
    let old = files(dir.path());
    for wait in [400, 700, 1000] {
        let mut child = program(dir.path()).args(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        for _ in 0..2 {
            signal(&child, "INT");
        }
        assert_eq!(child.wait().unwrap().code(), Some(130));
        assert_eq!(files(dir.path()), old);
    }
}

/// How often each verb is killed: `WAYPOST_KILLS` of them all together, 200 for a long look.
#[cfg(feature = "engine")]
fn kills() -> u32 {
    let asked = std::env::var_os("WAYPOST_KILLS").and_then(|n| n.to_str()?.parse::<u32>().ok());
    asked.unwrap_or(24).div_ceil(3)
}

/// Returns every file below a folder with its bytes, those that a killed program left beside their places aside.
#[cfg(feature = "engine")]
fn contents(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = files(dir).into_keys().filter(|n| !n.ends_with(".tmp"));
    names.map(|n| (n.clone(), std::fs::read(dir.join(&n)).unwrap())).collect()
}

/// Kills a verb at moments spread over its run; each file must then be the old one or the new one, whole, and the next run
/// must make everything as if nothing had happened.
#[cfg(feature = "engine")]
fn kill(verb: &[&str], prepare: impl Fn(&Path)) {
    let dir = shop();
    events(&dir, 3_000);
    prepare(dir.path());
    let old = contents(dir.path());
    let began = Instant::now();
    let run = || program(dir.path()).args(verb).stdout(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    let whole = run();
    assert!(whole.status.success(), "{verb:?}: {}", String::from_utf8_lossy(&whole.stderr));
    let takes = began.elapsed();
    let new = contents(dir.path());
    assert_ne!(old, new, "{verb:?} writes something");
    let restore = || {
        for name in files(dir.path()).into_keys().filter(|n| !n.ends_with(".tmp") && !old.contains_key(n)) {
            std::fs::remove_file(dir.path().join(name)).unwrap();
        }
        old.iter().for_each(|(name, bytes)| std::fs::write(dir.path().join(name), bytes).unwrap());
    };
    let (times, mut early, mut left) = (kills(), 0, 0);
    for at in 0..times {
        restore();
        let mut child = program(dir.path()).args(verb).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(takes * (2 * at + 1) / (2 * times));
        // SIGKILL: no handler runs
        let _ = child.kill();
        early += u32::from(child.wait().unwrap().code().is_none());
        for (name, bytes) in contents(dir.path()) {
            let good = old.get(&name) == Some(&bytes) || new.get(&name) == Some(&bytes);
            assert!(good, "{verb:?}, kill {at} of {times}: `{name}` is neither the old file nor the new one");
        }
        left += files(dir.path()).keys().filter(|n| n.ends_with(".tmp")).count();
        let next = run();
        assert!(next.status.success(), "{verb:?} after kill {at}: {}", String::from_utf8_lossy(&next.stderr));
        assert!(contents(dir.path()) == new, "{verb:?}: the run after kill {at} makes something else");
    }
    println!("{}: killed {early} times of {times} before its end; {left} files lay beside their places", verb[0]);
    assert!(early > 0, "{verb:?} was over before each kill");
}

#[cfg(feature = "engine")]
#[test]
fn a_killed_simulation_leaves_the_old_file_or_the_whole_new_one() {
    let args = ["simulate", "--people", "6000", "--from", "2026-01-01", "--until", "2026-02-01", "-o", "made.csv.gz"];
    kill(&args, |dir| std::fs::write(dir.join("made.csv.gz"), "old").unwrap());
}

#[cfg(feature = "engine")]
#[test]
fn a_killed_build_leaves_whole_pages_and_the_next_one_is_as_good_as_the_first() {
    kill(&["build", "--output", "pages"], |_| ());
}

#[cfg(feature = "engine")]
#[test]
fn a_killed_analysis_leaves_the_old_spec_or_the_whole_new_one() {
    kill(&["analyze", "--insights", "--write"], |_| ());
}
