//! Every page in a real browser: `run.mjs` opens them with Chromium and checks them with axe-core.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns node, a browser and the folder of what npm installed; or says what is missing.
pub fn tools() -> Option<(PathBuf, PathBuf, PathBuf)> {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/browser/node_modules");
    let (Some(node), Some(chromium)) =
        (installed(&["node"]), installed(&["chromium", "chromium-browser", "google-chrome", "Chromium"]))
    else {
        println!("skipped: node and chromium are needed to look at the pages in a browser");
        return None;
    };
    if !modules.join("playwright-core").exists() || !modules.join("axe-core").exists() {
        println!("skipped: put tests/browser/package.json in target/browser and run npm install there");
        return None;
    }
    Some((node, chromium, modules))
}

/// Writes what `build` writes of the guitar shop with its data, and of the laptop with a portrait, beside the other pages.
#[cfg(feature = "engine")]
fn built(folder: &Path) {
    for project in ["guitar-shop", "laptop"] {
        let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs").join(project);
        let out = folder.join(project);
        let mut build = Command::new(env!("CARGO_BIN_EXE_waypost"));
        build.env("SOURCE_DATE_EPOCH", "1796083200").arg("build").arg(specs).arg("-o").arg(&out);
        let done = build.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        for page in std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().path()) {
            if page.extension().is_some_and(|e| e == "html") {
                let name = format!("built-{project}-{}", page.file_name().unwrap().to_string_lossy());
                std::fs::copy(&page, folder.join(name)).unwrap();
            }
        }
    }
}

/// Returns the first of these programs that is installed.
pub fn installed(names: &[&str]) -> Option<PathBuf> {
    let folders = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/Applications/Chromium.app/Contents/MacOS"];
    let all = names.iter().flat_map(|n| folders.iter().map(move |f| Path::new(f).join(n)));
    all.into_iter().find(|p| p.exists())
}

#[test]
fn pages_are_accessible_quiet_and_fit() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some((node, chromium, modules)) = tools() else { return };
    let folder = tempfile::tempdir().unwrap();
    for (name, page) in super::pages::all() {
        std::fs::write(folder.path().join(format!("{name}.html")), page.html).unwrap();
    }
    #[cfg(feature = "engine")]
    built(folder.path());
    let script = root.join("tests/browser/run.mjs");
    let output = Command::new(node).arg(script).arg(folder.path()).arg(modules).arg(chromium).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    println!("{}", said.lines().last().unwrap_or_default());
}
