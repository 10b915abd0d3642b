//! How fast and how large documents are: `cargo bench --no-default-features --bench documents`.
//!
//! The mean of many runs, of process time where the system tells it (`/proc/self/schedstat`), else of wall time.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a benchmark prints, and stops where it cannot go on")]

use std::path::Path;
use std::time::Instant;
use waypost::model::Model;
use waypost::render::{Document, Options, map};

#[path = "../tests/render/long.rs"]
mod long;

/// Returns nanoseconds of this thread's processor time, or of a clock.
fn spent(since: Instant) -> u128 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let told = told.and_then(|t| t.split(' ').next()?.parse().ok());
    told.unwrap_or_else(|| since.elapsed().as_nanos())
}

fn model(manifest: &str, texts: &[String]) -> Model {
    let (manifest, _) = waypost::resolve::manifest(Default::default(), manifest);
    let trees: Vec<_> = texts.iter().map(|t| waypost::syntax::parse(Default::default(), t).tree).collect();
    let resolution = waypost::resolve::resolve(&manifest.unwrap_or_default(), &trees);
    resolution.model.expect("a project without an error")
}

/// Returns an example project.
fn example(name: &str) -> Model {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs").join(name);
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).expect("a folder").filter_map(Result::ok).map(|e| e.path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "journey"));
    files.sort();
    let read = |p: &std::path::PathBuf| std::fs::read_to_string(p).expect("a file");
    model(&read(&folder.join("waypost.yaml")), &files.iter().map(read).collect::<Vec<_>>())
}

/// Draws one map over and over, and says the time of one and the sizes.
fn measure(what: &str, model: &Model, journey: &str) {
    let options = Options::of(&model.manifest);
    let id = model.journey(journey).expect("a journey");
    let draw = || -> Document { map(model, id, None, &options).expect("a page") };
    let page = draw();
    // the system counts processor time in steps of milliseconds, so only many runs together tell it
    let (clock, rounds) = (Instant::now(), 50);
    let before = spent(clock);
    (0..rounds).for_each(|_| drop(std::hint::black_box(draw())));
    let each = spent(clock).saturating_sub(before) as f64 / f64::from(rounds);
    let (html, markdown) = (page.html.len() as f64 / 1e3, page.markdown.len() as f64 / 1e3);
    println!("{what}: {:.1} ms, HTML {html:.0} kB, Markdown {markdown:.0} kB", each / 1e6);
}

fn main() {
    measure(
        "a map of 40 touchpoints to HTML and Markdown (at most 20 ms, 200 kB)",
        &example("comprehensive"),
        "mobile",
    );
    measure("a map of 7 touchpoints with an ideal", &example("guitar-shop"), "guitar");
    measure(
        "a page of 200 stages and 20 experiments (at most 1 MB)",
        &model(long::MANIFEST, &[long::spec(200, 20)]),
        "long",
    );
}
