//! Mistakes planted in well-formed files: each must be found on its line, and nothing else.

use std::collections::BTreeMap;

use super::grow::{self, Dice, Line};
use super::{findings, many, read};

/// A line that may carry a mistake; `gone` lines are not written.
struct Plot {
    line: Line,
    gone: bool,
    touched: bool,
}

/// Changes a line, or returns `None` where the mistake does not fit it.
type Plant = fn(&str, &mut Dice) -> Option<String>;

/// Mistakes within one line: name, what it does, and whether the finding is on that line.
const PLANTS: &[(&str, Plant)] = &[
    ("closing quote lost", |s, _| {
        let at = s.rfind('"')?;
        (!s.contains('#') && !s.contains('\\')).then(|| format!("{}{}", &s[..at], &s[at + 1..]))
    }),
    ("opening quote lost", |s, _| {
        let at = s.find('"')?;
        let word = s[at + 1..].starts_with(char::is_alphabetic);
        (word && !s.contains('#') && !s.contains('\\')).then(|| format!("{}{}", &s[..at], &s[at + 1..]))
    }),
    ("smart quotes", |s, _| {
        let from = s.find('"')?;
        let to = from + 1 + s[from + 1..].find('"')?;
        (to > from + 1 && !s.contains('\\')).then(|| format!("{}“{}”{}", &s[..from], &s[from + 1..to], &s[to + 1..]))
    }),
    ("comma left over", |s, _| {
        (s.trim_start().starts_with("for ") && !s.contains(['{', '#'])).then(|| format!("{s},"))
    }),
    ("grouped by a point", |s, _| {
        let at = s.find(" EUR").filter(|_| s.contains("spend"))?;
        Some(format!("{} 12.000{}", &s[..s[..at].rfind(' ')?], &s[at..]))
    }),
    ("decimal comma", |s, _| {
        let at = s.find("% move")?;
        Some(format!("{},5{}", &s[..at], &s[at..]))
    }),
    ("date by parts", |s, _| s.contains("runs from").then(|| s.replacen("2026-12-31", "2026-3-1", 1))),
    ("glued unit", |s, _| s.contains("promise").then(|| s.replacen(" days", "days", 1))),
    ("single equals", |s, _| s.contains(" == ").then(|| s.replacen(" == ", " = ", 1))),
    ("paren not closed", |s, _| {
        let at = s
            .rfind(')')
            .filter(|_| s.trim_start().starts_with("where") && !s.contains(['{', '#']) && s.ends_with(')'))?;
        Some(format!("{}{}", &s[..at], &s[at + 1..]))
    }),
    ("hyphen that does not break", |s, _| {
        s.contains("order-paid").then(|| s.replacen("order-paid", "order\u{2011}paid", 1))
    }),
    ("space without width", |s, _| s.contains("guide-read").then(|| s.replacen("guide", "gui\u{200B}de", 1))),
    ("reading direction", |s, _| s.contains("Learns").then(|| s.replacen("Learns", "Learns\u{202E}", 1))),
    ("arrow", |s, _| s.contains(" > optional").then(|| s.replacen(" > optional", " -> optional", 1))),
    ("glued comment", |s, _| {
        s.contains(" # said").then(|| s.replacen(" # said", "# said", 1)).filter(|t| !t.contains("}#"))
    }),
    ("number first", |s, _| {
        let word = s.trim_start();
        (!word.contains(['{', '}', '#']) && !word.is_empty())
            .then(|| format!("{}12 {word}", &s[..s.len() - word.len()]))
    }),
    ("colon", |s, _| {
        let start = s.len() - s.trim_start().len();
        let end = start + s[start..].find(' ')?;
        (!s.contains(['#', '}'])).then(|| format!("{}:{}", &s[..end], &s[end..]))
    }),
    ("full-width comma", |s, _| {
        (s.trim_start().starts_with("for ") && s.contains(", ")).then(|| s.replacen(", ", "，", 1))
    }),
    ("minus of a word processor", |s, _| s.contains("feels -").then(|| s.replacen("feels -", "feels −", 1))),
];

/// Mistakes with braces and lines, for a block from `header` to `close`.
const TORN: &[&str] = &["no }", "no {", "two }", "wrapped for"];

pub struct Planted {
    pub text: String,
    /// For each line with a mistake, which.
    pub mistakes: BTreeMap<usize, &'static str>,
}

pub fn plant(seed: u64) -> Planted {
    let mut d = Dice::new(seed ^ 0xABCD);
    let mut plots: Vec<Plot> =
        grow::file(seed).into_iter().map(|line| Plot { line, gone: false, touched: false }).collect();
    let mut mistakes: Vec<(usize, &'static str)> = Vec::new();
    let mut inserted: Vec<(usize, String)> = Vec::new();
    // A `}` lost and a `}` too many in one declaration pair, and make another file without a mistake:
    // each declaration gets only the one sort.
    let mut excesses: BTreeMap<usize, bool> = BTreeMap::new();
    let wanted = 1 + d.below(20);
    for _ in 0..wanted * 12 {
        if mistakes.len() == wanted {
            break;
        }
        let at = d.below(plots.len());
        if d.once_in(5) {
            let region = plots[..=at]
                .iter()
                .rposition(|p| !p.line.text.starts_with([' ', '}']) && !p.line.text.is_empty())
                .unwrap_or(0);
            let excess = excesses.entry(region).or_insert_with(|| d.once_in(2));
            tear(&mut d, at, *excess, &mut plots, &mut inserted, &mut mistakes);
            continue;
        }
        let (name, change) = PLANTS[d.below(PLANTS.len())];
        if plots[at].touched
            || plots[at].line.text.trim().is_empty()
            || plots[at].line.text.trim_start().starts_with('#')
        {
            continue;
        }
        if let Some(text) = change(&plots[at].line.text, &mut d) {
            plots[at].line.text = text;
            plots[at].touched = true;
            mistakes.push((at, name));
        }
    }
    let mut text = String::new();
    let mut numbers = BTreeMap::new();
    let mut line = 1;
    for (i, plot) in plots.iter().enumerate() {
        if !plot.gone {
            numbers.insert(i, line);
            text.push_str(&plot.line.text);
            text.push('\n');
            line += 1;
        }
        for (_, extra) in inserted.iter().filter(|(at, _)| *at == i) {
            numbers.insert(i + 1_000_000, line);
            text.push_str(extra);
            text.push('\n');
            line += 1;
        }
    }
    Planted { text, mistakes: mistakes.into_iter().map(|(i, name)| (numbers[&i], name)).collect() }
}

fn tear(
    d: &mut Dice,
    at: usize,
    excess: bool,
    plots: &mut [Plot],
    inserted: &mut Vec<(usize, String)>,
    mistakes: &mut Vec<(usize, &'static str)>,
) {
    let kind = TORN[d.below(TORN.len())];
    let plot = &plots[at];
    if kind == "wrapped for" {
        let Some(cut) = plot.line.text.find(" for ").filter(|_| {
            !plot.touched && plot.line.text.trim_start().starts_with("asks") && !plot.line.text.contains(['#', '{'])
        }) else {
            return;
        };
        let indent = plot.line.text.len() - plot.line.text.trim_start().len() + 4;
        inserted.push((at, format!("{}{}", " ".repeat(indent), plot.line.text[cut + 1..].to_owned())));
        plots[at].line.text.truncate(cut);
        plots[at].touched = true;
        mistakes.push((at + 1_000_000, kind));
        return;
    }
    let Some(header) = plot.line.header.filter(|h| !plot.touched && !plots[*h].touched) else { return };
    if excess == (kind == "no }") {
        return;
    }
    match kind {
        "no }" => {
            plots[at].gone = true;
            mistakes.push((header, kind));
        }
        "no {" => {
            let text = &plots[header].line.text;
            plots[header].line.text = text[..text.rfind(" {").unwrap()].to_owned();
            mistakes.push((header, kind));
        }
        _ => {
            inserted.push((at, plots[at].line.text.clone()));
            mistakes.push((at + 1_000_000, kind));
        }
    }
    (plots[at].touched, plots[header].touched) = (true, true);
}

#[test]
fn planted_mistakes_are_found_on_their_lines() {
    let cases = many(1_500);
    let (mut planted, mut found, mut extra) = (0, 0, 0);
    let mut misses: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut sample = String::new();
    for seed in 0..cases {
        let Planted { text, mistakes } = plant(seed);
        let parsed = read(&text);
        let said = findings(&text, &parsed);
        planted += mistakes.len();
        let mut wrong = false;
        for (line, name) in &mistakes {
            let tally = misses.entry(name).or_default();
            tally.0 += 1;
            let hit = said.iter().any(|(l, _)| l == line);
            found += usize::from(hit);
            tally.1 += usize::from(!hit);
            wrong |= !hit;
        }
        let mut left = mistakes.clone();
        for (line, _) in &said {
            let spare = left.remove(line).is_none();
            extra += usize::from(spare);
            wrong |= spare;
        }
        if wrong && sample.len() < 3_000 {
            let numbered: String = text.lines().enumerate().map(|(i, l)| format!("{:3} {l}\n", i + 1)).collect();
            sample.push_str(&format!("seed {seed}\n{numbered}planted {mistakes:?}\nfound {said:?}\n\n"));
        }
    }
    let report =
        format!("{planted} planted, {found} found, {extra} extra; by kind (planted, missed): {misses:#?}\n{sample}");
    assert!(planted > 5_000, "{report}");
    assert!(misses.len() >= 12, "{report}");
    assert!(found * 1000 >= planted * 990, "{report}");
    assert!(extra * 1000 <= planted * 10, "{report}");
    println!("{planted} planted, {found} found on their line, {extra} extra");
}
