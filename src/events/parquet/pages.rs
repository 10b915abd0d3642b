//! One column of one row group, page by page: [`Chunk`] gives [`Run`]s of rows.
//!
//! ```text
//! pages, unpacked by the parquet crate ─► levels: which rows have a value ─► codes into the dictionary │ plain bytes
//! ```
use super::runs::Runs;
use ::parquet::basic::{Encoding, Type};
use ::parquet::column::page::{Page, PageReader};
use ::parquet::file::metadata::RowGroupMetaData;
use ::parquet::file::serialized_reader::SerializedPageReader;
use std::fs::File;
use std::sync::Arc;

/// Rows that follow each other and are stored alike.
pub(super) enum Run<'c> {
    /// So many rows without a value.
    Nulls(usize),
    /// Codes into the dictionary, one a row; of truth values, 0 and 1.
    Codes(&'c [u32]),
    /// Texts: the bytes, where each starts and ends in them, and whether all are surely good: none is empty, and none has
    /// a zero byte or one above 127.
    Texts(&'c [u8], &'c [(u32, u32)], bool),
    /// Numbers of a fixed width, one behind the other.
    Fixed(&'c [u8]),
}

impl Run<'_> {
    /// Returns how many rows they are; `width` is that of fixed numbers.
    pub(super) fn rows(&self, width: usize) -> usize {
        match self {
            Run::Nulls(count) => *count,
            Run::Codes(codes) => codes.len(),
            Run::Texts(_, spans, _) => spans.len(),
            Run::Fixed(bytes) => bytes.len() / width.max(1),
        }
    }
}

/// The values that codes stand for.
pub(super) struct Dictionary {
    page: Page,
    spans: Vec<(u32, u32)>,
}

impl Dictionary {
    /// Returns the word of a code.
    pub(super) fn word(&self, code: u32) -> Option<&[u8]> {
        let (from, to) = self.spans.get(code as usize)?;
        self.page.buffer().get(*from as usize..*to as usize)
    }

    /// Returns the texts, or the bytes of the fixed-width numbers, in the order of their codes.
    pub(super) fn values(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        let bytes: &[u8] = self.page.buffer();
        self.spans.iter().map(|(from, to)| bytes.get(*from as usize..*to as usize).unwrap_or(&[]))
    }
}

/// How the values of the page at hand are stored.
enum Values {
    None,
    Codes(Runs),
    Plain(usize),
}

/// One column of one row group.
pub(super) struct Chunk {
    reader: SerializedPageReader<File>,
    physical: Type,
    /// The level of a row that has a value; 0 where all have.
    full: u32,
    pub(super) dictionary: Option<Dictionary>,
    page: Option<Page>,
    /// Rows left of the page.
    left: usize,
    levels: Option<Runs>,
    values: Values,
    codes: Vec<u32>,
    spans: Vec<(u32, u32)>,
}

/// Returns whether a column of a row group is stored as [`Chunk`] reads it.
#[allow(deprecated, reason = "old writers still list BIT_PACKED, of levels they do not write")]
pub(super) fn fits(group: &RowGroupMetaData, column: usize) -> bool {
    use Encoding::{BIT_PACKED, PLAIN, PLAIN_DICTIONARY, RLE, RLE_DICTIONARY};
    let meta = group.column(column);
    let known = |e: Encoding| [PLAIN, RLE, RLE_DICTIONARY, BIT_PACKED].contains(&e) || e == PLAIN_DICTIONARY;
    let flat = meta.column_descr().max_rep_level() == 0;
    let physical = matches!(meta.column_type(), t if t == Type::BYTE_ARRAY || t == Type::BOOLEAN || width(t).is_some());
    flat && physical && meta.encodings().all(known)
}

fn width(physical: Type) -> Option<usize> {
    match physical {
        Type::INT32 | Type::FLOAT => Some(4),
        Type::INT64 | Type::DOUBLE => Some(8),
        _ => None,
    }
}

impl Chunk {
    /// Opens a column of a row group, up to its first page of rows.
    ///
    /// # Errors
    /// The cause, when the file is broken.
    pub(super) fn open(file: &Arc<File>, group: &RowGroupMetaData, column: usize) -> Result<Self, String> {
        let meta = group.column(column);
        let rows = usize::try_from(group.num_rows()).unwrap_or(0);
        let reader = SerializedPageReader::new(Arc::clone(file), meta, rows, None).map_err(|e| e.to_string())?;
        let mut chunk = Self {
            reader,
            physical: meta.column_type(),
            full: u32::try_from(meta.column_descr().max_def_level()).unwrap_or(0),
            dictionary: None,
            page: None,
            left: 0,
            levels: None,
            values: Values::None,
            codes: Vec::new(),
            spans: Vec::new(),
        };
        if rows > 0 {
            chunk.turn()?;
        }
        Ok(chunk)
    }

    /// Returns the next rows, at least one and at most `most`.
    ///
    /// # Errors
    /// The cause, when the file is broken.
    pub(super) fn next(&mut self, most: usize) -> Result<Run<'_>, String> {
        while self.left == 0 {
            self.turn()?;
        }
        let short = || "a page ends too early".to_owned();
        let bytes: &[u8] = self.page.as_ref().map_or(&[], |p| p.buffer());
        let most = most.min(self.left);
        let (level, count) = match &mut self.levels {
            Some(levels) => levels.equal(bytes, most).ok_or_else(short)?,
            None => (self.full, most),
        };
        self.left -= count;
        if level != self.full {
            return Ok(Run::Nulls(count));
        }
        match &mut self.values {
            Values::Codes(runs) => {
                self.codes.clear();
                runs.fill(bytes, count, &mut self.codes).ok_or_else(short)?;
                Ok(Run::Codes(&self.codes))
            }
            Values::Plain(at) => match width(self.physical) {
                Some(width) => {
                    let from = *at;
                    *at += width * count;
                    Ok(Run::Fixed(bytes.get(from..*at).ok_or_else(short)?))
                }
                None => {
                    self.spans.clear();
                    let from = *at;
                    *at = texts(bytes, from, count, &mut self.spans).ok_or_else(short)?;
                    Ok(Run::Texts(bytes, &self.spans, are_tidy(bytes.get(from..*at).unwrap_or(&[]), &self.spans)))
                }
            },
            Values::None => Err(short()),
        }
    }

    /// Goes to the next page of rows.
    fn turn(&mut self) -> Result<(), String> {
        loop {
            // The page before is given back first, so that only one is held.
            self.page = None;
            let page = self.reader.get_next_page().map_err(|e| e.to_string())?;
            let page = page.ok_or("a column ends too early")?;
            if page.is_dictionary_page() {
                self.dictionary = Some(self.dictionary_of(page).ok_or("a dictionary ends too early")?);
                continue;
            }
            self.left = page.num_values() as usize;
            let at = self.levels_of(&page).ok_or("the levels of a page are in a form that is not read")?;
            self.values = self.values_of(&page, at).ok_or("a page is in a form that is not read")?;
            self.page = Some(page);
            return Ok(());
        }
    }

    fn dictionary_of(&self, page: Page) -> Option<Dictionary> {
        let bytes: &[u8] = page.buffer();
        let count = page.num_values();
        let mut spans = Vec::with_capacity(count as usize);
        match width(self.physical) {
            Some(width) => {
                let width = u32::try_from(width).ok()?;
                spans.extend((0..count).map(|n| (n * width, n * width + width)));
                (bytes.len() >= count as usize * width as usize).then_some(())?;
            }
            None => drop(texts(bytes, 0, count as usize, &mut spans)?),
        }
        Some(Dictionary { page, spans })
    }

    /// Finds the levels of a page; returns where its values start.
    fn levels_of(&mut self, page: &Page) -> Option<usize> {
        let bits = u32::BITS - self.full.leading_zeros();
        self.levels = None;
        match page {
            Page::DataPage { buf, def_level_encoding, .. } if self.full > 0 => {
                (*def_level_encoding == Encoding::RLE).then_some(())?;
                let length = u32::from_le_bytes(*buf.first_chunk::<4>()?) as usize;
                let end = length.checked_add(4).filter(|e| *e <= buf.len())?;
                self.levels = Some(Runs::new(4, end, bits)?);
                Some(end)
            }
            Page::DataPageV2 { buf, def_levels_byte_len, rep_levels_byte_len, .. } => {
                let start = *rep_levels_byte_len as usize;
                let end = start.checked_add(*def_levels_byte_len as usize).filter(|e| *e <= buf.len())?;
                if self.full > 0 {
                    self.levels = Some(Runs::new(start, end, bits)?);
                }
                Some(end)
            }
            _ => Some(0),
        }
    }

    fn values_of(&self, page: &Page, at: usize) -> Option<Values> {
        let bytes: &[u8] = page.buffer();
        match (page.encoding(), self.physical) {
            (Encoding::PLAIN, Type::BOOLEAN) => Some(Values::Codes(Runs::bits(at, bytes.len()))),
            (Encoding::PLAIN, _) => Some(Values::Plain(at)),
            (Encoding::RLE, Type::BOOLEAN) => Some(Values::Codes(Runs::new(at.checked_add(4)?, bytes.len(), 1)?)),
            (Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY, _) => {
                // Where no row has a value, the width is left out as well.
                let width = bytes.get(at).copied().map_or(0, u32::from);
                let from = bytes.len().min(at + 1);
                Some(Values::Codes(Runs::new(from, bytes.len(), width)?))
            }
            _ => None,
        }
    }
}

/// Notes where `count` texts lie, each behind its length; returns the place behind them.
fn texts(bytes: &[u8], mut at: usize, count: usize, spans: &mut Vec<(u32, u32)>) -> Option<usize> {
    u32::try_from(bytes.len()).ok()?;
    spans.reserve(count.min(bytes.len() / 4));
    for _ in 0..count {
        let length = u32::from_le_bytes(*bytes.get(at..)?.first_chunk::<4>()?) as usize;
        let (from, to) = (at + 4, at + 4 + length);
        at = to;
        spans.push((from as u32, to as u32));
    }
    (at <= bytes.len()).then_some(at)
}

/// Returns whether stored texts are surely good, at the price of one look over all their bytes.
///
/// The lengths between them are looked over as well: one of 1 to 127 is a good byte and three zeros, so more zeros than
/// that lie inside a text.
fn are_tidy(stored: &[u8], spans: &[(u32, u32)]) -> bool {
    let short = spans.iter().fold(true, |all, (from, to)| all & (1..128).contains(&(to - from)));
    short && stored.is_ascii() && memchr::memchr_iter(0, stored).count() == 3 * spans.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidy_texts_are_told_by_one_look() {
        let tidy = |all: &[&[u8]]| {
            let mut bytes = vec![b'!'];
            for text in all {
                bytes.extend((text.len() as u32).to_le_bytes());
                bytes.extend(*text);
            }
            let mut spans = Vec::new();
            let end = texts(&bytes, 1, all.len(), &mut spans).unwrap();
            assert!(all.iter().zip(&spans).all(|(t, (a, b))| **t == bytes[*a as usize..*b as usize]));
            are_tidy(&bytes[1..end], &spans)
        };
        assert!(tidy(&[]) && tidy(&[b"a"]) && tidy(&[b"a1", &[b'x'; 127]]));
        let bad: [&[u8]; 6] = [b"", b"a\0", b"\0", "ä".as_bytes(), &[b'x'; 128], &[b'x'; 300]];
        for text in bad {
            assert!(!tidy(&[text]) && !tidy(&[b"good", text, b"good"]), "{text:?}");
        }
    }
}
