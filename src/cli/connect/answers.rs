//! Answers in files: whoever can run the text of `export sql` anywhere can bring the answers back.
use super::{Ended, LARGEST, Take, Warehouse, too_large};
use crate::cli::Failure;
use crate::sql::{Query, Row};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// A folder of CSV files, `<name of the query>.csv` each, with a header.
pub(super) struct Answers {
    dialect: String,
    folder: PathBuf,
}

impl Answers {
    /// Returns the answers of `DIALECT:FOLDER`.
    pub(super) fn new(rest: &str, dir: &Path) -> Result<Self, Failure> {
        let missing =
            || Failure::new("which answers?").help("write `answers:DIALECT:FOLDER`, such as `answers:snowflake:got`");
        let (dialect, folder) = rest.split_once(':').ok_or_else(missing)?;
        Ok(Self { dialect: dialect.to_owned(), folder: dir.join(folder) })
    }
}

impl Warehouse for Answers {
    fn dialect(&self) -> &str {
        &self.dialect
    }

    fn run(&mut self, query: &Query, _: &str, take: Take<'_>) -> Result<(), Ended> {
        let path = self.folder.join(format!("{}.csv", query.name()));
        let file = File::open(&path).map_err(|e| {
            Failure::file("read", &path, &e)
                .help("run each query of `waypost export sql` and keep its answer as CSV there")
        })?;
        let mut from = BufReader::new(file);
        let mut bytes = Vec::new();
        let mut head = true;
        loop {
            record(&mut from, &mut bytes).map_err(|e| Failure::file("read", &path, &e))?;
            if bytes.is_empty() {
                return Ok(());
            }
            if bytes.len() >= LARGEST {
                return Err(too_large(query).into());
            }
            let row = row(&bytes).ok_or_else(|| Failure::new(format!("`{}` is no CSV", path.display())))?;
            if !std::mem::take(&mut head) {
                take(&row)?;
            }
        }
    }
}

/// Reads a record of CSV with the line breaks inside its quotes; nothing where the text ends.
fn record(from: &mut impl BufRead, bytes: &mut Vec<u8>) -> io::Result<()> {
    bytes.clear();
    let mut open = false;
    loop {
        let start = bytes.len();
        from.take(LARGEST as u64).read_until(b'\n', bytes)?;
        let more = bytes.get(start..).unwrap_or_default();
        open ^= more.iter().filter(|b| **b == b'"').count() % 2 == 1;
        if !open || more.is_empty() || bytes.len() >= LARGEST {
            return Ok(());
        }
    }
}

/// Returns the cells of a record of RFC 4180; empty ones are nothing. Nothing where a quote stays open.
fn row(record: &[u8]) -> Option<Row> {
    let text = std::str::from_utf8(record).ok()?;
    let text = text.strip_suffix('\n').map_or(text, |t| t.strip_suffix('\r').unwrap_or(t));
    let (mut row, mut cell) = (Row::new(), String::new());
    let (mut quoted, mut signs) = (false, text.chars().peekable());
    let end = |cell: &mut String| Some(std::mem::take(cell)).filter(|c| !c.is_empty());
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                signs.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(end(&mut cell)),
            sign => cell.push(sign),
        }
    }
    row.push(end(&mut cell));
    (!quoted).then_some(row)
}

#[cfg(test)]
mod tests {
    use super::{record, row};
    use crate::sql::Row;

    fn rows(text: &str) -> Option<Vec<Row>> {
        let (mut from, mut bytes, mut rows) = (text.as_bytes(), Vec::new(), Vec::new());
        loop {
            record(&mut from, &mut bytes).unwrap();
            if bytes.is_empty() {
                return Some(rows);
            }
            rows.push(row(&bytes)?);
        }
    }

    #[test]
    fn cells_are_read() {
        let text = |t: &str| Some(t.to_owned());
        assert_eq!(
            rows("a,b\r\n1,\n\"x,\"\"y\",2").unwrap(),
            [vec![text("a"), text("b")], vec![text("1"), None], vec![text("x,\"y"), text("2")]]
        );
        assert_eq!(rows("\"x\r\ny\",2\n").unwrap(), [vec![text("x\r\ny"), text("2")]]);
        assert_eq!(rows("\"a"), None);
    }
}
