//! The pictures of the documentation show what `build` writes.

use std::path::Path;

#[test]
#[cfg(feature = "engine")]
fn pictures_show_what_build_writes() {
    use sha2::{Digest, Sha256};
    use std::collections::BTreeMap;
    use std::process::Command;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pictures = root.join("docs/pictures");
    let list = std::fs::read_to_string(pictures.join("pictures.json")).unwrap();
    let list: BTreeMap<String, serde_json::Value> = serde_json::from_str(&list).unwrap();
    assert!(list.len() >= 12);
    let out = tempfile::tempdir().unwrap();
    let mut stale = Vec::new();
    for (name, picture) in &list {
        assert!(pictures.join(name).exists(), "{name} is not there");
        let (project, page) = picture["page"].as_str().unwrap().split_once('/').unwrap();
        let folder = out.path().join(project);
        if !folder.exists() {
            let mut build = Command::new(env!("CARGO_BIN_EXE_waypost"));
            build.env("SOURCE_DATE_EPOCH", "1796083200").arg("build").arg(root.join("specs").join(project));
            let done = build.arg("-o").arg(&folder).output().unwrap();
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        }
        let digest = Sha256::digest(std::fs::read(folder.join(page)).unwrap());
        let digest: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        if picture["sha256"] != digest.as_str() {
            stale.push(name.as_str());
        }
    }
    assert!(stale.is_empty(), "these show pages that are no longer so: {stale:?}; run scripts/pictures");
}

#[test]
fn every_picture_is_shown_and_every_example_has_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let (readme, gallery) = (read("README.md"), read("specs/README.md"));
    assert!(readme.contains("](specs/README.md)"), "the README leads to the gallery");
    for name in std::fs::read_dir(root.join("docs/pictures")).unwrap().map(|e| e.unwrap().file_name()) {
        let name = name.to_string_lossy().into_owned();
        if name.ends_with(".png") {
            let shown =
                readme.contains(&format!("docs/pictures/{name}")) || gallery.contains(&format!("pictures/{name}"));
            assert!(shown, "{name} is shown nowhere");
        }
    }
    for project in super::fixture::projects() {
        assert!(gallery.contains(&format!("../docs/pictures/gallery-{project}.png")), "{project} has no picture");
    }
}
