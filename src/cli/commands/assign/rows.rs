//! Units from a file, one at a time: CSV or NDJSON, in constant memory.

use std::io::{BufRead, Read};

use serde_json::{Map, Value};

use crate::assign::{Attr, Attributes, IdProblem, id_from_json};
use crate::cli::Failure;

/// A record longer than this is no record but a quote that was never closed.
const LONGEST: u64 = 1 << 20;

/// How a cell of text is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// As text.
    Text,
    /// As a number; missing where it is none.
    Number,
    /// As true or false; missing where it is neither.
    Boolean,
    /// As a number or truth value where it looks like one, else as text.
    Guess,
}

/// One unit, as a file holds it.
pub(super) enum Row {
    /// Cells, in the order of the header.
    Cells(Vec<String>),
    /// The fields of an object.
    Fields(Map<String, Value>),
}

/// What stands in the rows of one file.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// The header's names with how their cells are read; empty for NDJSON.
    pub(super) names: Vec<(String, Kind)>,
}

/// A row with its names.
pub(super) struct Unit<'a> {
    pub(super) columns: &'a Columns,
    pub(super) row: &'a Row,
}

impl Columns {
    fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|(known, _)| known == name)
    }

    /// Returns the only column, if there is one only.
    pub(super) fn only(&self) -> Option<&str> {
        match self.names.as_slice() {
            [(name, _)] => Some(name),
            _ => None,
        }
    }

    /// Returns whether a unit of these rows can have that attribute.
    pub(super) fn may_have(&self, name: &str) -> bool {
        self.names.is_empty() || self.position(name).is_some()
    }
}

impl Unit<'_> {
    /// Calls `then` with the id that stands in that column, as written, or with what is wrong with it.
    pub(super) fn id<T>(&self, column: &str, then: impl FnOnce(Result<&str, IdProblem>) -> T) -> T {
        match self.row {
            Row::Cells(cells) => {
                let cell = self.columns.position(column).and_then(|at| cells.get(at));
                then(cell.map(String::as_str).filter(|cell| !cell.is_empty()).ok_or(IdProblem::Empty))
            }
            Row::Fields(fields) => match fields.get(column) {
                // Whether the characters will do is for the caller to say, who may encode them.
                Some(Value::String(text)) if !text.is_empty() => then(Ok(text)),
                other => {
                    let id = id_from_json(other.unwrap_or(&Value::Null));
                    then(id.as_deref().map_err(|problem| *problem))
                }
            },
        }
    }
}

impl Attributes for Unit<'_> {
    fn get(&self, name: &str, slot: usize) -> Attr<'_> {
        match self.row {
            Row::Fields(fields) => Attributes::get(fields, name, slot),
            Row::Cells(cells) => {
                let column = self.columns.position(name);
                let found = column.and_then(|at| Some((cells.get(at)?, self.columns.names.get(at)?.1)));
                found.map_or(Attr::Missing, |(cell, kind)| kind.read(cell))
            }
        }
    }
}

impl Kind {
    fn read(self, cell: &str) -> Attr<'_> {
        let number = || cell.parse().ok().filter(|n: &f64| n.is_finite()).map(Attr::Number);
        let truth = || match cell {
            "true" => Some(Attr::Bool(true)),
            "false" => Some(Attr::Bool(false)),
            _ => None,
        };
        match self {
            _ if cell.is_empty() => Attr::Missing,
            Self::Text => Attr::Text(cell),
            Self::Number => number().unwrap_or(Attr::Missing),
            Self::Boolean => truth().unwrap_or(Attr::Missing),
            Self::Guess => number().or_else(truth).unwrap_or(Attr::Text(cell)),
        }
    }
}

/// Reads rows, and knows where it is.
pub(super) struct Rows<'r> {
    input: Box<dyn BufRead + 'r>,
    separator: Option<u8>,
    /// The line that the last row ends on.
    pub(super) line: u64,
    record: Vec<u8>,
    pending: Option<Row>,
}

impl<'r> Rows<'r> {
    /// Returns the rows of a table, and its columns: those of the first line, or `only` where there is no header.
    pub(super) fn table(
        input: Box<dyn BufRead + 'r>,
        only: Option<&str>,
        kind: impl Fn(&str) -> Kind,
    ) -> Result<(Self, Columns), Failure> {
        let mut rows = Self { input, separator: Some(b','), line: 0, record: Vec::new(), pending: None };
        let (separator, first) = rows.first_line()?;
        rows.separator = Some(separator);
        let names = match only {
            None => first,
            Some(name) => {
                rows.pending = Some(Row::Cells(first));
                vec![name.to_owned()]
            }
        };
        let named = |name: String| (name.trim().to_owned(), kind(name.trim()));
        Ok((rows, Columns { names: names.into_iter().map(named).collect() }))
    }

    /// Returns the rows of a file of JSON objects, one a line.
    pub(super) fn objects(input: Box<dyn BufRead + 'r>) -> (Self, Columns) {
        let rows = Self { input, separator: None, line: 0, record: Vec::new(), pending: None };
        (rows, Columns::default())
    }

    /// Returns the separator that the first line uses most, and its cells.
    fn first_line(&mut self) -> Result<(u8, Vec<String>), Failure> {
        if !self.read_record()? {
            return Err(Failure::new("the file of units is empty").help("the first line names the columns"));
        }
        if let Some(text) = self.record.strip_prefix(b"\xef\xbb\xbf") {
            self.record = text.to_vec();
        }
        let count = |separator: u8| self.record.iter().filter(|&&byte| byte == separator).count();
        let separator = [b',', b'\t', b';'].into_iter().rev().max_by_key(|&s| count(s)).unwrap_or(b',');
        Ok((separator, self.cells(separator)?))
    }

    /// Returns the next row, or nothing at the end.
    pub(super) fn next(&mut self) -> Result<Option<Row>, Failure> {
        if let Some(row) = self.pending.take() {
            return Ok(Some(row));
        }
        loop {
            if !self.read_record()? {
                return Ok(None);
            }
            if !self.record.is_empty() {
                return self.row().map(Some);
            }
        }
    }

    fn row(&self) -> Result<Row, Failure> {
        match self.separator {
            Some(separator) => self.cells(separator).map(Row::Cells),
            None => serde_json::from_slice(&self.record)
                .map(Row::Fields)
                .map_err(|e| Failure::new(format!("line {} of the units is no JSON object: {e}", self.line))),
        }
    }

    /// Reads one record without its line end: one line, or several where a quote is open.
    fn read_record(&mut self) -> Result<bool, Failure> {
        self.record.clear();
        loop {
            let left = LONGEST.saturating_sub(self.record.len() as u64);
            let read = self.input.by_ref().take(left).read_until(b'\n', &mut self.record)?;
            if self.record.len() as u64 >= LONGEST {
                let line = self.line + 1;
                return Err(Failure::new(format!("line {line} of the units is longer than a megabyte"))
                    .help("a quote may be open that is never closed"));
            }
            self.line += u64::from(read > 0);
            if read == 0 || self.separator.is_none() || !self.quote_is_open() {
                break;
            }
        }
        let ended = !self.record.is_empty();
        while self.record.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            self.record.pop();
        }
        Ok(ended)
    }

    fn quote_is_open(&self) -> bool {
        self.record.iter().filter(|&&byte| byte == b'"').count() % 2 == 1
    }

    /// Returns the cells of the record (RFC 4180).
    fn cells(&self, separator: u8) -> Result<Vec<String>, Failure> {
        let text = std::str::from_utf8(&self.record)
            .map_err(|_| Failure::new(format!("line {} of the units is not UTF-8", self.line)))?;
        let separator = char::from(separator);
        if !text.contains('"') {
            return Ok(text.split(separator).map(str::to_owned).collect());
        }
        Ok(quoted_cells(text, separator))
    }
}

fn quoted_cells(text: &str, separator: char) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted || cell.is_empty() => quoted = !quoted,
            c if c == separator && !quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}
