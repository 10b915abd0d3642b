//! Every page in a real browser: `run.mjs` opens them with Chromium and checks them with axe-core.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the first of these programs that is installed.
fn installed(names: &[&str]) -> Option<PathBuf> {
    let folders = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/Applications/Chromium.app/Contents/MacOS"];
    let all = names.iter().flat_map(|n| folders.iter().map(move |f| Path::new(f).join(n)));
    all.into_iter().find(|p| p.exists())
}

#[test]
fn pages_are_accessible_quiet_and_fit() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let modules = root.join("target/browser/node_modules");
    let (Some(node), Some(chromium)) =
        (installed(&["node"]), installed(&["chromium", "chromium-browser", "google-chrome", "Chromium"]))
    else {
        println!("skipped: node and chromium are needed to look at the pages in a browser");
        return;
    };
    if !modules.join("playwright-core").exists() || !modules.join("axe-core").exists() {
        println!("skipped: put tests/browser/package.json in target/browser and run npm install there");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, page) in super::pages::all() {
        std::fs::write(folder.path().join(format!("{name}.html")), page.html).unwrap();
    }
    let script = root.join("tests/browser/run.mjs");
    let output = Command::new(node).arg(script).arg(folder.path()).arg(modules).arg(chromium).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    println!("{}", said.lines().last().unwrap_or_default());
}
