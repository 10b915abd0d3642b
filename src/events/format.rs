//! How data is written down: [`Format`] and [`Compression`], by a file's name and first bytes.
use super::error::ReadError;

/// The form of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Cells with a separator; `,` unless said.
    Csv,
    /// Cells separated by tabs.
    Tsv,
    /// One JSON object a line.
    Ndjson,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// Returns the format of a word of the manifest.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "csv" => Some(Format::Csv),
            "tsv" | "tab" => Some(Format::Tsv),
            "ndjson" | "jsonl" | "json" => Some(Format::Ndjson),
            "parquet" | "pq" => Some(Format::Parquet),
            _ => None,
        }
    }

    /// Returns the format a file's name tells, compression endings aside.
    pub fn of_name(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let bare = [".gz", ".gzip", ".zst", ".zstd"].iter().find_map(|e| lower.strip_suffix(e)).unwrap_or(&lower);
        match bare.rsplit_once('.')?.1 {
            "txt" => Some(Format::Csv),
            ending => Self::parse(ending),
        }
    }
}

/// What the bytes are packed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Nothing.
    Plain,
    /// gzip, of one or more members.
    Gzip,
    /// zstd, of one or more frames.
    Zstd,
}

impl Compression {
    /// Returns the compression the first bytes tell.
    ///
    /// # Errors
    /// When the name promises one that the bytes do not keep, or when they are of a kind that is not read.
    pub fn of(name: &str, head: &[u8]) -> Result<Self, ReadError> {
        let lower = name.to_ascii_lowercase();
        if head.starts_with(b"PK\x03\x04") {
            return Err(ReadError::new(
                name,
                "a zip archive is not read; unpack it, or pack each file with gzip or zstd",
            ));
        }
        let found = match head {
            [0x1f, 0x8b, ..] => Compression::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Compression::Zstd,
            _ => Compression::Plain,
        };
        let promised = |ends: &[&str]| ends.iter().any(|e| lower.ends_with(e));
        match found {
            Compression::Plain if promised(&[".gz", ".gzip"]) => {
                Err(ReadError::new(name, "is not gzip, though its name says so; rename it or pack it again"))
            }
            Compression::Plain if promised(&[".zst", ".zstd"]) => {
                Err(ReadError::new(name, "is not zstd, though its name says so; rename it or pack it again"))
            }
            found => Ok(found),
        }
    }
}

/// Refuses what is not text in UTF-8, by its first bytes.
pub(super) fn check_text(name: &str, head: &[u8]) -> Result<(), ReadError> {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Err(ReadError::new(name, "is UTF-16; save it as UTF-8"));
    }
    if head.starts_with(b"PAR1") {
        return Err(ReadError::new(name, "is Parquet; name it `.parquet` or say `format: parquet`"));
    }
    let start = head.get(..4096).unwrap_or(head);
    if memchr::memchr(0, start.get(..256).unwrap_or(start)).is_some() {
        return Err(ReadError::new(
            name,
            "is not text; the formats read are CSV, TSV, NDJSON and Parquet, plain, gzip or zstd",
        ));
    }
    Ok(())
}
