//! Forms of the vocabulary as patterns.

use crate::model::vocabulary::{Block, ROWS, Row, Slot};
use std::collections::HashMap;
use std::sync::OnceLock;

/// What a statement's arguments must look like.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Pattern {
    /// This word.
    Word(&'static str),
    /// An argument of a kind.
    Slot(Slot),
    /// One after the other.
    Sequence(Vec<Pattern>),
    /// Or nothing.
    Optional(Box<Pattern>),
    /// One of several.
    Either(Vec<Pattern>),
    /// One or more, with commas between.
    List(Box<Pattern>),
    /// One or more, with `>` between.
    Chain(Box<Pattern>),
}

/// A row with its form read; the keyword is part of the pattern.
#[derive(Debug)]
pub(super) struct Form {
    /// The row.
    pub row: &'static Row,
    /// Its form.
    pub pattern: Pattern,
}

/// The forms that begin with one keyword in one block.
#[derive(Debug)]
pub(super) struct Keyword {
    /// The keyword.
    pub word: &'static str,
    /// Its forms, in the order of the reference; at least one.
    pub forms: Vec<Form>,
}

/// Returns a block's keyword of this spelling, with its forms.
pub(super) fn keyword(block: Block, word: &str) -> Option<&'static Keyword> {
    static ALL: OnceLock<HashMap<Block, HashMap<&'static str, Keyword>>> = OnceLock::new();
    ALL.get_or_init(index).get(&block)?.get(word)
}

fn index() -> HashMap<Block, HashMap<&'static str, Keyword>> {
    let mut all: HashMap<Block, HashMap<&'static str, Keyword>> = HashMap::new();
    for row in ROWS {
        for (block, word) in row.on.iter().flat_map(|block| row.keywords().map(move |word| (*block, word))) {
            let slot = all.entry(block).or_default().entry(word);
            let slot = slot.or_insert_with(|| Keyword { word, forms: Vec::new() });
            slot.forms.push(Form { row, pattern: read(row.form) });
        }
    }
    all
}

/// Reads a form; forms are our own text, so what does not belong is left out (a test reads them all back).
fn read(form: &'static str) -> Pattern {
    let mut parts = Vec::new();
    for word in form.split(' ') {
        split_marks(word, &mut parts);
    }
    let mut rest = parts.as_slice();
    sequence(&mut rest, &[])
}

fn split_marks(word: &'static str, parts: &mut Vec<&'static str>) {
    if word == ">" || word == "|" || word == "…" {
        parts.push(word);
        return;
    }
    let Some(first) = word.chars().next() else { return };
    let (head, tail) = word.split_at(first.len_utf8());
    if first == '[' || first == '<' {
        parts.push(head);
        return split_marks(tail, parts);
    }
    match word.find([']', '>', ',']) {
        Some(at) => {
            let (name, marks) = word.split_at(at);
            parts.push(name);
            let mut from = 0;
            while let Some(mark) = marks.get(from..from + 1) {
                parts.push(mark);
                from += 1;
            }
        }
        None => parts.push(word),
    }
}

fn sequence(rest: &mut &[&'static str], stop: &[&str]) -> Pattern {
    let mut items: Vec<Pattern> = Vec::new();
    while let Some((&part, tail)) = rest.split_first() {
        if stop.contains(&part) && !(part == ">" && tail.first() == Some(&"…")) {
            break;
        }
        *rest = tail;
        match part {
            "[" => {
                let inner = sequence(rest, &["]"]);
                skip(rest);
                items.push(Pattern::Optional(Box::new(inner)));
            }
            "<" => items.push(either(rest)),
            "," | ">" => {
                skip(rest); // the ellipsis
                let element = Box::new(Pattern::Sequence(take_element(&mut items)));
                items.push(if part == "," { Pattern::List(element) } else { Pattern::Chain(element) });
            }
            "PERSONAS" => items.push(Pattern::Sequence(vec![
                Pattern::Word("for"),
                Pattern::List(Box::new(Pattern::Slot(Slot::Persona))),
            ])),
            word => items.push(Slot::parse(word).map_or(Pattern::Word(word), Pattern::Slot)),
        }
    }
    Pattern::Sequence(items)
}

fn skip(rest: &mut &[&'static str]) {
    *rest = rest.get(1..).unwrap_or(&[]);
}

fn either(rest: &mut &[&'static str]) -> Pattern {
    let mut branches = Vec::new();
    loop {
        branches.push(sequence(rest, &["|", ">"]));
        let more = rest.first() == Some(&"|");
        skip(rest);
        if !more {
            return Pattern::Either(branches);
        }
    }
}

/// Takes back what a list repeats: everything behind the last plain word.
fn take_element(items: &mut Vec<Pattern>) -> Vec<Pattern> {
    let from = items.iter().rposition(|p| matches!(p, Pattern::Word(_))).map_or(0, |i| i + 1);
    items.split_off(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pattern: &Pattern) -> String {
        let joined = |list: &[Pattern], by: &str| list.iter().map(written).collect::<Vec<_>>().join(by);
        match pattern {
            Pattern::Word(w) => (*w).to_owned(),
            Pattern::Slot(s) => Slot::ALL.iter().find(|(_, slot)| slot == s).unwrap().0.to_owned(),
            Pattern::Sequence(list) => joined(list, " "),
            Pattern::Optional(inner) => format!("[{}]", written(inner)),
            Pattern::Either(list) => format!("<{}>", joined(list, " | ")),
            Pattern::List(inner) => format!("{}, …", written(inner)),
            Pattern::Chain(inner) => format!("{} > …", written(inner)),
        }
    }

    #[test]
    fn every_form_reads_back_as_it_is_written() {
        for row in ROWS {
            let shown = written(&read(row.form)).replace("for PERSONA, …", "PERSONAS");
            assert_eq!(shown, row.form.replace("for PERSONA, …", "PERSONAS"));
        }
    }
}
