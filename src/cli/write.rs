//! Files written whole or not at all.

use super::{Failure, World};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The files that lie beside their places at this moment.
static BESIDE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn beside() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    BESIDE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes an interruption (Ctrl-C, or the system's wish to end) leave nothing half-written behind: what lies beside its
/// place is removed, and the exit code is 130. A second one ends the program at once, whatever the tidying waits for, such as
/// a disk that does not answer. Signals that whoever started the program took care of stay as they are.
pub fn tidy_when_interrupted() {
    let again = AtomicBool::new(false);
    let interrupted = move || {
        let first = !again.swap(true, Ordering::SeqCst);
        let tidying = first && std::thread::Builder::new().spawn(tidy).is_ok();
        if !tidying {
            std::process::exit(130);
        }
    };
    // Where no handler can be set, the system ends the program as it always did.
    let _ = ctrlc::try_set_handler(interrupted);
}

fn tidy() {
    // Held until the end, so that no file is begun any more.
    let beside = beside();
    for path in beside.iter() {
        let _ = fs::remove_file(path);
    }
    std::process::exit(130);
}

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
    if is_device(path) {
        return fs::File::options().write(true).open(path)?.write_all(bytes);
    }
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
    if is_device(&target) {
        return Err(std::io::Error::other("it is a device or a pipe, and a file is wanted"));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".waypost-").suffix(".tmp");
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt;
        // As the process's mask allows; an existing file keeps its own.
        let mode = fs::metadata(&target).map_or(0o666, |m| m.permissions().mode() & 0o777);
        builder.permissions(fs::Permissions::from_mode(mode))
    };
    let mut file = {
        let mut beside = beside();
        let file = builder.tempfile_in(folder_of(&target))?;
        beside.insert(file.path().to_owned());
        file
    };
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(Staged { file, target })
}

/// Returns whether a path is a device or a pipe, as `/dev/stdout` is: bytes go into it, and nothing takes its place.
fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir())
}

fn take(file: tempfile::NamedTempFile, target: &Path) -> std::io::Result<()> {
    let path = file.path().to_owned();
    file.persist(target).map_err(|e| e.error)?;
    beside().remove(&path);
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

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_to_and_never_replaced() {
        use std::os::unix::fs::FileTypeExt;
        let dir = tempfile::tempdir().unwrap();
        for (name, device, writes) in [("full", "/dev/full", false), ("null", "/dev/null", true)] {
            if !fs::metadata(device).is_ok_and(|m| m.file_type().is_char_device()) {
                println!("skipped: no {device}");
                continue;
            }
            let link = dir.path().join(name);
            std::os::unix::fs::symlink(device, &link).unwrap();
            assert_eq!(whole(&link, b"x").is_ok(), writes, "{device}");
            assert!(staged(&link, b"x").is_err());
            assert!(fs::metadata(device).unwrap().file_type().is_char_device(), "{device} is one still");
        }
    }
}
