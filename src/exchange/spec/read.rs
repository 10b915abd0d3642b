//! A spec to the text of its files, proved to say the same.

use super::write::parts;
use super::{Argument, Format, Part, SCHEMA, Said, Spec, SpecFile};
use crate::diagnostic::Diagnostic;
use crate::exchange::quoted;
use crate::source::{SourceId, Span};
use crate::syntax;
use std::fmt::Write;

/// The largest spec read, in bytes.
const LARGEST: usize = 64 << 20;

impl Spec {
    /// Returns the spec of a JSON or YAML text.
    ///
    /// # Errors
    /// The finding that says what is wrong with it, and where.
    pub fn read(source: SourceId, text: &str, format: Format) -> Result<Spec, Box<Diagnostic>> {
        let top = Span::new(source, 0, 0);
        if text.len() > LARGEST {
            return Err(Box::new(Diagnostic::error("spec-schema", top, "this spec is larger than 64 MB")));
        }
        let (message, at) = match format {
            Format::Json => match serde_json::from_str::<Spec>(text) {
                Ok(spec) => return spec.of_this_schema(top),
                Err(error) => (error.to_string(), line_start(text, error.line())),
            },
            Format::Yaml => match serde_yaml::from_str::<Spec>(text) {
                Ok(spec) => return spec.of_this_schema(top),
                Err(error) => (error.to_string(), error.location().map_or(0, |l| line_start(text, l.line()))),
            },
        };
        let plain = message.split(" at line ").next().unwrap_or(&message).replace("field", "key");
        let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |n| at + n);
        let finding = Diagnostic::error("spec-schema", Span::new(source, at, end), plain);
        Err(Box::new(finding.help("the form is described in `docs/exchange.md`")))
    }

    fn of_this_schema(self, top: Span) -> Result<Spec, Box<Diagnostic>> {
        if self.schema == SCHEMA {
            return Ok(self);
        }
        let message = format!("the schema `{}` is not known", self.schema);
        Err(Box::new(Diagnostic::error("spec-schema", top, message).help(format!("this program reads `{SCHEMA}`"))))
    }

    /// Returns the paths and formatted texts of the spec's files.
    ///
    /// # Errors
    /// A finding for each file that would not say what the spec says, and for each path that leads out of the project.
    pub fn files(&self, source: SourceId) -> Result<Vec<(String, String)>, Vec<Diagnostic>> {
        let (mut files, mut findings) = (Vec::new(), Vec::new());
        for file in &self.files {
            let read = safe_path(&file.path).and_then(|()| file.text()).map(|text| (file.path.clone(), text));
            match read {
                Ok(pair) => files.push(pair),
                Err(message) => findings.push(Diagnostic::error("spec-not-faithful", Span::new(source, 0, 0), message)),
            }
        }
        if findings.is_empty() { Ok(files) } else { Err(findings) }
    }
}

/// Refuses what would be written outside the project, or is no spec file.
fn safe_path(path: &str) -> Result<(), String> {
    let odd = |part: &str| part.is_empty() || part == "." || part == ".." || part.contains(['\\', ':', '\0']);
    match path.ends_with(".journey") && !path.split('/').any(odd) {
        true => Ok(()),
        false => Err(format!("`{path}` is no path of a `.journey` file inside the project")),
    }
}

impl SpecFile {
    /// Returns the file's text, formatted, or why it would not say the same.
    fn text(&self) -> Result<String, String> {
        let mut text = String::new();
        lines(&self.content, 0, &mut text);
        let source = SourceId::default();
        let parsed = syntax::parse(source, &text);
        if let Some(difference) = difference(&self.content, &parts(&text, &parsed.tree)) {
            return Err(format!("in `{}`, {difference}", self.path));
        }
        match parsed.diagnostics.first() {
            Some(finding) => Err(format!("in `{}`, {}", self.path, finding.message)),
            None => syntax::format(&parsed.tree, &text).map_err(|_| format!("`{}` cannot be formatted", self.path)),
        }
    }
}

fn lines(content: &[Part], depth: usize, out: &mut String) {
    for part in content {
        match part {
            Part::Blank => {}
            _ => out.push_str(&"  ".repeat(depth)),
        }
        match part {
            Part::Blank => {}
            Part::Comment(text) => out.push_str(text),
            Part::Statement(said) => statement(said, depth, out),
        }
        out.push('\n');
    }
}

fn statement(said: &Said, depth: usize, out: &mut String) {
    out.push_str(&said.keyword);
    for argument in &said.arguments {
        let _ = write!(out, " {}", written(argument, depth));
    }
    if let Some(block) = &said.block {
        out.push_str(" {");
        match said.inline && inlinable(said) {
            true => inline(block, out),
            false => {
                let _ = writeln!(out, " {}", said.opening.as_deref().unwrap_or(""));
                lines(block, depth + 1, out);
                out.push_str(&"  ".repeat(depth));
            }
        }
        out.push('}');
    }
    if let Some(trailing) = &said.trailing {
        let _ = write!(out, " {trailing}");
    }
}

/// Returns whether a block can stand on one line: nothing in it needs a line of its own.
fn inlinable(said: &Said) -> bool {
    let comment = |a: &Argument| matches!(a, Argument::BlockText(_) | Argument::Comment(_));
    let fits = |part: &Part| match part {
        Part::Statement(s) => {
            s.trailing.is_none()
                && !s.arguments.iter().any(comment)
                && (s.block.is_none() || (s.inline && inlinable(s)))
        }
        _ => false,
    };
    said.opening.is_none() && said.block.as_deref().unwrap_or_default().iter().all(fits)
}

fn inline(block: &[Part], out: &mut String) {
    for (i, part) in block.iter().enumerate() {
        if let Part::Statement(said) = part {
            out.push_str(if i == 0 { " " } else { "; " });
            statement(said, 0, out);
        }
    }
    out.push(' ');
}

fn written(argument: &Argument, depth: usize) -> String {
    let indent = "  ".repeat(depth + 1);
    match argument {
        Argument::Plain(text) => text.clone(),
        Argument::Text(text) => quoted(text),
        Argument::BlockText(text) => {
            let body: String = text
                .split('\n')
                .map(|l| if l.is_empty() { "\n".to_owned() } else { format!("{indent}{l}\n") })
                .collect();
            format!("\"\"\"\n{body}{indent}\"\"\"")
        }
        Argument::Comment(text) => format!("{text}\n{indent}"),
    }
}

/// Returns the first thing that reads otherwise than it was meant; blank lines and `inline` are the formatter's.
fn difference(meant: &[Part], read: &[Part]) -> Option<String> {
    let solid = |parts: &[Part]| parts.iter().filter(|p| **p != Part::Blank).cloned().collect::<Vec<_>>();
    let (meant, read) = (solid(meant), solid(read));
    for (i, part) in meant.iter().enumerate() {
        let found = match (part, read.get(i)) {
            (Part::Statement(a), Some(Part::Statement(b))) => differs(a, b),
            (a, Some(b)) if a == b => None,
            (Part::Comment(text), _) => {
                Some(format!("the comment `{text}` does not begin with `#`, or has several lines"))
            }
            (a, _) => Some(format!("{} is not read as one statement", shown(a))),
        };
        if found.is_some() {
            return found;
        }
    }
    read.get(meant.len()).map(|extra| format!("{} is read, and is not meant", shown(extra)))
}

fn differs(meant: &Said, read: &Said) -> Option<String> {
    if meant.keyword != read.keyword {
        return Some(format!("`{}` is not one word", meant.keyword));
    }
    for (i, argument) in meant.arguments.iter().enumerate() {
        if read.arguments.get(i) != Some(argument) {
            let text = argument.words();
            return Some(format!("argument {} of `{}`, `{text}`, does not read as it stands", i + 1, meant.keyword));
        }
    }
    if meant.arguments.len() != read.arguments.len() || meant.opening != read.opening || meant.trailing != read.trailing
    {
        return Some(format!("`{}` reads otherwise than it stands", meant.keyword));
    }
    match (&meant.block, &read.block) {
        (Some(a), Some(b)) => difference(a, b),
        (None, None) => None,
        _ => Some(format!("the block of `{}` does not read as it stands", meant.keyword)),
    }
}

fn shown(part: &Part) -> String {
    match part {
        Part::Blank => "a blank line".to_owned(),
        Part::Comment(text) => format!("the comment `{text}`"),
        Part::Statement(said) => format!("`{}`", said.keyword),
    }
}

/// Returns the offset at which a line begins, the first line being 1.
fn line_start(text: &str, line: usize) -> usize {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1));
    before.map(str::len).sum::<usize>().min(text.len())
}
