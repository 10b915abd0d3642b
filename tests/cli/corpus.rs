//! Hostile specs: a valid one mutated in encoding, nesting and `use`, by the generator of the shared corpus.

use super::waypost;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Returns the generator; none, and says so, where it or Python is missing.
fn generator() -> Option<PathBuf> {
    #[allow(clippy::disallowed_methods, reason = "where the shared data lies is for who runs the tests")]
    let said = std::env::var_os("WAYPOST_SHARED").map(PathBuf::from);
    let shared = said.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let script = shared.join("corpus/make_bad_inputs.py");
    let python = Command::new("python3").arg("--version").output().is_ok_and(|o| o.status.success());
    if !script.is_file() || !python {
        println!("skipped: the shared corpus or python3 is not here");
        return None;
    }
    Some(script)
}

/// Writes the hostile specs into a folder.
fn make(generator: &Path, dir: &Path) -> Output {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax/guitar.journey");
    let mut run = Command::new("python3");
    run.arg(generator).arg(dir).arg("--spec").arg(spec).args(["--include", r#"use "{path}""#]);
    run.output().unwrap()
}

/// Runs `check` within 256 MB, and so long only that a hang ends; a test build is several times slower than the program.
fn check(dir: &Path, path: &str) -> Output {
    let bounded = r#"ulimit -v 262144; ulimit -t 20; exec "$0" check "$1" --format concise"#;
    Command::new("sh").args(["-c", bounded, env!("CARGO_BIN_EXE_waypost"), path]).current_dir(dir).output().unwrap()
}

#[test]
fn every_hostile_spec_gets_an_answer() {
    let Some(generator) = generator() else { return };
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join(".git")).unwrap();
    let made = make(&generator, dir.path());
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let manifest = std::fs::read_to_string(dir.path().join("MANIFEST.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&manifest).unwrap();
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for case in cases {
        let (path, expect) = (case["path"].as_str().unwrap(), case["expect"].as_str().unwrap());
        // of the chain and the fan, the file they hang from
        let inner = (path.contains("/chain/") || path.contains("/diamond/")) && !path.contains("/inc_00");
        let first = !path.contains("/chain/") || path.ends_with("inc_000.journey");
        if !path.starts_with("spec/") || inner || !first {
            continue;
        }
        tried += 1;
        let out = check(dir.path(), path);
        let text = String::from_utf8_lossy(&out.stdout);
        let code = out.status.code();
        let fine = match expect {
            // the language reads odd spaces as spaces: people paste them, and nothing hides behind one
            "reject" if path.ends_with("/nbsp.journey") => code == Some(0),
            "reject" | "warn" => code == Some(1) && text.contains(".journey:"),
            "same" => code == Some(0),
            _ => matches!(code, Some(0 | 1)),
        };
        let short = text.len() <= 64 * 1024 && !text.contains('\u{1b}') && !text.contains("root:");
        if !fine || !short {
            wrong.push(format!("{path} ({expect}): {:?} {}", out.status, text.lines().next().unwrap_or("")));
        }
    }
    assert!(tried > 80, "{tried}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn hostile_files_cannot_be_formatted_away() {
    let Some(generator) = generator() else { return };
    let dir = tempfile::tempdir().unwrap();
    assert!(make(&generator, dir.path()).status.success());
    for name in ["bidi_rlo", "zero_width_space", "open_string", "nest_open_64", "noise_03", "cut_004296"] {
        let file = dir.path().join(format!("spec/{name}.journey"));
        let before = std::fs::read(&file).unwrap();
        waypost(&dir).arg("fmt").arg(&file).assert().code(1);
        assert_eq!(std::fs::read(&file).unwrap(), before, "{name}");
    }
}

#[cfg(feature = "engine")]
#[test]
fn odd_file_names_are_shown_escaped() {
    let Some(generator) = generator() else { return };
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join(".git")).unwrap();
    assert!(make(&generator, dir.path()).status.success());
    let spec = "journey shop \"Shop\" {\n  for all\n  stage buy \"Buy\" { phase sale; touchpoint page \"Page\" { channel web; seen by shown } }\n}\n\
        persona all \"All\"\nchannel web \"Web\" { kind online }\nevent shown { named \"exposure\" }\n";
    std::fs::write(dir.path().join("shop.journey"), spec).unwrap();
    let names = ["-rf", "a b", "<b onclick=alert(1)>", "new\nline", "caf\u{e9}", "%s%n", "\u{1b}[31mred"];
    for (name, ending) in names.iter().flat_map(|n| [(n, "csv"), (n, "none")]) {
        let file = format!("special/{name}.{ending}");
        // a file of rows, and one that cannot be read and is named by the message
        let quoted = serde_json::to_string(&file).unwrap();
        let manifest = format!(
            "name: t\nspecs: [shop.journey]\ntime_zone: UTC\nunits: {{ user: user_id }}\ndata:\n  - {{ events: {quoted}, time: ts, event: event }}\n"
        );
        std::fs::write(dir.path().join("waypost.yaml"), manifest).unwrap();
        for format in ["text", "html", "markdown"] {
            let out = waypost(&dir).args(["analyze", "--format", format]).output().unwrap();
            let (page, told) = (String::from_utf8(out.stdout).unwrap(), String::from_utf8(out.stderr).unwrap());
            let said = format!("{page}{told}");
            assert_eq!(out.status.success(), ending == "csv", "{file:?}: {said}");
            assert!(!said.contains('\u{1b}') && !page.contains("<b onclick"), "{file:?}: {said}");
            assert!(!said.contains("special/new\nline"), "{file:?}: {said}");
        }
    }
}
