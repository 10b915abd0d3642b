//! Where lines begin, and how deep their first words stand.

use std::cmp::Ordering;

/// The lines of one text; answers in logarithmic time.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    /// For each line: its first byte, and the first byte that is no white space.
    starts: Vec<(usize, usize)>,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| i + 1);
        let starts = std::iter::once(0).chain(breaks).map(|start| (start, start + indent(text, start))).collect();
        Self { text, starts }
    }

    /// Returns the number of the line of a byte, from 0.
    pub fn number(&self, at: usize) -> usize {
        self.starts.partition_point(|(start, _)| *start <= at).saturating_sub(1)
    }

    fn of(&self, at: usize) -> (usize, usize) {
        self.starts.get(self.number(at)).copied().unwrap_or((0, 0))
    }

    /// Returns the white space that the line of `at` begins with.
    pub fn indent(&self, at: usize) -> &'t str {
        let (start, word) = self.of(at);
        self.text.get(start..word).unwrap_or("").trim_start_matches(['\u{FEFF}', '\u{200B}'])
    }

    /// Returns whether nothing but white space stands before `at` on its line.
    pub fn leads(&self, at: usize) -> bool {
        at <= self.of(at).1
    }

    /// Returns the end of the line of `at`, before its line feed.
    pub fn end(&self, at: usize) -> usize {
        self.starts.get(self.number(at) + 1).map_or(self.text.len(), |(next, _)| next - 1)
    }
}

fn indent(text: &str, start: usize) -> usize {
    let line = text.get(start..).unwrap_or("");
    let blank = |c: char| c != '\n' && (c.is_whitespace() || c == '\u{FEFF}' || c == '\u{200B}');
    line.find(|c| !blank(c)).unwrap_or(line.len())
}

/// Compares two indents: by their common beginning, else by width with a tab as four columns.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    if a.starts_with(b) || b.starts_with(a) {
        return a.len().cmp(&b.len());
    }
    let width = |s: &str| s.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum::<usize>();
    width(a).cmp(&width(b))
}

/// Returns whether `a` is indented deeper than `b`.
pub(super) fn deeper(a: &str, b: &str) -> bool {
    compare(a, b) == Ordering::Greater
}
