//! What the data says of a journey, as tables: [`parts`] for the terminal, Markdown, HTML and CSV.
mod insight;
mod like;
mod parts;
mod write;

pub use insight::insights;
pub use like::like;
pub use parts::parts;
pub use write::{csv, html, markdown, text};

/// One analysis: a title, the rules in words, and tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// A short name, for anchors and for CSV.
    pub id: &'static str,
    /// What it is.
    pub title: String,
    /// The rules in words.
    pub rules: Vec<String>,
    /// The tables.
    pub tables: Vec<Table>,
}

/// A table of texts; the first column names the row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it is, where it needs a word.
    pub title: String,
    /// The heads of the columns.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// Sentences below it.
    pub notes: Vec<String>,
    /// The words that stand in the place of a number too small to show.
    pub hushed: Vec<String>,
}

impl Table {
    fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }
}
