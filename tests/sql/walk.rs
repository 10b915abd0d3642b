//! The walk of `docs/warehouse.md`, command by command: from an empty folder to the same report from a file and from a server.
use super::peer::python;
use serde_json::Value;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the commands of the page's first block, in the order they stand.
fn written() -> String {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/warehouse.md")).unwrap();
    let (_, walk) = page.split_once("## From an empty folder").unwrap();
    walk.split_once("```sh\n").unwrap().1.split_once("```").unwrap().0.to_owned()
}

/// Returns the same for a machine whose tools are installed, on a port of its own; what `diff` says is kept.
fn script(written: &str, port: u16) -> String {
    let repository = env!("CARGO_MANIFEST_DIR");
    let up = format!("for _ in $(seq 600); do (: < /dev/tcp/127.0.0.1/{port}) 2> no && break; sleep 0.1; done");
    let mut out = "set -euo pipefail\ntrap 'kill -9 $server' EXIT\n".to_owned();
    for line in written.lines() {
        let line = line.replace("PATH/TO/waypost", repository).replace("15002", &port.to_string());
        let command = line.split(" #").next().unwrap().trim_end();
        match command {
            _ if command.starts_with("python3 -m venv") => {}
            _ if command.starts_with("diff ") => out += &format!("{command} >> diffs || true\n"),
            _ if command.ends_with('&') => {
                out += &format!("{command} < no > no 2>&1 &\nserver=$!\n{up}\n").replacen('&', "", 1)
            }
            _ => out += &format!("{line}\n"),
        }
    }
    out
}

#[test]
fn a_stranger_gets_the_same_report_from_a_file_and_from_a_server() {
    let look = "import duckdb, pysail, sys; print(sys.prefix)";
    let tools = Command::new(python()).args(["-c", look]).output().ok().filter(|t| t.status.success());
    let venv = tools.map(|t| PathBuf::from(String::from_utf8(t.stdout).unwrap().trim()));
    let Some(venv) = venv.filter(|v| v.join("bin/sail").exists()) else {
        println!("skipped: the walk needs duckdb and pysail; CONTRIBUTING says how to install them");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    symlink(venv, dir.path().join("tools")).unwrap();
    std::fs::write(dir.path().join("no"), "").unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let program = Path::new(env!("CARGO_BIN_EXE_waypost")).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", program.display());
    let mut bash = Command::new("bash");
    bash.current_dir(dir.path()).env("PATH", path).env("SOURCE_DATE_EPOCH", "1796083200");
    let run = bash.arg("-c").arg(script(&written(), port)).output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned() + &String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}");

    assert!(said.ends_with("it holds\n"), "{said}");

    let diffs = std::fs::read_to_string(dir.path().join("diffs")).unwrap();
    let told = |sign: char| {
        let seal = |l: &&str| l.contains("waypost-seal");
        let lines: Vec<&str> = diffs.lines().filter(|l| l.starts_with(sign)).collect();
        assert_eq!(lines.iter().filter(|l| seal(l)).count(), 2, "the seal of the map and of the report: {diffs}");
        let known = ["Assignment recomputed", "Clocks", "events.parquet", "Counted in"];
        let place = |l: &&str| known.iter().position(|k| l.contains(k)).unwrap_or_else(|| panic!("{l}"));
        lines.into_iter().filter(|l| !seal(l)).map(|l| place(&l)).collect::<Vec<_>>()
    };
    assert_eq!((told('<'), told('>')), (vec![0, 1, 2], vec![0, 1, 3, 2]), "{diffs}");

    let [local, there] = ["local", "there"].map(|out| {
        let text = std::fs::read_to_string(dir.path().join(out).join("report.json")).unwrap();
        let all: Value = serde_json::from_str(&text).unwrap();
        let numbers = |r: &Value| ["arms", "metrics", "over_time", "segments", "verdict"].map(|part| r[part].clone());
        all["reports"].as_array().unwrap().iter().map(numbers).collect::<Vec<_>>()
    });
    assert!(local.len() > 1 && format!("{local:?}").contains("lift_interval"), "{local:?}");
    assert_eq!(local, there);
}
