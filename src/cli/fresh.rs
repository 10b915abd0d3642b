//! Files that must not be there yet: [`write`].

use super::{Failure, World};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes files into a folder, which is made if it is not there, and names each on the output.
///
/// # Errors
/// One of the files is there already, and then none is written; or the folder cannot be written.
pub fn write<P: AsRef<Path>>(world: &mut World<'_>, dir: &Path, files: &[(P, String)]) -> Result<(), Failure> {
    let folder = world.dir.join(dir);
    let there = |(path, _): &&(P, String)| folder.join(path).symlink_metadata().is_ok();
    let taken: Vec<String> = files.iter().filter(there).map(|(p, _)| dir.join(p).display().to_string()).collect();
    if !taken.is_empty() {
        let names = taken.join("`, `");
        return Err(
            Failure::new(format!("`{names}` is there already, and nothing is overwritten")).help("name another folder")
        );
    }
    fs::create_dir_all(&folder).map_err(|e| Failure::file("make", dir, &e))?;
    let real = folder.canonicalize().map_err(|e| Failure::file("read", dir, &e))?;
    for (path, text) in files {
        let shown = dir.join(path);
        let place = place(&real, path.as_ref()).map_err(|e| Failure::file("write", &shown, &e))?;
        let made = fs::OpenOptions::new().write(true).create_new(true).open(place);
        made.and_then(|mut f| f.write_all(text.as_bytes())).map_err(|e| Failure::file("write", &shown, &e))?;
        writeln!(world.out, "{}", shown.display())?;
    }
    Ok(())
}

/// Returns where a file goes, its folders made; a link on the way that leaves the root is refused.
fn place(root: &Path, path: &Path) -> std::io::Result<PathBuf> {
    let place = root.join(path);
    let folder = place.parent().unwrap_or(root);
    fs::create_dir_all(folder)?;
    match folder.canonicalize()?.starts_with(root) {
        true => Ok(place),
        false => Err(std::io::Error::other("a link leads out of the folder")),
    }
}
