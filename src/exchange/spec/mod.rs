//! Whole specs as JSON or YAML, schema `waypost/spec/1`, and back: nothing is lost, comments included.
//!
//! ```json
//! { "schema": "waypost/spec/1",
//!   "manifest": "name: guitar-shop\n",
//!   "files": [
//!     { "path": "people.journey",
//!       "content": [
//!         { "comment": "# Who travels." },
//!         { "blank": true },
//!         { "persona": ["maya", { "text": "Maya, the late beginner" }],
//!           "block": [
//!             { "share": ["35%"], "trailing": "# of last year's buyers" },
//!             { "evidence": [{ "text": "Beginners 2026" }], "inline": true,
//!               "block": [{ "kind": ["survey"] }, { "people": ["212"] }, { "on": ["2026-08-20"] }] }
//!           ] }
//!       ] }
//!   ] }
//! ```
//!
//! A statement is an object whose one own key is its keyword, with its arguments in order. An argument is a string as the
//! language writes it (`"35%"`, `"order-paid.revenue"`, `">="`, `"+3"`), but for a text in quotes, which is
//! `{ "text": … }` or, over several lines, `{ "block_text": … }`, and a comment between arguments, `{ "comment": … }`.
//! Besides, a statement may have a `block`, `inline` where the block stands on one line, and the comments behind its
//! opening brace (`opening`) and behind itself (`trailing`).

mod read;
mod serial;
mod write;

pub use write::write;

/// The schema's name and version.
pub const SCHEMA: &str = "waypost/spec/1";

/// Keys of a statement that are no keyword.
pub const RESERVED: &[&str] = &["blank", "block", "comment", "inline", "opening", "trailing"];

/// A whole project, as it stands in one JSON or YAML file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// [`SCHEMA`]
    pub schema: String,
    /// The text of `waypost.yaml`, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<String>,
    /// The `.journey` files.
    pub files: Vec<SpecFile>,
}

/// One `.journey` file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecFile {
    /// Its path, relative to the manifest, with `/` between folders.
    pub path: String,
    /// What stands in it, in order.
    pub content: Vec<Part>,
}

/// One thing in a file or a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// An empty line.
    Blank,
    /// A comment on a line of its own, `#` included.
    Comment(String),
    /// A statement.
    Statement(Box<Said>),
}

/// A statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Its first word.
    pub keyword: String,
    /// Its arguments, commas and parentheses included.
    pub arguments: Vec<Argument>,
    /// Whether its block stands on one line.
    pub inline: bool,
    /// The comment behind the opening brace, `#` included.
    pub opening: Option<String>,
    /// What stands in its block, if it has one.
    pub block: Option<Vec<Part>>,
    /// The comment behind it, `#` included.
    pub trailing: Option<String>,
}

/// One argument, or a mark between arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A name, number, percentage, date, time, emoji, operator, comma or parenthesis, as the language writes it.
    Plain(String),
    /// A text on one line, without its quotes.
    Text(String),
    /// A text of several lines.
    BlockText(String),
    /// A comment between arguments, `#` included.
    Comment(String),
}

impl Argument {
    /// Returns what is written, without its marks.
    pub fn words(&self) -> &str {
        match self {
            Argument::Plain(text) | Argument::Text(text) | Argument::BlockText(text) | Argument::Comment(text) => text,
        }
    }
}

/// The formats of a spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON
    Json,
    /// YAML
    Yaml,
}

impl Spec {
    /// Returns the text of the spec, ended by a line feed.
    ///
    /// # Errors
    /// Never for a spec made by [`write()`].
    pub fn text(&self, format: Format) -> Result<String, String> {
        match format {
            Format::Json => serde_json::to_string_pretty(self).map(|t| t + "\n").map_err(|e| e.to_string()),
            Format::Yaml => serde_yaml::to_string(self).map_err(|e| e.to_string()),
        }
    }
}
