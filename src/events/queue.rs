//! The parts of all files, handed out in order: [`Queue`].
use super::block::{Cut, Feed};
use super::csv;
use super::error::ReadError;
use super::files::Entry;
use super::format::{self, Format};
use super::ndjson::Keys;
use super::parquet::{Group, Sheet};
use super::reader::{EventReader, Part};
use super::rows::Text;
use std::sync::Arc;

/// How a text file's rows become the columns asked for.
#[derive(Debug)]
pub(super) enum Layout {
    Csv { separator: u8, wrapped: bool, width: usize, places: Vec<Option<usize>> },
    Json { keys: Keys },
}

/// Work for one worker.
pub(super) enum Job {
    /// A block of rows; its bytes lie in the worker's buffer.
    Text(Text),
    /// A row group of Parquet.
    Group(Group, Part),
}

impl Job {
    /// Returns which part it is.
    pub(super) fn part(&self) -> Part {
        match self {
            Job::Text(text) => text.part,
            Job::Group(_, part) => *part,
        }
    }
}

/// The file at hand.
enum Open {
    Text { feed: Feed, layout: Arc<Layout>, first: Text },
    Sheet(Sheet),
}

/// Hands out the parts in order. Reading and unpacking happen under its lock, decoding outside.
pub(super) struct Queue<'r> {
    reader: &'r EventReader,
    entry: usize,
    part: u64,
    open: Option<Open>,
    failed: Option<(usize, ReadError)>,
}

impl<'r> Queue<'r> {
    /// Returns the queue of all files of a reader.
    pub(super) fn new(reader: &'r EventReader) -> Self {
        Self { reader, entry: 0, part: 0, open: None, failed: None }
    }

    /// Returns the first failure, if there was one.
    pub(super) fn outcome(&mut self) -> Result<(), ReadError> {
        self.failed.take().map_or(Ok(()), |(_, error)| Err(error))
    }

    /// Notes a failure in a file; nothing more is handed out.
    pub(super) fn fail(&mut self, file: usize, error: ReadError) {
        if self.failed.as_ref().is_none_or(|(known, _)| file < *known) {
            self.failed = Some((file, error));
        }
    }

    /// Returns the next part; the bytes of a text lie in `block`.
    pub(super) fn next(&mut self, block: &mut Vec<u8>) -> Option<Job> {
        while self.failed.is_none() && self.entry < self.reader.entries.len() {
            match self.step(block) {
                Ok(Some(job)) => return Some(job),
                Ok(None) => {
                    self.open = None;
                    self.entry += 1;
                    self.part = 0;
                }
                Err(error) => self.fail(self.entry, error),
            }
        }
        None
    }

    fn step(&mut self, block: &mut Vec<u8>) -> Result<Option<Job>, ReadError> {
        let reader = self.reader;
        let Some(entry) = reader.entries.get(self.entry) else { return Ok(None) };
        if self.open.is_none() {
            self.open = Some(reader.open_entry(entry)?);
        }
        let part = Part { file: self.entry, part: self.part };
        self.part += 1;
        match &mut self.open {
            Some(Open::Text { feed, layout, first }) => {
                if !feed.next(block)? {
                    return Ok(None);
                }
                let rest = Text::new(Arc::clone(layout), part);
                let text = std::mem::replace(first, rest);
                Ok(Some(Job::Text(Text { part, last: feed.ended(), ..text })))
            }
            Some(Open::Sheet(sheet)) => Ok(sheet.next().map(|group| Job::Group(group, part))),
            None => Ok(None),
        }
    }
}

impl EventReader {
    fn open_entry(&self, entry: &Entry) -> Result<Open, ReadError> {
        match entry.format {
            Format::Parquet => Ok(Open::Sheet(Sheet::open(entry, &self.request)?)),
            Format::Ndjson => self.open_json(entry),
            Format::Csv | Format::Tsv => self.open_csv(entry),
        }
    }

    fn open_json(&self, entry: &Entry) -> Result<Open, ReadError> {
        let mut feed = Feed::open(entry, Cut::Lines)?;
        let head = feed.head()?;
        format::check_text(&entry.name, head)?;
        let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        match head.get(mark..).unwrap_or(&[]).trim_ascii_start().first() {
            None => return Err(ReadError::new(&entry.name, "is empty; one JSON object a line is read")),
            Some(b'[') if self.starts_array(head) => {
                let message = "is one JSON list; write one object a line (`jq -c '.[]'` does it)";
                return Err(ReadError::new(&entry.name, message));
            }
            Some(_) => feed.skip(mark),
        }
        let keys = Keys::new(self.request.columns.iter().map(|c| c.name.as_str()));
        let layout = Arc::new(Layout::Json { keys });
        let first = Text::new(Arc::clone(&layout), Part::default());
        Ok(Open::Text { feed, layout, first })
    }

    fn starts_array(&self, head: &[u8]) -> bool {
        let first = head.split(|b| *b == b'\n').find(|l| !l.trim_ascii().is_empty()).unwrap_or(&[]);
        first.trim_ascii() != b"[]"
    }

    fn open_csv(&self, entry: &Entry) -> Result<Open, ReadError> {
        let own = if entry.format == Format::Tsv { b'\t' } else { b',' };
        let separator = self.request.separator.unwrap_or(own);
        let mut feed = Feed::open(entry, Cut::Lines)?;
        let fail = |message: String| ReadError::new(&entry.name, message);
        let head = feed.head()?;
        format::check_text(&entry.name, head)?;
        let header = csv::header(head, separator).map_err(fail)?;
        let (places, absent) = self.places(&header.names, separator).map_err(fail)?;
        feed.skip(header.bytes);
        feed.cut = if header.wrapped { Cut::Lines } else { Cut::Rows(separator) };
        let note = "each line is one quoted cell that holds the whole row; the rows inside were read";
        let notes = if header.wrapped { vec![note.to_owned()] } else { Vec::new() };
        let layout = Layout::Csv { separator, wrapped: header.wrapped, width: header.names.len(), places };
        let layout = Arc::new(layout);
        let first = Text { lines: header.lines, absent, notes, ..Text::new(Arc::clone(&layout), Part::default()) };
        Ok(Open::Text { feed, layout, first })
    }

    /// Returns where each column asked for stands in the header, and those that are not there.
    fn places(&self, names: &[String], separator: u8) -> Result<(Vec<Option<usize>>, Vec<String>), String> {
        let (mut places, mut absent) = (Vec::new(), Vec::new());
        for column in &self.request.columns {
            let mut found = names.iter().enumerate().filter(|(_, n)| **n == column.name).map(|(i, _)| i);
            let place = found.next();
            if found.next().is_some() {
                return Err(format!("has two columns named `{}`", column.name));
            }
            if place.is_none() && column.required {
                return Err(missing(&column.name, names, separator));
            }
            if place.is_none() {
                absent.push(column.name.clone());
            }
            places.push(place);
        }
        Ok((places, absent))
    }
}

/// Returns the message about a column that is not there.
pub(super) fn missing(name: &str, names: &[String], separator: u8) -> String {
    let only = names.first().filter(|_| names.len() == 1);
    if let Some(sign) = only
        .and_then(|n| [';', '\t', '|', ','].into_iter().find(|s| n.contains(*s) && *s as u32 != u32::from(separator)))
    {
        let shown = if sign == '\t' { "\\t".to_owned() } else { sign.to_string() };
        return format!("seems to part its cells with `{shown}`; say `separator: \"{shown}\"` in the manifest");
    }
    let near = names.iter().min_by_key(|n| strsim::damerau_levenshtein(&n.trim().to_lowercase(), &name.to_lowercase()));
    let near =
        near.filter(|n| strsim::damerau_levenshtein(&n.trim().to_lowercase(), &name.to_lowercase()) <= name.len() / 3);
    let hint = near.map_or_else(String::new, |n| format!("; did you mean `{n}`"));
    let mut list = names.iter().take(12).map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    if names.len() > 12 {
        list.push_str(" and others");
    }
    format!("has no column `{name}`{hint}; its columns are {list}")
}
