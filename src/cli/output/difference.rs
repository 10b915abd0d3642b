//! Two texts line by line, as a unified diff.

use super::text;
use std::fmt::Write;

/// Lines of context around a change.
const CONTEXT: usize = 3;
/// Above this many comparisons, what differs is shown as one change.
const MOST_WORK: usize = 4_000_000;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Step<'t> {
    Same(&'t str),
    Old(&'t str),
    New(&'t str),
}

/// Returns what changes from one text to another, safe to show; nothing where nothing does.
pub fn difference(path: &str, old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let steps = steps(&old, &new);
    let changed: Vec<usize> = (0..steps.len()).filter(|i| !matches!(steps.get(*i), Some(Step::Same(_)))).collect();
    let (Some(first), path) = (changed.first(), text::shown(path)) else { return String::new() };
    let mut page = format!("--- {path}\n+++ {path}\n");
    let (mut from, mut to) = (*first, *first);
    for at in changed {
        if at > to + 2 * CONTEXT {
            hunk(&mut page, &steps, from, to);
            from = at;
        }
        to = at;
    }
    hunk(&mut page, &steps, from, to);
    page
}

fn steps<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<Step<'t>> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let middle = |all: &[&'t str]| all.get(..all.len() - tail).unwrap_or_default().to_vec();
    let mut all: Vec<Step<'t>> = old.iter().take(head).map(|l| Step::Same(l)).collect();
    all.extend(longest(&middle(old_rest), &middle(new_rest)));
    all.extend(old.iter().skip(old.len() - tail).map(|l| Step::Same(l)));
    all
}

/// Returns the steps by the longest common subsequence of lines (Wagner and Fischer, 1974).
fn longest<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<Step<'t>> {
    let width = new.len() + 1;
    if old.len().saturating_mul(new.len()) > MOST_WORK {
        let gone = old.iter().map(|l| Step::Old(l));
        return gone.chain(new.iter().map(|l| Step::New(l))).collect();
    }
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    let at = |i: usize, j: usize| i * width + j;
    let get = |lengths: &[u32], i: usize, j: usize| lengths.get(at(i, j)).copied().unwrap_or(0);
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let best = match a == b {
                true => get(&lengths, i + 1, j + 1) + 1,
                false => get(&lengths, i + 1, j).max(get(&lengths, i, j + 1)),
            };
            if let Some(slot) = lengths.get_mut(at(i, j)) {
                *slot = best;
            }
        }
    }
    let (mut i, mut j, mut all) = (0, 0, Vec::new());
    loop {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                all.push(Step::Same(a));
                (i, j) = (i + 1, j + 1);
            }
            (Some(a), b) if b.is_none() || get(&lengths, i + 1, j) >= get(&lengths, i, j + 1) => {
                all.push(Step::Old(a));
                i += 1;
            }
            (_, Some(b)) => {
                all.push(Step::New(b));
                j += 1;
            }
            _ => return all,
        }
    }
}

fn hunk(page: &mut String, steps: &[Step<'_>], from: usize, to: usize) {
    let (from, to) = (from.saturating_sub(CONTEXT), (to + CONTEXT + 1).min(steps.len()));
    let count = |range: &[Step<'_>], new: bool| {
        let skip = |s: &&Step<'_>| matches!((s, new), (Step::Old(_), true) | (Step::New(_), false));
        range.iter().filter(|s| !skip(s)).count()
    };
    let (before, inside) = (steps.get(..from).unwrap_or_default(), steps.get(from..to).unwrap_or_default());
    let place = |new| {
        let (start, len) = (count(before, new), count(inside, new));
        if len == 0 { format!("{start},0") } else { format!("{},{len}", start + 1) }
    };
    let _ = writeln!(page, "@@ -{} +{} @@", place(false), place(true));
    for step in inside {
        let (mark, line) = match step {
            Step::Same(line) => (' ', line),
            Step::Old(line) => ('-', line),
            Step::New(line) => ('+', line),
        };
        // A log trims the space of an unchanged line, and must not find a command behind it.
        let line = if mark == ' ' { text::leading(line) } else { text::shown(line) };
        let _ = writeln!(page, "{mark}{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_stand_with_three_lines_around_them() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let new = "1\n2\n3\n4\nx\ny\n6\n7\n8\n9\n";
        let expected = "--- a\n+++ a\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+x\n+y\n 6\n 7\n 8\n";
        assert_eq!(difference("a", old, new), expected);
        assert_eq!(difference("a", old, old), "");
        assert_eq!(difference("a", "", "x\n"), "--- a\n+++ a\n@@ -0,0 +1,1 @@\n+x\n");
    }

    #[test]
    fn far_changes_are_hunks_of_their_own() {
        let old: String = (0..30).map(|i| format!("{i}\n")).collect();
        let new = old.replace("3\n4\n", "3\nfour\n").replace("25\n", "");
        let page = difference("a", &old, &new);
        assert_eq!(page.matches("\n@@ ").count(), 2, "{page}");
    }
}
