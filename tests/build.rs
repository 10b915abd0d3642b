//! `waypost build` on the example project: what it writes, and that it writes the same bytes every time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/guitar-shop")
}

fn build(out: &Path, threads: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waypost"));
    command.args(["build"]).arg(project()).arg("-o").arg(out);
    command.env("RAYON_NUM_THREADS", threads).env("SOURCE_DATE_EPOCH", "1795300000").env_remove("NO_COLOR");
    let done = command.output().unwrap();
    assert!(
        done.status.success(),
        "{}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout).unwrap()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut next = vec![folder.to_owned()];
    while let Some(folder_here) = next.pop() {
        for entry in std::fs::read_dir(folder_here).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                next.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                all.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    all
}

#[test]
fn the_main_job_writes_everything_and_the_same_bytes_at_any_thread_count() {
    let temp = tempfile::tempdir().unwrap();
    let mut first: Option<(String, BTreeMap<String, Vec<u8>>)> = None;
    for (name, threads) in [("one", "1"), ("two", "2"), ("again", "2")] {
        let out = temp.path().join(name);
        let said = build(&out, threads).replace(&out.display().to_string(), "OUT");
        let written = files(&out);
        match &first {
            None => first = Some((said, written)),
            Some((said_first, written_first)) => {
                assert_eq!(&said, said_first);
                assert_eq!(written.keys().collect::<Vec<_>>(), written_first.keys().collect::<Vec<_>>());
                for (file, bytes) in &written {
                    assert!(written_first[file] == *bytes, "{file} differs with {threads} threads");
                }
            }
        }
    }
    let (said, written) = first.unwrap();
    assert!(said.contains("guest-checkout"), "{said}");
    let has = |suffix: &str| written.keys().any(|k| k.ends_with(suffix));
    for wanted in ["index.html", "guitar.html", "guitar.md", "guest-checkout.html", "guest-checkout.md", "report.json"]
    {
        assert!(has(wanted), "no {wanted} in {:?}", written.keys());
    }
    for (file, bytes) in
        written.iter().filter(|(f, _)| f.ends_with(".html") || f.ends_with(".md") || f.ends_with(".json"))
    {
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(!text.contains("NaN"), "{file} holds a NaN");
    }
}

#[test]
fn every_word_of_the_example_appears_in_its_documents() {
    let temp = tempfile::tempdir().unwrap();
    build(temp.path(), "2");
    let pages: String = files(temp.path())
        .into_iter()
        .filter(|(name, _)| name.ends_with(".html"))
        .map(|(_, bytes)| String::from_utf8(bytes).unwrap())
        .collect();
    let shown = pages
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#39;", "'");
    let mut missing = Vec::new();
    for file in ["guitar.journey", "ideal.journey", "people.journey", "experiments.journey"] {
        let text = std::fs::read_to_string(project().join(file)).unwrap();
        for line in text.lines().filter(|l| !l.trim_start().starts_with(['#', 'u'])) {
            for said in line.split('"').skip(1).step_by(2).filter(|s| s.contains(' ')) {
                if !shown.contains(said) {
                    missing.push(format!("{file}: {said}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "not in any page:\n{}", missing.join("\n"));
}
