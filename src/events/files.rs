//! Which files: patterns become [`Entry`] values, in the order of their names.
use super::error::ReadError;
use super::format::{Compression, Format};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// One file to read.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The path from the root, with `/`; `-` for standard input.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// How its rows are written.
    pub format: Format,
    /// What it is packed with.
    pub compression: Compression,
    /// Its size as stored.
    pub bytes: u64,
}

/// Returns the files of the patterns, each once, sorted by name.
///
/// # Errors
/// When a pattern is none, leads outside the root, or finds nothing, and when a file cannot be opened or is of no known
/// format.
pub(super) fn expand(root: &Path, patterns: &[String], format: Option<Format>) -> Result<Vec<Entry>, ReadError> {
    let mut names = BTreeSet::new();
    for pattern in patterns {
        let found = matches(root, pattern)?;
        if found.is_empty() {
            let message = format!("`{pattern}` matches no file; the path starts at the project's root");
            return Err(ReadError::new("", message));
        }
        names.extend(found);
    }
    names.iter().map(|name| entry(root, name, format)).collect()
}

fn matches(root: &Path, pattern: &str) -> Result<Vec<String>, ReadError> {
    let inside = !Path::new(pattern).is_absolute() && !pattern.split(['/', '\\']).any(|part| part == "..");
    if !inside {
        return Err(ReadError::new("", format!("`{pattern}` leads out of the project; data lies inside it")));
    }
    // A file of this very name is meant, whatever signs are in it.
    if pattern == "-" || root.join(pattern).is_file() {
        return Ok(vec![pattern.to_owned()]);
    }
    if !pattern.contains(['*', '?', '[', '{']) {
        return Ok(Vec::new());
    }
    let glob = globset::GlobBuilder::new(pattern).literal_separator(true).build();
    let glob = glob.map_err(|e| ReadError::new("", format!("`{pattern}` is no file pattern: {}", e.kind())))?;
    let mut found = Vec::new();
    let fixed: PathBuf = Path::new(pattern).components().take_while(|c| is_fixed(c)).collect();
    walk(root, &fixed, &glob.compile_matcher(), 0, &mut found);
    Ok(found)
}

fn is_fixed(part: &std::path::Component<'_>) -> bool {
    !part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{'])
}

/// Adds the files below `below` that match; unreadable folders hold none.
fn walk(root: &Path, below: &Path, glob: &globset::GlobMatcher, depth: usize, found: &mut Vec<String>) {
    let Ok(listing) = std::fs::read_dir(root.join(below)) else { return };
    for item in listing.flatten() {
        let path = below.join(item.file_name());
        let at = root.join(&path);
        if at.is_dir() && depth < 16 {
            walk(root, &path, glob, depth + 1, found);
        } else if at.is_file() && glob.is_match(&path) {
            found.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
}

fn entry(root: &Path, name: &str, format: Option<Format>) -> Result<Entry, ReadError> {
    let path = root.join(name);
    if name.to_ascii_lowercase().ends_with(".zip") {
        return Err(ReadError::new(name, "a zip archive is not read; unpack it, or pack each file with gzip or zstd"));
    }
    let asked = format.or_else(|| Format::of_name(name));
    let format = asked.ok_or_else(|| {
        ReadError::new(
            name,
            "cannot tell its format; name it `.csv`, `.tsv`, `.ndjson` or `.parquet`, or say `format:`",
        )
    })?;
    if name == "-" {
        let compression = Compression::Plain;
        return Ok(Entry { name: name.to_owned(), path, format, compression, bytes: 0 });
    }
    let real = |p: &Path| p.canonicalize().map_err(|e| cannot(name, &e));
    if !real(&path)?.starts_with(real(root)?) {
        return Err(ReadError::new(name, "leads out of the project through a link; data lies inside it"));
    }
    let mut file = File::open(&path).map_err(|e| cannot(name, &e))?;
    let bytes = file.metadata().map_err(|e| cannot(name, &e))?.len();
    let mut head = Vec::new();
    file.by_ref().take(4).read_to_end(&mut head).map_err(|e| cannot(name, &e))?;
    let compression = Compression::of(name, &head)?;
    Ok(Entry { name: name.to_owned(), path, format, compression, bytes })
}

/// Returns the error of a file that the system does not give.
pub(super) fn cannot(name: &str, cause: &std::io::Error) -> ReadError {
    ReadError::new(name, format!("cannot be read: {}", cause.to_string().to_lowercase()))
}

/// Returns the SHA-256 of a file in lower-case hexadecimal.
///
/// # Errors
/// When it cannot be read.
pub(super) fn sha256(entry: &Entry) -> Result<String, ReadError> {
    let mut file = File::open(&entry.path).map_err(|e| cannot(&entry.name, &e))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0_u8; 1 << 18];
    loop {
        let n = file.read(&mut buffer).map_err(|e| cannot(&entry.name, &e))?;
        match buffer.get(..n) {
            Some(part) if n > 0 => hash.update(part),
            _ => break,
        }
    }
    Ok(hex(&hash.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}
