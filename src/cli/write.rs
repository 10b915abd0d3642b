//! Files written whole or not at all.

use super::{Failure, World};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Replaces a file: the new bytes are written beside it, brought to the disk and moved into its place, so that whoever
/// reads the path finds the old file or the new one.
///
/// # Errors
/// The folder cannot be written; then nothing is left behind.
pub fn whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    replace(path, bytes).map_err(|e| Failure::file("write", path, &e))
}

/// Writes a result to a file below the working directory, whole, or to the output where none is named.
///
/// # Errors
/// It cannot be written.
pub fn put(world: &mut World<'_>, file: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    match file {
        Some(path) => whole(&world.dir.join(path), bytes),
        None => Ok(world.out.write_all(bytes)?),
    }
}

fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let Staged { file, target } = staged(path, bytes)?;
    take(file, &target)
}

/// A file that lies beside its place, whole and on the disk.
pub struct Staged {
    file: tempfile::NamedTempFile,
    target: PathBuf,
}

impl Staged {
    /// Moves the file to its place.
    ///
    /// # Errors
    /// The system says no; then the old file stays.
    pub fn take_place(self) -> Result<(), Failure> {
        let Self { file, target } = self;
        take(file, &target).map_err(|e| Failure::file("write", &target, &e))
    }
}

/// Writes bytes beside the place they are for.
///
/// # Errors
/// The folder cannot be written; then nothing is left behind.
pub fn staged(path: &Path, bytes: &[u8]) -> std::io::Result<Staged> {
    // A link is written through: what it names is replaced, not the link.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".waypost-").suffix(".tmp");
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt;
        // As the process's mask allows; an existing file keeps its own.
        let mode = fs::metadata(&target).map_or(0o666, |m| m.permissions().mode() & 0o777);
        builder.permissions(fs::Permissions::from_mode(mode))
    };
    let mut file = builder.tempfile_in(folder_of(&target))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(Staged { file, target })
}

fn take(file: tempfile::NamedTempFile, target: &Path) -> std::io::Result<()> {
    file.persist(target).map_err(|e| e.error)?;
    sync(folder_of(target))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Brings a folder's list of files to the disk, where the system can.
fn sync(folder: &Path) -> std::io::Result<()> {
    match cfg!(unix) {
        true => fs::File::open(folder)?.sync_all(),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_file_stays_where_the_new_cannot_be_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        whole(&path, b"old").unwrap();
        whole(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert!(whole(&dir.path().join("no/such/folder/a.txt"), b"x").is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
