//! Answers in files: whoever can run the text of `export sql` anywhere can bring the answers back.
use super::{Ended, Take, Warehouse};
use crate::cli::Failure;
use crate::sql::{Query, Row};
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
        let text = std::fs::read_to_string(&path).map_err(|e| {
            Failure::file("read", &path, &e)
                .help("run each query of `waypost export sql` and keep its answer as CSV there")
        })?;
        let rows = rows(&text).ok_or_else(|| Failure::new(format!("`{}` is no CSV", path.display())))?;
        Ok(rows.iter().skip(1).try_for_each(take)?)
    }
}

/// Returns the rows of a CSV text of RFC 4180; empty cells are nothing. Nothing where a quote stays open.
fn rows(text: &str) -> Option<Vec<Row>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Row::new(), String::new());
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
            '\r' if !quoted => (),
            '\n' if !quoted => {
                row.push(end(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            sign => cell.push(sign),
        }
    }
    if !row.is_empty() || !cell.is_empty() {
        row.push(end(&mut cell));
        rows.push(row);
    }
    (!quoted).then_some(rows)
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn cells_are_read() {
        let text = |t: &str| Some(t.to_owned());
        assert_eq!(
            rows("a,b\r\n1,\n\"x,\"\"y\",2").unwrap(),
            [vec![text("a"), text("b")], vec![text("1"), None], vec![text("x,\"y"), text("2")]]
        );
        assert_eq!(rows("\"a"), None);
    }
}
