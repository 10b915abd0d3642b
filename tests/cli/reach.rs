//! A `use` reaches nothing outside the project, reads nothing twice, and ends.

use super::{project, waypost};
use std::fs;

fn concise(dir: &tempfile::TempDir, path: &str) -> String {
    let run = waypost(dir).args(["check", "--format", "concise", path]).assert().code(1);
    String::from_utf8(run.get_output().stdout.clone()).unwrap()
}

#[test]
fn nothing_outside_is_read() {
    let dir = project(&[("secret.journey", "persona topsecret \"TOPSECRET\"\n"), ("in/BOM.journey", "")]);
    let attacks = [
        ("../secret.journey", "use-outside"),
        ("sub/../../secret.journey", "use-outside"),
        ("../../../../etc/passwd", "use-path"),
        ("/etc/passwd", "use-outside"),
        ("~/x.journey", "use-outside"),
        ("..\\\\..\\\\secret.journey", "use-path"),
        ("\\\\\\\\host\\\\share\\\\x.journey", "use-path"),
        ("https://x.invalid/y.journey", "use-path"),
        ("/dev/zero", "use-outside"),
        ("CON.journey", "use-path"),
        (".", "use-path"),
        ("", "use-path"),
        (".env", "use-path"),
        ("nowhere.journey", "use-missing"),
        ("%2e%2e/secret.journey", "use-missing"),
    ];
    for (path, code) in attacks {
        fs::write(dir.path().join("in/a.journey"), format!("use \"{path}\"\n")).unwrap();
        let out = concise(&dir, "in/a.journey");
        assert!(out.starts_with(&format!("in/a.journey:1:5: error[{code}] ")), "{path}: {out}");
        assert!(out.ends_with("1 error in 1 file\n"), "{path}: {out}");
        assert!(!out.contains("TOPSECRET"), "{path}: {out}");
    }
}

#[test]
#[cfg(unix)]
fn links_and_devices_do_not_lead_out() {
    use std::os::unix::fs::symlink;
    let dir = project(&[("secret.journey", "TOPSECRET {\n"), ("in/waypost.yaml", "name: x\n"), ("in/b/c.journey", "")]);
    let at = |path: &str| dir.path().join("in").join(path);
    symlink("../secret.journey", at("link.journey")).unwrap();
    symlink("loop.journey", at("loop.journey")).unwrap();
    symlink("/dev/zero", at("zero.journey")).unwrap();
    symlink("..", at("up")).unwrap();
    fs::create_dir(at("folder.journey")).unwrap();
    for (path, code) in [
        ("link.journey", "use-outside"),
        ("up/secret.journey", "use-outside"),
        ("zero.journey", "use-outside"),
        ("loop.journey", "unreadable"),
        ("folder.journey", "use-missing"),
    ] {
        fs::write(at("b/c.journey"), format!("use \"../{path}\"\n")).unwrap();
        let out = concise(&dir, "in/b/c.journey");
        assert!(out.contains(&format!("in/b/c.journey:1:5: error[{code}] ")), "{path}: {out}");
        assert!(!out.contains("TOPSECRET"), "{path}: {out}");
    }
    // The same files, met by the manifest's pattern.
    let out = concise(&dir, "in");
    assert!(out.contains("in/link.journey:1:1: error[unreadable] this is a link that leaves the project"), "{out}");
    assert!(!out.contains("TOPSECRET"), "{out}");
}

#[test]
fn circles_are_shown_once_each() {
    let dir = project(&[
        ("a.journey", "use \"b.journey\"\n"),
        ("b.journey", "use \"./x/../c.journey\"\n"),
        ("c.journey", "use \"a.journey\"\nuse \"c.journey\"\n"),
    ]);
    assert_eq!(
        concise(&dir, "a.journey"),
        "c.journey:1:5: error[use-cycle] these files use each other in a circle: a.journey -> b.journey -> c.journey -> a.journey\n\
         c.journey:2:5: error[use-cycle] this file uses itself\n\
         2 errors in 3 files\n"
    );
}

#[test]
fn chains_and_fans_end() {
    let name = |i: usize| format!("f{i:03}.journey");
    let chain: Vec<(String, String)> = (0..200).map(|i| (name(i), format!("use \"{}\"\n", name(i + 1)))).collect();
    let dir = project(&chain);
    let out = concise(&dir, "f000.journey");
    assert!(out.starts_with("f064.journey:1:5: error[use-depth] "), "{out}");
    assert!(out.ends_with("1 error in 65 files\n"), "{out}");
    let fan: Vec<(String, String)> =
        (0..24).map(|i| (name(i), format!("use \"{}\"\n", name(i + 1)).repeat(2))).collect();
    let dir = project(&fan);
    fs::write(dir.path().join(name(24)), "").unwrap();
    waypost(&dir).args(["check", "f000.journey"]).assert().code(0).stderr_eq("no findings in 25 files\n");
}

#[test]
fn texts_that_are_none_are_one_finding() {
    let cases: [(&[u8], &str); 5] = [
        (b"event e { named \"\xff\" }\n", "a.journey:1:18: error[not-utf8] "),
        (b"\xff\xfee\0v\0", "a.journey:1:1: error[not-utf8] "),
        (b"event e { named \"E\" }\revent f { named \"F\" }\r", "a.journey:1:22: error[lone-cr] "),
        (b"event e\0 { named \"E\" }\n", "a.journey:1:8: error["),
        (&[b' '; (1 << 20) + 1], "a.journey:1:1: error[too-large] "),
    ];
    for (bytes, expected) in cases {
        let dir = project(&[("waypost.yaml", "name: x\n")]);
        fs::write(dir.path().join("a.journey"), bytes).unwrap();
        let out = concise(&dir, ".");
        assert!(out.starts_with(expected) && out.contains("\n1 error in "), "{out}");
    }
    let dir = project(&[("waypost.yaml", "name: x\n")]);
    fs::write(dir.path().join("a.journey"), b"\xef\xbb\xbfevent e {\r\n  named \"E\"\r\n}\r\n").unwrap();
    waypost(&dir).arg("check").assert().code(0);
}

#[test]
fn too_many_files_is_said_and_ends() {
    let many: Vec<(String, String)> = (0..1_001).map(|i| (format!("f{i}.journey"), String::new())).collect();
    let dir = project(&many);
    let out = concise(&dir, ".");
    assert!(out.contains("error[project-limit] the project has more than 1000 files"), "{out}");
}
