//! How large pages are: an ordinary one at most 200 kB, one of 200 stages and 20 experiments at most 1 MB.

use super::{long, pages};
use waypost::model::Model;
use waypost::render::{Options, map};

/// Returns the project that the benchmark draws.
pub fn long(stages: usize, experiments: usize) -> Model {
    let parsed = waypost::syntax::parse(Default::default(), &long::spec(stages, experiments));
    assert_eq!(parsed.diagnostics, []);
    let (manifest, found) = waypost::resolve::manifest(Default::default(), long::MANIFEST);
    assert_eq!(found, []);
    let resolution = waypost::resolve::resolve(&manifest.unwrap(), std::slice::from_ref(&parsed.tree));
    assert_eq!(resolution.diagnostics, []);
    resolution.model.unwrap()
}

#[test]
fn a_page_of_200_stages_and_20_experiments_is_at_most_1_mb() {
    let model = long(200, 20);
    let page = map(&model, model.journey("long").unwrap(), None, &Options::of(&model.manifest)).unwrap();
    assert_eq!(page.html.matches("scope=\"col\" id=\"s-").count(), 200);
    assert!((0..20).all(|n| page.html.contains(&format!("href=\"test-e{n}.html\""))));
    assert!(page.html.len() <= 1_000_000, "{} bytes", page.html.len());
}

#[test]
fn an_ordinary_page_is_at_most_200_kb() {
    for (name, page) in pages::all() {
        if name != "hostile" {
            assert!(page.html.len() <= 200_000, "{name}: {} bytes", page.html.len());
        }
    }
}
