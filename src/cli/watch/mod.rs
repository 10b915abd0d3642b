//! A build that follows its files: what changed is looked at several times a second, and pages served to this machine
//! alone load again after each build.

mod serve;
mod shelf;

pub use serve::Server;
pub use shelf::Shelf;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How long to wait between two looks.
pub const EVERY: Duration = Duration::from_millis(250);
/// More files than this are not looked at.
const MOST: usize = 50_000;

/// What the files of a project look like: when each was written, and how long it is.
pub type Look = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Returns what the files below a folder look like; hidden ones, ignored ones and those in the folder of the build aside.
pub fn look(root: &Path, out: &Path) -> Look {
    let out = out.to_owned();
    let mut walk = ignore::WalkBuilder::new(root);
    walk.require_git(false).git_global(false).git_exclude(false).git_ignore(false).parents(false);
    walk.filter_entry(move |e| e.path() != out && e.file_name() != "target" && e.file_name() != "node_modules");
    let file = |entry: ignore::DirEntry| {
        let meta = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
        Some((entry.into_path(), (meta.modified().ok(), meta.len())))
    };
    walk.build().flatten().filter_map(file).take(MOST).collect()
}
