//! The folder of a build: [`Outputs`], written whole, with a list of what is ours in it.

use super::output::counted;
use super::{Failure, write};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path};

/// The file that lists the files of a build.
const LIST: &str = ".waypost-build.json";
const SCHEMA: &str = "waypost/build/1";

/// Files to write, by their path in the folder, with `/`.
#[derive(Clone, Debug, Default)]
pub struct Outputs {
    files: BTreeMap<String, Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    schema: String,
    files: BTreeSet<String>,
}

impl Outputs {
    /// Adds a file.
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// Returns the paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Returns the files, by their paths.
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.files
    }

    /// Writes all files into a folder, and removes what an earlier build wrote there and this one does not. All new files
    /// lie beside their places before the first one is moved, so that trouble with any of them changes nothing.
    ///
    /// # Errors
    /// The folder cannot be written, or holds a file of this name that no build wrote.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        let ours = read_list(folder);
        self.refuse_foreign(folder, &ours)?;
        let mut staged = Vec::new();
        for (path, bytes) in &self.files {
            let target = folder.join(path);
            let parent = target.parent().unwrap_or(folder);
            fs::create_dir_all(parent).map_err(|e| Failure::file("make the folder", parent, &e))?;
            if fs::read(&target).is_ok_and(|old| old == *bytes) {
                continue;
            }
            staged.push(write::staged(&target, bytes).map_err(|e| Failure::file("write", &target, &e))?);
        }
        let list = List { schema: SCHEMA.to_owned(), files: self.files.keys().cloned().collect() };
        let both = List { schema: SCHEMA.to_owned(), files: list.files.union(&ours).cloned().collect() };
        // Until the last file has moved, both builds own the folder; a run that is cut short is tidied up by the next.
        write_list(folder, &both)?;
        for file in staged {
            file.take_place()?;
        }
        for stale in ours.difference(&list.files) {
            remove(folder, stale)?;
        }
        write_list(folder, &list)
    }

    fn refuse_foreign(&self, folder: &Path, ours: &BTreeSet<String>) -> Result<(), Failure> {
        let foreign = |path: &&String| !ours.contains(*path) && folder.join(path).exists();
        let all: Vec<&String> = self.files.keys().filter(foreign).collect();
        match all.first() {
            None => Ok(()),
            Some(first) => {
                let more =
                    if all.len() > 1 { format!(" and {}", counted(all.len() - 1, "more file")) } else { String::new() };
                let shown = folder.join(first);
                let failure =
                    Failure::new(format!("`{}`{more} would be overwritten, and no build wrote it", shown.display()));
                Err(failure.help("name another folder with `-o`, or take the file away"))
            }
        }
    }
}

fn read_list(folder: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(folder.join(LIST)).unwrap_or_default();
    let list: Option<List> = serde_json::from_str(&text).ok();
    list.filter(|l| l.schema == SCHEMA).map(|l| l.files).unwrap_or_default()
}

fn write_list(folder: &Path, list: &List) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(list).unwrap_or_default() + "\n";
    write::whole(&folder.join(LIST), text.as_bytes())
}

/// Removes a file of an earlier build. A path that leaves the folder was never ours.
fn remove(folder: &Path, path: &str) -> Result<(), Failure> {
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let target = folder.join(path);
    let file = fs::symlink_metadata(&target).is_ok_and(|m| m.is_file());
    match inside && file {
        true => fs::remove_file(&target).map_err(|e| Failure::file("remove", &target, &e)),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(files: &[(&str, &str)]) -> Outputs {
        let mut all = Outputs::default();
        files.iter().for_each(|(path, text)| all.add(*path, *text));
        all
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
        let mut all: Vec<String> = entries.collect();
        all.sort();
        all
    }

    #[test]
    fn only_our_own_stale_files_are_removed() {
        let dir = tempfile::tempdir().unwrap();
        outputs(&[("a.html", "1"), ("b/c.md", "2")]).write(dir.path()).unwrap();
        fs::write(dir.path().join("mine.txt"), "mine").unwrap();
        outputs(&[("a.html", "3")]).write(dir.path()).unwrap();
        assert_eq!(names(dir.path()), [LIST, "a.html", "b", "mine.txt"]);
        assert_eq!(names(&dir.path().join("b")), [""; 0]);
        assert_eq!(fs::read_to_string(dir.path().join("a.html")).unwrap(), "3");
    }

    #[test]
    fn a_foreign_file_is_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.html"), "mine").unwrap();
        let refused = outputs(&[("a.html", "1"), ("b.html", "2")]).write(dir.path()).unwrap_err().to_string();
        assert!(refused.contains("a.html` would be overwritten"), "{refused}");
        assert_eq!(names(dir.path()), ["a.html"]);
    }

    #[test]
    fn a_list_that_points_elsewhere_removes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        fs::create_dir(&out).unwrap();
        fs::write(dir.path().join("x"), "x").unwrap();
        fs::write(out.join(LIST), r#"{"schema": "waypost/build/1", "files": ["../x", "/etc/hostname"]}"#).unwrap();
        outputs(&[("a.html", "1")]).write(&out).unwrap();
        assert!(dir.path().join("x").exists());
    }
}
