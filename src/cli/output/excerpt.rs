//! Lines of a source as they may be shown, with the places in them: [`Excerpt`].

use super::text;
use crate::source::{Source, Span};
use std::ops::Range;

/// The longest line shown whole, in bytes; longer ones are cut around the places in them.
const LONGEST_LINE: usize = 1_000;
/// How much of a cut line stays on each side of a place.
const AROUND: usize = 200;

/// Whole lines of a source, hidden characters escaped.
pub(super) struct Excerpt {
    /// The text.
    pub text: String,
    /// The number of its first line, from 1.
    pub first_line: usize,
    /// For each place asked for, in order: where it is in the text.
    pub ranges: Vec<Range<usize>>,
}

impl Excerpt {
    /// Returns the lines that hold some places of one source.
    pub fn of(source: &Source, spans: &[Span]) -> Self {
        let text = source.text();
        let clamp = |n: u32| (n as usize).min(text.len());
        let from = spans.iter().map(|s| clamp(s.start)).min().unwrap_or(0);
        let to = spans.iter().map(|s| clamp(s.end)).max().unwrap_or(0);
        let start = text.get(..from).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1);
        let end = text.get(to..).and_then(|t| t.find('\n')).map_or(text.len(), |i| to + i);
        let marks: Vec<usize> = spans.iter().flat_map(|s| [clamp(s.start), clamp(s.end)]).collect();
        let lines = text.get(start..end).unwrap_or("");
        let (shown, moved) = escape(lines.strip_suffix('\r').unwrap_or(lines), start, &marks);
        let ranges = moved.chunks(2).map(|pair| match pair {
            [from, to] => *from..*to,
            _ => 0..0,
        });
        let line = source.position(u32::try_from(start).unwrap_or(u32::MAX)).line;
        Self { text: shown, first_line: line as usize, ranges: ranges.collect() }
    }
}

/// Returns a text as it may be shown, and where each mark (an offset of the whole source) comes to lie in it.
fn escape(lines: &str, base: usize, marks: &[usize]) -> (String, Vec<usize>) {
    let mut shown = String::with_capacity(lines.len());
    let mut moved: Vec<Option<usize>> = vec![None; marks.len()];
    let mut order: Vec<usize> = (0..marks.len()).collect();
    order.sort_by_key(|i| marks.get(*i));
    let mut due = order.into_iter().peekable();
    for line in lines.split_inclusive('\n') {
        let at = base + (line.as_ptr() as usize - lines.as_ptr() as usize);
        let near = |offset: usize| marks.iter().any(|m| offset.abs_diff(*m) <= AROUND);
        let long = line.len() > LONGEST_LINE;
        let mut gap = false;
        for (i, c) in line.char_indices() {
            while let Some(mark) = due.next_if(|m| marks.get(*m).is_some_and(|m| *m <= at + i)) {
                if let Some(slot) = moved.get_mut(mark) {
                    *slot = Some(shown.len());
                }
            }
            match long && c != '\n' && !near(at + i) {
                true if gap => (),
                true => shown.push('…'),
                false => push(&mut shown, c, line.get(i..).unwrap_or("")),
            }
            gap = long && !near(at + i);
        }
    }
    let end = shown.len();
    (shown, moved.into_iter().map(|m| m.unwrap_or(end)).collect())
}

fn push(shown: &mut String, c: char, rest: &str) {
    match c {
        '\n' => shown.push('\n'),
        '\r' if rest.starts_with("\r\n") => (),
        '#' if rest.starts_with("#[") && shown.ends_with('#') => shown.push_str("\\u{23}"),
        // Drawn as nothing by the renderer, and wide emoji need it to be whole: leave those.
        c => text::push(shown, c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn places_move_with_the_escapes() {
        let mut sources = Sources::default();
        let id = sources.add("a", "x\na\u{202e}b owner\r\nz\n");
        let excerpt = Excerpt::of(sources.get(id).unwrap(), &[Span::new(id, 8, 13), Span::new(id, 2, 3)]);
        assert_eq!(excerpt.text, "a\\u{202e}b owner");
        assert_eq!(excerpt.first_line, 2);
        assert_eq!(&excerpt.text[excerpt.ranges[0].clone()], "owner");
        assert_eq!(&excerpt.text[excerpt.ranges[1].clone()], "a");
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let mut sources = Sources::default();
        let id = sources.add("a", format!("{}owner{}", "ś".repeat(50_000), "y".repeat(50_000)));
        let excerpt = Excerpt::of(sources.get(id).unwrap(), &[Span::new(id, 100_000, 100_005)]);
        assert_eq!(&excerpt.text[excerpt.ranges[0].clone()], "owner");
        assert!(excerpt.text.len() < 1_000 && excerpt.text.starts_with("…ś") && excerpt.text.ends_with("y…"));
    }
}
