//! CSV and TSV: rows and cells between separators, quotes as RFC 4180 has them.
use super::column::Cell;
use super::ledger::Reject;

/// What a file's header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// The names of the columns.
    pub(super) names: Vec<String>,
    /// Each line is one quoted cell that holds the whole row.
    pub(super) wrapped: bool,
    /// Bytes of the header line, byte order mark and blank lines before it included.
    pub(super) bytes: usize,
    /// Lines of it.
    pub(super) lines: u64,
}

/// Returns the header of a file's first bytes, or why there is none.
pub(super) fn header(head: &[u8], separator: u8) -> Result<Header, String> {
    let start = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let blank = head.get(start..).unwrap_or(&[]).iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    let text = head.get(start + blank..).unwrap_or(&[]);
    if text.is_empty() {
        return Err("is empty; a header with the names of the columns comes first".to_owned());
    }
    let end = row_end(text, separator).unwrap_or(text.len());
    let line = text.get(..end).unwrap_or(&[]);
    let first = memchr::memchr2(b'\r', b'\n', text).unwrap_or(text.len());
    if text.get(first) == Some(&b'\r') && text.get(first + 1) != Some(&b'\n') {
        return Err("has carriage returns as line ends, as old Macs wrote them; convert them to line feeds".to_owned());
    }
    let mut fields = Fields::default();
    fields.split(line, separator).map_err(|_| "its header has a quote in the wrong place".to_owned())?;
    let mut names = fields.names(line)?;
    let wrapped = names.len() == 1 && names.iter().any(|n| n.as_bytes().contains(&separator));
    if wrapped && let Some(inner) = names.pop() {
        fields
            .split(inner.as_bytes(), separator)
            .map_err(|_| "its header has a quote in the wrong place".to_owned())?;
        names = fields.names(inner.as_bytes())?;
    }
    let lines = memchr::memchr_iter(b'\n', head.get(..start + blank + end).unwrap_or(&[])).count() as u64;
    Ok(Header { names, wrapped, bytes: start + blank + end, lines })
}

/// Returns the end of the first row, its line end included; nothing when the row does not end.
fn row_end(bytes: &[u8], separator: u8) -> Option<usize> {
    let mut at = 0;
    loop {
        // A cell starts here.
        if bytes.get(at) == Some(&b'"') {
            at = closing_quote(bytes, at + 1)? + 1;
        }
        at += memchr::memchr2(separator, b'\n', bytes.get(at..)?)?;
        if bytes.get(at) == Some(&b'\n') {
            return Some(at + 1);
        }
        at += 1;
    }
}

/// Returns the place of the quote that closes a cell whose text starts at `at`.
fn closing_quote(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr::memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// Returns the end of the last whole row of bytes that start with a row.
pub(super) fn last_row_end(bytes: &[u8], separator: u8) -> Option<usize> {
    let mut end = None;
    let mut at = 0;
    while let Some(length) = bytes.get(at..).and_then(|rest| row_end(rest, separator)) {
        at += length;
        end = Some(at);
    }
    end
}

/// One cell of a row: where its text is, and whether quotes inside it are doubled.
#[derive(Clone, Copy, Debug, Default)]
struct Field {
    start: usize,
    end: usize,
    doubled: bool,
}

/// The cells of the row at hand.
#[derive(Debug, Default)]
pub(super) struct Fields {
    fields: Vec<Field>,
    /// Texts whose doubled quotes were halved.
    halved: Vec<(usize, Vec<u8>)>,
}

impl Fields {
    /// Takes the cells of one row with its line end, if it has one.
    ///
    /// # Errors
    /// [`Reject::StrayQuote`].
    pub(super) fn split(&mut self, row: &[u8], separator: u8) -> Result<(), Reject> {
        self.fields.clear();
        self.halved.clear();
        let row = row.strip_suffix(b"\n").unwrap_or(row);
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        let mut at = 0;
        loop {
            let field = match row.get(at) {
                Some(b'"') => quoted(row, at + 1)?,
                _ => bare(row, at, separator)?,
            };
            if field.doubled {
                let text = row.get(field.start..field.end).unwrap_or(&[]);
                self.halved.push((self.fields.len(), halve(text)));
            }
            self.fields.push(field);
            at = field.end + usize::from(row.get(at) == Some(&b'"'));
            match row.get(at) {
                None => return Ok(()),
                Some(b) if *b == separator => at += 1,
                Some(_) => return Err(Reject::StrayQuote),
            }
        }
    }

    /// Returns how many cells the row has.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Returns the cell at `index` of the row that was split.
    pub(super) fn cell<'a>(&'a self, row: &'a [u8], index: usize) -> Cell<'a> {
        Cell::text(self.bytes(row, index))
    }

    fn bytes<'a>(&'a self, row: &'a [u8], index: usize) -> &'a [u8] {
        let Some(field) = self.fields.get(index) else { return &[] };
        match self.halved.iter().find(|(i, _)| field.doubled && *i == index) {
            Some((_, text)) => text,
            None => row.get(field.start..field.end).unwrap_or(&[]),
        }
    }

    fn names(&self, row: &[u8]) -> Result<Vec<String>, String> {
        let name = |i| String::from_utf8(self.bytes(row, i).to_vec());
        (0..self.len())
            .map(name)
            .collect::<Result<_, _>>()
            .map_err(|_| "its header is not UTF-8; save it as UTF-8".to_owned())
    }
}

fn quoted(row: &[u8], start: usize) -> Result<Field, Reject> {
    let end = closing_quote(row, start).ok_or(Reject::StrayQuote)?;
    let doubled = memchr::memchr(b'"', row.get(start..end).unwrap_or(&[])).is_some();
    Ok(Field { start, end, doubled })
}

fn bare(row: &[u8], start: usize, separator: u8) -> Result<Field, Reject> {
    let rest = row.get(start..).unwrap_or(&[]);
    let length = memchr::memchr(separator, rest).unwrap_or(rest.len());
    if memchr::memchr(b'"', rest.get(..length).unwrap_or(&[])).is_some() {
        return Err(Reject::StrayQuote);
    }
    Ok(Field { start, end: start + length, doubled: false })
}

fn halve(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&b) = text.get(at) {
        out.push(b);
        at += if b == b'"' { 2 } else { 1 };
    }
    out
}

/// Calls `each` with every row of a block and the place it starts at; blank lines are no rows.
pub(super) fn rows<'a>(block: &'a [u8], separator: u8, wrapped: bool, mut each: impl FnMut(usize, &'a [u8])) {
    let simple = wrapped || memchr::memchr(b'"', block).is_none();
    let mut at = 0;
    while let Some(rest) = block.get(at..).filter(|r| !r.is_empty()) {
        let end = if simple { memchr::memchr(b'\n', rest).map(|i| i + 1) } else { row_end(rest, separator) };
        let end = end.unwrap_or(rest.len());
        let row = rest.get(..end).unwrap_or(&[]);
        if !matches!(row, b"\n" | b"\r\n" | b"\r") {
            each(at, row);
        }
        at += end;
    }
}

/// Returns the row inside a line that is one quoted cell; a line that is none, as it is.
pub(super) fn unwrap<'a>(line: &'a [u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
    let bare = line.strip_suffix(b"\n").unwrap_or(line);
    let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
    match bare.strip_prefix(b"\"").and_then(|b| b.strip_suffix(b"\"")) {
        Some(inner) if memchr::memchr(b'"', inner).is_some() => {
            *scratch = halve(inner);
            scratch
        }
        Some(inner) => inner,
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(row: &[u8]) -> Result<Vec<String>, Reject> {
        let mut fields = Fields::default();
        fields.split(row, b',')?;
        Ok((0..fields.len()).map(|i| String::from_utf8(fields.bytes(row, i).to_vec()).unwrap()).collect())
    }

    #[test]
    fn cells_and_quotes() {
        assert_eq!(cells(b"a,b,c\r\n").unwrap(), ["a", "b", "c"]);
        assert_eq!(cells(b"a,,\n").unwrap(), ["a", "", ""]);
        assert_eq!(cells(b"\"a,b\",\"say \"\"hi\"\"\",\"x\r\ny\"\n").unwrap(), ["a,b", "say \"hi\"", "x\r\ny"]);
        assert_eq!(cells(b"\"\"\n").unwrap(), [""]);
        assert_eq!(cells(b"a,u\"1,c\n"), Err(Reject::StrayQuote));
        assert_eq!(cells(b"a,\"b\"x,c\n"), Err(Reject::StrayQuote));
        assert_eq!(cells(b"a,\"b\n"), Err(Reject::StrayQuote));
    }

    #[test]
    fn rows_end_outside_quotes() {
        let block = b"a,b\n\"x\ny\",1\n\nc,d\n";
        let mut seen = Vec::new();
        rows(block, b',', false, |at, row| seen.push((at, String::from_utf8(row.to_vec()).unwrap())));
        let rows: Vec<_> = seen.iter().map(|(at, r)| (*at, r.as_str())).collect();
        assert_eq!(rows, [(0, "a,b\n"), (4, "\"x\ny\",1\n"), (13, "c,d\n")]);
        assert_eq!(last_row_end(b"a,b\n\"x\ny", b','), Some(4));
    }

    #[test]
    fn headers() {
        let read = |text: &[u8]| header(text, b',');
        assert_eq!(read(b"\xef\xbb\xbfa,b\r\n1,2\r\n").unwrap().names, ["a", "b"]);
        let wrapped = read(b"\"a,b\"\n\"1,2\"\n").unwrap();
        assert!(wrapped.wrapped);
        assert_eq!((wrapped.names, wrapped.bytes, wrapped.lines), (vec!["a".to_owned(), "b".to_owned()], 6, 1));
        assert!(read(b"").unwrap_err().contains("empty"));
        assert!(read(b"a,b\r1,2\r").unwrap_err().contains("carriage"));
    }
}
