//! Every page of every example project, and reports in every state.

use super::{fixture, report, reports};
use waypost::model::Journey;
use waypost::render::{Document, Options, map};

/// Returns all pages with the names they are saved under.
pub fn all() -> Vec<(String, Document)> {
    let mut out = Vec::new();
    for name in fixture::projects() {
        let model = fixture::project(&name);
        for (id, journey) in model.journeys.iter() {
            let journey: &Journey = journey;
            let page = map(&model, id, None, &Options::of(&model.manifest)).unwrap();
            out.push((format!("{name}-{}", journey.meta.id), page));
        }
    }
    let model = fixture::guitar();
    let guitar = model.journey("guitar").unwrap();
    let numbers = fixture::numbers(&model);
    out.push(("data".into(), map(&model, guitar, Some(&numbers), &Options::of(&model.manifest)).unwrap()));
    out.push(("index".into(), report::indexed()));
    for kind in reports::KINDS {
        out.push((format!("report-{kind:?}").to_lowercase(), report::drawn(kind)));
    }
    for language in ["pl", "zh"] {
        out.push((format!("report-{language}"), report::said_in(language)));
    }
    out.push(("hostile".into(), super::hostile::worst()));
    out
}

/// Writes the pages to look at, where `WAYPOST_PAGES` names a folder.
#[test]
fn pages_to_look_at() {
    #[allow(clippy::disallowed_methods, reason = "a door for people, not for the program")]
    let Ok(folder) = std::env::var("WAYPOST_PAGES") else { return };
    for (name, page) in all() {
        std::fs::write(format!("{folder}/{name}.html"), page.html).unwrap();
        std::fs::write(format!("{folder}/{name}.md"), page.markdown).unwrap();
    }
}
