//! Reads a diagram line by line, as Mermaid's own grammar does, but never gives up: what is no line of a journey diagram
//! is kept as such.

use super::label;
use crate::source::{SourceId, Span};

/// One line of a diagram, or several that belong together.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// `title …`, or `title:` of the front matter.
    Title(String),
    /// `accTitle: …`
    AccTitle(String),
    /// `accDescr: …`, or in braces.
    AccDescr(String),
    /// `section …`
    Section(String),
    /// `name: score: actor, …`
    Task(Task),
    /// `%% …` or `# …`
    Comment(String),
    /// Front matter without its title, or `%%{…}%%`: how it is drawn, not what it says.
    Setting(String),
    /// A line that Mermaid refuses.
    Unknown(String),
}

/// One task, each part as written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Task {
    pub name: String,
    /// What stands where the score belongs.
    pub score: String,
    pub actors: Vec<String>,
    /// What stands behind the actors, which Mermaid does not read.
    pub rest: Option<String>,
}

/// Something said, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub said: Said,
    pub span: Span,
}

/// Returns everything a diagram says, in order; none where no line says `journey`.
pub(super) fn lines(source: SourceId, text: &str) -> Option<Vec<Line>> {
    let mut reader = Reader { source, rest: rows(text), at: 0, found: Vec::new(), opened: false };
    reader.front_matter();
    while let Some((row, start)) = reader.next() {
        reader.row(row, start);
    }
    reader.opened.then_some(reader.found)
}

/// Returns the lines of a text with their offsets, line ends of any kind cut off.
fn rows(text: &str) -> Vec<(&str, usize)> {
    let mut rows = Vec::new();
    let mut start = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    while let Some(rest) = text.get(start..).filter(|r| !r.is_empty()) {
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        rows.push((rest.get(..end).unwrap_or(""), start));
        start += end + if rest.get(end..).is_some_and(|r| r.starts_with("\r\n")) { 2 } else { 1 };
    }
    rows
}

struct Reader<'t> {
    source: SourceId,
    rest: Vec<(&'t str, usize)>,
    at: usize,
    found: Vec<Line>,
    opened: bool,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<(&'t str, usize)> {
        let row = self.rest.get(self.at).copied();
        self.at += 1;
        row
    }

    fn say(&mut self, said: Said, row: &str, start: usize) {
        let lead = row.len() - row.trim_start().len();
        let span = Span::new(self.source, start + lead, start + row.trim_end().len());
        self.found.push(Line { said, span });
    }

    /// Reads `---`, settings, `---` at the very start.
    fn front_matter(&mut self) {
        let first = self.rest.iter().position(|(row, _)| !row.trim().is_empty()).unwrap_or(0);
        let is_mark = |row: &str| row.trim_end() == "---";
        let Some(last) = self.rest.iter().skip(first + 1).position(|(row, _)| is_mark(row)) else { return };
        if !self.rest.get(first).is_some_and(|(row, _)| is_mark(row)) {
            return;
        }
        self.at = first + 1;
        while let Some((row, start)) = self.next().filter(|(row, _)| !is_mark(row)) {
            match row.strip_prefix("title:") {
                Some(title) => self.say(Said::Title(unquoted(title).to_owned()), row, start),
                None if row.trim().is_empty() => {}
                None => self.say(Said::Setting(row.trim_end().to_owned()), row, start),
            }
        }
        debug_assert_eq!(self.at, first + last + 2);
    }

    fn row(&mut self, row: &'t str, start: usize) {
        let line = row.trim();
        if let Some(rest) = line.strip_prefix("%%") {
            return self.percent(rest, row, start);
        }
        let (line, comment) = without_comment(line);
        if !line.is_empty() {
            self.statement(line, row, start);
        }
        if let Some(comment) = comment {
            self.say(Said::Comment(comment.to_owned()), row, start);
        }
    }

    /// Reads `%% comment` and `%%{ settings }%%`, the latter over lines.
    fn percent(&mut self, rest: &'t str, row: &'t str, start: usize) {
        if !rest.starts_with('{') {
            return self.say(Said::Comment(rest.trim().to_owned()), row, start);
        }
        let mut settings = row.trim().to_owned();
        while !settings.contains("}%%") {
            let Some((more, _)) = self.next() else { break };
            settings.push(' ');
            settings.push_str(more.trim());
        }
        self.say(Said::Setting(settings), row, start);
    }

    fn statement(&mut self, line: &'t str, row: &'t str, start: usize) {
        if !self.opened && keyword(line, "journey") == Some("") {
            self.opened = true;
            return;
        }
        let said = match (keyword(line, "title"), keyword(line, "section")) {
            (Some(title), _) if !title.is_empty() && !title.starts_with(':') => Said::Title(title.to_owned()),
            (_, Some(name)) if !name.is_empty() && !name.starts_with(':') => Said::Section(name.to_owned()),
            _ => match (accessible(line, "acctitle"), accessible(line, "accdescr")) {
                (Some(title), _) => Said::AccTitle(title.trim_start_matches(':').trim().to_owned()),
                (_, Some(rest)) => Said::AccDescr(self.description(rest)),
                _ => task(line).map_or_else(|| Said::Unknown(line.to_owned()), Said::Task),
            },
        };
        self.say(said, row, start);
    }

    /// Reads `: words` or `{ words over lines }`.
    fn description(&mut self, rest: &str) -> String {
        let Some(open) = rest.strip_prefix('{') else { return rest.trim_start_matches(':').trim().to_owned() };
        let mut words = open.to_owned();
        while !words.contains('}') {
            let Some((more, _)) = self.next() else { break };
            words.push(' ');
            words.push_str(more.trim());
        }
        words.split('}').next().unwrap_or("").trim().to_owned()
    }
}

/// Returns what follows a keyword of any case and white space; the keyword alone leaves an empty rest.
fn keyword<'t>(line: &'t str, word: &str) -> Option<&'t str> {
    let head = line.get(..word.len())?;
    let rest = line.get(word.len()..)?;
    let apart = rest.is_empty() || rest.starts_with(char::is_whitespace);
    (head.eq_ignore_ascii_case(word) && apart).then(|| rest.trim())
}

/// Returns what follows `accTitle` or `accDescr`, from the colon or the brace on.
fn accessible<'t>(line: &'t str, word: &str) -> Option<&'t str> {
    let head = line.get(..word.len())?;
    let rest = line.get(word.len()..)?.trim_start();
    (head.eq_ignore_ascii_case(word) && rest.starts_with([':', '{'])).then_some(rest)
}

/// Splits a line at the `#` that begins a comment; an entity code is no comment.
fn without_comment(line: &str) -> (&str, Option<&str>) {
    for (at, _) in line.match_indices('#') {
        let (before, rest) = line.split_at(at);
        if label::entity(rest).is_none() {
            return (before.trim_end(), Some(rest.trim_start_matches('#').trim()));
        }
    }
    (line, None)
}

fn task(line: &str) -> Option<Task> {
    let (name, data) = line.split_once(':')?;
    let mut parts = data.splitn(3, ':');
    let score = parts.next().unwrap_or("").trim().to_owned();
    let actors = parts.next().unwrap_or("").split(',').map(str::trim).filter(|a| !a.is_empty());
    let actors = actors.map(str::to_owned).collect();
    let rest = parts.next().map(str::trim).filter(|r| !r.is_empty()).map(str::to_owned);
    Some(Task { name: name.trim().to_owned(), score, actors, rest })
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    let inner = |mark| value.strip_prefix(mark).and_then(|v: &str| v.strip_suffix(mark));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<Said> {
        lines(SourceId::default(), text).unwrap().into_iter().map(|l| l.said).collect()
    }

    #[test]
    fn a_diagram_with_everything() {
        let text = "---\nconfig:\n  journey:\n    maxLabelWidth: 100\ntitle: \"From front\"\n---\n%%{init: {\n }}%%\n  JOURNEY\r\n\
                    Title  A day # soon\n accDescr {\n two\n lines }\n section  Go\n  Make tea:5: Me , Cat\n%% later\n  odd\n";
        let found = said(text);
        assert_eq!(found.len(), 12, "{found:#?}");
        assert!(matches!(&found[3], Said::Title(t) if t == "From front"));
        assert!(matches!(&found[4], Said::Setting(s) if s == "%%{init: { }}%%"));
        assert!(matches!(&found[5], Said::Title(t) if t == "A day"));
        assert!(matches!(&found[6], Said::Comment(c) if c == "soon"));
        assert!(matches!(&found[7], Said::AccDescr(d) if d == "two lines"));
        let Said::Task(task) = &found[9] else { panic!("{found:#?}") };
        assert_eq!(
            (task.name.as_str(), task.score.as_str(), task.actors.join("|").as_str()),
            ("Make tea", "5", "Me|Cat")
        );
        assert!(matches!(&found[10], Said::Comment(_)));
        assert!(matches!(&found[11], Said::Unknown(u) if u == "odd"));
    }

    #[test]
    fn what_is_no_diagram_is_none() {
        assert_eq!(lines(SourceId::default(), ""), None);
        assert_eq!(lines(SourceId::default(), "graph TD\n a --> b"), None);
        assert_eq!(lines(SourceId::default(), "---\ntitle: x\n"), None);
    }

    #[test]
    fn spans_lie_where_the_words_are() {
        let text = "\u{feff}journey\n  section 阶段 \n";
        let found = lines(SourceId::default(), text).unwrap();
        let span = found[0].span;
        assert_eq!(&text[span.start as usize..span.end as usize], "section 阶段");
    }
}
