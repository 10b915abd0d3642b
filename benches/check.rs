//! The whole program on whole projects, in wall time, as a person waits for it:
//! `cargo bench --no-default-features --bench check [-- FILES]`.
//!
//! The best of several runs; projects of 1,000 files each, 3.4 kB a file, in a temporary folder.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a benchmark prints, and stops where it cannot go on")]

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The largest number of files that one project may have.
const OF_A_PROJECT: usize = 1_000;

const SHARED: &str = r#"persona anna "Anna" {
  goal "Finds out what it costs"
  evidence "Ten interviews" { kind interview; people 10; on 2026-10-01 }
}

team growth "Growth"

channel web "Web" { kind self-service }

event seen { named "Seen" }
event paid { named "Paid" }
"#;

/// Returns a journey of about 3.4 kB under names of its own.
fn journey(number: usize) -> String {
    let mut text = format!(
        "journey map-{number} \"Map {number}\" {{\n  about \"One of many, for a measurement\"\n  for anna\n  \
         sale at pay-{number}\n  review every 3 months since 2026-11-01\n"
    );
    for (stage, phase) in ["pre-sale", "pre-sale", "sale", "post-sale"].iter().enumerate() {
        let _ = write!(
            text,
            "\n  stage s{stage} \"Stage {stage}\" {{\n    phase {phase}\n    about \"What happens in it\"\n"
        );
        for point in 0..3 {
            let name = if stage == 2 && point == 0 { format!("pay-{number}") } else { format!("t{stage}-{point}") };
            let event = if stage == 2 { "paid" } else { "seen" };
            let _ = write!(
                text,
                "    touchpoint {name} \"Place {stage}-{point} where they meet us\" {{\n      channel web\n      owner growth\n      \
                 seen by {event}\n      thinks \"Is this what I was looking for?\"\n      feels +1 \"curious\" 🙂\n      \
                 earns trust\n    }}\n"
            );
        }
        text += "  }\n";
    }
    text + "}\n"
}

fn project(root: &Path, files: usize) {
    fs::create_dir_all(root.join(".git")).expect("a folder");
    fs::write(root.join("waypost.yaml"), "name: many\nunits: { user: user_id }\n").expect("a file");
    fs::write(root.join("shared.journey"), SHARED).expect("a file");
    for number in 1..files {
        fs::write(root.join(format!("map-{number}.journey")), journey(number)).expect("a file");
    }
}

/// The shortest of `rounds` whole runs, and its exit code.
fn shortest(rounds: usize, dir: &Path, args: &[&str]) -> (Duration, Option<i32>) {
    let run = || {
        let start = Instant::now();
        let mut command = Command::new(env!("CARGO_BIN_EXE_waypost"));
        command.args(args).current_dir(dir).stdout(Stdio::null()).stderr(Stdio::null());
        let status = command.status().expect("the program");
        (start.elapsed(), status.code())
    };
    (0..rounds).map(|_| run()).min().expect("a run")
}

fn report(what: &str, (time, code): (Duration, Option<i32>)) {
    println!("{what}: {:.1} ms, exit {}", time.as_secs_f64() * 1e3, code.unwrap_or(-1));
}

fn git(dir: &Path, args: &[&str]) -> bool {
    let who = ["-c", "user.name=B", "-c", "user.email=b@example.org", "-c", "commit.gpgsign=false"];
    let mut command = Command::new("git");
    command.args(who).args(args).current_dir(dir).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|s| s.success())
}

fn main() {
    let files: usize = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(10_000);
    let dir = tempfile::tempdir().expect("a temporary folder");
    let many = dir.path().join("many");
    for number in 0..files.div_ceil(OF_A_PROJECT) {
        project(&many.join(number.to_string()), OF_A_PROJECT.min(files - number * OF_A_PROJECT));
    }
    let bytes = journey(1).len() * files;
    report(&format!("check {files} files, {:.0} MB", bytes as f64 / 1e6), shortest(5, &many, &["check"]));

    let one = dir.path().join("one");
    project(&one, 2);
    report("start and check one map", shortest(30, &one, &["check"]));
    report("start alone", shortest(30, &one, &["--version"]));

    let repository = dir.path().join("repository");
    project(&repository, 500);
    fs::remove_dir(repository.join(".git")).expect("a folder");
    if !(git(&repository, &["init", "-q"])
        && git(&repository, &["add", "."])
        && git(&repository, &["commit", "-qm", "all"]))
    {
        println!("skipped: git is not installed");
        return;
    }
    for number in 1..=20 {
        let text = journey(number).replace("curious", "glad");
        fs::write(repository.join(format!("map-{number}.journey")), text).expect("a file");
    }
    report("20 changed files of 500", shortest(10, &repository, &["check", "--changed"]));
}
