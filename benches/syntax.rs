//! Text to tree, and tree to text, in MB a second on one core: `cargo bench --bench syntax [-- FILE…]`.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a benchmark prints, and stops where it cannot go on")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use waypost::source::SourceId;
use waypost::syntax::{format, parse};

const GUITAR: &str = include_str!("../tests/syntax/guitar.journey");

/// The best of many rounds: what the machine does when nothing else disturbs it.
fn speed(bytes: usize, mut work: impl FnMut()) -> f64 {
    let begin = Instant::now();
    let mut best = Duration::MAX;
    while begin.elapsed() < Duration::from_secs(2) {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed());
    }
    bytes as f64 / 1e6 / best.as_secs_f64()
}

fn main() {
    let given = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let mut texts: Vec<(String, String)> =
        given.map(|path| (path.clone(), std::fs::read_to_string(path).expect("a readable file"))).collect();
    if texts.is_empty() {
        texts.push(("the example".to_owned(), GUITAR.to_owned()));
        texts.push(("the example, 100 times".to_owned(), GUITAR.repeat(100)));
    }
    for (name, text) in texts {
        let read = speed(text.len(), || drop(black_box(parse(SourceId::default(), black_box(&text)))));
        let tree = parse(SourceId::default(), &text).tree;
        let written = speed(text.len(), || drop(black_box(format(black_box(&tree), &text))));
        println!("{name} ({} bytes): parse {read:.1} MB/s, format with its proof {written:.1} MB/s", text.len());
    }
}
