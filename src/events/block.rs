//! A stream of text becomes blocks of whole rows: [`Feed`].
use super::csv;
use super::error::ReadError;
use super::files::{Entry, cannot};
use super::format::Compression;
use std::fs::File;
use std::io::Read;

/// Bytes of a block, about.
const BLOCK: usize = 4 << 20;
/// Bytes a single row may have.
const LONGEST: usize = 64 << 20;

/// Where a block may be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// Behind any line end.
    Lines,
    /// Behind a line end outside quotes; the separator tells where a quote opens.
    Rows(u8),
}

impl Cut {
    /// Returns the end of the last whole row.
    fn last_end(self, bytes: &[u8]) -> Option<usize> {
        match self {
            Cut::Rows(separator) => outside_quotes(bytes).or_else(|| csv::last_row_end(bytes, separator)),
            Cut::Lines => memchr::memrchr(b'\n', bytes).map(|at| at + 1),
        }
    }
}

/// Returns the end of the last line, where as many quotes open as close before it: then it lies outside of them.
fn outside_quotes(bytes: &[u8]) -> Option<usize> {
    let end = memchr::memrchr(b'\n', bytes)? + 1;
    let before = memchr::memchr_iter(b'"', bytes.get(..end)?).count();
    before.is_multiple_of(2).then_some(end)
}

/// Reads a file of text from its start to its end.
pub(super) struct Feed {
    name: String,
    stream: Box<dyn Read + Send>,
    rest: Vec<u8>,
    ended: bool,
    /// How blocks are cut; set once the header is known.
    pub(super) cut: Cut,
}

impl Feed {
    /// Opens a file, unpacking it on the way.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(super) fn open(entry: &Entry, cut: Cut) -> Result<Self, ReadError> {
        let fail = |e: std::io::Error| cannot(&entry.name, &e);
        let raw: Box<dyn Read + Send> = match entry.name.as_str() {
            "-" => Box::new(std::io::stdin()),
            _ => Box::new(File::open(&entry.path).map_err(fail)?),
        };
        let stream: Box<dyn Read + Send> = match entry.compression {
            Compression::Plain => raw,
            Compression::Gzip => {
                Box::new(flate2::bufread::MultiGzDecoder::new(std::io::BufReader::with_capacity(1 << 18, raw)))
            }
            Compression::Zstd => Box::new(zstd::stream::read::Decoder::new(raw).map_err(fail)?),
        };
        Ok(Self { name: entry.name.clone(), stream, rest: Vec::new(), ended: false, cut })
    }

    /// Returns whether the last block was the file's last.
    pub(super) fn ended(&self) -> bool {
        self.ended && self.rest.is_empty()
    }

    /// Returns the first bytes, at least one whole line where there is one, without taking them.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) fn head(&mut self) -> Result<&[u8], ReadError> {
        let mut rest = std::mem::take(&mut self.rest);
        while !self.ended && rest.len() < LONGEST && (rest.len() < 1 << 16 || memchr::memchr(b'\n', &rest).is_none()) {
            self.read(&mut rest, 1 << 16)?;
        }
        self.rest = rest;
        Ok(&self.rest)
    }

    /// Drops the first `count` bytes of [`Feed::head`].
    pub(super) fn skip(&mut self, count: usize) {
        self.rest.drain(..count.min(self.rest.len()));
    }

    /// Fills `block` with whole rows; returns whether there were any.
    ///
    /// # Errors
    /// When the file cannot be read, its packing is broken, or a row has no end.
    pub(super) fn next(&mut self, block: &mut Vec<u8>) -> Result<bool, ReadError> {
        block.clear();
        block.append(&mut self.rest);
        let mut wanted = BLOCK;
        loop {
            while !self.ended && block.len() < wanted {
                self.read(block, wanted - block.len())?;
            }
            if self.ended {
                return Ok(!block.is_empty());
            }
            if let Some(end) = self.cut.last_end(block) {
                self.rest.extend_from_slice(block.get(end..).unwrap_or(&[]));
                block.truncate(end);
                return Ok(true);
            }
            if block.len() >= LONGEST {
                return Err(ReadError::new(&self.name, "a row has more than 64 MB; perhaps a quote is never closed"));
            }
            wanted = block.len() * 2;
        }
    }

    fn read(&mut self, into: &mut Vec<u8>, count: usize) -> Result<(), ReadError> {
        let before = into.len();
        into.reserve(count);
        let part = (&mut self.stream).take(count as u64).read_to_end(into);
        part.map_err(|e| cannot(&self.name, &e))?;
        self.ended = into.len() == before;
        Ok(())
    }
}
