//! The example's pages in a real browser: they open from a file, draw, and say nothing on the console.

use std::path::Path;
use std::process::Command;

fn chromium() -> Option<&'static str> {
    let known = ["chromium", "chromium-browser", "google-chrome"];
    known.into_iter().find(|name| Command::new(name).arg("--version").output().is_ok_and(|o| o.status.success()))
}

/// Returns the page as the browser has it after loading, and what it logged.
fn opened(browser: &str, profile: &Path, page: &Path) -> (String, String) {
    let flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"];
    let quiet = ["--disable-background-networking", "--disable-component-update", "--disable-quic"];
    let mut command = Command::new(browser);
    command.args(flags).args(quiet).args(["--enable-logging=stderr", "--dump-dom"]);
    command.arg(format!("--user-data-dir={}", profile.display())).arg(format!("file://{}", page.display()));
    let done = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (text(done.stdout), text(done.stderr))
}

#[test]
fn every_page_opens_from_a_file_and_the_console_stays_silent() {
    let Some(browser) = chromium() else {
        println!("skipped: no Chromium here; install it with: sudo apt-get install chromium");
        return;
    };
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("out");
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/guitar-shop");
    let built =
        Command::new(env!("CARGO_BIN_EXE_waypost")).arg("build").arg(project).arg("-o").arg(&out).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let mut pages: Vec<_> = std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().path()).collect();
    pages.retain(|p| p.extension().is_some_and(|e| e == "html"));
    pages.sort();
    assert!(pages.len() >= 3, "{pages:?}");
    for page in pages {
        let (dom, log) = opened(browser, &temp.path().join("profile"), &page);
        assert!(dom.contains("<h1") && dom.contains("</html>"), "{}: {dom:.200} {log}", page.display());
        let said: Vec<&str> =
            log.lines().filter(|l| l.contains("CONSOLE") || l.contains("Content Security Policy")).collect();
        assert!(said.is_empty(), "{}: {said:?}", page.display());
    }
}
